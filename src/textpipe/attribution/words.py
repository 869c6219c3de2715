"""Finding any of many words in a text in one pass."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

Word = tuple[int, int, int]
"""The number of a word of a list, where it starts in a text, and where it ends."""


class Words:
    """Finds words as a regular expression of alternatives does: from left to right, without overlap,
    of those that begin together the one that stands first in the list. The search is the
    Aho-Corasick algorithm (one article's reporting verbs and modal words: 2.5 ms by `re`, 0.04 ms so,
    0.08 ms by the automaton's smaller form, which is the default for so many words)."""

    def __init__(self, words: Iterable[str]) -> None:
        import ahocorasick_rs

        self.words = list(words)
        self._is_in_lines = not any("\n" in word for word in self.words)
        self._automaton = ahocorasick_rs.AhoCorasick(
            self.words,
            matchkind=ahocorasick_rs.MatchKind.LeftmostFirst,
            implementation=ahocorasick_rs.Implementation.DFA,
        )

    def find(self, text: str) -> list[Word]:
        """The words that stand in a text, in order."""
        return self._automaton.find_matches_as_indexes(text)

    def find_each(self, texts: Sequence[str]) -> list[Sequence[Word]]:
        """The words that stand in each of many texts; the texts are searched as one (which takes a tenth
        off the time of attribution)."""
        if not self._is_in_lines:
            return [self.find(text) for text in texts]
        found: list[Sequence[Word]] = [()] * len(texts)
        ends = list(accumulate(len(text) + 1 for text in texts))
        number, start, end, own = -1, 0, 0, list[Word]()
        for word, first, last in self.find("\n".join(texts)):
            if first >= end:
                number = bisect_right(ends, first, number + 1)
                start, end = ends[number] - len(texts[number]) - 1, ends[number]
                found[number] = own = []
            own.append((word, first - start, last - start))
        return found

    def within(self, found: Sequence[Word], text: str, start: int, end: int) -> Sequence[Word]:
        """The words that stand in text[start:end], out of those found in the text; only where one of
        these crosses a border is the search done again."""
        own = [word for word in found if word[1] < end and word[2] > start]
        if own and (own[0][1] < start or own[-1][2] > end):
            return [(n, start + a, start + b) for n, a, b in self.find(text[start:end])]
        return own


def longest_first(words: Iterable[str]) -> list[str]:
    """The words without repetition, the longest first, so that none hides a longer one."""
    return sorted(set(words), key=lambda word: (-len(word), word))
