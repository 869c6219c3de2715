"""Finding many terms in a text at once, as an analyst would recognise them.

Letters match in any case; spaces, hyphens and middle dots inside a term may be there or not
(AI 晶片 = AI晶片, GB-200 = GB200); 臺, 佈, 佔, 週 match 台, 布, 占, 周. A term that begins or
ends in a Latin letter or digit does not match inside a longer Latin word or number. The search
is the Aho-Corasick algorithm, linear in the text.
"""

from collections.abc import Iterable
from typing import NamedTuple

_IGNORED = " -‐‑–·•・‧\u00a0"
_FOLD = str.maketrans(
    {**{chr(c): chr(c + 32) for c in range(65, 91)}, "臺": "台", "佈": "布", "佔": "占", "週": "周"}
)
_SQUEEZE = {**_FOLD, **{ord(c): None for c in _IGNORED}}


def fold(text: str) -> str:
    """The form in which texts and terms are compared; as long as the text itself."""
    return text.translate(_FOLD)


def squeeze(text: str) -> str:
    """The folded form without the characters that a match may skip."""
    return text.translate(_SQUEEZE)


class Match(NamedTuple):
    """Term number `term` stands at `text[start:end]`."""

    term: int
    start: int
    end: int


class Matcher:
    """Finds the given terms in texts; equal terms after folding are an error of the caller."""

    def __init__(self, terms: Iterable[str], *, longest_only: bool = False) -> None:
        import ahocorasick_rs

        patterns = [squeeze(term) for term in terms]
        if not all(patterns):
            raise ValueError("a term is empty, or holds nothing but spaces and hyphens")
        kind = ahocorasick_rs.MatchKind
        self._overlapping = not longest_only
        self._automaton = ahocorasick_rs.AhoCorasick(
            patterns, matchkind=kind.LeftmostLongest if longest_only else kind.Standard
        )
        self._latin_start = [_is_latin(pattern[0]) for pattern in patterns]
        self._latin_end = [_is_latin(pattern[-1]) for pattern in patterns]

    def find(self, text: str) -> list[Match]:
        """All matches in order of their end, or the leftmost longest ones."""
        squeezed = text.translate(_SQUEEZE)
        found = self._automaton.find_matches_as_indexes(squeezed, overlapping=self._overlapping)
        if not found:
            return []
        if len(squeezed) == len(text):
            matches = [Match(*match) for match in found]
        else:
            at = [i for i, c in enumerate(text) if c not in _IGNORED]
            matches = [Match(i, at[start], at[end - 1] + 1) for i, start, end in found]
        return [match for match in matches if self._stands_alone(text, match)]

    def _stands_alone(self, text: str, match: Match) -> bool:
        term, start, end = match
        if self._latin_start[term] and start and _is_latin(text[start - 1]):
            return False
        return not (self._latin_end[term] and end < len(text) and _is_latin(text[end]))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
