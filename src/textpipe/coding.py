"""Bringing a store up to date: read what is new or changed, code what is new or coded otherwise."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from textpipe.engine import Engine
from textpipe.findings import Failure
from textpipe.ingest import STANDARD_INPUT, Content, bytes_of, contents
from textpipe.places import is_remote
from textpipe.records import Source
from textpipe.settings import Settings, stages_as_json
from textpipe.stage import fingerprint
from textpipe.store import Coded, Commit, Reading, Store, Survey
from textpipe.work import BATCH, File, Files, Job, Outcome, Read, Stored, results

logger = logging.getLogger("textpipe")

MANY = 16
"""Jobs that a run is cut into at the least, as far as they have a batch each."""
MOST_BYTES = 4_000_000
"""Bytes of the files of a job, beyond which it takes no further file."""
ARTICLE = 10_000
"""Bytes that are taken for an article before a file is read (some 3,000 characters): a file may hold
thousands, and whether more processes are worth their start depends on it."""
FRESH = 2.0
"""Seconds within which a file may change again without its time telling so: such a time is not kept."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Order:
    """What a run is asked for: to read everything anew (`rebuild`), to try failures again, and when to
    stop early (asked after each job)."""

    rebuild: bool = False
    retry_failed: bool = False
    stop: Callable[[], bool] = lambda: False
    progress: Progress | None = None


