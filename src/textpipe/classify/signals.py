"""What the codebook's terms say of each sentence, by rule: term matches less excluded phrases."""

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
    """Which sorted hits count: none of an excluded phrase, and none that overlaps one; of overlapping hits
    of a name in a row the first, and of those that begin together the longest."""
    kept = np.ones(len(row), dtype=np.bool_)
    if not len(row):
        return kept
    goes_on = (row[1:] == row[:-1]) & (name[1:] == name[:-1])
    group = np.cumsum(np.concatenate([[0], ~goes_on])) * (int(end.max()) + 1)
    start, end = group + start, group + end  # so that hits of different groups never overlap
    is_out = kind == EXCLUDED
    starts = np.concatenate([[-1], start[is_out]])
    reached = np.maximum.accumulate(np.concatenate([[-1], end[is_out]]))
    kept[:] = ~is_out & (reached[np.searchsorted(starts, end) - 1] <= start)
    left = np.flatnonzero(kept)
    kept[left] = _longest(start[left], end[left])
    return kept


def _longest(start: Positions, end: Positions) -> NDArray[np.bool_]:
    """Of overlapping sorted spans the first, and of those that begin together the longest; only where three
    or more overlap in a row are they weighed one by one."""
    reached = np.maximum.accumulate(end)
    is_first = np.ones(len(start), dtype=np.bool_)
    is_first[1:] = start[1:] >= reached[:-1]
    kept, firsts = is_first.copy(), np.flatnonzero(is_first)
    counts = np.diff(firsts, append=len(start))
    for first, count in zip(firsts[counts > 2].tolist(), counts[counts > 2].tolist(), strict=True):
        last = end[first]
        for at in range(first + 1, first + count):
            if start[at] >= last:
                kept[at], last = True, end[at]
    return kept


@cache
def load_signals(codebook: Codebook) -> Signals:
    """The term finder of a codebook, built once a process."""
    return Signals(codebook)
