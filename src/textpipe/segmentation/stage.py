"""The stage `segment`: fills the tokens of every sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from textpipe.lexicon import Lexicon, load_lexicon
from textpipe.records import Document, Tokens
from textpipe.segmentation.segmenter import Positions, Segmenter, load_segmenter, words_between

MOST_CHARACTERS = 1_000_000
"""Characters cut at a time: the time a character stops falling far below it, the memory does not."""


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
    version: ClassVar[int] = 1

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
        for group in _groups(documents):
            done += _with_tokens(group, segmenter)
        return done


def _groups(documents: Sequence[Document]) -> Iterator[list[Document]]:
    """The documents in order, in groups of no more than `MOST_CHARACTERS` (or of one document)."""
    group: list[Document] = []
    size = 0
    for document in documents:
        if group and size + len(document.text) > MOST_CHARACTERS:
            yield group
            group, size = [], 0
        group.append(document)
        size += len(document.text)
    if group:
        yield group


def _with_tokens(documents: Sequence[Document], segmenter: Segmenter) -> list[Document]:
    text = "\n".join(document.text for document in documents)
    offsets = [0, *accumulate(len(document.text) + 1 for document in documents)]
    starts, ends = _borders(documents, offsets)
    cuts = segmenter.cuts(text, must_cut=np.concatenate([starts, ends]))
    firsts, lasts = (iter(np.searchsorted(cuts, at).tolist()) for at in (starts, ends))
    words = words_between(text, cuts)
    return [
        replace(
            document,
            sentences=tuple(
                sentence._replace(tokens=Tokens(sentence.start, words[first:last], segmenter.tags))
                for sentence, first, last in zip(document.sentences, firsts, lasts, strict=False)
            ),
        )
        for document in documents
    ]


def _borders(documents: Sequence[Document], offsets: Sequence[int]) -> tuple[Positions, Positions]:
    """Where the sentences begin and end in the joined text."""
    sentences = [sentence for document in documents for sentence in document.sentences]
    counts = [len(document.sentences) for document in documents]
    starts = np.array([s.start for s in sentences], np.int64)
    starts += np.repeat(np.array(offsets[: len(counts)], np.int64), counts)
    return starts, starts + np.array([len(s.text) for s in sentences], np.int64)
