"""Training: one logistic regression a label and a second layer, calibrated out of fold.

Folds are made of whole documents. Labels of an axis share one calibration (a sigmoid on the
linear scores, Platt 1999), because rare labels have too few examples for their own.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from textpipe.classify.context import Batch, make_batch
from textpipe.classify.decide import Costs
from textpipe.classify.features import Floats, fit_encoder, words_of
from textpipe.classify.labelled import Labelled
from textpipe.classify.model import Model, sigmoid
from textpipe.classify.signals import load_signals
from textpipe.classify.stacking import Groups, Stack, surroundings
from textpipe.codebook import Codebook
from textpipe.lexicon import Lexicon
from textpipe.stage import digest

FOLDS = 5
STRENGTH = {"any": 4.0, "one": 2.0}
"""C of the logistic regressions, by the axis's kind (of 1, 2, 4, 8 by five-fold F1)."""
STACK_STRENGTH = 0.3
"""C of the second layer's regressions (.1, .3 and 1 gave the same F1 within .01)."""
STACK_FOLDS = 3


def train(articles: Sequence[Labelled], codebook: Codebook, lexicon: Lexicon) -> Model:
    """A model of the labelled articles, whose sentences must have their tokens."""
    batch = make_batch([article.document for article in articles], load_signals(codebook))
    labels = tuple((x.id, label.id) for x, label in codebook.pairs() if label.id != x.empty)
    targets = _targets(articles, batch, labels)
    encoder = fit_encoder(batch, lexicon)
    features = encoder.encode(batch, words_of(batch, encoder, lexicon))
    groups = [unit.document for unit in batch.units]
    scores = _out_of_fold(features, targets, groups, labels, codebook)
    slopes, shifts = _calibrate(scores, targets, labels, codebook)
    first = sigmoid(scores * slopes + shifts)
    documents, masks = np.array(groups), _trainable(targets, labels, codebook)
    second = stack_out_of_fold(scores, first, documents, targets, masks)
    calibrations = [(slopes, shifts), _calibrate(second, targets, labels, codebook)]
    slopes, shifts = (np.stack(values) for values in zip(*calibrations, strict=True))
    stack = fit_stack(scores, first, documents, targets, masks)
    weights, intercepts = _fit(features, targets, labels, codebook)
    about = {
        "articles": len(articles),
        "sentences": int(features.shape[0]),
        "positives": {f"{a}:{i}": int(targets[:, c].sum()) for c, (a, i) in enumerate(labels)},
        "out_of_fold_f1": _quality(
            sigmoid(second * slopes[1] + shifts[1]), targets, labels, codebook
        ),
        "codebook_digest": codebook.digest,
        "lexicon_digest": lexicon.digest,
        "data_digest": digest("\x1e".join(article.document.text for article in articles)),
    }
    weights = weights.astype(np.float16).astype(np.float32)
    return Model(codebook.id, labels, encoder, weights, intercepts, slopes, shifts, stack, about)


def _quality(
    probabilities: Floats, targets: Floats, labels: Sequence[tuple[str, str]], codebook: Codebook
) -> dict[str, float]:
    """Micro-F1 of each axis on sentences that a model of the other folds predicted: a label is given
    from the probability on from which it is decided by default, and on an axis of one choice the
    likeliest to each sentence that has one."""
    yes, found = Costs().yes, {}
    for axis in codebook.axes:
        own = [c for c, (name, _) in enumerate(labels) if name == axis.id]
        given, wanted = probabilities[:, own] >= yes, targets[:, own] > 0
        if axis.choose == "one":
            wanted = wanted[wanted.any(axis=1)]
            likeliest = probabilities[targets[:, own].any(axis=1)][:, own].argmax(axis=1)
            given = np.eye(len(own), dtype=bool)[likeliest]
        both = int((given & wanted).sum())
        total = int(given.sum()) + int(wanted.sum())
        found[axis.id] = round(2 * both / total, 3) if total else 0.0
    return found


def _targets(
    articles: Sequence[Labelled], batch: Batch, labels: Sequence[tuple[str, str]]
) -> Floats:
    """0 or 1 for each unit and label."""
    rows = [
        [id in articles[u.document].codes[u.place].get(axis, ()) for axis, id in labels]
        for u in batch.units
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(labels))


