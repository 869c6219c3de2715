"""Figures of agreement between predicted and given labels, in plain numpy.

Every function takes matrices of sentences x labels: `gold` and `given` (booleans), `probability`
(0 to 1). Documents are numbered; intervals resample whole documents, because the sentences of one
are no independent draws.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Values = NDArray[np.float64]
Groups = NDArray[np.int64]
SAMPLES = 2_000
BINS = 10


class Score(NamedTuple):
    """Precision, recall and their harmonic mean; 0 where nothing was there to find or given."""

    f1: float
    precision: float
    recall: float


def score(gold: Flags, given: Flags) -> Score:
    """Micro-averaged over all sentences and labels."""
    return _score(int((gold & given).sum()), int(given.sum()), int(gold.sum()))


def _score(right: float, given: float, wanted: float) -> Score:
    f1 = 2 * right / (given + wanted) if given + wanted else 0.0
    return Score(f1, right / given if given else 0.0, right / wanted if wanted else 0.0)


def macro_f1(gold: Flags, given: Flags) -> float:
    """The mean F1 of the labels that the gold holds."""
    columns = np.flatnonzero(gold.any(axis=0))
    values = [score(gold[:, [c]], given[:, [c]]).f1 for c in columns]
    return float(np.mean(values)) if values else 0.0


def subset_accuracy(gold: Flags, given: Flags) -> float:
    """The share of sentences whose label sets are equal."""
    return float((gold == given).all(axis=1).mean()) if len(gold) else 0.0


def kappa(gold: Flags, given: Flags) -> float:
    """Cohen's kappa (1960) over the yes/no decisions of all sentences and labels."""
    if not gold.size:
        return 0.0
    agreed, a, b = float((gold == given).mean()), float(gold.mean()), float(given.mean())
    chance = a * b + (1 - a) * (1 - b)
    return (agreed - chance) / (1 - chance) if chance < 1 else 1.0


def krippendorff_alpha(gold: Flags, given: Flags) -> float:
    """Krippendorff's alpha (nominal, two coders, no value missing) over the same decisions."""
    size = 2 * gold.size
    if not size:
        return 0.0
    ones = float(gold.sum() + given.sum())
    expected = 2 * ones * (size - ones) / (size * (size - 1))
    observed = float((gold != given).mean())
    return 1 - observed / expected if expected else 1.0


def expected_calibration_error(gold: Flags, probability: Values) -> float:
    """The mean distance between probability and share of yes in ten bins of equal width, weighed by
    their sizes (Guo et al. 2017, of a yes/no decision)."""
    wanted, values = gold.ravel(), probability.ravel()
    if not len(values):
        return 0.0
    bins = np.minimum((values * BINS).astype(np.int64), BINS - 1)
    sizes = np.bincount(bins, minlength=BINS)
    distance = np.abs(
        np.bincount(bins, weights=values, minlength=BINS)
        - np.bincount(bins, weights=wanted, minlength=BINS)
    )
    return float(distance.sum() / sizes.sum())


def brier(gold: Flags, probability: Values) -> float:
    """The mean squared distance between probability and truth (Brier 1950)."""
    return float(((probability - gold) ** 2).mean()) if gold.size else 0.0


def coverage_risk(gold: Flags, given: Flags, probability: Values, coverages: Values) -> list[float]:
    """Micro-F1 over the sentences that are kept where the least certain ones are left to a person.

    The least certain are those of which most errors are expected for the labels at stake: the sum of
    1 - p of the labels given and p of the others, over the labels given and expected, plus one.
    """
    errors = np.where(given, 1 - probability, probability).sum(axis=1)
    at_stake = given.sum(axis=1) + probability.sum(axis=1) + 1
    order = np.argsort(errors / at_stake, kind="stable")
    kept = [order[: max(1, round(share * len(order)))] for share in coverages]
    return [score(gold[rows], given[rows]).f1 for rows in kept]


def confusion(gold: Flags, given: Flags) -> NDArray[np.int64]:
    """Where one label is missing and another given: [missing, given], counted by sentence; on the
    diagonal the labels that are right."""
    found = np.zeros((gold.shape[1],) * 2, dtype=np.int64)
    for wanted, own in zip(gold, given, strict=True):
        found[np.ix_(wanted & ~own, own & ~wanted)] += 1
        found[np.diag_indices(len(found))] += wanted & own
    return found


def interval(
    figure: Callable[[NDArray[np.int64]], float], documents: Groups, samples: int = SAMPLES
) -> tuple[float, float]:
    """The 95 % bootstrap interval of a figure of some rows, from samples of whole documents."""
    rows = [np.flatnonzero(documents == number) for number in np.unique(documents)]
    if not rows:
        return 0.0, 0.0
    chooser = np.random.default_rng(0)
    values = [
        figure(np.concatenate([rows[n] for n in chooser.integers(0, len(rows), len(rows))]))
        for _ in range(samples)
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def f1_interval(gold: Flags, given: Flags, documents: Groups) -> tuple[float, float]:
    """The interval of micro-F1; counted by document first, so that a sample is a sum."""
    numbers = np.unique(documents, return_inverse=True)[1]
    size = int(numbers.max()) + 1 if len(numbers) else 0
    counts = np.stack(
        [
            np.bincount(numbers, weights=matrix.sum(axis=1), minlength=size)
            for matrix in (gold & given, given, gold)
        ],
        axis=1,
    )
    return interval(lambda rows: _score(*counts[rows].sum(axis=0)).f1, np.arange(size))
