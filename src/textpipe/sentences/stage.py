"""The stage `sentences`: lines, sentence ends, lists, repetitions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from textpipe.codepoints import codes_of, text_of
from textpipe.records import CODED_KINDS, Document, Kind, Sentence
from textpipe.sentences.lines import LIST_INTRODUCTION, Line, classify_lines, leading_mark
from textpipe.sentences.split import split_line

_BASIC = 0x10000
SHORTEST_REPETITION = 8
"""Characters below which equal sentences are taken for idiom (「怎麼辦？」), not scraping."""


@dataclass(frozen=True)
class Sentences:
    """Fills `sentences` (without tokens and labels), and `title` where the source gave none."""

    reads: ClassVar[tuple[str, ...]] = ("text", "alignment")
    writes: ClassVar[tuple[str, ...]] = ("sentences", "title")
    version: ClassVar[int] = 1

    def __call__(self, documents: Sequence[Document]) -> list[Document]:
        """Split each document's text into sentences."""
        return [_with_sentences(document) for document in documents]


def _with_sentences(document: Document) -> Document:
    lines = classify_lines(document.text, _text_start(document))
    title = document.title
    sentences: list[Sentence] = []
    for line, is_list in zip(lines, _list_lines(document.text, lines), strict=True):
        content = document.text[line.start : line.end]
        if line.is_title:
            title = title or content[leading_mark(content) :].strip(" #*")
        kind: Kind = "list_item" if is_list and line.kind == "body" else line.kind
        mark = leading_mark(content)
        words = content[mark:]
        spans = split_line(words, is_list=is_list) if kind in CODED_KINDS else _whole(words)
        start = line.start + mark
        sentences += (Sentence(start + a, words[a:b], kind, line.paragraph) for a, b in spans)
    return replace(document, title=title, sentences=mark_repetitions(sentences))


def _text_start(document: Document) -> int:
    """Where the article begins in `text`, after the metadata that opens the file."""
    starts = document.alignment.starts
    if not document.metadata_end or starts is None:
        return document.metadata_end
    return next((i for i, at in enumerate(starts) if at >= document.metadata_end), len(starts))


def _whole(content: str) -> list[tuple[int, int]]:
    stripped = content.strip()
    start = content.index(stripped)
    return [(start, start + len(stripped))]


def _list_lines(text: str, lines: Sequence[Line]) -> list[bool]:
    """Which lines are list items: those with a bullet, and those that follow a line ending in a
    colon, or another item, and hold or end in semicolons."""
    flags: list[bool] = []
    in_list = False
    for line in lines:
        content = text[line.start : line.end].rstrip()
        closes_item = content.endswith(("；", ";"))
        if line.kind == "list_item":
            in_list = True
        elif line.kind == "body":
            in_list = closes_item or (in_list and "；" in content)
        elif line.kind != "caption":
            in_list = False
        flags.append(in_list and line.kind in CODED_KINDS)
        if line.kind == "body" and LIST_INTRODUCTION.search(content):
            in_list = True
    return flags


def _keys(sentences: Sequence[Sentence]) -> list[str]:
    """The letters and digits of each sentence, by which sentences are compared."""
    joined = "\n".join(sentence.text.replace("\n", " ") for sentence in sentences)
    codes = codes_of(joined)
    kept = _kept_in_keys()[np.minimum(codes, _BASIC)]
    beyond = np.flatnonzero(codes >= _BASIC)
    kept[beyond] = [joined[at].isalnum() for at in beyond.tolist()]
    return text_of(codes[kept]).lower().split("\n") if sentences else []


@cache
def _kept_in_keys() -> NDArray[np.bool_]:
    """Of each code point of the basic plane whether it is a letter, a digit or a line end."""
    return np.array([chr(code).isalnum() or code == 10 for code in range(_BASIC)] + [False])


def mark_repetitions(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences, with `duplicate_of` set where one repeats an earlier one.

    A scraped page repeats a list item's words before the next item: so a sentence also counts
    as a repetition where it is the end of one of the two sentences before it.
    """
    seen: dict[str, int] = {}
    before, last = (-1, ""), (-1, "")
    marked: list[Sentence] = []
    for index, (sentence, key) in enumerate(zip(sentences, _keys(sentences), strict=True)):
        if sentence.kind in CODED_KINDS and len(key) >= SHORTEST_REPETITION:
            original = seen.get(key)
            if original is None and last[1].endswith(key):
                original = last[0]
            if original is None and before[1].endswith(key):
                original = before[0]
            if original is None:
                seen[key] = index
                before, last = last, (index, key)
            else:
                sentence = sentence._replace(duplicate_of=original)
        marked.append(sentence)
    return tuple(marked)
