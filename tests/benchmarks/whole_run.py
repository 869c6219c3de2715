"""Articles a second and peak memory of the whole run, against the naive script, in one go.

    python tests/benchmarks/whole_run.py [--articles 500] [--rounds 3]

Both read the same folder: the sample corpus, four articles to a file (about 1,500 characters),
each file different. The two run in turn, each in a process of its own on one thread; start-up
(dictionaries, the model) is left out of both and shown apart. textpipe's time includes the reports
and the tables, the naive script writes nothing.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_NUM_THREADS": "1"}
RUN = """
import json, resource, sys, time
import textpipe
textpipe.analyze("暖身，讀入詞典與模型。")
began, cpu = time.perf_counter(), time.process_time()
summary = textpipe.run(sys.argv[1], out=sys.argv[2])
print(json.dumps({
    "articles": summary.read, "sentences": summary.coded_sentences,
    "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu,
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def make_corpus(folder: Path, articles: int) -> int:
    texts = [p.read_text("utf-8").split("---\n")[-1] for p in sorted((ROOT / "corpus").glob("2*"))]
    chooser = random.Random(0)
    size = 0
    for number in range(articles):
        text = f"第{number}篇報導。\n\n" + "\n".join(chooser.sample(texts, 4))
        size += len(text)
        (folder / f"{number:06d}.txt").write_text(text, "utf-8")
    return size


def timed(command: list[str]) -> dict[str, float]:
    began = time.perf_counter()
    done = subprocess.run(
        command, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=True
    )
    result = json.loads(done.stdout.splitlines()[-1])
    result["start_up"] = time.perf_counter() - began - result["seconds"]
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "articles"
        folder.mkdir()
        characters = make_corpus(folder, options.articles)
        naive, ours = [], []
        for number in range(options.rounds):
            naive.append(
                timed([sys.executable, str(Path(__file__).with_name("naive.py")), str(folder)])
            )
            out = Path(name) / f"out-{number}"  # each run codes and writes all of it anew
            ours.append(timed([sys.executable, "-c", RUN, str(folder), str(out)]))
    print(
        f"{options.articles} articles of {characters // options.articles} characters, medians of {options.rounds} rounds"
    )
    print(f"{'':10}{'articles/s':>12}{'articles/CPU s':>16}{'peak MB':>10}{'start-up s':>12}")
    for label, rows in (("naive", naive), ("textpipe", ours)):
        median = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
        print(
            f"{label:10}{median['articles'] / median['seconds']:12.1f}"
            f"{median['articles'] / median['cpu']:16.1f}"
            f"{median['peak_mb']:10.0f}{median['start_up']:12.1f}"
        )
    ratios = sorted(a["cpu"] / b["cpu"] for a, b in zip(naive, ours, strict=True))
    print(f"ratio (CPU time, pair by pair): {', '.join(f'{ratio:.1f}' for ratio in ratios)}")


if __name__ == "__main__":
    main()
