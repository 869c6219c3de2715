"""Documents as the classifier sees them: rows of sentences, and which stands around which."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textpipe.classify.signals import Hits, Signals
from textpipe.records import CODED_KINDS, Document, Sentence

NOWHERE = -1
"""The row of what is not there; tables by row have an empty last row for it."""
Numbers = NDArray[np.int64]


class Unit(NamedTuple):
    """A sentence to classify: its document, its place there, and its row."""

    document: int
    place: int
    row: int


@dataclass(frozen=True, eq=False)
class Batch:
    """The rows of a batch (the sentences and the title of each document) with their term hits, and the
    units (the sentences to classify) as columns: document, place there, and the rows of the unit, its
    heading, the sentence before, the one after, and the title; `NOWHERE` where there is none."""

    rows: Sequence[Sentence]
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

    @cached_property
    def texts(self) -> list[str]:
        """The units' texts."""
        return [self.rows[row].text for row in self.row.tolist()]

    @cached_property
    def words(self) -> list[str]:
        """The words of all rows, one after another."""
        return list(chain.from_iterable(row.tokens.words for row in self.rows))

    @cached_property
    def word_bounds(self) -> Numbers:
        """The bounds (rows + 1) of the rows among the words."""
        return np.cumsum([0, *(len(row.tokens.words) for row in self.rows)])


def make_batch(documents: Sequence[Document], signals: Signals) -> Batch:
    """All sentences of the documents as rows, each document's title after them."""
    texts: list[str] = []
    sentences: list[Sequence[Sentence]] = []
    firsts, titles = np.zeros((2, len(documents)), dtype=np.int64)
    size = 0
    for number, document in enumerate(documents):
        own = len(document.sentences)
        texts.append(document.text)
        sentences.append(document.sentences)
        firsts[number], titles[number] = size, size + own if document.title else NOWHERE
        if document.title:
            texts.append(document.title)
            sentences.append([Sentence(0, document.title, "heading")])
        size += own + bool(document.title)
    rows = list(chain.from_iterable(sentences))
    hits = signals.find(texts, sentences)
    return Batch(rows, hits, *_units(documents, rows, firsts, titles))


def _units(
    documents: Sequence[Document], rows: Sequence[Sentence], firsts: Numbers, titles: Numbers
) -> tuple[Numbers, ...]:
    """The columns of the units; a document's title is no heading of its parts."""
    document = np.repeat(np.arange(len(firsts)), np.diff([*firsts.tolist(), len(rows)]))
    coded = np.array([n for n, s in enumerate(rows) if s.kind in CODED_KINDS], dtype=np.int64)
    own = set(titles.tolist())
    headings = np.full(len(rows), NOWHERE, dtype=np.int64)
    for n, sentence in enumerate(rows):
        is_heading = sentence.kind == "heading" and n not in own
        if is_heading and sentence.text != documents[document[n]].title:
            headings[n] = n
    last = np.maximum.accumulate(headings) if len(rows) else headings
    previous, following = np.full(len(coded), NOWHERE), np.full(len(coded), NOWHERE)
    same = document[coded[1:]] == document[coded[:-1]]
    previous[1:] = np.where(same, coded[:-1], NOWHERE)
    following[:-1] = np.where(same, coded[1:], NOWHERE)
    once = np.array([rows[n].duplicate_of is None for n in coded.tolist()], dtype=np.bool_)
    row, previous, following = coded[once], previous[once], following[once]
    number = document[row]
    heading = np.where(last[row] >= firsts[number], last[row], NOWHERE)
    return number, row - firsts[number], row, heading, previous, following, titles[number]
