"""Which terms stand where: the words that count of every counted sentence, once for all analyses.

Aliases count as one term (輝達, NVIDIA and 英偉達). Counted are body sentences, list items and
headings that repeat nothing. A word of no dictionary counts from two in an article on: once, it is
mostly a wrong cut of the statistical model (凡產自, 依黨).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from textpipe.analysis.counts import Booleans, Counts, Integers, Numbers, Piece, owners, pieces
from textpipe.arrow import numbered_keys
from textpipe.lexicon import Lexicon, stop_words
from textpipe.ranges import bounds_of
from textpipe.spill import Column, Spill, folder_of

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


class Pairs(NamedTuple):
    """The pairs of a document and a term that it holds, in some documents, one after another: of each document
    how many it has (`sizes`); of each pair its `term`, in order, and how often it stands there (`counts`)."""

    sizes: Integers
    term: Numbers
    counts: Integers


@dataclass(frozen=True)
class Usage:
    """The words that count, in order, as columns of numbers, of which the longest are read a piece at a time.

    `term`, `place`: of each word its term and its place among the tokens of its sentence; `words`,
    `document`, `number`, `is_coded`: of each row how many words it has, its document, its index there, and
    whether it is coded (headings are not). `documents`: how many there are.
    """

    terms: tuple[str, ...]
    term: Column
    place: Column
    words: Numbers
    document: Numbers
    number: Numbers
    is_coded: Booleans
    documents: int

    @cached_property
    def pieces(self) -> list[Piece]:
        """The documents in pieces."""
        return pieces(np.bincount(self.document, minlength=self.documents), self.words)

    def counts(self, rows: Booleans | None = None) -> Integers:
        """How often each term stands in the rows (all, where none are given)."""
        if rows is None:
            return self._counts
        if np.count_nonzero(rows) * 2 > len(rows):
            return self._counts - self.counts(~rows)
        return self._times(self.term[p.words][self._of_words(p, rows)] for p in self.pieces)

    def spread(self, rows: Booleans) -> Integers:
        """In how many documents each term stands within the rows."""

        def held(piece: Piece, terms: Numbers) -> Numbers:
            is_held = np.zeros(len(terms), bool)
            is_held[self._pairs.pair[piece.words][self._of_words(piece, rows)]] = True
            return terms[is_held]

        return self._times(map(held, self.pieces, self._pairs.terms()))

    def holding(self, terms: Sequence[int]) -> Iterator[tuple[Piece, Any]]:
        """For each piece its coded sentences x some terms as a sparse matrix: 1 where the sentence holds the
        term."""
        from scipy.sparse import coo_matrix

        at = np.full(len(self.terms), -1, np.int32)
        at[list(terms)] = np.arange(len(terms))
        for piece in self.pieces:
            own, is_coded = at[self.term[piece.words]], self.is_coded[piece.rows]
            held = np.flatnonzero((own >= 0) & self._of_words(piece, self.is_coded))
            rows = (np.cumsum(is_coded) - 1)[owners(self.words[piece.rows])[held]]
            shape = (int(is_coded.sum()), len(terms))
            found = coo_matrix((np.ones(len(rows), np.int64), (rows, own[held])), shape)
            yield piece, (found.tocsr() > 0).astype(np.int64)

    def by_document(self) -> Iterator[Pairs]:
        """The pairs of a document and a term, a piece at a time."""
        for piece, terms in zip(self.pieces, self._pairs.terms(), strict=True):
            counts = np.bincount(self._pairs.pair[piece.words], minlength=len(terms))
            yield Pairs(self._pairs.sizes[piece.documents], terms, counts)

    @cached_property
    def document_counts(self) -> Integers:
        """In how many documents each term stands."""
        return self._times(self._pairs.terms())

    @cached_property
    def _counts(self) -> Integers:
        return self._times(self.term[piece.words] for piece in self.pieces)

    def _times(self, each: Iterable[Numbers]) -> Integers:
        """How often each term stands in some columns of terms."""
        found = np.zeros(len(self.terms), np.int64)
        for terms in each:
            found += np.bincount(terms, minlength=len(found))
        return found

    def _of_words(self, piece: Piece, column: Any) -> Any:
        """A column of the rows, of a piece, for each word of these."""
        return np.repeat(column[piece.rows], self.words[piece.rows])

    @cached_property
    def _pairs(self) -> "_Numbered":
        folder, sizes, bounds = folder_of(self.term), np.zeros(self.documents, np.int64), [0]
        pair, term = Spill(folder), Spill(folder)
        for piece in self.pieces:
            documents = self._of_words(piece, self.document)
            number, own, terms = _numbered(documents, self.term[piece.words], len(self.terms))
            pair.add(number)
            term.add(terms)
            np.add.at(sizes, own, 1)
            bounds.append(bounds[-1] + len(terms))
        return _Numbered(pair.column(), term.column(), bounds, sizes)


class _Numbered(NamedTuple):
    """Of each word the number of its pair of document and term among those of its piece; of each pair, piece by
    piece, its term; the bounds of the pieces' pairs (pieces + 1); how many pairs each document has."""

    pair: Column
    term: Column
    bounds: list[int]
    sizes: Integers

    def terms(self) -> Iterator[Numbers]:
        """The terms of each piece's pairs."""
        return (self.term[a:b] for a, b in pairwise(self.bounds))


