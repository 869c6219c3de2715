"""Files to read, and the articles in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from textpipe.records.alignment import Alignment, Change
from textpipe.records.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and its name in the results (from the folder that was given).

    `root`: the path that was given; `real`: its own path without links; size (bytes) and `modified`
    (nanoseconds) are None for what is piped in.
    """

    path: Path
    name: str
    root: str = ""
    real: str = ""
    size: int | None = None
    modified: int | None = None


class Document(NamedTuple):
    """One article on its way from bytes to rows; a stage fills fields of it by `_replace` (of a dataclass that takes
    four times as long)."""

    id: str
    source: str
    raw: str
    title: str | None = None
    published: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    digest: str = ""
    encoding: str = ""
    encoding_confidence: float = 1.0
    metadata_end: int = 0
    text: str = ""
    alignment: Alignment = Alignment(0, 0)
    script: str = ""
    changes: tuple[Change, ...] = ()
    sentences: Sequence[Sentence] = ()

    def raw_span(self, sentence: Sentence) -> tuple[int, int]:
        """Where a sentence stands in `raw`."""
        return self.alignment.to_raw(sentence.start, sentence.end)


class Head(NamedTuple):
    """What is known of an article beside its text: how many `characters` and `sentences` it has."""

    id: str
    source: str
    title: str | None
    published: str | None
    outlet: str | None
    author: str | None
    url: str | None
    digest: str
    encoding: str
    encoding_confidence: float
    script: str
    characters: int
    sentences: int
