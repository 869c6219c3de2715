"""The words of a corpus as a stream of numbers, a piece at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from textpipe.analysis.counts import Counts, Integers, Numbers
from textpipe.lexicon import stop_words
from textpipe.ranges import bounds_of


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The words of the coded rows of some documents, row after row, with the gap before and after each row.

    `first`: how many words and gaps stand before it in all; `rows`: which rows they are; `begins`: where the
    words of each begin.
    """

    words: Numbers
    first: int
    rows: Integers
    begins: Integers

    def rows_of(self, places: Integers) -> Integers:
        """Which of its rows holds each of some places."""
        return np.searchsorted(self.begins, places, "right") - 1


class Stream:
    """The words of all coded rows as they count in the vocabulary; the `gap` stands between rows and for every
    word that is not Chinese.

    Of each word of the vocabulary and of the gap: whether it `is_plain` (may be part of a longer word), and
    its characters (`lengths`).
    """

    def __init__(self, counts: Counts) -> None:
        vocabulary, stop = counts.vocabulary, stop_words()
        self.counts, self.gap = counts, len(vocabulary)
        self.document, self._bounds = counts.document, bounds_of(counts.words)
        self._starts = counts.start
        is_chinese = np.array(["\u3400" <= word[0] <= "\u9fff" for word in vocabulary], np.bool_)
        self._number = np.where(is_chinese, np.arange(self.gap), self.gap).astype(np.int32)
        self.lengths = np.array([*map(len, vocabulary), 0], np.int64)
        self.is_plain = np.array([*(word not in stop for word in vocabulary), False], np.bool_)

    def __iter__(self) -> Iterator[Stretch]:
        counts, first = self.counts, 0
        every, every_size = counts.is_coded, counts.words
        for piece in counts.pieces:
            is_coded, sizes = every[piece.rows], every_size[piece.rows]
            rows, own = np.flatnonzero(is_coded), sizes[is_coded]
            begins = np.cumsum(own + 1, dtype=np.int64) - own
            is_word = np.ones(int(own.sum()) + len(own) + 1, np.bool_)
            is_word[0] = is_word[begins + own] = False
            words = np.full(len(is_word), self.gap, np.int32)
            words[is_word] = self._number[counts.word[piece.words][np.repeat(is_coded, sizes)]]
            yield Stretch(words, first, rows + piece.rows.start, begins)
            first += len(words)

    def start(self, row: int, number: int) -> int:
        """Where in its text a word of a row begins, by its number in the row."""
        first = int(self._bounds[row])
        before = self.counts.word[first : first + number]
        return int(self._starts[row]) + int(self.lengths[before].sum())
