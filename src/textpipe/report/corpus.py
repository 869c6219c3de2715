"""The articles of a report: what is known of each, and their coded sentences as columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from textpipe.records import Document, Head
from textpipe.spill import Column

if TYPE_CHECKING:
    import pyarrow as pa

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int32]
Pair = tuple[str, str]


class Articles(Protocol):
    """The articles themselves, which need not be in memory. `place`: from 0 in the order of `heads`."""

    @property
    def heads(self) -> Sequence[Head]:
        """What is known of each."""
        ...

    @property
    def folder(self) -> Path:
        """Where files of what is made of them can be meanwhile."""
        ...

    def documents(self, places: Sequence[int]) -> Iterator[Document]:
        """Whole articles, in the order of their places."""
        ...

    def sentences(self, places: Sequence[int]) -> "Iterator[pa.Table]":
        """The rows of the sentences table of each of some articles."""
        ...

    def sentence(self, place: int, number: int) -> str:
        """A sentence of an article, as it stands in its source."""
        ...

    def rows(self, name: str) -> Iterator["pa.Table"]:
        """The rows of a long table, some articles' after another's."""
        ...


@dataclass(frozen=True, eq=False)
class Corpus:
    """Of each coded sentence, one article after another: the place of its `document`, its `number` there, its
    `length`, who speaks as a place in `roles` (`role`, -1: nobody). Of each label of theirs that is not
    decided against: its sentence (`holder`), its place in `pairs` (axis and id, `pair`), its `probability`,
    whether it `is_unsure`. Of each article how many sentences are `repeated`. `words`: the different words.
    The columns may be in files; they are read as they are sliced."""

    articles: Articles
    document: Column
    number: Column
    length: Column
    role: Column
    roles: Sequence[str]
    holder: Column
    pair: Column
    pairs: Sequence[Pair]
    probability: Column
    is_unsure: Column
    repeated: Numbers
    words: Sequence[str]

    @property
    def heads(self) -> Sequence[Head]:
        """What is known of each article."""
        return self.articles.heads

    @cached_property
    def has_label(self) -> Flags:
        """Which sentences have a label that is sure."""
        return self.holding(~self.is_unsure[:])

    @cached_property
    def has_unsure(self) -> Flags:
        """Which sentences have a label that is not."""
        return self.holding(self.is_unsure[:])

    def of_axes(self, axes: Sequence[str | None]) -> Flags:
        """Which labels are of one of some axes."""
        own = np.array([axis in axes for axis, _ in self.pairs], dtype=np.bool_)
        return own[self.pair[:]]

    def holding(self, labels: Flags) -> Flags:
        """Which sentences hold one of some labels."""
        found = np.zeros(len(self.document), dtype=np.bool_)
        found[self.holder[:][labels]] = True
        return found

    def counts(self, sentences: Flags | slice = slice(None)) -> list[int]:
        """How many of some sentences (all) each article has."""
        counts = np.bincount(self.document[:][sentences], minlength=len(self.heads))
        return list(counts.tolist())
