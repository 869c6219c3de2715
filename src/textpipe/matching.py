"""Finding many terms in a text at once, as an analyst would recognise them (`folding`).

A term that begins or ends in a Latin letter or digit does not match inside a longer Latin word or
number. The search is the Aho-Corasick algorithm, linear in the text.
"""

import string
from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textpipe.codepoints import Codes, codes_of, lookup, members, text_of
from textpipe.folding import FOLD, IGNORED, squeeze

Positions = NDArray[np.int64]
SKIPPED = np.uint32(0xFFFFFFFF)


class Match(NamedTuple):
    """Term number `term` stands at `text[start:end]`."""

    term: int
    start: int
    end: int


@cache
def _folds() -> Codes:
    return lookup(FOLD)


@cache
def _searched() -> Codes:
    """The folded form of each code point; `SKIPPED` where a match may skip it."""
    return np.where(members(IGNORED), SKIPPED, _folds())


def folded(codes: Codes) -> Codes:
    """Code points in the form in which they are compared (see `folding.fold`)."""
    return _folds().take(codes)


@cache
def latin_or_digit() -> NDArray[np.bool_]:
    """Which code points are ASCII letters or digits."""
    return members(string.ascii_letters + string.digits)


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
        self._latin_start = np.array([_is_latin(pattern[0]) for pattern in patterns])
        self._latin_end = np.array([_is_latin(pattern[-1]) for pattern in patterns])

    def find(self, text: str) -> list[Match]:
        """All matches in order of their end, or the leftmost longest ones."""
        columns = (column.tolist() for column in self.spans(codes_of(text)))
        return list(map(Match, *columns))

    def spans(
        self, codes: Codes, near: NDArray[np.bool_] | None = None
    ) -> tuple[Positions, Positions, Positions]:
        """The matches in a text's code points as three arrays: the terms' numbers, the starts and
        the ends. `near` tells where matches can be; the rest is not searched."""
        searched = _searched().take(codes)
        if near is not None:
            is_gap = ~near  # the first character of a gap stands for it, as a line end
            searched[is_gap] = SKIPPED
            is_gap[1:] &= near[:-1]
            searched[is_gap] = ord("\n")
        at = np.flatnonzero(searched != SKIPPED)
        found = self._automaton.find_matches_as_indexes(
            text_of(searched[at]), overlapping=self._overlapping
        )
        flat = np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found)).reshape(-1, 3)
        terms, starts, ends = flat[:, 0], at[flat[:, 1]], at[flat[:, 2] - 1] + 1
        alone = self._stand_alone(codes, terms, starts, ends)
        return terms[alone], starts[alone], ends[alone]

    def _stand_alone(
        self, codes: Codes, terms: Positions, starts: Positions, ends: Positions
    ) -> NDArray[np.bool_]:
        """Which matches are no part of a longer Latin word or number."""
        around = np.append(codes, np.uint32(0))  # the last one stands before the first, too
        is_latin = latin_or_digit()
        before, after = is_latin[around[starts - 1]], is_latin[around[ends]]
        within: NDArray[np.bool_] = self._latin_start[terms] & before
        return ~(within | (self._latin_end[terms] & after))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
