"""Bringing a store up to date: read what is new or changed, code what is new or coded otherwise."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from textpipe.errors import DocumentError, UnreachableError
from textpipe.findings import Failure
from textpipe.ingest import bytes_of, documents_in
from textpipe.processing import process
from textpipe.records import Document, Source
from textpipe.settings import Settings
from textpipe.stage import fingerprint
from textpipe.store import Coded, Commit, Reading, Store, Survey, content_digest, stored

logger = logging.getLogger("textpipe")

BATCH = 64
"""Documents in a batch: enough to make per-call costs of scikit-learn vanish."""
FRESH = 2.0
"""Seconds within which a file may change again without its time telling so: such a time is not kept."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Order:
    """What a run is asked for: to read everything anew (`rebuild`), to try failures again, and when to
    stop early (asked after each batch)."""

    rebuild: bool = False
    retry_failed: bool = False
    stop: Callable[[], bool] = lambda: False
    progress: Progress | None = None


@dataclass
class Coding:
    """One run's work on a store, committed file by file; the counts say what it did."""

    store: Store
    settings: Settings
    order: Order
    run: int
    name: str
    recipe: int
    given: int = 0
    read: int = 0
    coded: int = 0
    recoded: int = 0
    removed: int = 0
    failures: list[Failure] = field(default_factory=list)
    stopped: bool = False
    _waiting: list[Coded] = field(default_factory=list)
    _commit: Commit = field(default_factory=Commit)
    _done: int = 0
    _total: int = 0

    def bring_up_to_date(self, sources: Iterable[Source | Failure]) -> None:
        """Read and code what the sources need, note what is gone, and code again what was coded
        otherwise; ends early, with all that is done committed, where it is asked to stop."""
        missing: list[str] = []
        survey = Survey(self.store.ledger)
        with self.store.guarded():
            self.given = survey.take(self._usable(sources, missing))
            self._total = survey.choose(
                ingest=fingerprint(self.settings.ingest),
                recipe=self.recipe,
                retry=self.order.retry_failed,
                everything=self.order.rebuild,
            )
        for source in survey.chosen():
            if self._asked_to_stop():
                break
            self._read(source)
            self._flush_if_full()
            self._step()
        self._flush()
        if not self.stopped:
            with self.store.guarded():
                self.removed = survey.close_up(self.run, missing)
            self._code_again()

    def _usable(self, sources: Iterable[Source | Failure], missing: list[str]) -> Iterable[Source]:
        for source in sources:
            if isinstance(source, Failure):
                self.failures.append(source)
                missing.append(source.source)
            else:
                yield source

    def _asked_to_stop(self) -> bool:
        self.stopped = self.stopped or self.order.stop()
        return self.stopped

    def _step(self, steps: int = 1) -> None:
        self._done += steps
        if self.order.progress:
            self.order.progress(self._done, self._total)

    def _read(self, source: Source) -> None:
        known = self.store.ledger.one("SELECT * FROM sources WHERE name = ?", [source.name])
        ingest = fingerprint(self.settings.ingest)
        data, refused = b"", None
        try:
            data = bytes_of(source, self.settings.ingest)
        except UnreachableError as error:
            return self._fail(source.name, Failure(source.name, "ingest", str(error)))
        except DocumentError as error:
            refused = Failure(source.name, "ingest", str(error))
        sha256 = "" if refused else hashlib.sha256(data).hexdigest()
        modified = _trusted(source.modified)
        same = known is not None and sha256 != "" and known["sha256"] == sha256
        if same and known and known["ingest"] == ingest and not self._must_read(source.name):
            self._commit.unchanged.append((source.size, modified, source.name))
            return None
        version = (known["version"] + (not same) if known else 1) or 1
        why = "rebuild" if self.order.rebuild else _why(known is not None, same)
        ids: dict[str, None] = {}
        for found in (
            [refused] if refused else documents_in(data, source.name, self.settings.ingest)
        ):
            if isinstance(found, Failure):
                self._fail(source.name, found)
            elif found.id not in ids:
                ids[found.id] = None
                self._take(found, source.name, version, why)
        self._commit.readings.append(
            Reading(
                source.name,
                source.root,
                source.size,
                modified,
                sha256,
                ingest,
                version,
                tuple(ids),
                why,
            )
        )
        self.read += 1
        return None

    def _must_read(self, name: str) -> bool:
        if self.order.rebuild:
            return True
        failed = """SELECT 1 FROM failures WHERE source = ?
                    AND (? OR (stage <> 'ingest' AND recipe <> ?))"""
        values = [name, self.order.retry_failed, self.recipe]
        return self.store.ledger.one(failed, values) is not None

    def _take(self, document: Document, source: str, version: int, why: str) -> None:
        """Keep a document for coding, unless the store holds it as it was read."""
        content = content_digest(document)
        row = self.store.ledger.one("SELECT content FROM documents WHERE id = ?", [document.id])
        if row and row["content"] == content and not self.order.rebuild:
            return
        self._flush_if_full()
        self._waiting.append(Coded(document, document.title, source, version, content, why))
        if len(self._waiting) >= min(BATCH, self.settings.store.shard):
            self._code_waiting(0)

    def _code_waiting(self, stages: int) -> set[str]:
        """Code what waits, from a stage on; returns the ids of the documents that passed."""
        waiting, self._waiting = self._waiting, []
        sources = {c.document.id: c for c in waiting}
        documents, failures = process(
            [c.document for c in waiting],
            self.settings.stages[stages:],
            seconds=self.settings.ingest.seconds,
        )
        for document in documents:
            coded = sources.pop(document.id)
            coded.document = document
            self._commit.coded.append(coded)
        by_name = {c.document.source: c.source for c in waiting}
        for failure in failures:
            self._fail(by_name[failure.source], failure)
        return {document.id for document in documents}

    def _fail(self, source: str, failure: Failure) -> None:
        logger.info(
            "%s: %s",
            failure.source,
            failure.reason,
            extra={"event": "failed", "stage": failure.stage},
        )
        self.failures.append(failure)
        self._commit.failures.append((source, failure))

    def _flush_if_full(self, stages: int = 0) -> None:
        if self._commit.size >= self.settings.store.shard:
            self._flush(stages)

    def _flush(self, stages: int = 0) -> None:
        """Code what waits and commit everything."""
        if self._waiting:
            self._code_waiting(stages)
        commit, self._commit = self._commit, Commit()
        self.store.commit(commit, run=self.run, name=self.name, recipe=self.recipe)
        self.coded += len(commit.coded)
        if commit.coded:
            logger.info(
                "%d articles stored",
                len(commit.coded),
                extra={"event": "stored", "done": self._done},
            )

    def _code_again(self) -> None:
        """Code documents again from the first stage that is not as it was when they were coded."""
        recipes = self.store.ledger.recipes()
        now = recipes[self.recipe]
        self._total += self.store.stale_count(self.recipe)
        for shard, rows in self.store.stale(self.recipe):
            table = self.store.table(shard)
            for recipe in sorted({row["recipe"] for row in rows}):
                own = [row for row in rows if row["recipe"] == recipe]
                first = first_change(recipes[recipe], now)
                for part in range(0, len(own), BATCH):
                    if self._asked_to_stop():
                        return self._flush(first)
                    self._again(table, own[part : part + BATCH], first)
                self._flush(first)
        return None

    def _again(self, table: Any, rows: Sequence[Any], first: int) -> None:
        why = f"{type(self.settings.stages[first]).__name__.lower()} changed"
        self._waiting = stored(table, rows, first, why)
        before = {c.document.id for c in self._waiting}
        passed = self._code_waiting(first)
        self._commit.dropped += sorted(before - passed)
        self.recoded += len(passed)
        self._step(len(rows))
        self._flush_if_full(first)


def first_change(before: Sequence[str], now: Sequence[str]) -> int:
    """How many stages from the first on are as they were."""
    pairs = zip(before, now, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(before), len(now)) - 1)


def _why(known: bool, same: bool) -> str:
    if not known:
        return "new"
    return "read again" if same else "changed"


def _trusted(modified: int | None) -> int | None:
    fresh = modified is not None and modified > time.time_ns() - int(FRESH * 1e9)
    return None if fresh else modified
