"""Which terms stand where: the words that count of every counted sentence, once for all analyses.

Aliases count as one term (輝達, NVIDIA and 英偉達). Counted are body sentences, list items and
headings that repeat nothing. A word of no dictionary counts from two in an article on: once, it is
mostly a wrong cut of the statistical model (凡產自, 依黨).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from textpipe.analysis.counts import Booleans, Counts, Integers, Numbers, looked_up, owners, times
from textpipe.arrow import numbered_keys
from textpipe.lexicon import Lexicon, stop_words
from textpipe.ranges import bounds_of

MINIMUM_UNKNOWN = 2
AT_ONCE = 100_000
"""Words that are numbered at a time: few enough to stay in the processor's cache."""
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
        chosen = self.term if rows is None else self.term[self._words_of(rows)]
        return times(chosen, len(self.terms))

    def spread(self, rows: Booleans) -> Integers:
        """In how many documents each term stands within the rows."""
        pair, terms, _ = self._pairs
        held = np.zeros(len(terms), bool)
        held[pair[self._words_of(rows)]] = True
        return times(terms[held], len(self.terms))

    def holding(self, terms: Sequence[int]) -> Any:
        """Coded sentences x some terms as a sparse matrix: 1 where the sentence holds the term."""
        from scipy.sparse import coo_matrix

        place = np.full(len(self.terms), -1, np.int32)
        place[list(terms)] = np.arange(len(terms))
        held = np.flatnonzero((place >= 0)[self.term] & self._words_of(self.is_coded))
        rows = (np.cumsum(self.is_coded) - 1)[self.row[held]]
        shape = (int(self.is_coded.sum()), len(terms))
        found = coo_matrix((np.ones(len(rows), np.int64), (rows, place[self.term[held]])), shape)
        return (found.tocsr() > 0).astype(np.int64)

    @cached_property
    def by_document(self) -> Any:
        """Documents x terms as a sparse matrix of counts."""
        from scipy.sparse import csr_matrix

        pair, terms, sizes = self._pairs
        counts = times(pair, len(terms)).astype(np.int32)
        bounds = bounds_of(sizes).astype(np.int32)
        return csr_matrix((counts, terms, bounds), shape=(self.documents, len(self.terms)))

    @cached_property
    def document_counts(self) -> Integers:
        """In how many documents each term stands."""
        return times(self._pairs[1], len(self.terms))

    def _words_of(self, rows: Booleans) -> Booleans:
        """Which words stand in the rows."""
        return np.repeat(rows, self._words)

    @cached_property
    def _words(self) -> Integers:
        """How many words each row has."""
        return times(self.row, len(self.document))

    @cached_property
    def _pairs(self) -> tuple[Numbers, Numbers, Integers]:
        """Of each word which pair of a document and a term it is; of each pair, document by document, its
        term, in order; how many pairs each document has."""
        base, found = np.int64(max(len(self.terms), 1)), [np.zeros(0, np.int32)]
        document, pair = looked_up(self.document, self.row), np.empty(len(self.term), np.int32)
        sizes, size = np.zeros(self.documents, np.int64), 0
        cuts = np.searchsorted(document, document[::AT_ONCE]).tolist()  # between documents
        for first, last in pairwise([*cuts, len(document)]):
            keys = document[first:last] * base + self.term[first:last]
            number, firsts = numbered_keys(keys)
            own = keys[firsts]
            order = np.argsort(own)
            place = np.empty(len(own), np.int32)
            place[order] = np.arange(size, size + len(own))
            pair[first:last] = place[number]
            documents, terms = np.divmod(own[order], base)
            np.add.at(sizes, documents, 1)
            found.append(terms.astype(np.int32))
            size += len(own)
        return pair, np.concatenate(found), sizes


def usage(counts: Counts, lexicon: Lexicon) -> Usage:
    """The words that count in the documents; terms are in the order of their characters."""
    known = Terms(lexicon)
    own = [known[word] for word in counts.vocabulary]
    terms = sorted({term for term in own if term})
    number = {"": -1} | {term: i for i, term in enumerate(terms)}
    term = looked_up(np.array([number[term] for term in own], np.int32), counts.word)
    counted, bounds = term >= 0, bounds_of(counts.words)
    term = term[counted]
    place = np.arange(len(counted), dtype=np.int32)
    place -= np.repeat(bounds[:-1].astype(np.int32), counts.words)
    place = place[counted]
    so_far = np.append(np.int32(0), np.cumsum(counted, dtype=np.int32))
    found = Usage(
        terms=tuple(terms),
        term=term,
        place=place,
        row=owners(np.diff(so_far[bounds])),
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
    number, _ = numbered_keys(pairs)
    keep = np.ones(len(found.term), bool)
    keep[asked] = np.bincount(number)[number] >= MINIMUM_UNKNOWN
    if keep.all():
        return found
    used = np.zeros(len(found.terms), bool)
    used[found.term[keep]] = True
    renumbered = (np.cumsum(used) - 1).astype(np.int32)
    return replace(
        found, terms=tuple(found.terms[i] for i in np.flatnonzero(used)),
        term=renumbered[found.term[keep]], place=found.place[keep], row=found.row[keep],
    )  # fmt: skip
