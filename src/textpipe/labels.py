"""The labels of many sentences as columns: a `Label` is made when it is asked for.

A batch of 64 articles holds some 7,000 labels and twice as many pieces of evidence; as columns they
are decided and written at once (an article's labels, made and written: 0.7 ms as records, 0.2 ms so).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from textpipe.ranges import bounds_of
from textpipe.records import Decision, Evidence, Label, Made, Origin

N = TypeVar("N")
Numbers = NDArray[np.int64]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
ORIGINS: tuple[Origin, ...] = get_args(Origin)


@dataclass(frozen=True, slots=True, eq=False)
class LabelColumns:
    """One entry a label: `pair` counts in `pairs` (axis and id), `decision` in `DECISIONS`, `origin` in
    `ORIGINS`, `party` in `parties`; `evidence` (labels + 1) bounds each label's entries of `start`, `end`
    (offsets in the raw text) and `why` (counts in `reasons`)."""

    pairs: Sequence[tuple[str, str]]
    parties: Sequence[str]
    reasons: Sequence[str]
    pair: Numbers
    probability: NDArray[np.float64]
    decision: Numbers
    origin: Numbers
    party: Numbers
    evidence: Numbers
    start: Numbers
    end: Numbers
    why: Numbers

    def part(self, first: int, last: int) -> "LabelColumns":
        """The labels from `first` to one before `last`."""
        low, high = int(self.evidence[first]), int(self.evidence[last])
        own, within = slice(first, last), slice(low, high)
        return LabelColumns(
            self.pairs, self.parties, self.reasons, self.pair[own], self.probability[own],
            self.decision[own], self.origin[own], self.party[own],
            self.evidence[first : last + 1] - low, self.start[within], self.end[within],
            self.why[within],
        )  # fmt: skip


class Labels(Made[Label]):
    """The labels `first` to one before `last` of some columns, of a sentence of the document `raw`."""

    __slots__ = ("_made", "columns", "first", "last", "raw")

    def __init__(self, columns: LabelColumns, first: int, last: int, raw: str) -> None:
        self.columns, self.first, self.last, self.raw = columns, first, last, raw
        self._made: tuple[Label, ...] | None = None

    def _records(self) -> tuple[Label, ...]:
        if self._made is None:
            self._made = tuple(_made(self.columns.part(self.first, self.last), self.raw))
        return self._made

    def __len__(self) -> int:
        return self.last - self.first


def _made(columns: LabelColumns, raw: str) -> list[Label]:
    spans = zip(columns.start.tolist(), columns.end.tolist(), columns.why.tolist(), strict=True)
    evidence = [Evidence(a, b, raw[a:b], columns.reasons[why]) for a, b, why in spans]
    each = zip(
        columns.pair.tolist(), columns.probability.tolist(), columns.decision.tolist(),
        columns.origin.tolist(), columns.party.tolist(), pairwise(columns.evidence.tolist()),
        strict=True,
    )  # fmt: skip
    made = []
    for pair, probability, decision, origin, party, (first, last) in each:
        axis, id = columns.pairs[pair]
        how, who, own = DECISIONS[decision], ORIGINS[origin], tuple(evidence[first:last])
        made.append(Label(axis, id, probability, how, who, own, columns.parties[party]))
    return made


def columns_of(labels: Sequence[Sequence[Label]]) -> LabelColumns:
    """The labels of some sentences, one after another, as columns."""
    held = [own for own in labels if own]
    views = [own for own in held if isinstance(own, Labels)]
    if not held or len(views) < len(held):
        return _from_records([label for own in held for label in own])
    parts = [columns.part(first, last) for columns, first, last in _spans(views)]
    return parts[0] if len(parts) == 1 else _joined(parts)


def _spans(views: Sequence[Labels]) -> list[tuple[LabelColumns, int, int]]:
    """The columns that views are of, and the first and last label; those that go on are one."""
    spans: list[tuple[LabelColumns, int, int]] = []
    for view in views:
        columns, first, last = spans[-1] if spans else (None, 0, 0)
        if view.columns is columns and view.first == last:
            spans[-1] = (columns, first, view.last)
        else:
            spans.append((view.columns, view.first, view.last))
    return spans


def _joined(parts: Sequence[LabelColumns]) -> LabelColumns:
    """Columns one after another; what they name is counted anew."""
    pairs, pair = _renumbered([(part.pairs, part.pair) for part in parts])
    parties, party = _renumbered([(part.parties, part.party) for part in parts])
    reasons, why = _renumbered([(part.reasons, part.why) for part in parts])
    probability, decision, origin, start, end = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("probability", "decision", "origin", "start", "end")
    )
    evidence = bounds_of(np.concatenate([np.diff(part.evidence) for part in parts]))
    return LabelColumns(
        pairs, parties, reasons, pair, probability, decision, origin, party, evidence, start, end, why
    )  # fmt: skip


def _renumbered(parts: Sequence[tuple[Sequence[N], Numbers]]) -> tuple[list[N], Numbers]:
    """Numbers that count in names of their own, one after another, as they count in the names of all."""
    known: dict[N, int] = {}
    among: dict[int, Numbers] = {}
    numbers = []
    for names, own in parts:
        if id(names) not in among:
            each = [known.setdefault(name, len(known)) for name in names]
            among[id(names)] = np.array(each, dtype=np.int64)
        numbers.append(among[id(names)][own])
    return list(known), np.concatenate(numbers)


def _from_records(labels: Sequence[Label]) -> LabelColumns:
    pairs: dict[tuple[str, str], int] = {}
    parties, reasons = dict[str, int](), dict[str, int]()
    evidence = [one for label in labels for one in label.evidence]
    columns: tuple[list[int], ...] = (
        [pairs.setdefault((x.axis, x.id), len(pairs)) for x in labels],
        [DECISIONS.index(x.decision) for x in labels],
        [ORIGINS.index(x.origin) for x in labels],
        [parties.setdefault(x.party, len(parties)) for x in labels],
        [0, *accumulate(len(x.evidence) for x in labels)],
        [e.start for e in evidence],
        [e.end for e in evidence],
        [reasons.setdefault(e.why, len(reasons)) for e in evidence],
    )
    pair, decision, origin, party, *rest = (np.array(x, dtype=np.int64) for x in columns)
    probability = np.array([x.probability for x in labels], dtype=np.float64)
    names = (list(pairs), list(parties), list(reasons))
    return LabelColumns(*names, pair, probability, decision, origin, party, *rest)
