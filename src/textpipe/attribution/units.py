"""The sentences of a batch of documents as columns: what attribution reads of them."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from textpipe.records import Document, Kind


class Units(NamedTuple):
    """One entry a sentence in each column, one document after another.

    `tag_of` gives the tag of any of a sentence's words; document i holds the sentences from number
    `borders[i]` on, before `borders[i + 1]`.
    """

    texts: Sequence[str]
    kinds: Sequence[Kind]
    starts: Sequence[int]
    paragraphs: Sequence[int]
    words: Sequence[Sequence[str]]
    tag_of: Sequence[Mapping[str, str]]
    borders: Sequence[int]


def units_of(documents: Sequence[Document]) -> Units:
    """The sentences of the documents."""
    sentences = [sentence for document in documents for sentence in document.sentences]
    return Units(
        [s.text for s in sentences],
        [s.kind for s in sentences],
        [s.start for s in sentences],
        [s.paragraph for s in sentences],
        [s.tokens.words for s in sentences],
        [s.tokens.tag_of for s in sentences],
        [0, *accumulate(len(document.sentences) for document in documents)],
    )
