"""What a stage is, and how its identity is computed."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Protocol

from textpipe.records import Document

MOST_CHARACTERS = 1_000_000
"""Characters looked at a time: the time a character stops falling far below it, the memory does not."""


class Stage(Protocol):
    """A frozen dataclass that takes a batch of documents and returns it with more fields filled.

    The same object is its section in `textpipe.toml`, its cache key and what travels to a
    worker; whatever is heavy sits behind a loader cached by the stage's fields.
    """

    reads: ClassVar[tuple[str, ...]]
    writes: ClassVar[tuple[str, ...]]
    version: ClassVar[int]

    def __call__(self, documents: Sequence[Document]) -> list[Document]:
        """Return one document for each one given, in the same order."""
        ...


def groups(documents: Sequence[Document]) -> Iterator[list[Document]]:
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


def digest(data: bytes | str) -> str:
    """The SHA-256 of some bytes, or of a text in UTF-8, as hexadecimal digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def _plain(value: Any) -> Any:
    """A field as JSON can hold it; a file counts by its content, not by its name."""
    if isinstance(value, Path):
        return digest(value.read_bytes())
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(value[key]) for key in sorted(value)}
    return value


def fingerprint(stage: Any) -> str:
    """A digest of everything that decides what a stage does: class, version, fields, and the data that
    it ships with (`resources`, digests by name)."""
    content = {f.name: _plain(getattr(stage, f.name)) for f in fields(stage)}
    resources = stage.resources() if hasattr(stage, "resources") else {}
    record = [type(stage).__name__, stage.version, content, resources]
    return digest(json.dumps(record, ensure_ascii=False, sort_keys=True))[:16]


def check_order(stages: Sequence[Stage], *, given: tuple[str, ...]) -> None:
    """Raise ValueError where a stage reads a field that nothing before it writes."""
    known = set(given)
    for stage in stages:
        missing = [name for name in stage.reads if name not in known]
        if missing:
            raise ValueError(f"{type(stage).__name__} reads {missing} before any stage writes it")
        known.update(stage.writes)
