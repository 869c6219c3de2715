"""The whole order of a run: the only file that knows it."""

import logging
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from textpipe import __version__
from textpipe.coding import Coding, Order
from textpipe.errors import StoreError, TextpipeError, UsageError
from textpipe.findings import Failure, RunSummary
from textpipe.forking import leave_where_starting
from textpipe.ingest import SUFFIXES, find_sources
from textpipe.records import Source
from textpipe.report import check_writable
from textpipe.reporting import Reporting
from textpipe.settings import Settings
from textpipe.stage import check_order, fingerprint
from textpipe.store import (
    LIVE,
    LIVE_FAILURES,
    Pruned,
    Store,
    locked,
    open_ledger,
)
from textpipe.store import prune as pruned
from textpipe.work import without_collector

__all__ = ["Order", "Run", "prune", "run"]

logger = logging.getLogger("textpipe")

READ_AS_ONE = 6
"""Stored articles whose reading for the reports weighs as coding one does where processes are chosen (it takes a
third of the time each; the reports of 20,000 articles on two cores: 49 s by one, 45 s by two; of 5,000: 17.5, 18.7)."""


def run(
    paths: Sequence[Path],
    settings: Settings | None = None,
    order: Order | None = None,
    *,
    wait: float = 0,
) -> RunSummary:
    """Bring the store up to date with the articles at the paths, and write the reports to `[report] out`
    where they are not up to date.

    Only what is new, changed, or coded by other settings before is done. Failures are collected; the
    others go on. `wait`: seconds to wait for another run to end. Raises UsageError, with earlier outputs
    untouched, where nothing can be read; StoreBusyError, where another run holds the store; StoreError,
    where the disk refuses, with all that was stored before.
    """
    leave_where_starting()
    began = time.perf_counter()
    settings = settings or Settings()
    check_order(settings.stages, given=("raw",))
    sources, failures = _first(find_sources(paths, SUFFIXES))
    if not sources:
        raise UsageError(_nothing_found(paths, failures))
    folder = settings.store_folder
    check_writable(settings.report.out)
    recipe = [fingerprint(stage) for stage in settings.stages]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: the store cannot be made ({error.strerror}).") from error
    with without_collector(), locked(folder, wait=wait):
        store = Store(folder)
        try:
            own = Run(store, settings, order or Order(), began, *_begin(store, recipe))
            return own.finished(chain(failures, sources))
        finally:
            store.close()


def prune(settings: Settings, *, dry_run: bool = False, wait: float = 0) -> Pruned:
    """Clear the store of what no run needs any more. Raises UsageError where there is no store."""
    folder = settings.store_folder
    open_ledger(folder).close()
    with locked(folder, wait=wait):
        store = Store(folder)
        try:
            run = int(store.ledger.value("SELECT coalesce(max(id), 0) FROM runs"))
            name = f"prune-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}"
            most = settings.store.shard
            return pruned(store, run=run, name=name, shard=most, dry_run=dry_run)
        finally:
            store.close()


def _first(
    found: Iterator[Source | Failure],
) -> tuple[Iterable[Source | Failure] | None, list[Failure]]:
    """The stream from its first source on, None where it has none, and the failures before that."""
    failures: list[Failure] = []
    for one in found:
        if isinstance(one, Source):
            return chain([one], found), failures
        failures.append(one)
    return None, failures


def _begin(store: Store, recipe: Sequence[str]) -> tuple[int, str, int]:
    with store.guarded():
        lost = store.forget_lost_files()
        begun = store.ledger.begin_run(recipe, __version__)
    for name in lost:
        logger.warning("%s: the file is lost or cut; its articles are coded again.", name)
    logger.info("run %s began", begun[1], extra={"event": "began", "run": begun[1]})
    return begun


