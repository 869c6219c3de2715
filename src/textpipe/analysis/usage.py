"""Which terms stand where: the words that count of every counted sentence, once for all analyses.

Aliases count as one term (輝達, NVIDIA and 英偉達). Counted are body sentences, list items and
headings that repeat nothing. A word of no dictionary counts from two in an article on: once, it is
mostly a wrong cut of the statistical model (凡產自, 依黨).
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from textpipe.analysis.counts import Booleans, Counts, Integers, Numbers, owners, runs
from textpipe.lexicon import Lexicon, stop_words

MINIMUM_UNKNOWN = 2
_NUMBER = re.compile(
    r"[一二三四五六七八九十百千萬億兩數幾第之分零〇]+[個年月日天次名位家項元成倍度底初]*"
)
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z].*[\u3400-\u9fffA-Za-z0-9.+]$", re.DOTALL)


class Terms(dict[str, str]):
    """Any word to the term that it counts as, "" where it does not count; a growing memory."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, word: str) -> str:
        counts = (
            _WORD.fullmatch(word)
            and word.lower() not in stop_words()
            and not _NUMBER.fullmatch(word)
        )
        self[word] = term = self._lexicon.preferred(word) if counts else ""
        return term


@dataclass(frozen=True)
class Usage:
    """The words that count, in order, as columns of numbers.

    `term`, `place`, `row`: of each word its term, its place among the tokens of its sentence, and its
    sentence; `document`, `number`, `is_coded`: of each row its document, its index there, and whether
    it is coded (headings are not). `documents`: how many there are.
    """

    terms: tuple[str, ...]
    term: Numbers
    place: Numbers
    row: Numbers
    document: Numbers
    number: Numbers
    is_coded: Booleans
    documents: int

    def counts(self, rows: Booleans | None = None) -> Integers:
        """How often each term stands in the rows (all, where none are given)."""
        if rows is not None and np.count_nonzero(rows) * 2 > len(rows):
            return self.counts() - self.counts(~rows)
        chosen = self.term if rows is None else self.term[self._places(rows)]
        return np.bincount(chosen, minlength=len(self.terms)).astype(np.int64)

    def spread(self, rows: Booleans) -> Integers:
        """In how many documents each term stands within the rows."""
        pair, terms = self._pairs
        held = np.zeros(len(terms), bool)
        held[pair[self._places(rows)]] = True
        return np.bincount(terms[held], minlength=len(self.terms)).astype(np.int64)

    def _places(self, rows: Booleans) -> Integers:
        """The places of the words of the rows."""
        return runs(self._words, np.flatnonzero(rows))

    @cached_property
    def _words(self) -> Integers:
        """How many words each row has."""
        return np.bincount(self.row, minlength=len(self.document)).astype(np.int64)

    @cached_property
    def _pairs(self) -> tuple[Numbers, Integers]:
        """Of each word which pair of a document and a term it is, and the term of each pair."""
        pairs = self.document[self.row] * np.int64(len(self.terms)) + self.term
        different, pair = np.unique(pairs, return_inverse=True)
        return pair.astype(np.int32), different % max(len(self.terms), 1)

    @cached_property
    def by_document(self) -> Any:
        """Documents x terms as a sparse matrix of counts."""
        return self._matrix(self.document[self.row], self.documents)

    @cached_property
    def by_row(self) -> Any:
        """Sentences x terms as a sparse matrix of counts."""
        return self._matrix(self.row, len(self.document))

    @cached_property
    def document_counts(self) -> Integers:
        """In how many documents each term stands."""
        return np.bincount(self.by_document.indices, minlength=len(self.terms)).astype(np.int64)

    def _matrix(self, rows: Numbers, size: int) -> Any:
        from scipy.sparse import coo_matrix

        ones = np.ones(len(rows), np.int64)
        return coo_matrix((ones, (rows, self.term)), shape=(size, len(self.terms))).tocsr()


def usage(counts: Counts, lexicon: Lexicon) -> Usage:
    """The words that count in the documents; terms are in the order of their characters."""
    known = Terms(lexicon)
    own = [known[word] for word in counts.vocabulary]
    terms = sorted({term for term in own if term})
    number = {"": -1} | {term: i for i, term in enumerate(terms)}
    term = np.array([number[term] for term in own], np.int32)[counts.word]
    row = owners(counts.words)
    firsts = np.cumsum(counts.words) - counts.words
    kept = np.flatnonzero(term >= 0)
    found = Usage(
        terms=tuple(terms),
        term=term[kept],
        place=(kept - firsts[row[kept]]).astype(np.int32),
        row=row[kept],
        document=counts.document,
        number=counts.number,
        is_coded=counts.is_coded,
        documents=len(counts.ids),
    )
    unknown = {own[i] for i in np.flatnonzero(counts.is_unknown)}
    return _without_rare(found, np.array([term in unknown for term in terms], bool))


def _without_rare(found: Usage, is_unknown: Booleans) -> Usage:
    """The same without words of no dictionary that stand once in their article."""
    asked = np.flatnonzero(is_unknown[found.term])
    pairs = found.document[found.row[asked]] * np.int64(len(found.terms)) + found.term[asked]
    _, inverse, times = np.unique(pairs, return_inverse=True, return_counts=True)
    keep = np.ones(len(found.term), bool)
    keep[asked] = times[inverse] >= MINIMUM_UNKNOWN
    if keep.all():
        return found
    used = np.zeros(len(found.terms), bool)
    used[found.term[keep]] = True
    renumbered = (np.cumsum(used) - 1).astype(np.int32)
    return replace(
        found, terms=tuple(found.terms[i] for i in np.flatnonzero(used)),
        term=renumbered[found.term[keep]], place=found.place[keep], row=found.row[keep],
    )  # fmt: skip
