"""Articles a second and memory by size of the corpus, by one process and more, against three peers in one run.

    python tests/benchmarks/scale.py [--sizes 100 1000 5000 20000] [--processes 1 2]
        [--plot FILE.svg]

Peers: the naive script (jieba a sentence, TF-IDF and logistic regression, at no more than 1,000 articles); the
fast script (`fast.py`: the fastest known parts together, for one label or for all, and nothing else, at no more
than 5,000); and bare segmentation, which reads the same files and cuts them with rjieba and does nothing else:
each text as it is in one call (the fastest there is; words of Traditional text are cut wrongly), and each sentence
in a Simplified copy (what gives usable words, a call a sentence as scripts do). textpipe
codes into a new store with everything on; the rows that say so write all reports as well (the naive script
writes nothing). Each row is a process of its own with one thread of linear algebra; "cold" is the
whole process, "warm" leaves out its start; MB are those of the largest process (what two share counts in
each). In "warm" one process has loaded what it needs before, while two load it within their time; the rows
of the command are `textpipe run` as it is called, from beginning to end, for the one as for the two.
Then: the time of each stage, and of starting.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from whole_run import ONE_THREAD, make_corpus, timed

BARE = """
import json, re, resource, sys, time
from pathlib import Path
import rjieba
from textpipe.segmentation.dictionary import simplified_copy
cut, copy = rjieba.Jieba().cut, simplified_copy()
cut("暖身")
began = time.perf_counter()
files = sorted(Path(sys.argv[1]).glob("*.txt"))
for file in files:
    text = file.read_text("utf-8")
    if sys.argv[2] == "text":
        cut(text)
    else:
        for sentence in re.split(r"(?<=[。！？])|\\n", text):
            cut(sentence.translate(copy))
