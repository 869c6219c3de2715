"""What a run is given, against what the store knows: which sources to read, which are gone."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice

from textpipe.places import place as place_of
from textpipe.records import Source
from textpipe.store.ledger import Ledger

CHUNK = 1_000
GIVEN = """
CREATE TEMP TABLE given (
  real TEXT PRIMARY KEY ON CONFLICT IGNORE, name TEXT, path TEXT, root TEXT, size INTEGER,
  modified INTEGER);
CREATE INDEX temp.given_by_name ON given (name);
CREATE TEMP TABLE todo (place INTEGER PRIMARY KEY, name TEXT, path TEXT, root TEXT, size INTEGER, modified INTEGER)
"""


class Survey:
    """The files of a run, in temporary tables, so that a million of them need no memory."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        for statement in GIVEN.split(";"):
            ledger.do(statement)

    def take(self, items: Iterable[Source]) -> int:
        """Note the files given; returns how many. Two that have one name get numbers."""
        db, stream = self._ledger, iter(items)
        db.do("BEGIN")
        while chunk := list(islice(stream, CHUNK)):
            db.many(
                "INSERT INTO given VALUES (?, ?, ?, ?, ?, ?)",
                [(i.real, i.name, str(i.path), i.root, i.size, i.modified) for i in chunk],
            )
        twice = db.rows("SELECT name FROM given GROUP BY name HAVING count(*) > 1")
        for (name,) in twice:
            others = db.rows("SELECT real FROM given WHERE name = ? ORDER BY real", [name])[1:]
            for number, (real,) in enumerate(others, start=2):
                own = f"{name} ({number})"
                db.do("UPDATE given SET name = ? WHERE real = ?", [own, real])
        db.commit()
        return int(db.value("SELECT count(*) FROM given"))

    def choose(self, *, ingest: str, recipe: int, retry: bool, everything: bool) -> int:
        """Choose the files to read: new, changed, read otherwise before, failed under another recipe
        (or at all, for `retry`), or all of them. Returns how many."""
        self._ledger.do("BEGIN")
        self._ledger.do(
            """INSERT INTO todo (name, path, root, size, modified)
            SELECT g.name, g.path, g.root, g.size, g.modified
            FROM given g LEFT JOIN sources s ON s.name = g.name
            WHERE :everything OR s.name IS NULL OR s.size IS NOT g.size OR s.modified IS NULL
              OR s.modified IS NOT g.modified OR s.ingest <> :ingest
              OR g.name IN (SELECT source FROM failures
                            WHERE :retry OR (stage <> 'ingest' AND recipe <> :recipe))
            ORDER BY g.name""",
            {"everything": everything, "ingest": ingest, "retry": retry, "recipe": recipe},
        )
        self._ledger.commit()
        return int(self._ledger.value("SELECT count(*) FROM todo"))

    def bytes(self) -> int:
        """The size of the files to read, as far as it is known."""
        return int(self._ledger.value("SELECT coalesce(sum(size), 0) FROM todo"))

    def chosen(self) -> Iterator[tuple[Source, sqlite3.Row | None]]:
        """The files to read, sorted by name, each with the digest, the reader's fingerprint and the version
        that the store knows of it, or None; a chunk at a time."""
        place = 0
        while rows := self._ledger.rows(
            f"""SELECT t.place, t.path, t.name, t.root, t.size, t.modified, s.sha256, s.ingest, s.version
            FROM todo t LEFT JOIN sources s ON s.name = t.name
            WHERE place > ? ORDER BY place LIMIT {CHUNK}""",
            [place],
        ):
            for row in rows:
                place, path, name, root, size, modified, sha256, *_ = row
                source = Source(place_of(path), name, root, "", size, modified)
                yield source, row if sha256 is not None else None

    def close_up(self, run: int, missing: Iterable[str] = ()) -> int:
        """Note which sources are gone and which are back; returns how many are gone. What lies under a
        path that does not exist at present (`missing`) is kept as it was."""
        db = self._ledger
        db.do("CREATE TEMP TABLE missing (root TEXT)")
        db.many("INSERT INTO missing VALUES (?)", [(root,) for root in missing])
        gone = """live AND name NOT IN (SELECT name FROM given)
                  AND root NOT IN (SELECT root FROM missing)"""
        back = "NOT live AND name IN (SELECT name FROM given)"
        with db.transaction():
            for what, which in (("removed", gone), ("returned", back)):
                db.do(
                    f"INSERT INTO events SELECT name, ?, ?, '' FROM sources WHERE {which}",
                    [run, what],
                )
            removed = db.do(f"UPDATE sources SET live = 0, gone_run = ? WHERE {gone}", [run])
            returned = db.do(f"UPDATE sources SET live = 1, gone_run = NULL WHERE {back}")
            forgotten = db.do(
                """DELETE FROM failures WHERE source NOT IN (SELECT name FROM sources)
                   AND source NOT IN (SELECT name FROM given)"""
            )
            if removed.rowcount or returned.rowcount or forgotten.rowcount:
                db.changed()
        return removed.rowcount
