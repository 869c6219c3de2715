"""The stage `segment`: fills the tokens of every sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

from textpipe.lexicon import Lexicon, load_lexicon
from textpipe.records import Document, Sentence, Token
from textpipe.segmentation.segmenter import Segmenter, load_segmenter


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

    def segmenter(self) -> Segmenter:
        """The segmenter that these settings stand for."""
        return load_segmenter(self.engine, self.loaded_lexicon())

    def __call__(self, documents: Sequence[Document]) -> list[Document]:
        """Give each sentence its tokens; each text is cut once."""
        segmenter = self.segmenter()
        return [_with_tokens(document, segmenter) for document in documents]


def _with_tokens(document: Document, segmenter: Segmenter) -> Document:
    borders = [at for s in document.sentences for at in (s.start, s.end)]
    tokens = segmenter.tokens(document.text, must_cut=borders)
    sentences: list[Sentence] = []
    position, count = 0, len(tokens)
    for sentence in document.sentences:
        while position < count and tokens[position].start < sentence.start:
            position += 1
        first = position
        while position < count and tokens[position].start < sentence.end:
            position += 1
        own: tuple[Token, ...] = tuple(tokens[first:position])
        sentences.append(replace(sentence, tokens=own))
    return replace(document, sentences=tuple(sentences))
