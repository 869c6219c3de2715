"""The sentences of a document as columns: a `Sentence` is made when it is asked for.

Stages fill whole columns; 58 sentences of an article are made and replaced four times on the way
otherwise (.5 ms an article). As records they are made once, for who reads them one by one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textpipe.labels import LabelColumns, Labels, columns_of
from textpipe.ranges import bounds_of
from textpipe.records import (
    KINDS,
    NO_TOKENS,
    Cue,
    Document,
    Kind,
    Made,
    Sentence,
    Speaker,
    Tokens,
)

Numbers = NDArray[np.int64]
Kinds = NDArray[np.int8]
Flags = NDArray[np.bool_]
NO_ORIGINAL = -1
"""The original of a sentence that repeats none."""


def _no_numbers() -> NDArray[Any]:
    return np.zeros(0, dtype=np.int32)


@dataclass(slots=True, eq=False, repr=False)
class SentenceColumns(Made[Sentence]):
    """One entry a sentence: `start`, `end` (offsets in `text`), `kind` (counts in `KINDS`), `paragraph`,
    `original` (of a repetition the sentence that it repeats, else `NO_ORIGINAL`). What stages fill later is
    empty before: the words of all sentences, one after another, by their `numbers` in a `vocabulary` (which
    many documents share), with their `bounds` (sentences + 1) and `tag_of` any word;
    `labels` with the bounds of each sentence's among them (`label_bounds`, sentences + 1);
    `speaker`; `modality`. `raw`: the text that evidence refers to."""

    text: str
    raw: str
    start: Numbers
    end: Numbers
    kind: Kinds
    paragraph: Numbers
    original: Numbers
    vocabulary: Sequence[str] = ()
    numbers: NDArray[np.int32] = field(default_factory=_no_numbers)
    bounds: Numbers = field(default_factory=_no_numbers)
    tag_of: Mapping[str, str] = field(default_factory=dict)
    labels: LabelColumns | None = None
    label_bounds: Numbers = field(default_factory=_no_numbers)
    speaker: list[Speaker | None] = field(default_factory=list)
    modality: list[tuple[Cue, ...]] = field(default_factory=list)
    _made: tuple[Sentence, ...] | None = field(default=None, init=False)

    @property
    def words(self) -> list[str]:
        """The words of all sentences, one after another."""
        return list(map(self.vocabulary.__getitem__, self.numbers.tolist()))

    @property
    def word_counts(self) -> Numbers:
        """How many words each sentence has."""
        return self._counts(self.bounds)

    @property
    def label_counts(self) -> Numbers:
        """How many labels each sentence has."""
        return self._counts(self.label_bounds)

    def _counts(self, bounds: Numbers) -> Numbers:
        return np.diff(bounds) if len(bounds) else np.zeros(len(self), dtype=np.int64)

    def all_labels(self) -> Labels | tuple[()]:
        """The labels of all sentences, one after another."""
        if self.labels is None or not len(self):
            return ()
        return Labels(self.labels, int(self.label_bounds[0]), int(self.label_bounds[-1]), self.raw)

    def texts(self) -> list[str]:
        """The text of each sentence."""
        text = self.text
        return [text[a:b] for a, b in zip(self.start.tolist(), self.end.tolist(), strict=True)]

    def _records(self) -> tuple[Sentence, ...]:
        if self._made is None:
            size = len(self.start)
            each = zip(
                self.start.tolist(), self.texts(), map(KINDS.__getitem__, self.kind.tolist()),
                self.paragraph.tolist(), self._tokens(), self._labels(),
                self.speaker or [None] * size, self.modality or [()] * size,
                (None if one == NO_ORIGINAL else one for one in self.original.tolist()),
                strict=True,
            )  # fmt: skip
            self._made = tuple(map(Sentence._make, each))
        return self._made

    def _tokens(self) -> list[Tokens]:
        if not len(self.bounds):
            return [NO_TOKENS] * len(self.start)
        words, spans = self.words, pairwise(self.bounds.tolist())
        each = zip(self.start.tolist(), spans, strict=True)
        return [Tokens(start, words[a:b], self.tag_of) for start, (a, b) in each]

    def _labels(self) -> list[Sequence[Any]]:
        columns = self.labels
        if columns is None:
            return [()] * len(self.start)
        bounds = pairwise(self.label_bounds.tolist())
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
    originals = (s.duplicate_of for s in sentences)
    return SentenceColumns(
        document.text, document.raw, _numbers(s.start for s in sentences),
        _numbers(s.end for s in sentences), kinds_of(s.kind for s in sentences),
        _numbers(s.paragraph for s in sentences),
        _numbers(NO_ORIGINAL if one is None else one for one in originals),
        *numbered(chain.from_iterable(own.words for own in tokens)),
        bounds_of(_numbers(map(len, tokens))), _tags(tokens),
        columns_of(labels), bounds_of(_numbers(map(len, labels))),
        [s.speaker for s in sentences], [s.modality for s in sentences],
    )  # fmt: skip


def _numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, np.int64)


_NUMBER = {kind: number for number, kind in enumerate(KINDS)}


def kinds_of(kinds: Iterable[Kind]) -> Kinds:
    """Kinds as they count in `KINDS`."""
    return np.fromiter(map(_NUMBER.__getitem__, kinds), np.int8)


def are_of(column: Kinds, *kinds: Kind) -> Flags:
    """Which entries of a column are of one of the kinds."""
    return np.array([kind in kinds for kind in KINDS], dtype=np.bool_)[column]


def together(each: Sequence[SentenceColumns], name: str) -> NDArray[Any]:
    """A column of numbers of some documents, one after another."""
    return np.concatenate([_no_numbers(), *(getattr(own, name) for own in each)])


def of_one_vocabulary(each: Iterable[SentenceColumns]) -> Iterator[list[SentenceColumns]]:
    """Documents that share their vocabulary and its tags, together, in order."""
    for _, own in groupby(each, lambda own: (id(own.vocabulary), id(own.tag_of))):
        yield list(own)


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
