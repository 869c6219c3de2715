"""Sequences of two and three words that stand again and again, counted as numbers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from textpipe.analysis.counts import Booleans, Integers, different
from textpipe.ranges import groups_of

AT_ONCE = 1_000_000
"""Places that are looked up at a time."""


@dataclass(frozen=True, eq=False)
class Grams:
    """Some different sequences of `size` words: the places in a column of words where one of them begins, in
    order, and which one it is there."""

    size: int
    places: Integers
    number: Any

    @cached_property
    def counts(self) -> Integers:
        """How often each of them stands there."""
        return np.bincount(self.number).astype(np.int64)

    @cached_property
    def firsts(self) -> Integers:
        """Where each of them stands first."""
        found = np.full(len(self.counts), np.iinfo(np.int64).max)
        np.minimum.at(found, self.number, self.places)
        return found

    def spread(self, document: Any) -> Integers:
        """In how many documents each of them stands; `document`: of each place."""
        size = int(document.max(initial=0)) + 1
        keys = self.number.astype(np.int64) * size + document
        return np.bincount(different(keys) // size).astype(np.int64)

    def only(self, chosen: Booleans) -> "Grams":
        """The chosen ones, numbered anew."""
        kept = np.flatnonzero(chosen[self.number])
        return Grams(self.size, self.places[kept], (np.cumsum(chosen) - 1)[self.number[kept]])


def singles_of(words: Any, chosen: Booleans) -> Grams:
    """The words at the chosen places."""
    places = np.flatnonzero(chosen)
    return Grams(1, places, np.unique(words[places], return_inverse=True)[1])


def pairs_of(words: Any, joined: Booleans, least: int) -> Grams:
    """Two neighbours, where they are joined (a word with the one after it), and stand so at least so often."""
    places = np.flatnonzero(joined)
    keys = words[places].astype(np.int64)
    keys *= int(words.max(initial=0)) + 1
    keys += words[places + 1]
    return _frequent(2, places, keys, least)


def triples_of(words: Any, pairs: Grams, least: int) -> Grams:
    """Three neighbours that stand so at least so often; both their pairs do, so that only these are asked."""
    pair = np.full(len(words), -1, np.int32)
    pair[pairs.places] = pairs.number
    places = np.flatnonzero((pair[:-1] >= 0) & (pair[1:] >= 0))
    base = int(words.max(initial=0)) + 1
    keys = pair[places].astype(np.int64) * base + words[places + 2]
    return _frequent(3, places, keys, least)


def _frequent(size: int, places: Integers, keys: Integers, least: int) -> Grams:
    ordered = np.sort(keys)  # not np.unique, which holds four times as much
    firsts, times = groups_of(ordered)
    frequent = ordered[firsts[times >= least]]
    del ordered, firsts, times
    number, known = np.full(len(keys), -1, np.int32), np.append(frequent, -1)
    for first in range(0, len(keys), AT_ONCE):
        own = keys[first : first + AT_ONCE]
        found = np.searchsorted(frequent, own)
        number[first : first + AT_ONCE] = np.where(known[found] == own, found, -1)
    kept = np.flatnonzero(number >= 0)
    return Grams(size, places[kept], number[kept])