@dataclass
class Run:
    """One run on a store whose lock is held."""

    store: Store
    settings: Settings
    order: Order
    began: float
    number: int
    name: str
    recipe: int
    coding: Coding = field(init=False)
    reporting: Reporting = field(init=False)

    def __post_init__(self) -> None:
        own = (self.number, self.name, self.recipe)
        self.coding = Coding(self.store, self.settings, self.order, *own)
        self.reporting = Reporting(self.store, self.settings, *own)

    def finished(self, sources: Iterable[Source | Failure]) -> RunSummary:
        """Do it all, and say in the ledger how it ended."""
        try:
            with self.coding.brought_up_to_date(sources, self._reading) as engine:
                state = "stopped" if self.coding.stopped else "done"
                if not self.reporting.live() and state == "done":
                    raise UsageError("no article could be processed:\n" + _listed(self.failures()))
                reported = state == "done" and self.reporting.is_due()
                given = self.reporting.read(engine) if reported else None
            if given:
                self.reporting.write(*given, failures=self.failures(), began=self.began)
        except TextpipeError as error:
            self._end("failed", str(error))
            raise
        self._end(state)
        return self._summary(reported=reported)

    def _reading(self, coming: int) -> int:
        """What reading for the reports takes, as the number of articles that could be coded meanwhile."""
        return self.reporting.live() // READ_AS_ONE if self.reporting.is_due(coming) else 0

    def failures(self) -> list[Failure]:
        """All that could not be read or coded, this run's and earlier ones'."""
        rows = self.store.ledger.rows(LIVE_FAILURES)
        known = {(r["part"], r["stage"]): Failure(r["part"], r["stage"], r["reason"]) for r in rows}
        own = {(f.source, f.stage): f for f in self.coding.failures}
        return sorted((known | own).values(), key=lambda f: (f.source, f.stage))

    def _end(self, state: str, message: str = "") -> None:
        c = self.coding
        seconds = round(time.perf_counter() - self.began, 3)
        try:
            with self.store.guarded():
                self.store.ledger.end_run(
                    self.number, state, message=message, seconds=seconds, given=c.given, read=c.read,
                    coded=c.coded, failed=len(c.failures), removed=c.removed,
                )  # fmt: skip
        except StoreError as error:
            logger.error("%s", error)
            if state != "failed":
                raise
        logger.info(
            "run %s: %s", self.name, state,
            extra={"event": "ended", "state": state, "seconds": seconds, "given": c.given,
                   "coded": c.coded, "failed": len(c.failures)},
        )  # fmt: skip

    def _summary(self, *, reported: bool) -> RunSummary:
        db, c, out = self.store.ledger, self.coding, self.settings.report.out
        live = db.one(f"SELECT count(*), sum(coded), sum(unsure), sum(duplicates) FROM ({LIVE})")
        read, coded, unsure, duplicates = (int(x or 0) for x in tuple(live or (0, 0, 0, 0)))
        last = self.reporting.last()
        own = {(f.source, f.stage) for f in c.failures}
        return RunSummary(
            read=read, coded_sentences=coded, unsure_sentences=unsure, duplicate_sentences=duplicates,
            failures=tuple(c.failures), out=str(out), report=str(out / "report.html"),
            seconds=round(time.perf_counter() - self.began, 3), run=self.name,
            store=str(self.store.folder), coded=c.coded, recoded=c.recoded, removed=c.removed,
            quarantined=tuple(f for f in self.failures() if (f.source, f.stage) not in own),
            reported=reported, report_from=last["finished"] if last else "", newer=self.reporting.newer(),
            stopped=c.stopped,
        )  # fmt: skip


def _nothing_found(paths: Sequence[Path], failures: Sequence[Failure]) -> str:
    if failures:
        return "no article to read:\n" + _listed(failures)
    names, known = ", ".join(map(str, paths)), ", ".join(SUFFIXES)
    return f"{names}: no article found. Put {known} files there, or give another path."


def _listed(failures: Sequence[Failure]) -> str:
    return "\n".join(f"  {f.source}: {f.reason}" for f in failures)
