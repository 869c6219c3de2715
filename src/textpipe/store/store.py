"""The store: coded documents in immutable Parquet files, and the ledger that names them."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textpipe.disk import write_whole
from textpipe.errors import StoreError
from textpipe.findings import Failure
from textpipe.records import Document
from textpipe.store.files import data_file, documents_of, rows_at
from textpipe.store.ledger import Ledger, store_error

if TYPE_CHECKING:
    import pyarrow as pa

DATA = "data"
FAILURES = "failures"


@dataclass(frozen=True, slots=True)
class Reading:
    """A source that was read to its end: its file as it was (`size`, `modified` None where that cannot
    be trusted later), the fingerprint of the reader, and the ids of its documents."""

    name: str
    root: str
    size: int | None
    modified: int | None
    sha256: str
    ingest: str
    version: int
    documents: tuple[str, ...]
    why: str


class Row(NamedTuple):
    """What the ledger notes of a coded article: its source, the digest of its file, a digest of what was
    read, and how many of its sentences are coded, unsure and repetitions."""

    id: str
    source: str
    digest: str
    content: str
    coded: int
    unsure: int
    duplicates: int


class Coded(NamedTuple):
    """A coded article of a version of its source, and why it was coded."""

    row: Row
    version: int
    why: str


@dataclass(slots=True)
class Commit:
    """What goes into the store at once: coded articles, as `tables` (or a data file's bytes) and as the
    ledger's rows in one order.
    `unchanged`: size, time and name of files that were touched and hold what they held; `failures`:
    each with its source; `dropped`: ids of articles that could not be coded again."""

    tables: list["pa.Table | bytes"] = field(default_factory=list)
    coded: list[Coded] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    unchanged: list[tuple[int | None, int | None, str]] = field(default_factory=list)
    failures: list[tuple[str, Failure]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The length of its longest list."""
        lists = (self.coded, self.readings, self.unchanged, self.failures, self.dropped)
        return max(len(one) for one in lists)


class Store:
    """A folder with `ledger.sqlite`, `data/*.parquet` and `failures/*.txt`."""

    def __init__(self, folder: Path) -> None:
        try:
            (folder / DATA).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise store_error(folder, error) from error
        self.folder = folder
        self.ledger = Ledger(folder)
        self._written = 0

    def close(self) -> None:
        """Close the ledger."""
        self.ledger.close()

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turn what the disk or SQLite refuses into a StoreError with the mend."""
        try:
            yield
        except sqlite3.Error as error:
            raise store_error(self.ledger.path, error) from error
        except OSError as error:
            raise store_error(Path(error.filename or self.folder), error) from error

    def commit(self, given: Commit, *, run: int, name: str, recipe: int) -> None:
        """Write the documents to a new file, then name it and everything else in one transaction."""
        if not given.size:
            return
        with self.guarded():
            file = self._write(given.tables, name)
            notes = [self._note(failure, name) for _, failure in given.failures]
            with self.ledger.transaction():
                if file:
                    self._add_shard(given.coded, file, run=run, recipe=recipe)
                self._add_readings(given.readings, run)
                self.ledger.many(
                    "UPDATE sources SET size = ?, modified = ? WHERE name = ?", given.unchanged
                )
                self.ledger.many(
                    "UPDATE documents SET version = 0 WHERE id = ?", [(id,) for id in given.dropped]
                )
                changed = self._add_failures(given, notes, run=run, recipe=recipe)
                if given.coded or given.readings or changed:
                    self.ledger.changed()

    def _write(
        self, tables: Sequence["pa.Table | bytes"], name: str
    ) -> tuple[Path, bytes, str] | None:
        return self.write_file(data_file(tables), name) if tables else None

    def write_file(self, content: bytes, run: str) -> tuple[Path, bytes, str]:
        """Write a data file, whole: its path, content and SHA-256."""
        self._written += 1
        path = self.folder / DATA / f"{run}-{self._written:05}.parquet"
        write_whole(path, content)
        return path, content, hashlib.sha256(content).hexdigest()

    def _note(self, failure: Failure, run: str) -> str:
        """Keep a failure's traceback in a file of its own; returns its name, "" where there is none."""
        if not failure.traceback:
            return ""
        key = hashlib.sha256(f"{failure.source}\0{failure.stage}".encode("utf-8", "replace"))
        path = Path(FAILURES) / f"{run}-{key.hexdigest()[:12]}.txt"
        (self.folder / FAILURES).mkdir(exist_ok=True)
        about = f"{failure.source}\n{failure.stage}: {failure.reason}\n\n{failure.traceback}"
        write_whole(self.folder / path, about.encode("utf-8", "replace"))
        return path.as_posix()

    def _add_shard(
        self, coded: Sequence[Coded], file: tuple[Path, bytes, str], *, run: int, recipe: int
    ) -> None:
        db, (path, content, sha256) = self.ledger, file
        added = db.do(
            "INSERT INTO shards (file, sha256, bytes, documents, run) VALUES (?, ?, ?, ?, ?)",
            [f"{DATA}/{path.name}", sha256, len(content), len(coded), run],
        )
        db.many(
            """INSERT INTO documents VALUES (:id, :source, :version, :digest, :content, :recipe, :shard,
              :place, coalesce((SELECT min(first_run) FROM documents WHERE digest = :digest), :run),
              :run, :coded, :unsure, :duplicates)
            ON CONFLICT (id) DO UPDATE SET source = excluded.source, version = excluded.version,
              digest = excluded.digest, content = excluded.content, recipe = excluded.recipe,
              shard = excluded.shard, place = excluded.place, run = excluded.run,
              coded = excluded.coded, unsure = excluded.unsure, duplicates = excluded.duplicates""",
            [
                {
                    **c.row._asdict(),
                    "version": c.version,
                    "recipe": recipe,
                    "shard": added.lastrowid,
                    "place": place,
                    "run": run,
                }
                for place, c in enumerate(coded)
            ],
        )
        db.many(
            "INSERT INTO events VALUES (?, ?, 'coded', ?)",
            {(c.row.source, run, c.why): None for c in coded}.keys(),
        )

    def _add_readings(self, readings: Sequence[Reading], run: int) -> None:
        db = self.ledger
        db.many(
            """INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, NULL)
            ON CONFLICT (name) DO UPDATE SET root = excluded.root, size = excluded.size,
              modified = excluded.modified, sha256 = excluded.sha256, ingest = excluded.ingest,
              version = excluded.version, run = excluded.run, live = 1, gone_run = NULL""",
            [
                (r.name, r.root, r.size, r.modified, r.sha256, r.ingest, r.version, run, run)
                for r in readings
            ],
        )
        db.many(
            "UPDATE documents SET version = 0 WHERE source = ? AND version = ? AND run <> ?",
            [(r.name, r.version, run) for r in readings],
        )
        db.many(
            """UPDATE documents SET version = :version, source = :source
            WHERE id = :id AND (version <> :version OR source <> :source)""",
            [
                {"version": r.version, "source": r.name, "id": id}
                for r in readings
                for id in r.documents
            ],
        )
        db.many(
            "DELETE FROM failures WHERE source = ? AND run <> ?", [(r.name, run) for r in readings]
        )
        db.many(
            "INSERT INTO events VALUES (?, ?, 'read', ?)", [(r.name, run, r.why) for r in readings]
        )

    def _add_failures(self, given: Commit, notes: Sequence[str], *, run: int, recipe: int) -> bool:
        found = [
            (source, f.source, f.stage, f.reason, note, recipe, run)
            for (source, f), note in zip(given.failures, notes, strict=True)
        ]
        known = "SELECT 1 FROM failures WHERE source = ? AND part = ? AND stage = ? AND reason = ?"
        changed = any(self.ledger.one(known, row[:4]) is None for row in found)
        self.ledger.many("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?)", found)
        return changed

    def documents(self, stages: int | None = None) -> Iterator[Document]:
        """The live documents, file by file."""
        for content, places in self.live_files():
            yield from documents_of(content, places, stages)

    def live_files(self) -> Iterator[tuple[bytes, list[int]]]:
        """The data files that hold live documents, and where in each."""
        for shard, places in self.live_places():
            yield self.content(shard), places

    def stale_count(self, recipe: int) -> int:
        """How many live documents were coded by another recipe."""
        return int(self.ledger.value(f"SELECT count(*) FROM ({LIVE}) WHERE recipe <> ?", [recipe]))

    def stale(self, recipe: int) -> Iterator[tuple[int, list[sqlite3.Row]]]:
        """The live documents that were coded by another recipe, shard by shard."""
        shards = self.ledger.rows(
            f"SELECT DISTINCT shard FROM ({LIVE}) WHERE recipe <> ? ORDER BY shard", [recipe]
        )
        for (shard,) in shards:
            rows = self.ledger.rows(
                f"SELECT * FROM ({LIVE}) WHERE shard = ? AND recipe <> ? ORDER BY place",
                [shard, recipe],
            )
            yield shard, rows

    def live_places(self) -> Iterator[tuple[int, list[int]]]:
        """The shards that hold live documents, and where in each."""
        rows = self.ledger.rows(f"SELECT shard, place FROM ({LIVE}) ORDER BY shard, place")
        places: dict[int, list[int]] = {}
        for row in rows:
            places.setdefault(row["shard"], []).append(row["place"])
        yield from places.items()

    def table(self, shard: int) -> "pa.Table":
        """A shard's rows. Raises StoreError where its file is gone or is not what was written."""
        return rows_at(self.content(shard))

    def content(self, shard: int) -> bytes:
        """A shard's file. Raises StoreError where it is gone or is not what was written."""
        row = self.ledger.one("SELECT * FROM shards WHERE id = ?", [shard])
        path = self.folder / row["file"] if row else self.folder
        try:
            content = path.read_bytes()
        except OSError as error:
            raise store_error(path, error) from error
        if not row or hashlib.sha256(content).hexdigest() != row["sha256"]:
            raise StoreError(f"{path}: the file is not what was written. {_REBUILD}")
        return content

    def forget_lost_files(self) -> list[str]:
        """Files that the ledger names and that are gone or of another size: what they held is to be
        coded again. Returns their names."""
        lost = [
            row
            for row in self.ledger.rows("SELECT id, file, bytes FROM shards")
            if _size(self.folder / row["file"]) != row["bytes"]
        ]
        if lost:
            with self.guarded(), self.ledger.transaction():
                for row in lost:
                    self.ledger.do(
                        """UPDATE sources SET modified = NULL, sha256 = '' WHERE name IN
                           (SELECT source FROM documents WHERE shard = ?)""",
                        [row["id"]],
                    )
                    self.ledger.do("DELETE FROM documents WHERE shard = ?", [row["id"]])
                    self.ledger.do("DELETE FROM shards WHERE id = ?", [row["id"]])
                self.ledger.changed()
        return [str(row["file"]) for row in lost]


LIVE = """SELECT d.* FROM documents d JOIN sources s
          ON s.name = d.source AND s.version = d.version WHERE s.live"""
"""The documents of the corpus: of the sources that the last run was given, as they are now."""
LIVE_FAILURES = """SELECT f.* FROM failures f LEFT JOIN sources s ON s.name = f.source
                   WHERE s.name IS NULL OR s.live"""
_REBUILD = "Run with --rebuild, and the articles are coded anew."


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return -1


def content_digest(document: Document) -> str:
    """A digest of all that a reader made of an article."""
    parts = (
        document.source, document.title, document.published, document.outlet, document.author,
        document.url, document.encoding, document.encoding_confidence, document.metadata_end,
    )  # fmt: skip
    found = hashlib.sha256(document.raw.encode("utf-8", "surrogatepass"))
    found.update(repr(parts).encode("utf-8", "surrogatepass"))
    return found.hexdigest()[:16]
