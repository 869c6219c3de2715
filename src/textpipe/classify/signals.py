"""What the codebook's terms say of each sentence, by rule: term matches less excluded phrases."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textpipe.codebook import Codebook
from textpipe.codepoints import Codes
from textpipe.folding import squeeze
from textpipe.matching import Matcher, Positions
from textpipe.ranges import ordered, ranges

PARTY = "@party"
"""The axis of hits that name a party; no axis of a codebook has such an id."""

TERM, TITLE, EXCLUDED = range(3)
Name = tuple[str, str]


class Hit(NamedTuple):
    """A term of a label, of a cue (axis "") or of a party (axis `PARTY`), at `text[start:end]` of the document.

    `is_title`: the term is the very title of a part of the policy (a label with a parent).
    """

    axis: str
    id: str
    start: int
    end: int
    is_title: bool = False


@dataclass(frozen=True, eq=False)
class Hits:
    """The hits in the rows of a batch as columns, sorted by row, name and start; `name` counts in
    `names` (axis and id), which begin with the codebook's labels; `rows`: how many rows there are."""

    names: Sequence[Name]
    rows: int
    row: Positions
    name: Positions
    start: Positions
    end: Positions
    is_title: NDArray[np.bool_]

    def by_row(self) -> list[list[Hit]]:
        """The hits of each row."""
        found: list[list[Hit]] = [[] for _ in range(self.rows)]
        columns = (self.row, self.name, self.start, self.end, self.is_title)
        for row, name, start, end, title in zip(*(c.tolist() for c in columns), strict=True):
            axis, id = self.names[name]
            found[row].append(Hit(axis, id, start, end, title))
        return found


class Signals:
    """Finds the codebook's terms in documents; built once a codebook (`load_signals`)."""

    def __init__(self, codebook: Codebook) -> None:
        owners: dict[str, list[tuple[Name, int]]] = defaultdict(list)
        self.names: list[Name] = codebook.names()
        for axis, label in codebook.pairs():
            name = (axis.id, label.id)
            titles = {squeeze(label.zh), squeeze(label.en)} if label.parent else set()
            for term in sorted({squeeze(term) for term in label.terms} | titles):
                owners[term].append((name, TITLE if term in titles else TERM))
            for phrase in label.excluded:
                owners[squeeze(phrase)].append((name, EXCLUDED))
        others = [("", cue.id, cue.terms) for cue in codebook.cues]
        others += [(PARTY, party.id, party.terms) for party in codebook.parties]
        for axis_id, id, terms in others:
            self.names.append((axis_id, id))
            for term in terms:
                owners[squeeze(term)].append(((axis_id, id), TERM))
        number = {name: n for n, name in enumerate(self.names)}
        counts = [len(own) for own in owners.values()]
        flat = list(chain.from_iterable(owners.values()))
        self._counts = np.array(counts, dtype=np.int64)
        self._first = np.cumsum(self._counts) - self._counts
        self._name = np.array([number[name] for name, _ in flat], dtype=np.int64)
        self._kind = np.array([kind for _, kind in flat], dtype=np.int64)
        self._matcher = Matcher(owners) if owners else None

    def find(self, codes: Codes, offset: Positions, start: Positions, end: Positions) -> Hits:
        """The hits within each row of a text, given as code points; of overlapping hits of a label one.

        `start`, `end` of each row count from its `offset`, and so do those of its hits. Rows follow one
        another."""
        if self._matcher is None or not len(start):
            none = np.zeros(0, dtype=np.int64)
            return Hits(self.names, len(start), none, none, none, none, none.astype(np.bool_))
        starts, ends = offset + start, offset + end
        terms, begin, last = self._matcher.spans(codes)
        row = np.searchsorted(starts, begin, "right") - 1
        inside = (row >= 0) & (last <= ends[row])
        row, terms, begin, last = (column[inside] for column in (row, terms, begin, last))
        counts = self._counts[terms]
        each, owner = np.repeat(np.arange(len(terms)), counts), ranges(self._first[terms], counts)
        name, kind = self._name[owner], self._kind[owner]
        begin, last, row = (begin - offset[row])[each], (last - offset[row])[each], row[each]
        longest = (last - begin).max(initial=0)
        order = ordered(row, name, begin, longest - (last - begin))
        columns = [column[order] for column in (row, name, begin, last, kind)]
        kept = _kept(*columns)
        row, name, begin, last, kind = (column[kept] for column in columns)
        return Hits(self.names, len(start), row, name, begin, last, kind == TITLE)


def _kept(
    row: Positions, name: Positions, start: Positions, end: Positions, kind: Positions
) -> NDArray[np.bool_]:
    """Which sorted hits count. Most names hit a row once, or here and there; only where hits overlap
    or a phrase is excluded are they weighed one by one."""
    kept = np.ones(len(row), dtype=np.bool_)
    if not len(row):
        return kept
    goes_on = (row[1:] == row[:-1]) & (name[1:] == name[:-1])
    bounds = np.flatnonzero(np.concatenate([[True], ~goes_on, [True]]))
    group = np.cumsum(np.concatenate([[0], ~goes_on]))
    for number in np.unique(group[kind == EXCLUDED]).tolist():
        low, high = bounds[number : number + 2].tolist()
        spans = list(zip(start[low:high].tolist(), end[low:high].tolist(), strict=True))
        kept[low:high] = _allowed(spans, (kind[low:high] == EXCLUDED).tolist())
    left = np.flatnonzero(kept)
    overlaps = (group[left[1:]] == group[left[:-1]]) & (start[left[1:]] < end[left[:-1]])
    several = np.zeros(int(group[-1]) + 1, dtype=np.bool_)
    several[group[left[1:]][overlaps]] = True
    left = left[several[group[left]]]
    columns = (group[left].tolist(), start[left].tolist(), end[left].tolist())
    kept[left] = _longest(*columns)
    return kept


def _allowed(spans: Sequence[tuple[int, int]], excluded: Sequence[bool]) -> list[bool]:
    """Which spans, sorted by their start, are not excluded and overlap none that is; both may be many,
    so the search is by halving."""
    merged: list[list[int]] = []
    for (start, end), is_out in zip(spans, excluded, strict=True):
        if is_out and merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        elif is_out:
            merged.append([start, end])
    starts = [start for start, _ in merged]
    allowed = []
    for (start, end), is_out in zip(spans, excluded, strict=True):
        at = bisect_left(starts, end) - 1
        allowed.append(not is_out and (at < 0 or merged[at][1] <= start))
    return allowed


def _longest(groups: Sequence[int], starts: Sequence[int], ends: Sequence[int]) -> list[bool]:
    """Of overlapping spans of a group the first, and of those that begin together the longest."""
    kept: list[bool] = []
    last_group, last = -1, 0
    for group, start, end in zip(groups, starts, ends, strict=True):
        kept.append(group != last_group or start >= last)
        if kept[-1]:
            last_group, last = group, end
    return kept


@cache
def load_signals(codebook: Codebook) -> Signals:
    """The term finder of a codebook, built once a process."""
    return Signals(codebook)
