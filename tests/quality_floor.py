"""The floor under the quality of the coding, on a frozen part of the project's own labelled data.

    python tests/quality_floor.py             measure and compare
    python tests/quality_floor.py --update    raise the floor; refuses to lower it
    python tests/quality_floor.py --update --lower

`quality_floor.json` names the frozen articles, which the measured model is not trained on, holds
the figures, and a digest of what they were measured with: articles, codebook, lexicon, settings.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from textpipe.classify import Classify
from textpipe.classify.labelled import shipped_labelled
from textpipe.classify.model import save_model
from textpipe.classify.train import train
from textpipe.evaluation import GoldDocument, GoldSentence
from textpipe.evaluation.figures import figures
from textpipe.evaluator import code
from textpipe.lexicon import load_lexicon
from textpipe.settings import Settings
from textpipe.stage import digest, fingerprint
from textpipe.trainer import labelled_articles

FLOOR = Path(__file__).with_name("quality_floor.json")
EVERY = 8
TOLERANCE = 0.002
"""Rounding of other processors may move a decision; a figure may differ by this much."""


def frozen_ids() -> set[str]:
    """The frozen articles: those that the file names, or one in eight where there is no file."""
    if FLOOR.exists():
        return set(json.loads(FLOOR.read_text("utf-8"))["articles"])
    ids = [article.document.id for article in labelled_articles()]
    return {id for id in ids if int(digest(id)[:8], 16) % EVERY == 0}


def measured_with(settings: Settings) -> str:
    """A digest of the labelled articles, the codebook, the lexicon and the settings."""
    parts = [path.read_text("utf-8") for path in shipped_labelled() if path.suffix == ".jsonl"]
    parts += [settings.classify.loaded_codebook().digest, load_lexicon().digest]
    parts += [fingerprint(stage) for stage in settings.stages[:4]]  # up to the coding
    return digest("\x1e".join(parts))[:16]


def measure(frozen: set[str]) -> dict[str, float]:
    """Micro-F1 by axis (of stance: the share of sentences with the same value) on the frozen
    articles, of a model trained on the others."""
    articles = labelled_articles()
    codebook = Settings().classify.loaded_codebook()
    own = [a for a in articles if a.document.id not in frozen]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        save_model(train(own, codebook, load_lexicon()), path)
        settings = replace(Settings(), classify=Classify(model=path))
        gold = [
            GoldDocument(
                a.document.id,
                a.document.text,
                tuple(
                    GoldSentence(
                        s.start, s.end, s.text, {k: v - {"none"} for k, v in codes.items()}
                    )
                    for s, codes in zip(a.document.sentences, a.codes, strict=True)
                    if s.is_coded
                ),
            )
            for a in articles
            if a.document.id in frozen
        ]
        coded, documents, _ = code(gold, settings, codebook)
        found = {one.axis.id: figures(one, documents) for one in coded}
    return {id: round(x.same if id == "stance" else x.score.f1, 4) for id, x in found.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--lower", action="store_true")
    options = parser.parse_args()
    frozen = frozen_ids()
    found = measure(frozen)
    before = json.loads(FLOOR.read_text("utf-8"))["figures"] if FLOOR.exists() else {}
    for axis, value in found.items():
        print(f"{axis:10}{value:.4f}   floor {before.get(axis, 0):.4f}")
    lower = [axis for axis, value in found.items() if value < before.get(axis, 0) - TOLERANCE]
    if lower and not (options.update and options.lower):
        print(f"below the floor: {', '.join(lower)}", file=sys.stderr)
        return 1
    if options.update:
        content = {
            "measured_with": measured_with(Settings()), "figures": found, "articles": sorted(frozen),
        }  # fmt: skip
        FLOOR.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