def _trainable(targets: Floats, labels: Sequence[tuple[str, str]], codebook: Codebook) -> Any:
    """For each label, which sentences it learns from: on an axis of one choice the coded ones."""
    masks = np.ones(targets.shape, dtype=bool)
    for column, (axis, _) in enumerate(labels):
        if codebook.axis(axis).choose == "one":
            own = [c for c, (name, _) in enumerate(labels) if name == axis]
            masks[:, column] = targets[:, own].any(axis=1)
    return masks


def _fit(
    features: Any, targets: Floats, labels: Sequence[tuple[str, str]], codebook: Codebook
) -> tuple[Floats, Floats]:
    weights = np.zeros((features.shape[1], len(labels)), dtype=np.float32)
    intercepts = np.full(len(labels), -8.0, dtype=np.float32)
    masks = _trainable(targets, labels, codebook)
    for column, (axis, _) in enumerate(labels):
        mask, wanted = masks[:, column], targets[:, column]
        if len(np.unique(wanted[mask])) < 2:
            continue
        regression = LogisticRegression(
            C=STRENGTH[codebook.axis(axis).choose], solver="liblinear", random_state=0
        )
        regression.fit(features[mask], wanted[mask])
        weights[:, column] = regression.coef_[0]
        intercepts[column] = regression.intercept_[0]
    return weights, intercepts


def _out_of_fold(
    features: Any,
    targets: Floats,
    groups: Sequence[int],
    labels: Sequence[tuple[str, str]],
    codebook: Codebook,
) -> Floats:
    scores = np.zeros(targets.shape, dtype=np.float32)
    folds = GroupKFold(min(FOLDS, len(set(groups))))
    for seen, held in folds.split(features, groups=groups):
        weights, intercepts = _fit(features[seen], targets[seen], labels, codebook)
        scores[held] = np.asarray(features[held] @ weights) + intercepts
    return scores


def _calibrate(
    scores: Floats, targets: Floats, labels: Sequence[tuple[str, str]], codebook: Codebook
) -> tuple[Floats, Floats]:
    slopes = np.ones(len(labels), dtype=np.float32)
    shifts = np.zeros(len(labels), dtype=np.float32)
    masks = _trainable(targets, labels, codebook)
    for axis in codebook.axes:
        own = [c for c, (name, _) in enumerate(labels) if name == axis.id]
        mask = masks[:, own]
        x, y = scores[:, own][mask], targets[:, own][mask]
        if len(np.unique(y)) < 2:
            continue
        sigmoid = LogisticRegression(C=1e6).fit(x.reshape(-1, 1), y)
        slopes[own], shifts[own] = sigmoid.coef_[0, 0], sigmoid.intercept_[0]
    return slopes, shifts


def fit_stack(
    scores: Floats, probabilities: Floats, documents: Groups, targets: Floats, masks: Any
) -> Stack:
    """The second layer for first-layer scores and probabilities that were predicted out of fold.

    `masks` (sentences x labels) says which sentences a label learns from.
    """
    labels = targets.shape[1]
    mean, before, after = surroundings(probabilities, documents)
    own = np.zeros((labels, 4), dtype=np.float32)
    others = np.zeros((2, labels, labels), dtype=np.float32)
    intercepts = np.full(labels, -8.0, dtype=np.float32)
    for column in range(labels):
        mask, wanted = masks[:, column], targets[:, column]
        if len(np.unique(wanted[mask])) < 2:
            continue
        parts = [x[:, [column]] for x in (scores, mean, before, after)]
        features = np.hstack([*parts, probabilities, mean])[mask]
        regression = LogisticRegression(C=STACK_STRENGTH, solver="liblinear", random_state=0)
        regression.fit(features, wanted[mask])
        weights = regression.coef_[0].astype(np.float32)
        own[column] = weights[:4]
        others[0, :, column], others[1, :, column] = weights[4 : 4 + labels], weights[4 + labels :]
        intercepts[column] = regression.intercept_[0]
    return Stack(own, others, intercepts)


def stack_out_of_fold(
    scores: Floats, probabilities: Floats, documents: Groups, targets: Floats, masks: Any
) -> Floats:
    """The second layer's scores of the training sentences, each from a fold that did not see it."""
    found = np.zeros_like(scores)
    folds = GroupKFold(min(STACK_FOLDS, len(set(documents.tolist()))))
    for seen, held in folds.split(scores, groups=documents):
        stack = fit_stack(
            scores[seen], probabilities[seen], documents[seen], targets[seen], masks[seen]
        )
        found[held] = stack.scores(scores[held], probabilities[held], documents[held])
    return found
