"""The files that a run reads: the jobs that they make, and what is noted when they are read."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from textpipe.coding.order import Order
from textpipe.ingest import STANDARD_INPUT, Content, bytes_of, contents
from textpipe.places import is_remote
from textpipe.records import Source
from textpipe.settings import Settings
from textpipe.stage import fingerprint
from textpipe.store import Ledger, Reading, Survey
from textpipe.work import File, Files, Read

MOST_BYTES = 4_000_000
"""Bytes of the files of a job, beyond which it takes no further file."""
FRESH = 2.0
"""Seconds within which a file may change again without its time telling so: such a time is not kept."""

Touched = tuple[int | None, int | None, str]
"""Size, time and name of a file that was touched and holds what it held."""


class Opened(NamedTuple):
    """A file whose articles are under way."""

    source: Source
    modified: int | None
    version: int
    why: str


@dataclass
class Intake:
    """The files that a run reads. Before each, `stop` is asked whether to end; `unchanged` is told of each
    that holds what it held."""

    ledger: Ledger
    settings: Settings
    order: Order
    recipe: int
    unchanged: Callable[[Touched], None]
    stop: Callable[[], bool]
    _known: dict[str, sqlite3.Row] = field(default_factory=dict)
    _opened: dict[str, Opened] = field(default_factory=dict)

    @cached_property
    def reader(self) -> str:
        """The fingerprint of how files are read."""
        return fingerprint(self.settings.ingest)

    def jobs(self, survey: Survey, most: int, *, here: bool) -> Iterator[Files]:
        """The jobs to read the chosen files, of no more than `most` each. `here`: whether whoever does them
        can open the files of this machine."""
        waiting: list[File] = []
        size = 0
        read = self._left_to_the_job if here else self._bytes
        for source, content in contents(self._chosen(survey), read):
            if self.stop():
                return
            file = self._open(source, content)
            if file is None:
                self.unchanged((source.size, _trusted(source.modified), source.name))
                continue
            waiting.append(file)
            size += len(content) if isinstance(content, bytes) else source.size or 0
            if len(waiting) >= most or size >= MOST_BYTES:
                yield self._job(waiting)
                waiting, size = [], 0
        if waiting:
            yield self._job(waiting)

    def _chosen(self, survey: Survey) -> Iterator[Source]:
        """The chosen files; what the store knows of them is kept until they are opened."""
        for source, known in survey.chosen():
            if known:
                self._known[source.name] = known
            yield source

    def _bytes(self, source: Source) -> bytes:
        return bytes_of(source, self.settings.ingest)

    def _left_to_the_job(self, source: Source) -> bytes | Path:
        """The path of a new file of this machine; the bytes of what may hold what it held, or lies elsewhere."""
        elsewhere = is_remote(source.path) or source.path == STANDARD_INPUT
        return self._bytes(source) if elsewhere or source.name in self._known else source.path

    def _job(self, waiting: list[File]) -> Files:
        settings = self.settings
        return Files(tuple(waiting), settings.ingest, settings.stages, settings.store.shard)

    def _open(self, source: Source, content: Content) -> File | None:
        """A file to read; None where it holds what it held and nothing in it is to be coded."""
        known = self._known.pop(source.name, None)
        same = (
            known is not None
            and isinstance(content, bytes)
            and known["sha256"] == sha256(content).hexdigest()
        )
        if same and known and known["ingest"] == self.reader and not self._must_read(source.name):
            return None
        version = (known["version"] + (not same) if known else 1) or 1
        why = "rebuild" if self.order.rebuild else _why(known is not None, same)
        self._opened[source.name] = Opened(source, _trusted(source.modified), version, why)
        return File(source.name, content, self._coded_before(source.name) if known else None)

    def _coded_before(self, name: str) -> dict[str, str] | None:
        if self.order.rebuild:
            return None
        rows = self.ledger.rows("SELECT id, content FROM documents WHERE source = ?", [name])
        return {row["id"]: row["content"] for row in rows}

    def _must_read(self, name: str) -> bool:
        if self.order.rebuild:
            return True
        failed = """SELECT 1 FROM failures WHERE source = ?
                    AND (? OR (stage <> 'ingest' AND recipe <> ?))"""
        values = [name, self.order.retry_failed, self.recipe]
        return self.ledger.one(failed, values) is not None

    def opened(self, name: str) -> Opened:
        """A file whose articles are under way."""
        return self._opened[name]

    def closed(self, name: str, read: Read) -> Reading | None:
        """What is noted of a file that was read to its end; None for one that could not be opened."""
        source, modified, version, why = self._opened.pop(name)
        if read.sha256 is None:
            return None
        return Reading(
            name, source.root, source.size, modified, read.sha256, self.reader, version, read.ids, why
        )  # fmt: skip


def _why(known: bool, same: bool) -> str:
    if not known:
        return "new"
    return "read again" if same else "changed"


def _trusted(modified: int | None) -> int | None:
    fresh = modified is not None and modified > time.time_ns() - int(FRESH * 1e9)
    return None if fresh else modified
