"""Which terms stand where: the words that count of every counted sentence, once for all analyses.

Aliases count as one term (輝達, NVIDIA and 英偉達). Counted are body sentences, list items and
headings that repeat nothing. A word of no dictionary counts from two in an article on: once, it is
mostly a wrong cut of the statistical model (凡產自, 依黨).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from textpipe.lexicon import Lexicon, stop_words
from textpipe.records import CODED_KINDS, UNKNOWN, Document

COUNTED_KINDS = (*CODED_KINDS, "heading")
MINIMUM_UNKNOWN = 2
_NUMBER = re.compile(
    r"[一二三四五六七八九十百千萬億兩數幾第之分零〇]+[個年月日天次名位家項元成倍度底初]*"
)
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z].*[\u3400-\u9fffA-Za-z0-9.+]$", re.DOTALL)

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


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
    term: Integers
    place: Integers
    row: Integers
    document: Integers
    number: Integers
    is_coded: Booleans
    documents: int

    def counts(self, rows: Booleans | None = None) -> Integers:
        """How often each term stands in the rows (all, where none are given)."""
        chosen = self.term if rows is None else self.term[rows[self.row]]
        return np.bincount(chosen, minlength=len(self.terms)).astype(np.int64)

    def spread(self, rows: Booleans) -> Integers:
        """In how many documents each term stands within the rows."""
        order, firsts = self._by_document_and_term
        if not len(order):
            return np.zeros(len(self.terms), np.int64)
        held = np.logical_or.reduceat(rows[self.row[order]], firsts)
        found = np.bincount(self.term[order[firsts]][held], minlength=len(self.terms))
        return found.astype(np.int64)

    @cached_property
    def _by_document_and_term(self) -> tuple[Integers, Integers]:
        """The words' order by document and term, and where each pair of these begins in it."""
        pairs = self.document[self.row] * len(self.terms) + self.term
        order = np.argsort(pairs, kind="stable")
        changes = np.diff(pairs[order]) != 0
        return order, np.flatnonzero(np.concatenate([[True], changes]))[: len(order)]

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

    def _matrix(self, rows: Integers, size: int) -> Any:
        from scipy.sparse import coo_matrix

        ones = np.ones(len(rows), np.int64)
        return coo_matrix((ones, (rows, self.term)), shape=(size, len(self.terms))).tocsr()


def usage(documents: Sequence[Document], lexicon: Lexicon) -> Usage:
    """The words that count in the documents; terms are in the order of their characters."""
    terms = Terms(lexicon)
    words: list[str] = []
    places: list[int] = []
    lengths: list[int] = []
    unknown: set[str] = set()
    rows: list[tuple[int, int, bool]] = []
    for index, document in enumerate(documents):
        for number, sentence in enumerate(document.sentences):
            if sentence.duplicate_of is None and sentence.kind in COUNTED_KINDS:
                own = [(at, t) for at, w in enumerate(sentence.tokens.words) if (t := terms[w])]
                unknown.update(w for w, tag in zip(sentence.tokens.words, sentence.tokens.tags, strict=True) if tag == UNKNOWN)  # fmt: skip
                places += [at for at, _ in own]
                words += [t for _, t in own]
                lengths.append(len(own))
                rows.append((index, number, sentence.is_coded))
    vocabulary = sorted(set(words))
    place_of = {term: i for i, term in enumerate(vocabulary)}
    columns = np.array(rows, np.int64).reshape(-1, 3)
    found = Usage(
        terms=tuple(vocabulary),
        term=np.fromiter(map(place_of.__getitem__, words), np.int64, len(words)),
        place=np.array(places, np.int64),
        row=np.repeat(np.arange(len(rows)), lengths).astype(np.int64),
        document=columns[:, 0],
        number=columns[:, 1],
        is_coded=columns[:, 2].astype(bool),
        documents=len(documents),
    )
    return _without_rare_unknown(found, {terms[word] for word in unknown})


def _without_rare_unknown(found: Usage, unknown: set[str]) -> Usage:
    """The same without words of no dictionary that stand once in their article."""
    is_unknown = np.array([term in unknown for term in found.terms], bool)
    if not is_unknown.any():
        return found
    document = found.document[found.row]
    pairs = document * len(found.terms) + found.term
    _, inverse, times = np.unique(pairs, return_inverse=True, return_counts=True)
    keep = ~is_unknown[found.term] | (times[inverse] >= MINIMUM_UNKNOWN)
    if keep.all():
        return found
    used, renumbered = np.unique(found.term[keep], return_inverse=True)
    return Usage(
        tuple(found.terms[i] for i in used), renumbered.astype(np.int64), found.place[keep],
        found.row[keep], found.document, found.number, found.is_coded, found.documents,
    )  # fmt: skip
