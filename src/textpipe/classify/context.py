"""Documents as the classifier sees them: rows of sentences, and which stands around which."""

from collections.abc import Sequence
from dataclasses import dataclass

from textpipe.classify.signals import Hit, Signals
from textpipe.records import CODED_KINDS, Document, Sentence

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence to classify: its document and index there, and the rows that it depends on.

    A row is a sentence of the batch, or a title; `NOWHERE` where there is none.
    """

    document: int
    index: int
    row: int
    heading: int
    previous: int
    following: int
    title: int


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of a batch of documents, with the term hits of each, and the units among them."""

    rows: Sequence[Sentence]
    hits: Sequence[Sequence[Hit]]
    units: Sequence[Unit]


def make_batch(documents: Sequence[Document], signals: Signals) -> Batch:
    """All sentences of the documents as rows, each document's title after them."""
    texts: list[str] = []
    sentences: list[Sequence[Sentence]] = []
    units: list[Unit] = []
    size = 0
    for number, document in enumerate(documents):
        title = size + len(document.sentences) if document.title else NOWHERE
        units += _units(number, document, size, title)
        texts.append(document.text)
        sentences.append(document.sentences)
        if document.title:
            texts.append(document.title)
            sentences.append([Sentence(0, document.title, "heading")])
        size += len(document.sentences) + (title != NOWHERE)
    rows = [sentence for own in sentences for sentence in own]
    return Batch(rows, signals.find(texts, sentences), units)


def _units(number: int, document: Document, first: int, title: int) -> list[Unit]:
    """The units of a document; its title is no heading of its parts."""
    sentences = document.sentences
    coded = [i for i, s in enumerate(sentences) if s.kind in CODED_KINDS]
    place = {index: order for order, index in enumerate(coded)}
    units: list[Unit] = []
    heading = NOWHERE
    for index, sentence in enumerate(sentences):
        if sentence.kind == "heading" and sentence.text != document.title:
            heading = first + index
        if not sentence.is_coded:
            continue
        order = place[index]
        previous = first + coded[order - 1] if order else NOWHERE
        following = first + coded[order + 1] if order + 1 < len(coded) else NOWHERE
        units.append(Unit(number, index, first + index, heading, previous, following, title))
    return units
