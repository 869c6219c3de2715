"""Runs of one to three characters: their keys, and finding known ones in many texts at once."""

import numpy as np
from numpy.typing import NDArray

from textpipe.folding import fold

Keys = NDArray[np.int64]
LONGEST_RUN = 3
_CODE_BITS = 21
_ALL = 0x110000


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
    kept by how many sentences hold them: so a longer run is looked for only where its parts stand (a batch
    of 64 articles: 14 ms when all runs were looked up, 5 ms so)."""

    def __init__(self, keys: Keys) -> None:
        singles = keys[keys < _ALL]
        self._single = np.full(_ALL, -1, dtype=np.int32)
        self._single[singles] = np.arange(len(singles))
        self._longer, self._first = Hashed(keys[len(singles) :]), len(singles)

    def find(self, codes: Keys, rows: Keys) -> tuple[Keys, Keys]:
        """The known runs in texts as `character_runs` takes them: rows and numbers (places among the
        keys)."""
        numbers = self._single[codes]
        at = np.flatnonzero(numbers >= 0)
        found = [(rows[at], numbers[at])]
        for length in range(2, LONGEST_RUN + 1):
            at = at[:-1][at[1:] == at[:-1] + 1]
            at = at[rows[at] == rows[at + length - 1]]
            keys = codes[at]
            for further in range(1, length):
                keys = (keys << _CODE_BITS) | codes[at + further]
            numbers = self._longer.find(keys)
            known = numbers >= 0
            at = at[known]
            found.append((rows[at], numbers[known] + self._first))
        return np.concatenate([r for r, _ in found]), np.concatenate([n for _, n in found])


class Hashed:
    """Finds keys among known ones: a hash table in two arrays, open addressing, for many at once (a batch
    of 64 articles: 18 ms by binary search, 5 ms so)."""

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
