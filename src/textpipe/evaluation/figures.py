"""The figures of one evaluation, axis by axis, for the pipeline and for each baseline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from textpipe.codebook import Axis
from textpipe.evaluation import metrics
from textpipe.evaluation.metrics import Flags, Groups, Score, Values

COVERAGES = tuple(round(share, 2) for share in np.arange(1.0, 0.45, -0.05).tolist())
"""The shares of sentences that are kept, from all to half of them."""


@dataclass(frozen=True, eq=False)
class Coded:
    """The sentences of a gold standard on one axis, as the pipeline coded them.

    `gold`, `given` and `probability` are sentences x labels, without the label that means none.
    """

    axis: Axis
    labels: tuple[str, ...]
    gold: Flags
    given: Flags
    probability: Values


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """One label: how often the gold holds it, how often it was given, and its score."""

    id: str
    support: int
    given: int
    score: Score


@dataclass(frozen=True, slots=True)
class AxisFigures:
    """One axis. `same` is the share of sentences with the same label set; `coverage` the micro-F1 of
    the sentences kept, by the share kept; `confusion` the rows [missing label][given label]."""

    axis: str
    support: int
    score: Score
    interval: tuple[float, float]
    macro_f1: float
    kappa: float
    alpha: float
    same: float
    same_interval: tuple[float, float]
    calibration_error: float
    brier: float
    coverage: dict[float, float]
    labels: tuple[LabelFigures, ...]
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Plain:
    """What is told of a baseline on one axis."""

    score: Score
    interval: tuple[float, float]
    same: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one run. `unmatched` counts gold sentences that the pipeline split otherwise,
    so that they were judged by the sentence that covers most of them; `baselines[name][axis]`;
    `left_out` tells which baseline was not run, and why; `versions` what was measured with what."""

    name: str
    documents: int
    sentences: int
    unmatched: int
    axes: tuple[AxisFigures, ...]
    baselines: dict[str, dict[str, Plain]]
    left_out: dict[str, str]
    versions: dict[str, str]


def figures(coded: Coded, documents: Groups) -> AxisFigures:
    """The figures of one axis."""
    gold, given = coded.gold, coded.given
    kept = metrics.coverage_risk(gold, given, coded.probability, np.array(COVERAGES))
    return AxisFigures(
        axis=coded.axis.id,
        support=int(gold.sum()),
        score=metrics.score(gold, given),
        interval=metrics.f1_interval(gold, given, documents),
        macro_f1=metrics.macro_f1(gold, given),
        kappa=metrics.kappa(gold, given),
        alpha=metrics.krippendorff_alpha(gold, given),
        same=metrics.subset_accuracy(gold, given),
        same_interval=same_interval(gold, given, documents),
        calibration_error=metrics.expected_calibration_error(gold, coded.probability),
        brier=metrics.brier(gold, coded.probability),
        coverage=dict(zip(COVERAGES, kept, strict=True)),
        labels=tuple(_labels(coded)),
        confusion=tuple(tuple(row) for row in metrics.confusion(gold, given).tolist()),
    )


def same_interval(gold: Flags, given: Flags, documents: Groups) -> tuple[float, float]:
    """The interval of the share of sentences with equal label sets."""
    equal = (gold == given).all(axis=1)
    return metrics.interval(lambda rows: float(equal[rows].mean()), documents)


def _labels(coded: Coded) -> Sequence[LabelFigures]:
    return [
        LabelFigures(
            id,
            int(coded.gold[:, n].sum()),
            int(coded.given[:, n].sum()),
            metrics.score(coded.gold[:, [n]], coded.given[:, [n]]),
        )
        for n, id in enumerate(coded.labels)
    ]


def plain(
    gold: Mapping[str, Flags], given: Mapping[str, Flags], documents: NDArray[np.int64]
) -> dict[str, Plain]:
    """What is told of a baseline, axis by axis."""
    return {
        axis: Plain(
            metrics.score(gold[axis], given[axis]),
            metrics.f1_interval(gold[axis], given[axis], documents),
            metrics.subset_accuracy(gold[axis], given[axis]),
        )
        for axis in gold
    }
