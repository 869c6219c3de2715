"""The slices of a corpus that keyness compares: labels, the latest period, outlets, new articles."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from textpipe.analysis.keyness import Slice
from textpipe.analysis.trends import Unit, day_of, period_of
from textpipe.analysis.usage import Booleans, Usage
from textpipe.codebook import Codebook
from textpipe.records import Document

MINIMUM_ARTICLES = 3
MOST_OUTLETS = 8


def slices(
    documents: Sequence[Document], usage: Usage, codebook: Codebook, unit: Unit
) -> Iterator[Slice]:
    """Each label of the axes that sentences choose any of (except those below another axis) against
    the other coded sentences, the latest period against all before it, each frequent outlet against
    the others."""
    yield from _labels(documents, usage, codebook)
    days = [day_of(d) for d in documents]
    periods = [period_of(day, unit) if day else "" for day in days]
    last = max(periods, default="")
    if last and any(p and p != last for p in periods):
        now = np.array([p == last for p in periods])
        before = np.array([bool(p) and p != last for p in periods])
        yield _between("period", last, usage, now, before)
    outlets = Counter(d.outlet for d in documents if d.outlet)
    for outlet, n in outlets.most_common(MOST_OUTLETS):
        if n >= MINIMUM_ARTICLES and len(documents) - n >= MINIMUM_ARTICLES:
            own = np.array([d.outlet == outlet for d in documents])
            yield _between("outlet", outlet, usage, own, ~own)


def _between(kind: str, id: str, usage: Usage, own: Booleans, rest: Booleans) -> Slice:
    return Slice(kind, id, own[usage.document], rest[usage.document])


def _labels(documents: Sequence[Document], usage: Usage, codebook: Codebook) -> Iterator[Slice]:
    held: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in np.flatnonzero(usage.is_coded).tolist():
        sentence = documents[usage.document[row]].sentences[usage.number[row]]
        for x in sentence.labels:
            if x.decision == "yes":
                held[x.axis, x.id].append(row)
    for axis, label in codebook.pairs():
        if axis.choose == "any" and axis.parent_axis is None:
            rows = np.zeros(len(usage.is_coded), bool)
            rows[held[axis.id, label.id]] = True
            yield Slice(axis.id, label.id, rows, usage.is_coded & ~rows)
