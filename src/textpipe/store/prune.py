"""Clearing a store of what nothing names, and merging its small files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textpipe.disk import sync_folder
from textpipe.store.files import data_file
from textpipe.store.store import DATA, FAILURES, LIVE, Store

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was cleared: earlier versions of articles, sources that are gone, files, their bytes; and how
    many files were merged into how many."""

    documents: int
    sources: int
    files: int
    bytes: int
    merged: int = 0
    into: int = 0


def prune(store: Store, *, run: int, name: str, shard: int, dry_run: bool = False) -> Pruned:
    """Drop earlier versions and sources that are gone from the ledger, merge files that hold less than
    half of `shard` live documents, and delete the files that the ledger then does not name."""
    db = store.ledger
    dead = f"id NOT IN (SELECT id FROM ({LIVE}))"
    documents = int(db.value(f"SELECT count(*) FROM documents WHERE {dead}"))
    sources = int(db.value("SELECT count(*) FROM sources WHERE NOT live"))
    small = _small(store, shard)
    if dry_run:
        named = {row["file"] for row in db.rows(
            f"SELECT file FROM shards WHERE id IN (SELECT shard FROM ({LIVE}))")}  # fmt: skip
        files = list(_unnamed(store, named))
        return Pruned(documents, sources, len(files), sum(_size(f) for f in files), len(small), 0)
    with store.guarded():
        with db.transaction():
            db.do(f"DELETE FROM documents WHERE {dead}")
            db.do("DELETE FROM failures WHERE source IN (SELECT name FROM sources WHERE NOT live)")
            db.do("DELETE FROM sources WHERE NOT live")
            db.do("DELETE FROM shards WHERE id NOT IN (SELECT shard FROM documents)")
        into = _merge(store, small, run=run, name=name, most=shard)
        named = {row["file"] for row in db.rows("SELECT file FROM shards")}
        files = list(_unnamed(store, named))
        size = sum(_size(f) for f in files)
        for file in files:
            file.unlink(missing_ok=True)
        sync_folder(store.folder / DATA)
    return Pruned(documents, sources, len(files), size, len(small) if into else 0, into)


def _small(store: Store, shard: int) -> list["sqlite3.Row"]:
    """The shards with few live documents, if merging them makes them fewer."""
    found = store.ledger.rows(
        f"""SELECT shard, count(*) AS live, min(recipe) AS recipe FROM ({LIVE}) GROUP BY shard
            HAVING count(*) * 2 < ? AND count(DISTINCT recipe) = 1 ORDER BY recipe, shard""",
        [shard],
    )
    return found if len(found) > 1 else []


def _merge(store: Store, small: list["sqlite3.Row"], *, run: int, name: str, most: int) -> int:
    """Write the live rows of small shards into full ones; returns how many were written."""
    db, written = store.ledger, 0
    for group in _groups(small, most):
        tables, ids = [], []
        for row in group:
            live = db.rows(f"SELECT * FROM ({LIVE}) WHERE shard = ? ORDER BY place", [row["shard"]])
            tables.append(store.table(row["shard"]).take([one["place"] for one in live]))
            ids += [one["id"] for one in live]
        path, content, sha256 = store.write_file(data_file(tables), name)
        with db.transaction():
            shard = db.do(
                "INSERT INTO shards (file, sha256, bytes, documents, run) VALUES (?, ?, ?, ?, ?)",
                [f"{DATA}/{path.name}", sha256, len(content), len(ids), run],
            ).lastrowid
            db.many(
                "UPDATE documents SET shard = ?, place = ? WHERE id = ?",
                [(shard, place, id) for place, id in enumerate(ids)],
            )
            db.many("DELETE FROM shards WHERE id = ?", [(row["shard"],) for row in group])
        written += 1
    return written


def _groups(small: list["sqlite3.Row"], most: int) -> Iterator[list["sqlite3.Row"]]:
    group: list[sqlite3.Row] = []
    for row in small:
        full = sum(one["live"] for one in group) + row["live"] > most
        if group and (full or row["recipe"] != group[0]["recipe"]):
            if len(group) > 1:
                yield group
            group = []
        group.append(row)
    if len(group) > 1:
        yield group


def _unnamed(store: Store, named: set[str]) -> Iterator[Path]:
    """Files of the store that the ledger does not name: of killed runs, or superseded."""
    traces = {row["traceback"] for row in store.ledger.rows("SELECT traceback FROM failures")}
    for folder, known in ((DATA, named), (FAILURES, traces)):
        for file in sorted((store.folder / folder).glob("*")):
            if f"{folder}/{file.name}" not in known:
                yield file
        yield from sorted((store.folder / folder).glob(".*.tmp"))


def _size(path: Path) -> int:
    return path.stat().st_size