def _numbered(documents: Numbers, term: Numbers, size: int) -> tuple[Numbers, Integers, Numbers]:
    """Of words in order, of which document and term are given, the numbers of their pairs; of each pair its
    document and its term, in order. `size`: how many terms there are."""
    base, found = np.int64(max(size, 1)), [np.zeros(0, np.int64)]
    keys, pair, before = documents * base + term, np.empty(len(term), np.int32), 0
    cuts = np.searchsorted(documents, documents[::AT_ONCE]).tolist()  # between documents
    for first, last in pairwise([*cuts, len(documents)]):
        number, firsts = numbered_keys(keys[first:last])
        own = keys[first:last][firsts]
        order = np.argsort(own)
        place = np.empty(len(own), np.int32)
        place[order] = np.arange(before, before + len(own))
        pair[first:last] = place[number]
        found.append(own[order])
        before += len(own)
    holders, terms = np.divmod(np.concatenate(found), base)
    return pair, holders, terms.astype(np.int32)


def usage(counts: Counts, lexicon: Lexicon) -> Usage:
    """The words that count in the documents; terms are in the order of their characters. They are kept where
    the counts' words are."""
    known = Terms(lexicon)
    own = [known[word] for word in counts.vocabulary]
    terms = sorted({term for term in own if term})
    number = {"": -1} | {term: i for i, term in enumerate(terms)}
    unknown = {own[i] for i in np.flatnonzero(counts.is_unknown)}
    table = np.array([number[term] for term in own], np.int32)
    is_unknown = np.array([*(term in unknown for term in terms), False], bool)
    is_used = np.zeros(len(terms), bool)
    for _, term, is_kept in _kept(counts, table, is_unknown):
        is_used[term[is_kept]] = True
    renumbered = (np.cumsum(is_used) - 1).astype(np.int32)
    folder, words = folder_of(counts.word), [np.zeros(0, np.int32)]
    written, places = Spill(folder), Spill(folder)
    every = counts.words
    for piece, term, is_kept in _kept(counts, table, is_unknown):
        bounds = bounds_of(every[piece.rows])
        place = np.arange(len(term)) - np.repeat(bounds[:-1], every[piece.rows])
        written.add(renumbered[term[is_kept]])
        places.add(place[is_kept].astype(np.int32))
        words.append(np.diff(bounds_of(is_kept)[bounds]).astype(np.int32))
    return Usage(
        terms=tuple(terms[i] for i in np.flatnonzero(is_used)),
        term=written.column(),
        place=places.column(),
        words=np.concatenate(words),
        document=counts.document,
        number=counts.number,
        is_coded=counts.is_coded,
        documents=len(counts.ids),
    )


def _kept(
    counts: Counts, table: Numbers, is_unknown: Booleans
) -> Iterator[tuple[Piece, Numbers, Booleans]]:
    """Of each piece the terms of its words, by a table, and which of them count: those of no dictionary only
    where they stand more than once in their document."""
    document, words, size = counts.document, counts.words, np.int64(max(len(is_unknown), 1))
    for piece in counts.pieces:
        term = table[counts.word[piece.words]]
        is_kept = term >= 0
        asked = np.flatnonzero(is_unknown[term])
        documents = np.repeat(document[piece.rows], words[piece.rows])[asked]
        number, _ = numbered_keys(documents * size + term[asked])
        is_kept[asked] = np.bincount(number)[number] >= MINIMUM_UNKNOWN
        yield piece, term, is_kept
