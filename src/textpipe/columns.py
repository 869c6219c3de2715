"""The sentences of a document as columns: a `Sentence` is made when it is asked for.

Stages fill whole columns; 58 sentences of an article are made and replaced four times on the way
otherwise (.5 ms an article). As records they are made once, for who reads them one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textpipe.labels import LabelColumns, Labels, columns_of
from textpipe.records import (
    NO_TOKENS,
    Cue,
    Document,
    Kind,
    Made,
    Sentence,
    Speaker,
    Tokens,
)


def _no_numbers() -> NDArray[np.int32]:
    return np.zeros(0, dtype=np.int32)


@dataclass(slots=True, eq=False, repr=False)
class SentenceColumns(Made[Sentence]):
    """One entry a sentence: `start`, `end` (offsets in `text`), `kind`, `paragraph`, `original` (of a
    repetition the sentence that it repeats). What stages fill later is empty before:
    the words of all sentences, one after another, by their `numbers` in a `vocabulary` (which many
    documents share), with their `bounds` (sentences + 1) and `tag_of` any word;
    `labels` with the bounds of each sentence's among them (`label_bounds`, sentences + 1);
    `speaker`; `modality`. `raw`: the text that evidence refers to."""

    text: str
    raw: str
    start: list[int]
    end: list[int]
    kind: list[Kind]
    paragraph: list[int]
    original: list[int | None]
    vocabulary: Sequence[str] = ()
    numbers: NDArray[np.int32] = field(default_factory=_no_numbers)
    bounds: list[int] = field(default_factory=list)
    tag_of: Mapping[str, str] = field(default_factory=dict)
    labels: LabelColumns | None = None
    label_bounds: list[int] = field(default_factory=list)
    speaker: list[Speaker | None] = field(default_factory=list)
    modality: list[tuple[Cue, ...]] = field(default_factory=list)
    _made: tuple[Sentence, ...] | None = field(default=None, init=False)

    @property
    def words(self) -> list[str]:
        """The words of all sentences, one after another."""
        return list(map(self.vocabulary.__getitem__, self.numbers.tolist()))

    def word_counts(self) -> list[int]:
        """How many words each sentence has."""
        if not self.bounds:
            return [0] * len(self.start)
        return [last - first for first, last in pairwise(self.bounds)]

    def all_labels(self) -> Labels | tuple[()]:
        """The labels of all sentences, one after another."""
        if self.labels is None or not self.start:
            return ()
        return Labels(self.labels, self.label_bounds[0], self.label_bounds[-1], self.raw)

    def label_counts(self) -> list[int]:
        """How many labels each sentence has."""
        if self.labels is None:
            return [0] * len(self.start)
        return [last - first for first, last in pairwise(self.label_bounds)]

    def texts(self) -> list[str]:
        """The text of each sentence."""
        text = self.text
        return [text[a:b] for a, b in zip(self.start, self.end, strict=True)]

    def _records(self) -> tuple[Sentence, ...]:
        if self._made is None:
            size = len(self.start)
            each = zip(
                self.start, self.texts(), self.kind, self.paragraph, self._tokens(), self._labels(),
                self.speaker or [None] * size, self.modality or [()] * size, self.original,
                strict=True,
            )  # fmt: skip
            self._made = tuple(map(Sentence._make, each))
        return self._made

    def _tokens(self) -> list[Tokens]:
        if not self.bounds:
            return [NO_TOKENS] * len(self.start)
        words, each = self.words, zip(self.start, pairwise(self.bounds), strict=True)
        return [Tokens(start, words[a:b], self.tag_of) for start, (a, b) in each]

    def _labels(self) -> list[Sequence[Any]]:
        columns = self.labels
        if columns is None:
            return [()] * len(self.start)
        bounds = pairwise(self.label_bounds)
        return [Labels(columns, a, b, self.raw) if b > a else () for a, b in bounds]

    def __len__(self) -> int:
        return len(self.start)


def columns_of_document(document: Document) -> SentenceColumns:
    """The sentences of a document as columns."""
    sentences = document.sentences
    if isinstance(sentences, SentenceColumns):
        return sentences
    labels = [sentence.labels for sentence in sentences]
    tokens = [sentence.tokens for sentence in sentences]
    return SentenceColumns(
        document.text, document.raw,
        [s.start for s in sentences], [s.end for s in sentences], [s.kind for s in sentences],
        [s.paragraph for s in sentences], [s.duplicate_of for s in sentences],
        *numbered(chain.from_iterable(own.words for own in tokens)),
        list(accumulate(map(len, tokens), initial=0)), _tags(tokens),
        columns_of(labels), list(accumulate(map(len, labels), initial=0)),
        [s.speaker for s in sentences], [s.modality for s in sentences],
    )  # fmt: skip


def numbered(words: Iterable[str]) -> tuple[list[str], NDArray[np.int32]]:
    """The different ones among some words, and of each word which it is."""
    known = dict[str, int]()
    numbers = [known.setdefault(word, len(known)) for word in words]
    return list(known), np.array(numbers, dtype=np.int32)


def words_together(each: Sequence[SentenceColumns]) -> tuple[Sequence[str], NDArray[np.int32]]:
    """The words of some documents, one after another, by their numbers in one vocabulary."""
    if len({id(columns.vocabulary) for columns in each}) == 1:
        return each[0].vocabulary, np.concatenate([columns.numbers for columns in each])
    known, numbers = dict[str, int](), [_no_numbers()]
    for columns in each:
        own = [known.setdefault(word, len(known)) for word in columns.vocabulary]
        numbers.append(np.array(own, dtype=np.int32)[columns.numbers])
    return list(known), np.concatenate(numbers)


def _tags(tokens: Sequence[Tokens]) -> Mapping[str, str]:
    """The tag of any word of some tokens."""
    if len({id(own.tag_of) for own in tokens}) == 1:
        return tokens[0].tag_of
    return {token.text: token.tag for own in tokens for token in own}