print(json.dumps({"articles": len(files), "seconds": time.perf_counter() - began,
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
CODE = """
import json, resource, sys, threading, time
from pathlib import Path
import textpipe
from textpipe.limits import with_plain_memory
with_plain_memory()  # as the command does
from textpipe.engine import Engines
from textpipe.settings import Report, Settings

def watch(usage):
    import psutil
    while True:
        for child in psutil.Process().children(recursive=True):
            try:
                usage.append(child.memory_info().rss / 2**20)
            except psutil.Error:
                pass
        time.sleep(2)  # each look takes some milliseconds of what the processes share

if __name__ == "__main__":
    usage = []
    if sys.argv[3] != "1":
        threading.Thread(target=watch, args=[usage], daemon=True).start()
    textpipe.analyze("暖身，讀入詞典與模型。")
    began = time.perf_counter()
    report = Report(out=Path(sys.argv[2]), when=sys.argv[4], large=0)
    summary = textpipe.run(sys.argv[1], settings=Settings(report=report, engine=Engines(int(sys.argv[3]))))
    seconds = time.perf_counter() - began
    usage.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps({"articles": summary.coded, "seconds": seconds, "peak_mb": max(usage)}))
"""
STAGES = """
import gc, json, sys, time
from pathlib import Path
from textpipe.ingest import Ingest, documents_in
from textpipe.settings import Settings
from textpipe.store.shards import to_table
from textpipe.work import BATCH
from threadpoolctl import threadpool_limits
files = sorted(Path(sys.argv[1]).glob("*.txt"))[:512]
spent = {}
gc.disable()
with threadpool_limits(1):
    for turn in range(3):
        def lap(name, began):
            spent[name] = min(spent.get(name, 1e9), (time.perf_counter() - began) * 1000 / len(files))
        began = time.perf_counter()
        batch = [d for f in files for d in documents_in(f.read_bytes(), f.name, Ingest())]
        lap("ingest", began)
        titles = {d.id: d.title for d in batch}
        for stage in Settings().stages:
            began = time.perf_counter()
            done = []
            for start in range(0, len(batch), BATCH):
                done += stage(batch[start:start + BATCH])
            batch = done
            lap(type(stage).__name__.lower(), began)
        began = time.perf_counter()
        for start in range(0, len(batch), BATCH):
            to_table(batch[start:start + BATCH], titles)
        lap("rows", began)
print(json.dumps(spent))
"""


def row(name: str, size: int, found: dict[str, float]) -> tuple[str, int, float]:
    cold = found["articles"] / (found["seconds"] + found["start_up"])
    warm = found["articles"] / found["seconds"]
    print(
        f"{name:34}{size:>8,}{warm:>10.0f}{cold:>10.0f}{found['seconds']:>9.1f}{found['peak_mb']:>8.0f}",
        flush=True,
    )
    return name, size, warm


def in_words(processes: int) -> str:
    return {1: "one process", 2: "two processes"}.get(processes, f"{processes} processes")


def whole_command(given: str, out: Path, *options: str) -> None:
    """A row for the command, in which its start cannot be told from the rest."""
    command = ["run", given, "--out", str(out), "--json", *options]
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "textpipe", *command],
        env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    size, name = json.loads(done.stdout)["coded"], f"textpipe run {' '.join(options)}"
    print(f"{name:34}{size:>8,}{'':>10}{size / seconds:>10.0f}{seconds:>9.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 5_000, 20_000])
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    naive, fast = (str(Path(__file__).with_name(name)) for name in ("naive.py", "fast.py"))
    found: list[tuple[str, int, float]] = []
    print(f"{'':34}{'articles':>8}{'warm /s':>10}{'cold /s':>10}{'warm s':>9}{'MB':>8}")
    with tempfile.TemporaryDirectory() as name:
        script = Path(name) / "code.py"
        script.write_text(CODE, "utf-8")
        for size in options.sizes:
            folder = Path(name) / f"articles{size}"
            folder.mkdir()
            make_corpus(folder, size)
            given = str(folder)
            if size <= 1_000:
                found.append(row("naive script", size, timed([sys.executable, naive, given])))
            for labels in ("one label", "all labels") if size <= 5_000 else ():
                command = [sys.executable, fast, given, labels.split()[0]]
                found.append(row(f"fast script, {labels}", size, timed(command)))
            for how in ("text", "sentence"):
                bare = [sys.executable, "-c", BARE, given, how]
                found.append(row(f"bare segmentation, a {how} a call", size, timed(bare)))
            orders = [(f"coding, {in_words(count)}", count, "never") for count in options.processes]
            for label, jobs, when in [*orders, ("coding and all reports", 1, "always")]:
                out = str(Path(name) / f"out{size}-{jobs}-{when}")
                command = [sys.executable, str(script), given, out, str(jobs), when]
                found.append(row(label, size, timed(command)))
            for report in ("--no-report", "--report") if size >= 5_000 else ():
                for jobs in options.processes:
                    out = Path(name) / f"run{size}-{jobs}{report}"
                    whole_command(given, out, "--jobs", str(jobs), report)
        smallest = str(Path(name) / f"articles{max(s for s in options.sizes if s <= 1_000)}")
        print("\nmilliseconds an article, by stage:")
        stages = subprocess.run(
            [sys.executable, "-c", STAGES, smallest], capture_output=True, text=True, check=True
        )
        print(stages.stdout.strip())
        print("\nseconds to start, medians of five whole processes:")
        starts(Path(name), Path(smallest))
    if options.plot:
        draw(found, options.plot)


def starts(folder: Path, articles: Path) -> None:
    one = folder / "one.txt"
    one.write_text("美國商務部擬放寬AI晶片出口管制，台積電表示訂單能見度提高。", "utf-8")
    program = [sys.executable, "-m", "textpipe"]
    out = ["--out", str(folder / "start")]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import textpipe": [sys.executable, "-c", "import textpipe"],
        "textpipe --help": [*program, "--help"],
        "one article, coded anew": [*program, "run", str(one), *out, "--no-report", "--rebuild"],
        "nothing changed": [*program, "run", str(articles), *out, "--no-report"],
    }
    subprocess.run(
        [*program, "run", str(articles), *out, "--no-report"], check=True, capture_output=True
    )
    for name, command in commands.items():
        seconds = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds.append(time.perf_counter() - began)
        print(f"{name:34}{statistics.median(seconds):6.2f}")


def draw(found: list[tuple[str, int, float]], file: Path) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    for name in dict.fromkeys(name for name, _, _ in found):
        own = [(size, rate) for label, size, rate in found if label == name]
        axes.plot(*zip(*own, strict=True), marker="o", label=name)
    axes.set(
        xlabel="articles of 1,746 characters",
        ylabel="articles a second",
        xscale="log",
        yscale="log",
    )
    axes.legend(frameon=False, fontsize=8, bbox_to_anchor=(1, 1))
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, bbox_inches="tight")


if __name__ == "__main__":
    main()
