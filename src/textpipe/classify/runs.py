"""Runs of one to three characters: their keys, and finding known ones in many texts at once."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from textpipe.codepoints import Codes
from textpipe.folding import fold
from textpipe.matching import folded
from textpipe.ranges import within

Keys = NDArray[np.int64]
Rows = NDArray[np.int32]
LONGEST_RUN = 3
NO_RUN = -1
_CODE_BITS = 21
_LAST_CODE = (1 << _CODE_BITS) - 1
_ALL = 0x110000
_BORDERS = [0, *(1 << _CODE_BITS * length for length in range(1, LONGEST_RUN)), 2**63 - 1]
"""Keys at which those of a length begin."""


def run_key(text: str) -> int:
    """The key of one run of characters: its folded code points, 21 bits each."""
    key = 0
    for character in fold(text):
        key = (key << _CODE_BITS) | ord(character)
    return key


def character_runs(codes: Keys, rows: Keys) -> tuple[Keys, Keys]:
    """The runs of one to three characters in texts that are given as folded code points, one after another,
    with the row of each: rows and keys."""
    keys, found = codes, [(rows, codes)]
    for length in range(2, LONGEST_RUN + 1):
        keys = (keys[:-1] << _CODE_BITS) | codes[length - 1 :]
        within = rows[: len(keys)] == rows[length - 1 :]
        found.append((rows[: len(keys)][within], keys[within]))
    return np.concatenate([r for r, _ in found]), np.concatenate([k for _, k in found])


class Runs:
    """Finds known runs (sorted keys). Every part of a known run must be known too, as it is where runs are
    kept by how many sentences hold them: so a longer run is looked for only where its parts stand, by the
    numbers of these (a batch of 128 articles: 45 ms when all runs were looked up, 18 ms by their keys
    where the parts stand, 8 ms so)."""

    def __init__(self, keys: Keys) -> None:
        one, two, three = (keys[a:b] for a, b in pairwise(np.searchsorted(keys, _BORDERS).tolist()))
        number = np.full(_ALL, NO_RUN, dtype=np.int32)
        number[one] = np.arange(len(one))
        self._size, self._pair_count = len(one), len(two)
        pairs = number[two >> _CODE_BITS].astype(np.int64) * len(one) + number[two & _LAST_CODE]
        self._pairs = np.full(len(one) ** 2, NO_RUN, dtype=np.int32)
        self._pairs[pairs] = np.arange(len(two))
        first = self._pairs[pairs[np.searchsorted(two, three >> _CODE_BITS)]].astype(np.int64)
        self._threes = Hashed(first * len(one) + number[three & _LAST_CODE])
        self._one = number[folded(np.arange(_ALL, dtype=np.uint32))]

    def find(self, codes: Codes, starts: Keys, ends: Keys) -> tuple[Rows, Rows]:
        """The known runs within spans of a text's code points, which stand in order: of each the number of its
        span, and its own (its place among the keys)."""
        numbers = self._one.take(codes, mode="clip")
        begins = np.zeros(len(codes) + 1, dtype=np.bool_)
        begins[starts] = True
        at = np.flatnonzero((numbers >= 0) & within(len(codes), starts, ends))
        counts = np.diff(np.searchsorted(at, np.append(starts, len(codes))))
        rows, last = np.repeat(np.arange(len(starts), dtype=np.int32), counts), numbers[at]
        goes_on = np.flatnonzero((at[1:] == at[:-1] + 1) & ~begins[at[1:]])
        pairs = self._pairs.take(last[goes_on] * np.int32(self._size) + last[goes_on + 1])
        known = np.flatnonzero(pairs >= 0)
        goes_on, pairs = goes_on[known], pairs[known]
        again = np.flatnonzero(goes_on[1:] == goes_on[:-1] + 1)
        keys = pairs[again].astype(np.int64) * self._size + last[goes_on[again] + 2]
        threes = self._threes.find(keys)
        known = np.flatnonzero(threes >= 0)
        found = [
            (rows, last),
            (rows[goes_on], pairs + np.int32(self._size)),
            (rows[goes_on[again[known]]], threes[known] + np.int32(self._size + self._pair_count)),
        ]
        return np.concatenate([r for r, _ in found]), np.concatenate([n for _, n in found])


class Hashed:
    """Finds keys among known ones: a hash table in two arrays, open addressing, for many at once (the
    runs of three characters in a batch of 128 articles: 9 ms by binary search, 1 ms so)."""

    def __init__(self, keys: Keys) -> None:
        self._shift = 64 - max(4, 2 + len(keys).bit_length())
        size = 1 << (64 - self._shift)
        self._keys: Keys = np.full(size, -1, dtype=np.int64)
        self._numbers = np.full(size, -1, dtype=np.int32)
        numbers = np.arange(len(keys), dtype=np.int32)
        slots, self.most = self._slot(keys), 0
        while len(keys):
            free = self._keys[slots] == -1
            taken, first = np.unique(slots[free], return_index=True)
            self._keys[taken] = keys[free][first]
            self._numbers[taken] = numbers[free][first]
            left = self._keys[slots] != keys
            keys, numbers, slots = keys[left], numbers[left], (slots[left] + 1) % size
            self.most += 1

    def _slot(self, keys: Keys) -> NDArray[np.int64]:
        mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        return (mixed >> np.uint64(self._shift)).astype(np.int64)

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """The place of each key among the known ones, -1 where it is unknown."""
        slots = self._slot(keys)
        held = self._keys[slots]
        found = np.where(held == keys, self._numbers[slots], np.int32(-1))
        open_ = np.flatnonzero((held != keys) & (held != -1))
        for step in range(1, self.most):
            slot = (slots[open_] + step) % len(self._keys)
            held = self._keys[slot]
            same = held == keys[open_]
            found[open_[same]] = self._numbers[slot[same]]
            open_ = open_[~same & (held != -1)]
        return found
