"""The stage `segment`: fills the tokens of every sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from textpipe.codepoints import codes_of
from textpipe.columns import SentenceColumns, columns_of_document, together
from textpipe.lexicon import Lexicon, load_lexicon
from textpipe.ranges import bounds_of, ranges
from textpipe.records import Document
from textpipe.segmentation.segmenter import Segmenter, load_segmenter
from textpipe.stage import groups
from textpipe.words import Positions, numbered_words


@dataclass(frozen=True)
class Segment:
    """Cuts sentences into words.

    `engine`: `auto` (the fastest installed), `rjieba` or `jieba`; `lexicons`: CSV files whose
    terms are added to the shipped lexicon; `default_lexicon`: whether that one is used at all.
    """

    engine: Literal["auto", "rjieba", "jieba"] = "auto"
    lexicons: tuple[Path, ...] = ()
    default_lexicon: bool = True

    reads: ClassVar[tuple[str, ...]] = ("text", "sentences")
    writes: ClassVar[tuple[str, ...]] = ("tokens",)
    version: ClassVar[int] = 2

    def loaded_lexicon(self) -> Lexicon:
        """The lexicon that these settings stand for."""
        return load_lexicon(self.lexicons, with_default=self.default_lexicon)

    def resources(self) -> dict[str, str]:
        """The digest of the lexicon."""
        return {"lexicon": self.loaded_lexicon().digest}

    def segmenter(self) -> Segmenter:
        """The segmenter that these settings stand for."""
        return load_segmenter(self.engine, self.loaded_lexicon())

    def __call__(self, documents: Sequence[Document]) -> list[Document]:
        """Give each sentence its tokens; each text is cut once, many texts at a time."""
        segmenter = self.segmenter()
        done: list[Document] = []
        for group in groups(documents):
            done += _with_tokens(group, segmenter)
        return done


def _with_tokens(documents: Sequence[Document], segmenter: Segmenter) -> list[Document]:
    text = "\n".join(document.text for document in documents)
    offsets = accumulate((len(document.text) + 1 for document in documents), initial=0)
    each = [columns_of_document(document) for document in documents]
    starts, ends = _borders(each, offsets)
    cuts = segmenter.cuts(text, must_cut=np.concatenate([starts, ends]))
    first = np.searchsorted(cuts, starts)
    counts = np.searchsorted(cuts, ends) - first
    inside = ranges(first, counts)
    vocabulary, numbers = numbered_words(text, codes_of(text), cuts[inside], cuts[inside + 1])
    bounds = bounds_of(counts)
    done, row = [], 0
    for document, columns in zip(documents, each, strict=True):
        own = bounds[row : row + len(columns) + 1]
        row += len(columns)
        filled = replace(
            columns, vocabulary=vocabulary, numbers=numbers[own[0] : own[-1]],
            bounds=own - own[0], tag_of=segmenter.tags,
        )  # fmt: skip
        done.append(document._replace(sentences=filled))
    return done


def _borders(
    each: Sequence[SentenceColumns], offsets: Iterable[int]
) -> tuple[Positions, Positions]:
    """Where the sentences begin and end in the joined text."""
    counts = [len(columns) for columns in each]
    before = np.repeat(np.fromiter(islice(offsets, len(each)), np.int64), counts)
    return together(each, "start") + before, together(each, "end") + before
