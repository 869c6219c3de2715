"""One run's work on a store: jobs to an engine, and what comes back into the store."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from textpipe.coding.again import Again
from textpipe.coding.intake import Intake, Touched
from textpipe.coding.order import Order
from textpipe.engine import Engine
from textpipe.findings import Failure
from textpipe.records import Source
from textpipe.settings import Settings, stages_as_json
from textpipe.store import Coded, Commit, Store, Survey
from textpipe.work import BATCH, Files, Job, Outcome, Stored, results

logger = logging.getLogger("textpipe")

MANY = 16
"""Jobs that a run is cut into at the least, as far as they have a batch each."""
ARTICLE = 10_000
"""Bytes that are taken for an article before a file is read (some 3,000 characters): a file may hold
thousands, and whether more processes are worth their start depends on it."""


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
    _commit: Commit = field(default_factory=Commit)
    _done: int = 0
    _total: int = 0

    @cached_property
    def _intake(self) -> Intake:
        return Intake(
            self.store.ledger, self.settings, self.order, self.recipe,
            self._note_unchanged, self._asked_to_stop,
        )  # fmt: skip

    @cached_property
    def _again(self) -> Again:
        return Again(self.store, self.settings, self.recipe, self._asked_to_stop)

    @contextmanager
    def brought_up_to_date(
        self, sources: Iterable[Source | Failure], further: Callable[[int], int]
    ) -> Iterator[Engine]:
        """Read and code what the sources need, note what is gone, and code again what was coded
        otherwise; ends early, with all that is done committed, where it is asked to stop. Gives the engine
        that did it, for what else is to do: `further` says how much that is, in articles to be coded, where so
        many are to be coded here."""
        missing: list[str] = []
        survey = Survey(self.store.ledger)
        with self.settings.engine.prepared(stages_as_json(self.settings)) as started:
            with self.store.guarded():
                self.given = survey.take(self._usable(sources, missing))
                self._total = survey.choose(
                    ingest=self._intake.reader,
                    recipe=self.recipe,
                    retry=self.order.retry_failed,
                    everything=self.order.rebuild,
                )
            own = max(self._total, survey.bytes() // ARTICLE)
            own += self.store.stale_count(self.recipe)
            with started(own + further(own)) as engine:
                self._carry_out(
                    engine, self._intake.jobs(survey, self._most(), here=engine.is_here)
                )
                if not self.stopped:
                    with self.store.guarded():
                        self.removed = survey.close_up(self.run, missing)
                    self._total += self.store.stale_count(self.recipe)
                    self._carry_out(engine, self._again.jobs(self._most()))
                yield engine

    def _usable(self, sources: Iterable[Source | Failure], missing: list[str]) -> Iterable[Source]:
        for source in sources:
            if isinstance(source, Failure):
                self.failures.append(source)
                missing.append(source.source)
            else:
                yield source

    def _most(self) -> int:
        """Articles of a job: more where there is more to do, which costs fewer messages; few enough that
        each process has many, and that no job is more than a data file."""
        return min(max(BATCH, self._total // MANY), self.settings.store.shard)

    def _carry_out(self, engine: Engine, jobs: Iterable[Job]) -> None:
        """Have jobs done, and commit their outcomes."""
        for job, outcome in results(engine, jobs):
            self._commit.tables += outcome.tables
            for name, failure in outcome.failures:
                self._fail(name, failure)
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

    def _take_files(self, job: Files, outcome: Outcome) -> None:
        for row in outcome.rows:
            opened = self._intake.opened(row.source)
            self._commit.coded.append(Coded(row, opened.version, opened.why))
        for file, read in zip(job.files, outcome.read, strict=True):
            reading = self._intake.closed(file.name, read)
            if reading is not None:
                self._commit.readings.append(reading)
                self.read += 1

    def _take_stored(self, job: Stored, outcome: Outcome) -> None:
        coded, dropped = self._again.coded(job, outcome)
        self._commit.coded += coded
        self._commit.dropped += dropped
        self.recoded += len(coded)

    def _note_unchanged(self, file: Touched) -> None:
        self._commit.unchanged.append(file)
        self._step()
        self._flush_if_full()

    def _fail(self, source: str, failure: Failure) -> None:
        logger.info(
            "%s: %s",
            failure.source,
            failure.reason,
            extra={"event": "failed", "stage": failure.stage},
        )
        self.failures.append(failure)
        self._commit.failures.append((source, failure))

    def _asked_to_stop(self) -> bool:
        self.stopped = self.stopped or self.order.stop()
        return self.stopped

    def _step(self, steps: int = 1) -> None:
        self._done += steps
        if self.order.progress:
            self.order.progress(self._done, self._total)

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
