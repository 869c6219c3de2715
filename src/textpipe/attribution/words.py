"""Finding any of many words in a text in one pass."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple


class Word(NamedTuple):
    """The word number `number` of a list stands at `start` to `end`."""

    number: int
    start: int
    end: int


class Words:
    """Finds words as a regular expression of alternatives does: from left to right, without overlap,
    of those that begin together the one that stands first in the list. The search is the
    Aho-Corasick algorithm (one article's reporting verbs and modal words: 2.5 ms by `re`, 0.2 ms so)."""

    def __init__(self, words: Iterable[str]) -> None:
        import ahocorasick_rs

        self.words = list(words)
        self._is_in_lines = not any("\n" in word for word in self.words)
        self._automaton = ahocorasick_rs.AhoCorasick(
            self.words, matchkind=ahocorasick_rs.MatchKind.LeftmostFirst
        )

    def find(self, text: str) -> list[Word]:
        """The words that stand in a text, in order."""
        found = self._automaton.find_matches_as_indexes(text)
        return list(map(Word._make, found)) if found else []

    def find_each(self, texts: Sequence[str]) -> list[Sequence[Word]]:
        """The words that stand in each of many texts; the texts are searched as one (which takes a tenth
        off the time of attribution)."""
        joined = "\n".join(texts)
        if not self._is_in_lines or joined.count("\n") >= len(texts):
            return [self.find(text) for text in texts]
        found: list[Sequence[Word]] = [()] * len(texts)
        ends = list(accumulate(len(text) + 1 for text in texts))
        number, start, end, own = -1, 0, 0, list[Word]()
        for word, first, last in self._automaton.find_matches_as_indexes(joined):
            if first >= end:
                number = bisect_right(ends, first, number + 1)
                start, end = ends[number] - len(texts[number]) - 1, ends[number]
                found[number] = own = []
            own.append(Word(word, first - start, last - start))
        return found


def longest_first(words: Iterable[str]) -> list[str]:
    """The words without repetition, the longest first, so that none hides a longer one."""
    return sorted(set(words), key=lambda word: (-len(word), word))
