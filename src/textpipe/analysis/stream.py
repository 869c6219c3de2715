"""The words of a corpus as one stream of numbers."""

import numpy as np

from textpipe.analysis.counts import Counts, Integers, Numbers, looked_up, times
from textpipe.lexicon import stop_words


class Stream:
    """The words of all coded rows, row after row, as they count in the vocabulary; `gap` stands before and
    after each row and for every word that is not Chinese.

    Of each word of the vocabulary and of the gap: whether it `is_plain` (may be part of a longer word), its
    characters (`lengths`), and how often it stands here (`times`; the gap never).
    """

    def __init__(self, counts: Counts) -> None:
        vocabulary, stop = counts.vocabulary, stop_words()
        self.counts, self.gap = counts, len(vocabulary)
        self._rows = np.flatnonzero(counts.is_coded)
        self._documents = counts.document[self._rows]
        sizes = counts.words[self._rows]
        self._begins = np.cumsum(sizes + 1, dtype=np.int64) - sizes
        self._firsts = (np.cumsum(counts.words, dtype=np.int64) - counts.words)[self._rows]
        is_chinese = np.array(["\u3400" <= word[0] <= "\u9fff" for word in vocabulary], np.bool_)
        own = counts.word[np.repeat(counts.is_coded, counts.words)]
        own[~looked_up(is_chinese, own)] = self.gap
        is_word = np.ones(len(own) + len(sizes) + 1, np.bool_)
        is_word[0] = is_word[self._begins + sizes] = False
        self.words = np.full(len(is_word), self.gap, np.int32)
        self.words[is_word] = own
        self.lengths = np.array([*map(len, vocabulary), 0], np.int64)
        self.is_plain = np.array([*(word not in stop for word in vocabulary), False], np.bool_)
        self.times = times(self.words, self.gap + 1)
        self.times[self.gap] = 0

    @property
    def size(self) -> int:
        """How many Chinese words stand in it."""
        return int(self.times.sum())

    def document(self, places: Integers) -> Numbers:
        """The documents of some places."""
        return self._documents[np.searchsorted(self._begins, places, "right") - 1]

    def place(self, place: int) -> tuple[int, int]:
        """The document of a place, and where in its text the word there begins."""
        at = int(np.searchsorted(self._begins, place, "right")) - 1
        first = int(self._firsts[at])
        before = self.counts.word[first : first + place - int(self._begins[at])]
        start = int(self.counts.start[self._rows[at]]) + int(self.lengths[before].sum())
        return int(self._documents[at]), start
