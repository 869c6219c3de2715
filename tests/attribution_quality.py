"""How well speakers, roles and modality are found, on sentences written and labelled for this.

    python tests/attribution_quality.py [FILE]

FILE (default: attribution_gold.jsonl) holds short articles, one a line: `document` and `sentences`, each with
`text`, `speaker` (as written, "" for nobody's words), `role`, `modality` (a list). They were invented and
labelled for the project by others than the rules' writer (what they let people and organizations say is not
real). The rules were first measured without having seen any; some were mended after that. A speaker counts as found where one name holds the
other. Intervals: 95 %, bootstrapped by article.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from textpipe.ingest.reader import document_of
from textpipe.records import Sentence
from textpipe.settings import Settings

GOLD = Path(__file__).with_name("attribution_gold.jsonl")
Counts = Counter[str]


def counts_of(article: dict[str, Any], settings: Settings) -> Counts:
    """What is right, wrong and missed in one article, by name."""
    text = "".join(s["text"] for s in article["sentences"])
    (document,) = settings.normalize([document_of(text, article["document"])])
    at, sentences = 0, []
    for given in article["sentences"]:
        sentences.append(Sentence(at, given["text"]))
        at += len(given["text"])
    (segmented,) = settings.segment([document._replace(sentences=tuple(sentences))])
    (done,) = settings.attribute([segmented])
    found: Counts = Counter()
    for sentence, given in zip(done.sentences, article["sentences"], strict=True):
        name = sentence.speaker.name if sentence.speaker else ""
        wanted = given["speaker"]
        same = bool(name and wanted) and (name in wanted or wanted in name)
        found["sentences"] += 1
        found["speaker tp"] += same
        found["speaker fp"] += bool(name) and not same
        found["speaker fn"] += bool(wanted) and not same
        found["role of found"] += (
            same and sentence.speaker is not None and sentence.speaker.role == given["role"]
        )
        kinds, right = {cue.id for cue in sentence.modality}, set(given["modality"])
        for kind in kinds | right:
            what = "tp" if kind in kinds & right else "fp" if kind in kinds else "fn"
            found[f"modality {what}"] += 1
            found[f"{kind} {what}"] += 1
    return found


def f1(counts: Counts, name: str) -> float:
    tp, fp, fn = (counts[f"{name} {what}"] for what in ("tp", "fp", "fn"))
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def role_share(counts: Counts) -> float:
    return counts["role of found"] / max(counts["speaker tp"], 1)


def measured(path: Path = GOLD) -> list[Counts]:
    """The counts of each article."""
    articles = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [counts_of(article, Settings()) for article in articles]


def total(counts: list[Counts]) -> Counts:
    return sum(counts, Counter())


def interval(counts: list[Counts], figure: Any) -> tuple[float, float]:
    random = np.random.default_rng(1)
    drawn = [
        figure(total([counts[i] for i in random.integers(0, len(counts), len(counts))]))
        for _ in range(1000)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def main(path: Path) -> None:
    counts = measured(path)
    everything = total(counts)
    print(f"{everything['sentences']} sentences of {len(counts)} articles")
    figures = {
        "speaker F1": lambda c: f1(c, "speaker"),
        "role right, of speakers found": role_share,
        "modality micro-F1": lambda c: f1(c, "modality"),
    }
    for name, figure in figures.items():
        low, high = interval(counts, figure)
        print(f"{name:32}{figure(everything):.2f} ({low:.2f} to {high:.2f})")
    for kind in sorted(
        {key.rsplit(" ", 1)[0] for key in everything}
        - {"speaker", "modality", "sentences", "role of"}
    ):
        print(f"  {kind:30}{f1(everything, kind):.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLD)
