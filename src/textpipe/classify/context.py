"""Documents as the classifier sees them: rows of sentences, and which stands around which."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textpipe.classify.signals import Hits, Signals
from textpipe.codepoints import Codes, codes_of, text_of
from textpipe.columns import (
    NO_ORIGINAL,
    SentenceColumns,
    are_of,
    columns_of_document,
    together,
    words_together,
)
from textpipe.ranges import bounds_of
from textpipe.records import CODED_KINDS, Document

NOWHERE = -1
"""The row of what is not there; tables by row have an empty last row for it."""
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Unit(NamedTuple):
    """A sentence to classify: its document, its place there, and its row."""

    document: int
    place: int
    row: int


@dataclass(frozen=True, eq=False)
class Batch:
    """The rows of a batch (the sentences and the title of each document) with their term hits, and the
    units (the sentences to classify).

    `codes`: the code points of the documents' texts and titles, joined by line ends; of each row where its
    own text begins in them (`offset`), and its `start` and `end` in that text; the words of all rows, one
    after another, by their numbers in a vocabulary, with their bounds (rows + 1); `hits`. Then of each unit its document, its place
    there, and the rows of the unit, its heading, the sentence before, the one after, and the title;
    `NOWHERE` where there is none."""

    codes: Codes
    offset: Numbers
    start: Numbers
    end: Numbers
    vocabulary: Sequence[str]
    word: NDArray[np.int32]
    word_bounds: Numbers
    hits: Hits
    document: Numbers
    place: Numbers
    row: Numbers
    heading: Numbers
    previous: Numbers
    following: Numbers
    title: Numbers

    @cached_property
    def units(self) -> list[Unit]:
        """The units one by one."""
        columns = (self.document.tolist(), self.place.tolist(), self.row.tolist())
        return list(map(Unit, *columns))

    def text(self, row: int) -> str:
        """The text of a row."""
        at = self.offset[row]
        return text_of(self.codes[at + self.start[row] : at + self.end[row]])

    def words_of(self, row: int) -> Sequence[str]:
        """The words of a row."""
        own = self.word[self.word_bounds[row] : self.word_bounds[row + 1]]
        return [self.vocabulary[number] for number in own.tolist()]


class _Rows(NamedTuple):
    """The rows of a batch while it is made: of each its document, whether it is a sentence (else it is a
    title), whether it is to code, whether it heads what follows, and whether it repeats another one; and of
    each document its first row and the row of its title."""

    document: Numbers
    is_sentence: Flags
    is_coded: Flags
    is_heading: Flags
    is_repetition: Flags
    first: Numbers
    title: Numbers


def make_batch(documents: Sequence[Document], signals: Signals) -> Batch:
    """All sentences of the documents as rows, each document's title after them."""
    each = [columns_of_document(document) for document in documents]
    titles = [document.title or "" for document in documents]
    rows = _rows(each, titles)
    texts = [
        text for columns, title in zip(each, titles, strict=True) for text in (columns.text, title)
    ]
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)
    codes, begin = codes_of("\n".join(texts)), np.cumsum(lengths) - lengths
    offset = begin[2 * rows.document + ~rows.is_sentence]
    start, end, words = (np.zeros(len(offset), dtype=np.int64) for _ in range(3))
    start[rows.is_sentence], end[rows.is_sentence] = together(each, "start"), together(each, "end")
    end[~rows.is_sentence] = [len(title) for title in titles if title]
    words[rows.is_sentence] = together(each, "word_counts")
    hits = signals.find(codes, offset, start, end)
    return Batch(
        codes, offset, start, end, *words_together(each), bounds_of(words), hits, *_units(rows)
    )  # fmt: skip


def _rows(each: Sequence[SentenceColumns], titles: Sequence[str]) -> _Rows:
    sizes = np.array([len(columns) for columns in each], dtype=np.int64)
    has_title = np.array([bool(title) for title in titles], dtype=np.int64)
    first = bounds_of(sizes + has_title)[:-1]
    title = np.where(has_title == 1, first + sizes, NOWHERE)
    document = np.repeat(np.arange(len(each)), sizes + has_title)
    is_sentence = np.ones(len(document), dtype=np.bool_)
    is_sentence[title[title != NOWHERE]] = False
    is_coded, is_heading, repeats = (np.zeros(len(document), dtype=np.bool_) for _ in range(3))
    kind = together(each, "kind")
    is_coded[is_sentence] = are_of(kind, *CODED_KINDS)
    repeats[is_sentence] = together(each, "original") != NO_ORIGINAL
    is_heading[is_sentence] = are_of(kind, "heading")
    for row in np.flatnonzero(is_heading & (has_title[document] == 1)).tolist():
        columns, own = each[document[row]], row - first[document[row]]
        text = columns.text[columns.start[own] : columns.end[own]]
        is_heading[row] = text != titles[document[row]]
    return _Rows(document, is_sentence, is_coded, is_heading, repeats, first, title)


def _units(rows: _Rows) -> tuple[Numbers, ...]:
    """The columns of the units; a document's title is no heading of its parts."""
    document, coded = rows.document, np.flatnonzero(rows.is_coded)
    headings = np.where(rows.is_heading, np.arange(len(document)), NOWHERE)
    last = np.maximum.accumulate(headings) if len(headings) else headings
    previous, following = np.full(len(coded), NOWHERE), np.full(len(coded), NOWHERE)
    same = document[coded[1:]] == document[coded[:-1]]
    previous[1:] = np.where(same, coded[:-1], NOWHERE)
    following[:-1] = np.where(same, coded[1:], NOWHERE)
    once = ~rows.is_repetition[coded]
    row, previous, following = coded[once], previous[once], following[once]
    number = document[row]
    first = rows.first[number]
    heading = np.where(last[row] >= first, last[row], NOWHERE)
    return number, row - first, row, heading, previous, following, rows.title[number]
