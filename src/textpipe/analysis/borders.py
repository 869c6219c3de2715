"""What stands left and right of sequences of words in a corpus, and where they stand, a piece at a time."""

from dataclasses import dataclass

import numpy as np

from textpipe.analysis.counts import Floats, Integers
from textpipe.analysis.grams import Tally, in_documents, number_in
from textpipe.analysis.stream import Stream, Stretch


@dataclass(frozen=True, eq=False)
class Grams:
    """Sequences that may be words: their `keys`, in order, the words of each (grams x size), how often each
    stands, and its cohesion."""

    keys: Integers
    words: Integers
    counts: Integers
    cohesions: Floats


class Borders:
    """Gathers, stretch by stretch, what stands beside sequences of words, in how many documents each stands
    (`spread`), and where first."""

    def __init__(self, stream: Stream, grams: Grams) -> None:
        self._stream, self._grams = stream, grams
        self._beside = (Tally(), Tally())
        self.spread, self._row, self._number = (
            np.zeros(len(grams.keys), np.int64) for _ in range(3)
        )
        self._first = np.full(len(grams.keys), -1, np.int64)

    def add(self, own: Stretch, at: Integers, keys: Integers) -> None:
        """Look at a stretch; `at`: where sequences of this size begin in it; `keys`: of each."""
        number = number_in(self._grams.keys, keys)
        at, number = at[number >= 0], number[number >= 0]
        row = own.rows_of(at)
        document = self._stream.document[own.rows[row]]
        self.spread += np.bincount(in_documents(number, document), minlength=len(self.spread))
        steps = (-1, self._grams.words.shape[1])
        for tally, step in zip(self._beside, steps, strict=True):
            word = own.words[at + step]
            is_word = word != self._stream.gap
            tally.add(number[is_word] * self._stream.gap + word[is_word])
        own_first = np.full(len(self._first), -1)
        own_first[number[::-1]] = np.arange(len(number))[::-1]  # of equal ones the last stays
        found = np.flatnonzero((own_first >= 0) & (self._first < 0))
        firsts = own_first[found]
        self._first[found] = own.first + at[firsts]
        self._row[found] = own.rows[row[firsts]]
        self._number[found] = at[firsts] - own.begins[row[firsts]]

    def place(self, i: int) -> tuple[int, int, int]:
        """Where a sequence stands first: its document, where it begins in the text of that, and how many words
        and gaps stand before it in all."""
        row, number = int(self._row[i]), int(self._number[i])
        document = int(self._stream.document[row])
        return document, self._stream.start(row, number), int(self._first[i])

    def freedoms(self) -> Floats:
        """Of each sequence the lesser entropy of what stands left and right of it, in bits."""
        found: Floats = np.minimum(*map(self._entropies, self._beside))
        return found

    def _entropies(self, beside: Tally) -> Floats:
        """For each sequence the entropy of what stands beside it, in bits; each gap counts as a neighbour of
        its own, because a gap is a free border."""
        keys, times = beside.total()
        sizes = self._grams.counts
        repeated = np.bincount(keys // self._stream.gap, times * np.log2(times), len(sizes))
        found: Floats = np.maximum(np.log2(sizes) - repeated / sizes, 0)
        return found