class Opened(NamedTuple):
    """A file whose articles are under way."""

    source: Source
    modified: int | None
    version: int
    why: str


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
    _known: dict[str, sqlite3.Row] = field(default_factory=dict)
    _opened: dict[str, Opened] = field(default_factory=dict)
    _again: dict[str, tuple[int, str]] = field(default_factory=dict)
    _commit: Commit = field(default_factory=Commit)
    _done: int = 0
    _total: int = 0

    @cached_property
    def _ingest(self) -> str:
        return fingerprint(self.settings.ingest)

    @contextmanager
    def brought_up_to_date(self, sources: Iterable[Source | Failure]) -> Iterator[Engine]:
        """Read and code what the sources need, note what is gone, and code again what was coded
        otherwise; ends early, with all that is done committed, where it is asked to stop. Gives the engine
        that did it, for what else is to do."""
        missing: list[str] = []
        survey = Survey(self.store.ledger)
        with self.settings.engine.prepared(stages_as_json(self.settings)) as started:
            with self.store.guarded():
                self.given = survey.take(self._usable(sources, missing))
                self._total = survey.choose(
                    ingest=self._ingest,
                    recipe=self.recipe,
                    retry=self.order.retry_failed,
                    everything=self.order.rebuild,
                )
            new = max(self._total, survey.bytes() // ARTICLE)
            with started(new + self.store.stale_count(self.recipe)) as engine:
                self._carry_out(engine, self._new(survey, engine.is_here))
                if not self.stopped:
                    with self.store.guarded():
                        self.removed = survey.close_up(self.run, missing)
                    self._total += self.store.stale_count(self.recipe)
                    self._carry_out(engine, self._stale())
                yield engine

    def _carry_out(self, engine: Engine, jobs: Iterable[Job]) -> None:
        """Have jobs done, and commit their outcomes."""
        for job, outcome in results(engine, jobs):
            if isinstance(job, Files):
                self._take_files(job, outcome)
                self._step(len(job.files))
            else:
                self._take_stored(job, outcome)
                self._step(len(job.names))
            self._flush_if_full()
            if self._asked_to_stop():
                break
        self._flush()

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

    @property
    def _most(self) -> int:
        """Articles of a job: more where there is more to do, which costs fewer messages; few enough that
        each process has many, and that no job is more than a data file."""
        return min(max(BATCH, self._total // MANY), self.settings.store.shard)

    def _new(self, survey: Survey, here: bool) -> Iterator[Job]:
        """The jobs to read the chosen files. `here`: whether whoever does them can open the files of this
        machine."""
        waiting: list[File] = []
        size = 0
        read = self._left_to_the_job if here else self._bytes
        for source, content in contents(self._chosen(survey), read):
            if self._asked_to_stop():
                return
            file = self._open(source, content)
            if file is None:
                self._step()
                self._flush_if_full()
                continue
            waiting.append(file)
            size += len(content) if isinstance(content, bytes) else source.size or 0
            if len(waiting) >= self._most or size >= MOST_BYTES:
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
        wanted = (
            source.name in self._known or is_remote(source.path) or source.path == STANDARD_INPUT
        )
        return self._bytes(source) if wanted else source.path

    def _job(self, waiting: list[File]) -> Files:
        settings = self.settings
        return Files(tuple(waiting), settings.ingest, settings.stages, settings.store.shard)

    def _open(self, source: Source, content: Content) -> File | None:
        """A file to read; None where it holds what it held and nothing in it is to be coded."""
        known = self._known.pop(source.name, None)
        modified = _trusted(source.modified)
        same = (
            known is not None
            and isinstance(content, bytes)
            and known["sha256"] == sha256(content).hexdigest()
        )
        if same and known and known["ingest"] == self._ingest and not self._must_read(source.name):
            self._commit.unchanged.append((source.size, modified, source.name))
            return None
        version = (known["version"] + (not same) if known else 1) or 1
        why = "rebuild" if self.order.rebuild else _why(known is not None, same)
        self._opened[source.name] = Opened(source, modified, version, why)
        return File(source.name, content, self._coded_before(source.name) if known else None)

    def _coded_before(self, name: str) -> dict[str, str] | None:
        if self.order.rebuild:
            return None
        rows = self.store.ledger.rows("SELECT id, content FROM documents WHERE source = ?", [name])
        return {row["id"]: row["content"] for row in rows}

    def _must_read(self, name: str) -> bool:
        if self.order.rebuild:
            return True
        failed = """SELECT 1 FROM failures WHERE source = ?
                    AND (? OR (stage <> 'ingest' AND recipe <> ?))"""
        values = [name, self.order.retry_failed, self.recipe]
        return self.store.ledger.one(failed, values) is not None

    def _note(self, name: str, read: Read) -> None:
        """Note that a file was read to its end; one that could not be opened is not known then."""
        source, modified, version, why = self._opened.pop(name)
        if read.sha256 is None:
            return
        self._commit.readings.append(
            Reading(
                name,
                source.root,
                source.size,
                modified,
                read.sha256,
                self._ingest,
                version,
                read.ids,
                why,
            )
        )
        self.read += 1

    def _take_files(self, job: Files, outcome: Outcome) -> None:
        for row in outcome.rows:
            opened = self._opened[row.source]
            self._commit.coded.append(Coded(row, opened.version, opened.why))
        self._commit.tables += outcome.tables
        for name, failure in outcome.failures:
            self._fail(name, failure)
        for file, read in zip(job.files, outcome.read, strict=True):
            self._note(file.name, read)

    def _fail(self, source: str, failure: Failure) -> None:
        logger.info(
            "%s: %s",
            failure.source,
            failure.reason,
            extra={"event": "failed", "stage": failure.stage},
        )
        self.failures.append(failure)
        self._commit.failures.append((source, failure))

    def _flush_if_full(self) -> None:
        if self._commit.size >= self.settings.store.shard:
            self._flush()

    def _flush(self) -> None:
        """Commit all that is done."""
        commit, self._commit = self._commit, Commit()
        self.store.commit(commit, run=self.run, name=self.name, recipe=self.recipe)
        self.coded += len(commit.coded)
        if commit.coded:
            logger.info(
                "%d articles stored",
                len(commit.coded),
                extra={"event": "stored", "done": self._done},
            )

    def _stale(self) -> Iterator[Job]:
        """The jobs to code articles again, from the first stage that is not as it was."""
        recipes = self.store.ledger.recipes()
        now = recipes[self.recipe]
        for shard, rows in self.store.stale(self.recipe):
            table = self.store.table(shard)
            for recipe in sorted({row["recipe"] for row in rows}):
                own = [row for row in rows if row["recipe"] == recipe]
                first = first_change(recipes[recipe], now)
                for part in range(0, len(own), self._most):
                    if self._asked_to_stop():
                        return
                    yield self._again_from(first, table, own[part : part + self._most])

    def _again_from(self, first: int, table: Any, rows: Sequence[Any]) -> Stored:
        why = f"{type(self.settings.stages[first]).__name__.lower()} changed"
        self._again |= {row["id"]: (row["version"], why) for row in rows}
        return Stored(
            table.take([row["place"] for row in rows]),
            tuple(row["source"] for row in rows),
            tuple(row["content"] for row in rows),
            self.settings.ingest,
            self.settings.stages,
            first,
            self.settings.store.shard,
        )

    def _take_stored(self, job: Stored, outcome: Outcome) -> None:
        about = {id: self._again.pop(id) for id in job.table.column("id").to_pylist()}
        self._commit.coded += [Coded(row, *about[row.id]) for row in outcome.rows]
        self._commit.tables += outcome.tables
        self._commit.dropped += sorted(about.keys() - {row.id for row in outcome.rows})
        for name, failure in outcome.failures:
            self._fail(name, failure)
        self.recoded += len(outcome.rows)


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
