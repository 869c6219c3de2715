"""The stage `sentences`: lines, sentence ends, lists, repetitions."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from typing import ClassVar, NamedTuple

import numpy as np

from textpipe.columns import Kinds, Numbers, SentenceColumns, are_of, kinds_of
from textpipe.records import CODED_KINDS, Document
from textpipe.sentences.characters import Characters
from textpipe.sentences.lines import Line, classify_lines
from textpipe.sentences.repetitions import repetitions
from textpipe.sentences.split import Lines, split_lines
from textpipe.stage import groups


@dataclass(frozen=True)
class Sentences:
    """Fills `sentences` (without tokens and labels), and `title` where the source gave none."""

    reads: ClassVar[tuple[str, ...]] = ("text", "alignment")
    writes: ClassVar[tuple[str, ...]] = ("sentences", "title")
    version: ClassVar[int] = 2

    def __call__(self, documents: Sequence[Document]) -> list[Document]:
        """Split each document's text into sentences, many texts at a time."""
        done: list[Document] = []
        for group in groups(documents):
            begins = [_text_start(document) for document in group]
            texts = [d.text[begin:] for d, begin in zip(group, begins, strict=True)]
            lines = [classify_lines(text) for text in texts]
            done += map(_with_sentences, group, lines, _split(texts, lines, begins))
        return done


class Columns(NamedTuple):
    """Sentences of texts as `SentenceColumns` holds them."""

    start: Numbers
    end: Numbers
    kind: Kinds
    paragraph: Numbers
    original: Numbers


def _split(
    texts: Sequence[str], lines: Sequence[Sequence[Line]], begins: Sequence[int]
) -> Iterator[Columns]:
    """The sentences of each text, given its lines and where it begins in its document's."""
    offsets = list(accumulate((len(text) + 1 for text in texts), initial=0))
    characters = Characters.of(texts)
    every = list(chain.from_iterable(lines))
    kinds = kinds_of(line.kind for line in every)
    given = _lines_in_one(lines, kinds, offsets)
    spans = split_lines(characters, given)
    bounds = np.searchsorted(spans.starts, offsets)
    moved = np.repeat(np.subtract(begins, offsets[:-1]), np.diff(bounds))
    columns = Columns(
        spans.starts + moved,
        spans.ends + moved,
        kinds[spans.lines],
        np.array([line.paragraph for line in every], dtype=np.int64)[spans.lines],
        repetitions(characters, spans, given.is_coded[spans.lines], bounds=bounds.tolist()),
    )
    for a, b in pairwise(bounds.tolist()):
        yield Columns._make(column[a:b] for column in columns)


def _lines_in_one(lines: Sequence[Sequence[Line]], kinds: Kinds, offsets: Sequence[int]) -> Lines:
    """The lines of texts that stand at some offsets in one text; what marks them is no part of it."""
    each = [(offset, line) for offset, own in zip(offsets, lines, strict=False) for line in own]
    return Lines(
        np.array([offset + line.start + line.mark for offset, line in each], dtype=np.int64),
        np.array([offset + line.end for offset, line in each], dtype=np.int64),
        are_of(kinds, *CODED_KINDS),
        are_of(kinds, "list_item"),
    )


def _with_sentences(document: Document, lines: Sequence[Line], columns: Columns) -> Document:
    sentences = SentenceColumns(document.text, document.raw, *columns)
    return document._replace(title=_title(document, lines), sentences=sentences)


def _title(document: Document, lines: Sequence[Line]) -> str | None:
    """The title that the source gave, else the one that stands in the text."""
    begin = _text_start(document)
    own = (document.text[begin + x.start + x.mark : begin + x.end] for x in lines if x.is_title)
    return document.title or next((title.strip(" #*") for title in own), document.title)


def _text_start(document: Document) -> int:
    """Where the article begins in `text`, after the metadata that opens the file."""
    starts = document.alignment.starts
    if not document.metadata_end or starts is None:
        return document.metadata_end
    return bisect_left(starts, document.metadata_end)
