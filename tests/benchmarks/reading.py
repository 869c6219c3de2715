"""Speed of segmentation, and of normalize + sentences + segment, against stock jieba, in one run.

    python tests/benchmarks/reading.py [--characters 400000] [--rounds 5]

All read the same text (the labelled articles, a paragraph a line, four articles to a text, repeated)
on one thread; the rounds are interleaved, ratios are pair by pair, in CPU time.
"""

import argparse
import itertools
import json
import logging
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path

warnings.simplefilter("ignore")

import jieba  # noqa: E402

import textpipe  # noqa: E402
from textpipe.ingest.reader import document_of  # noqa: E402
from textpipe.settings import Settings  # noqa: E402
from textpipe.work import without_collector  # noqa: E402


def articles(characters: int) -> list[str]:
    folder = Path(textpipe.__file__).parent / "resources" / "labelled"
    texts: list[str] = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            sentences = json.loads(line)["sentences"]
            groups = itertools.groupby(sentences, key=lambda s: (s["paragraph"], s["kind"]))
            texts.append("\n".join("".join(s["text"] for s in group) for _, group in groups))
    joined = ["\n".join(texts[n : n + 4]) for n in range(0, len(texts), 4)]
    return joined * (1 + characters // sum(map(len, joined)))


def cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    settings = Settings()
    began = time.perf_counter()
    segmenter = settings.segment.segmenter()
    segmenter.cuts("暖身")
    print(f"dictionary, lexicon and tables ready in {time.perf_counter() - began:.2f} s")
    texts = articles(options.characters)
    size = sum(map(len, texts))

    given = [document_of(text, str(i)) for i, text in enumerate(texts)]
    normalize, sentences, segment = settings.stages[:3]
    given_normal = normalize(given)
    split = sentences(given_normal)

    work: dict[str, Callable[[], object]] = {
        "stock jieba": lambda: [jieba.lcut(text) for text in texts],
        "engine alone": lambda: [segmenter.engine.cut(text) for text in texts],
        "segmenter.tokens": lambda: [segmenter.tokens(text) for text in texts],
        "segment": lambda: segment(split),
        "normalize": lambda: normalize(given),
        "sentences": lambda: sentences(given_normal),
        "normalize+sentences+segment": lambda: segment(sentences(normalize(given))),
    }
    times: dict[str, list[float]] = {name: [] for name in work}
    with without_collector():  # as in a run, for all of them
        for _ in range(options.rounds):
            for name, run in work.items():
                times[name].append(cpu(run))
    print(f"{size:,} characters, medians of {options.rounds} rounds")
    print(f"{'':30}{'kchars/CPU s':>14}{'x stock jieba':>15}")
    for name, own in times.items():
        ratio = statistics.median(a / b for a, b in zip(times["stock jieba"], own, strict=True))
        print(f"{name:30}{size / statistics.median(own) / 1000:14,.0f}{ratio:15.1f}")


if __name__ == "__main__":
    main()
