"""The ledger: a SQLite file that says what the store holds. What it does not name does not exist."""

import json
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from textpipe.errors import StoreError

FILE = "ledger.sqlite"
SCHEMA = "2"


class Ledger:
    """A connection to a store's ledger; rows are sqlite3.Row.

    The rollback journal (not WAL, which has lost commits in versions still in use) and full
    synchronization: a commit that has returned survives a crash of the machine.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._db = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        self._db.row_factory = sqlite3.Row
        try:
            for pragma in ("journal_mode = DELETE", "synchronous = FULL", "temp_store = FILE"):
                self._db.execute(f"PRAGMA {pragma}")
            self._prepare()
        except sqlite3.Error as error:
            self._db.close()
            raise store_error(self.path, error) from error
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        if self.value("SELECT count(*) FROM sqlite_master") == 0:
            with self.transaction():
                for statement in _statements():
                    self._db.execute(statement)
                self.many("INSERT INTO meta VALUES (?, ?)", [("schema", SCHEMA), ("generation", 0)])
        found = self.value("SELECT value FROM meta WHERE key = 'schema'")
        if found != SCHEMA:
            raise StoreError(
                f"{self.path}: a store of form {found}, where this textpipe writes form {SCHEMA}."
                " Give another --store, or move this one away: the articles are coded anew then."
            )

    def close(self) -> None:
        """Close the file; an open transaction is undone."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of its statements, or none of them."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.commit()
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def commit(self) -> None:
        """Make the transaction last."""
        self._db.execute("COMMIT")

    def rows(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self._db.execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        """The first row, or None."""
        row: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
        return row

    def value(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """The first column of the first row, or None."""
        row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    def do(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self._db.execute(sql, values)

    def many(self, sql: str, rows: Any) -> None:
        """Run a statement for each row of values."""
        self._db.executemany(sql, rows)

    @property
    def generation(self) -> int:
        """A number that grows with every change of what the store holds."""
        return int(self.value("SELECT value FROM meta WHERE key = 'generation'"))

    def changed(self) -> None:
        """Count a change (within a transaction)."""
        self.do("UPDATE meta SET value = value + 1 WHERE key = 'generation'")

    def begin_run(self, stages: Sequence[str], version: str) -> tuple[int, str, int]:
        """A new run: its number, its name, and the number of its recipe. Runs that never ended are
        marked as killed."""
        with self.transaction():
            self.do("UPDATE runs SET state = 'killed' WHERE state = 'running'")
            self.do("INSERT OR IGNORE INTO recipes (stages) VALUES (?)", [json.dumps(stages)])
            recipe = self.value("SELECT id FROM recipes WHERE stages = ?", [json.dumps(stages)])
            number = int(self.value("SELECT coalesce(max(id), 0) + 1 FROM runs"))
            name = f"{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}-{number}"
            self.do(
                "INSERT INTO runs (id, name, began, state, version, recipe)"
                " VALUES (?, ?, ?, 'running', ?, ?)",
                [number, name, now(), version, recipe],
            )
        return number, name, int(recipe)

    def end_run(self, number: int, state: str, *, message: str = "", **counts: float) -> None:
        """Say how a run ended; `counts` are columns of `runs`."""
        names = "".join(f", {name} = ?" for name in counts)
        with self.transaction():
            self.do(
                f"UPDATE runs SET state = ?, message = ?, finished = ?{names} WHERE id = ?",
                [state, message, now(), *counts.values(), number],
            )

    def recipes(self) -> dict[int, list[str]]:
        """The fingerprints of the stages, by recipe."""
        return {row["id"]: json.loads(row["stages"]) for row in self.rows("SELECT * FROM recipes")}


def now() -> str:
    """The time, local with its zone (ISO 8601, milliseconds)."""
    seconds = time.time()
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(seconds))
    return f"{whole}.{int(seconds * 1000) % 1000:03}{time.strftime('%z', time.localtime(seconds))}"


def store_error(path: Path, error: Exception) -> StoreError:
    """A message with the mend for what the system or SQLite refuses."""
    text = str(getattr(error, "strerror", None) or error)
    if "malformed" in text or "not a database" in text:
        mend = "The file is damaged: move the store away, and the articles are coded anew."
    elif "locked" in text:
        mend = "Another program holds it: close that, and run again."
    else:
        mend = "What was stored before is kept. Free some space or mend the permissions, and run again."
    return StoreError(f"{path}: {text}. {mend}")


def _statements() -> Iterator[str]:
    text = files("textpipe").joinpath("resources/ledger.sql").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    yield from (s for s in "\n".join(lines).split(";") if s.strip())
