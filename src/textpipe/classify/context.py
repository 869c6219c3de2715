"""Documents as the classifier sees them: rows of sentences, and which stands around which."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textpipe.classify.signals import Hits, Signals
from textpipe.codepoints import Codes, codes_of, text_of
from textpipe.columns import SentenceColumns, columns_of_document, words_together
from textpipe.ranges import bounds_of
from textpipe.records import CODED_KINDS, Document

NOWHERE = -1
"""The row of what is not there; tables by row have an empty last row for it."""
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Each = Sequence[tuple[SentenceColumns, str]]
"""The sentences of each document, and its title or ""."""


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
    """The rows of a batch while it is made: of each its document, whether it is a sentence to code, whether it
    heads what follows, and whether it repeats another one; and of each document its first row and
    the row of its title."""

    document: Numbers
    is_coded: Flags
    is_heading: Flags
    is_repetition: Flags
    first: Numbers
    title: Numbers


def make_batch(documents: Sequence[Document], signals: Signals) -> Batch:
    """All sentences of the documents as rows, each document's title after them."""
    each = [_with_title(document) for document in documents]
    sizes = np.array([len(columns) for columns, _ in each], dtype=np.int64)
    has_title = np.array([bool(title) for _, title in each], dtype=np.int64)
    texts = [text for columns, title in each for text in (columns.text, title)]
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)
    codes = codes_of("\n".join(texts))
    begin = np.cumsum(lengths) - lengths
    counts = np.stack([sizes, has_title], axis=1).ravel()
    offset, start, end = np.repeat(begin, counts), *_spans(each)
    hits = signals.find(codes, offset, start, end)
    words = words_together([columns for columns, _ in each])
    bounds = bounds_of(_word_counts(each))
    rows = _rows(each, sizes, has_title)
    return Batch(codes, offset, start, end, *words, bounds, hits, *_units(rows))


def _with_title(document: Document) -> tuple[SentenceColumns, str]:
    return columns_of_document(document), document.title or ""


def _spans(each: Each) -> tuple[Numbers, Numbers]:
    """Start and end of each row in its own text."""
    starts, ends = list[int](), list[int]()
    for columns, title in each:
        starts += columns.start
        ends += columns.end
        if title:
            starts.append(0)
            ends.append(len(title))
    return np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)


def _word_counts(each: Each) -> list[int]:
    """How many words each row has; a title's are not looked at."""
    counts = list[int]()
    for columns, title in each:
        counts += [*columns.word_counts(), *([0] if title else [])]
    return counts


def _rows(each: Each, sizes: Numbers, has_title: Numbers) -> _Rows:
    coded, headings, repetitions = list[bool](), list[bool](), list[bool]()
    for columns, title in each:
        coded += [kind in CODED_KINDS for kind in columns.kind]
        headings += [
            kind == "heading" and columns.text[a:b] != title
            for kind, a, b in zip(columns.kind, columns.start, columns.end, strict=True)
        ]
        repetitions += [original is not None for original in columns.original]
        for flags in (coded, headings, repetitions) if title else ():
            flags.append(False)
    first = np.cumsum(sizes + has_title) - sizes - has_title
    return _Rows(
        np.repeat(np.arange(len(each)), sizes + has_title),
        np.array(coded, dtype=np.bool_),
        np.array(headings, dtype=np.bool_),
        np.array(repetitions, dtype=np.bool_),
        first,
        np.where(has_title == 1, first + sizes, NOWHERE),
    )


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
