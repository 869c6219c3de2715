"""Bringing the counts of parts of a corpus into one order, by source and id: the same whatever the parts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from textpipe.analysis.counts import (
    AT_ONCE,
    LEVELS,
    Counts,
    Integers,
    Level,
    Numbers,
    SpilledCounts,
)
from textpipe.ranges import bounds_of, runs
from textpipe.spill import Column, Spill, Values

_NAMED = {"label": "pairs", "speaker": "speakers", "cue": "modalities", "mark": "names"}
"""The columns that number names, beside `word`."""
_OF_WORDS = ("unknown", "is_unknown", "is_known_by_marks")
_MOVED = tuple(level for level in LEVELS if level.name != "word")
"""Those that are put in order as a whole; the longest goes a piece at a time."""
_COLUMNS = tuple(name for level in LEVELS for name in level.columns)


class Merger:
    """Takes the counts of parts as they come; their columns are in a file in a folder meanwhile, and so are those
    of the whole; in memory where no folder is given."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder, self._spill = folder, Spill(folder)
        self._parts: list[dict[str, Any]] = []

    def add(self, part: Counts) -> None:
        """One part, of which the columns leave memory."""
        held = {field.name: getattr(part, field.name) for field in fields(part)}
        self._parts.append(held | {name: self._spill.add(held[name][:]) for name in _COLUMNS})

    def merged(self) -> Counts:
        """The counts of the documents of all parts, by source and id, and again mergeable."""
        ids = [id for part in self._parts for id in part["ids"]]
        order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
        vocabulary, own = self._union("vocabulary")
        others = self._of_words(own, len(vocabulary))
        others |= {"vocabulary": vocabulary, "ids": tuple(ids[i] for i in order.tolist())}
        numbers: dict[str, list[Numbers]] = {}
        for column, names in _NAMED.items():
            others[names], numbers[column] = self._union(names)
        words, spill, columns = Spill(self._folder), Spill(self._folder), dict[str, Column]()
        for piece in self._words(own, order):
            words.add(piece)
        columns["word"] = words.column()
        for level, places in self._places(order):
            for name in level.columns:
                columns[name] = spill.add(self._joined(name, numbers.get(name))[places])
        return SpilledCounts(columns, **others)

    def _places(self, order: Integers) -> Iterator[tuple[Level, Integers | slice]]:
        """Each level, and where its entries of the documents in an order stand in the parts."""
        if np.array_equal(order, np.arange(len(order))):
            yield from ((level, slice(None)) for level in _MOVED)
            return
        places = {"document": order}
        for level in _MOVED:
            own = places.get(level.name)
            if own is None:
                own = runs(self._joined(level.sizes), places[level.owner])
            if level.name == "row":
                places["row"] = own
            yield level, own

    def _joined(self, name: str, own: Sequence[Numbers] | None = None) -> Values:
        """A column of the parts one after another; `own`: for each part its names' numbers among those of all."""
        columns: list[Column] = [part[name] for part in self._parts]
        bounds = bounds_of(list(map(len, columns))).tolist()
        none = columns[0][:0]
        found = np.empty((bounds[-1], *none.shape[1:]), none.dtype)
        for number, (first, end) in enumerate(pairwise(bounds)):
            values = columns[number][:]
            found[first:end] = values if own is None else own[number][values]
        return found

    def _union(self, names: str) -> tuple[tuple[Any, ...], list[Numbers]]:
        """The names of all parts, sorted, and for each part its names' numbers there (and -1 for -1)."""
        every = tuple(sorted(set().union(*(part[names] for part in self._parts))))
        place = {name: i for i, name in enumerate(every)}
        each = ([*map(place.__getitem__, part[names]), -1] for part in self._parts)
        return every, [np.array(own, np.int32) for own in each]

    def _of_words(self, own: Sequence[Numbers], size: int) -> dict[str, Any]:
        found = {name: np.zeros(size, self._parts[0][name].dtype) for name in _OF_WORDS}
        for part, numbers in zip(self._parts, own, strict=True):
            for name, values in found.items():
                values[numbers[:-1]] += part[name]
        return found

    def _words(self, own: Sequence[Numbers], order: Integers) -> Iterator[Numbers]:
        """The words of documents in an order, as they count in the names of all; of documents that follow one
        another in a part a piece at a time."""
        first = bounds_of([len(part["ids"]) for part in self._parts])
        bounds = [bounds_of(part["words"][:])[bounds_of(part["rows"][:])] for part in self._parts]
        goes_on = np.flatnonzero((np.diff(order) != 1) | np.isin(order[1:], first)) + 1
        for a, b in pairwise([0, *goes_on.tolist(), len(order)] if len(order) else []):
            number = int(np.searchsorted(first, order[a], "right")) - 1
            begin, words = int(order[a] - first[number]), self._parts[number]["word"]
            start, end = bounds[number][[begin, begin + b - a]].tolist()
            for at in range(start, end, AT_ONCE):
                yield own[number][words[at : min(at + AT_ONCE, end)]]


def merge(parts: Iterable[Counts], folder: Path | None = None) -> Counts:
    """The counts of the documents of all parts."""
    merger = Merger(folder)
    for part in parts:
        merger.add(part)
    return merger.merged()
