"""Finding any of many words in a text in one pass."""

from collections.abc import Iterable
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
        self._automaton = ahocorasick_rs.AhoCorasick(
            self.words, matchkind=ahocorasick_rs.MatchKind.LeftmostFirst
        )

    def find(self, text: str) -> list[Word]:
        """The words that stand in a text, in order."""
        found = self._automaton.find_matches_as_indexes(text)
        return list(map(Word._make, found)) if found else []


def longest_first(words: Iterable[str]) -> list[str]:
    """The words without repetition, the longest first, so that none hides a longer one."""
    return sorted(set(words), key=lambda word: (-len(word), word))
