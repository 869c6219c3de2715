"""Labelled data: articles with coded sentences, as JSON Lines, one article a line.

Fields of an article: document, title, date, and `sentences`, each with `text`, `kind`,
`paragraph`, and for each axis of the codebook a list of ids (or one id on an axis of one choice).
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from textpipe.codebook import Codebook
from textpipe.errors import SettingsError
from textpipe.records import Alignment, Document, Sentence

Codes = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document and, for each of its sentences, the ids on each axis."""

    document: Document
    codes: tuple[Codes, ...]


def shipped_labelled() -> list[Path]:
    """The labelled files that ship with textpipe, in order."""
    folder = files("textpipe") / "resources" / "labelled"
    return sorted((Path(str(item)) for item in folder.iterdir()), key=lambda p: p.name)


def read_labelled(
    paths: Iterable[Path], codebook: Codebook, prepare: Callable[[str], str] = str
) -> list[Labelled]:
    """Read labelled articles; raises SettingsError naming file and line where one is wrong.

    `prepare` brings each text to the form that the pipeline gives it (normalization).
    """
    articles: list[Labelled] = []
    for path in paths:
        if path.suffix != ".jsonl":
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                articles.append(_article(json.loads(line), codebook, prepare))
            except (ValueError, KeyError, TypeError) as error:
                raise SettingsError(f"{path}: line {number}: {error!r}. Mend the line.") from error
    return articles


def _article(record: dict[str, Any], codebook: Codebook, prepare: Callable[[str], str]) -> Labelled:
    title = prepare(record["title"])
    text, sentences = title, [Sentence(0, title, "heading", 1)]
    codes: list[Codes] = [{}]
    paragraph = None
    for item in record["sentences"]:
        text += "" if item["paragraph"] == paragraph and item["kind"] == "body" else "\n"
        paragraph = item["paragraph"]
        own = prepare(item["text"])
        sentences.append(Sentence(len(text), own, item["kind"], paragraph + 1))
        codes.append(_codes(item, codebook))
        text += own
    document = Document(
        record["document"], record["document"], text, title=title, published=record["date"],
        text=text, alignment=Alignment(len(text), len(text)), sentences=tuple(sentences),
    )  # fmt: skip
    return Labelled(document, tuple(codes))


def _codes(item: dict[str, Any], codebook: Codebook) -> Codes:
    codes: Codes = {}
    for axis in codebook.axes:
        given = item[axis.id]
        ids: Sequence[str] = [given] if isinstance(given, str) else given
        unknown = set(ids) - {label.id for label in axis.labels}
        if unknown:
            raise ValueError(f"unknown {axis.id}: {', '.join(sorted(unknown))}")
        codes[axis.id] = frozenset(ids)
    return codes
