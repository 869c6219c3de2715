"""Sequences of words that stand again and again, counted as numbers, a piece of a corpus at a time."""

import numpy as np

from textpipe.analysis.counts import Booleans, Integers, Numbers, different
from textpipe.ranges import groups_of

AT_ONCE = 1_000_000
"""Different numbers that wait to be added up, at least."""


class Tally:
    """How often numbers occur in the pieces of a corpus."""

    def __init__(self) -> None:
        self._summed = (np.zeros(0, np.int64), np.zeros(0, np.int64))
        self._waiting: list[tuple[Integers, Integers]] = []

    def add(self, keys: Integers) -> None:
        """Count the numbers of a piece, each of which is one occurrence."""
        ordered = np.sort(keys)
        firsts, times = groups_of(ordered)
        self._waiting.append((ordered[firsts], times))
        if sum(len(own) for own, _ in self._waiting) > max(AT_ONCE, len(self._summed[0])):
            self._summed = self.total()
            self._waiting.clear()

    def total(self) -> tuple[Integers, Integers]:
        """The different numbers, in order, and how often each occurs."""
        keys, times = map(np.concatenate, zip(self._summed, *self._waiting, strict=True))
        order = np.argsort(keys, kind="stable")
        keys, times = keys[order], times[order]
        firsts, _ = groups_of(keys)
        return keys[firsts], np.add.reduceat(times, firsts) if len(firsts) else times


def in_documents(keys: Integers, documents: Numbers) -> Integers:
    """Each key once for each of the documents in which it stands; `documents`: of each key."""
    size = int(documents.max(initial=0)) + 1
    found: Integers = different(keys * np.int64(size) + documents) // size
    return found


def number_in(known: Integers, keys: Integers) -> Integers:
    """The place of each key among known ones, in order; -1 where it is none of them."""
    found = np.searchsorted(known, keys)
    found[np.append(known, -1)[found] != keys] = -1
    return found


def beside(chosen: Booleans, size: int) -> Integers:
    """Where `size` words in a row begin; `chosen`: whether each word goes together with the one after it."""
    found = chosen
    for step in range(1, size - 1):
        found = found[:-1] & chosen[step:]
    return np.flatnonzero(found)
