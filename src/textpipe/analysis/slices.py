"""The slices of a corpus that keyness compares: labels, the latest period, outlets, new articles."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from textpipe.analysis.counts import Booleans, Counts
from textpipe.analysis.keyness import Slice
from textpipe.analysis.trends import Unit, day_of, period_of
from textpipe.codebook import Codebook
from textpipe.records import Head

MINIMUM_ARTICLES = 3
MOST_OUTLETS = 8


def slices(
    documents: Sequence[Head], counts: Counts, codebook: Codebook, unit: Unit
) -> Iterator[Slice]:
    """Each label of the axes that sentences choose any of (except those below another axis) against
    the other coded sentences, the latest period against all before it, each frequent outlet against
    the others."""
    yield from _labels(counts, codebook)
    days = [day_of(d) for d in documents]
    periods = [period_of(day, unit) if day else "" for day in days]
    last = max(periods, default="")
    if last and any(p and p != last for p in periods):
        now = np.array([p == last for p in periods])
        before = np.array([bool(p) and p != last for p in periods])
        yield _between("period", last, counts, now, before)
    outlets = Counter(d.outlet for d in documents if d.outlet)
    for outlet, n in outlets.most_common(MOST_OUTLETS):
        if n >= MINIMUM_ARTICLES and len(documents) - n >= MINIMUM_ARTICLES:
            own = np.array([d.outlet == outlet for d in documents])
            yield _between("outlet", outlet, counts, own, ~own)


def _between(kind: str, id: str, counts: Counts, own: Booleans, rest: Booleans) -> Slice:
    document = counts.document
    return Slice(kind, id, own[document], rest[document])


def _labels(counts: Counts, codebook: Codebook) -> Iterator[Slice]:
    number = {pair: i for i, pair in enumerate(counts.pairs)}
    is_certain, is_coded = ~counts.is_unsure, counts.is_coded
    holder, label = counts.holder[is_certain], counts.label[is_certain]
    for axis, one in codebook.pairs():
        if axis.choose == "any" and axis.parent_axis is None:
            rows = np.zeros(len(is_coded), bool)
            rows[holder[label == number.get((axis.id, one.id), -1)]] = True
            yield Slice(axis.id, one.id, rows, is_coded & ~rows)
