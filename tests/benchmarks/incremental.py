"""What one new article costs as the store grows, and what a run costs where nothing changed.

    python tests/benchmarks/incremental.py [--sizes 1000 10000 20000] [--rounds 3] [--plot FILE.svg]

For each size: that many generated articles are coded into a store; then `python -m textpipe run` as a
scheduler calls it, a whole process each time: with nothing changed, and after one article more. The
peer is the same command with --rebuild, measured once at the smallest size. No reports are written, as by
default in corpora beyond [report] large that changed by less than a hundredth: they grow with the corpus.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from whole_run import make_corpus


def run(folder: Path, out: Path, *options: str) -> tuple[float, float]:
    """Wall seconds and CPU seconds of one whole process."""
    command = [
        sys.executable,
        "-m",
        "textpipe",
        "run",
        str(folder),
        "--out",
        str(out),
        "--no-report",
    ]
    cpu = _children()
    began = time.perf_counter()
    subprocess.run([*command, *options], check=True, capture_output=True)
    return time.perf_counter() - began, _children() - cpu


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 20_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    rows: list[tuple[int, float, float, float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        for size in options.sizes:
            folder, out = Path(name) / f"articles{size}", Path(name) / f"out{size}"
            folder.mkdir()
            make_corpus(folder, size)
            first, _ = run(folder, out)
            run(folder, out)
            unchanged = [run(folder, out)[0] for _ in range(options.rounds)]
            added, cpu = [], []
            for number in range(options.rounds):
                text = f"新增第{number}篇。\n\n美國商務部擬放寬AI晶片出口管制，台積電表示訂單能見度提高。"
                (folder / f"new{number}.txt").write_text(text, "utf-8")
                wall, used = run(folder, out)
                added.append(wall)
                cpu.append(used)
            rows.append(
                (size, first, statistics.median(unchanged), statistics.median(added), max(cpu))
            )
            print(
                f"{size:>7} articles: first run {first:6.1f} s, unchanged {rows[-1][2]:.2f} s, "
                f"one more {rows[-1][3]:.2f} s (CPU at most {rows[-1][4]:.2f} s)",
                flush=True,
            )
            if size == options.sizes[0]:
                print(f"        --rebuild: {run(folder, out, '--rebuild')[0]:.1f} s")
    if options.plot:
        draw(rows, options.plot)


def draw(rows: list[tuple[int, float, float, float, float]], file: Path) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 3.2))
    sizes = [row[0] for row in rows]
    axes.plot(sizes, [row[3] for row in rows], marker="o", label="one more article")
    axes.plot(sizes, [row[2] for row in rows], marker="s", label="nothing changed")
    axes.set(xlabel="articles in the store", ylabel="seconds, whole process", ylim=(0, None))
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, bbox_inches="tight")


if __name__ == "__main__":
    main()
