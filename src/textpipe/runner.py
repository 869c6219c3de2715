"""The whole order of a run: the only file that knows it."""

import json
import logging
import os
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, starmap
from pathlib import Path
from typing import TYPE_CHECKING

from textpipe import __version__
from textpipe.coding import Coding, Order
from textpipe.engine import Engine
from textpipe.errors import StoreError, TextpipeError, UsageError
from textpipe.findings import Failure, RunSummary
from textpipe.ingest import SUFFIXES, find_sources
from textpipe.places import reached
from textpipe.records import Document, Source
from textpipe.report import (
    REPORTS,
    check_writable,
    manifest_bytes,
    report_files,
    write_files,
)
from textpipe.settings import Settings
from textpipe.stage import check_order, digest, fingerprint
from textpipe.store import (
    LIVE,
    LIVE_FAILURES,
    Pruned,
    Store,
    documents_of,
    locked,
    now,
    open_ledger,
)
from textpipe.store import prune as pruned
from textpipe.work import Held, counts_of, without_collector

if TYPE_CHECKING:
    from textpipe.analysis import Counts
    from textpipe.collector import History

__all__ = ["Order", "Run", "prune", "run"]

logger = logging.getLogger("textpipe")


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

    def __post_init__(self) -> None:
        self.coding = Coding(
            self.store, self.settings, self.order, self.number, self.name, self.recipe
        )

    def finished(self, sources: Iterable[Source | Failure]) -> RunSummary:
        """Do it all, and say in the ledger how it ended."""
        try:
            with self.coding.brought_up_to_date(sources) as engine:
                state = "stopped" if self.coding.stopped else "done"
                if not self.live() and state == "done":
                    raise UsageError("no article could be processed:\n" + _listed(self.failures()))
                reported = state == "done" and self._is_report_due()
                given = self._read(engine) if reported else None
            if given:
                self._write(*given)
        except TextpipeError as error:
            self._end("failed", str(error))
            raise
        self._end(state)
        return self._summary(reported=reported)

    def live(self) -> int:
        """How many articles the corpus has."""
        return int(self.store.ledger.value(f"SELECT count(*) FROM ({LIVE})"))

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

    def _folder(self) -> str:
        return str(self.settings.report.out.resolve())

    def _is_report_due(self) -> bool:
        """Whether the reports are not up to date, and the settings do not say to leave them."""
        report, db = self.settings.report, self.store.ledger
        last = db.one("SELECT * FROM reports WHERE folder = ?", [self._folder()])
        complete = last is not None and _is_complete(report.out, str(last["name"]))
        if last and complete and (last["generation"], last["fingerprint"]) == (
            db.generation, self._fingerprint(),
        ):  # fmt: skip
            return False
        if report.when == "never":
            return False
        small_change = last and self._newer() * 100 < self.live()
        waits = report.when == "auto" and complete and self.live() > report.large
        return not (waits and small_change)

    def _fingerprint(self) -> str:
        """What the reports depend on beside the articles."""
        report = self.settings.report
        choices = [report.language, report.keywords, report.figures, report.period]
        return digest(json.dumps([__version__, self.recipe, choices]))

    def _newer(self) -> int:
        """How many articles came, changed or went since the last reports."""
        last = self.store.ledger.value("SELECT run FROM reports WHERE folder = ?", [self._folder()])
        if last is None:
            return self.live()
        gone = "SELECT count(*) FROM sources WHERE NOT live AND gone_run > ?"
        return int(
            self.store.ledger.value(f"SELECT count(*) FROM ({LIVE}) WHERE run > ?", [last])
            + self.store.ledger.value(gone, [last])
        )

    def _read(self, engine: Engine) -> tuple[list[Document], "Counts"]:
        """The live documents and what is counted in them. Each data file is counted where the engine does it
        while the one before it is made documents here."""
        from textpipe.analysis import merge

        documents: list[Document] = []
        parts: list[Counts] = []
        for job, counts in counts_of(engine, starmap(Held, self.store.live_files())):
            parts.append(counts)
            documents += documents_of(job.content, job.places)
        return documents, merge(parts)

    def _write(self, documents: Sequence[Document], counts: "Counts") -> None:
        from textpipe.collector import collect, manifest

        db, out, folder = self.store.ledger, self.settings.report.out, self._folder()
        history = self._history()
        results = collect(documents, self.failures(), self.settings, history, counts)
        files = report_files(results, figures=self.settings.report.figures)
        seconds = round(time.perf_counter() - self.began, 3)
        about = manifest(results, self.settings, history, seconds, self.name)
        files["manifest.json"] = manifest_bytes(about)
        write_files(out, files)
        with self.store.guarded(), db.transaction():
            db.do(
                "INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    folder,
                    db.generation,
                    self._fingerprint(),
                    self.number,
                    self.name,
                    history.now,
                    self.live(),
                ],
            )
            db.do("INSERT OR IGNORE INTO reported VALUES (?, ?)", [folder, self.number])
        logger.info("reports written to %s", out, extra={"event": "reported"})

    def _history(self) -> "History":
        """When the reports in this folder first told of each article, and what is gone since the last."""
        from textpipe.collector import History

        db, folder = self.store.ledger, self._folder()
        told = db.rows(
            "SELECT r.id, r.began FROM reported p JOIN runs r ON r.id = p.run WHERE p.folder = ?"
            " ORDER BY r.id", [folder],
        )  # fmt: skip
        runs = [row["id"] for row in told]
        here = now()
        times = [*(row["began"] for row in told), here]
        first = {
            row["id"]: times[bisect_left(runs, row["first_run"])]
            for row in db.rows(f"SELECT id, first_run FROM ({LIVE})")
        }
        gone = db.rows(
            "SELECT name FROM sources WHERE NOT live AND gone_run > ? ORDER BY name",
            [runs[-1] if runs else self.number],
        )
        return History(first, tuple(row["name"] for row in gone), here)

    def _summary(self, *, reported: bool) -> RunSummary:
        db, c, out = self.store.ledger, self.coding, self.settings.report.out
        live = db.one(f"SELECT count(*), sum(coded), sum(unsure), sum(duplicates) FROM ({LIVE})")
        read, coded, unsure, duplicates = (int(x or 0) for x in tuple(live or (0, 0, 0, 0)))
        last = db.one("SELECT * FROM reports WHERE folder = ?", [self._folder()])
        own = {(f.source, f.stage) for f in c.failures}
        return RunSummary(
            read=read, coded_sentences=coded, unsure_sentences=unsure, duplicate_sentences=duplicates,
            failures=tuple(c.failures), out=str(out), report=str(out / "report.html"),
            seconds=round(time.perf_counter() - self.began, 3), run=self.name,
            store=str(self.store.folder), coded=c.coded, recoded=c.recoded, removed=c.removed,
            quarantined=tuple(f for f in self.failures() if (f.source, f.stage) not in own),
            reported=reported, report_from=last["finished"] if last else "", newer=self._newer(),
            stopped=c.stopped,
        )  # fmt: skip


def _is_complete(out: Path, name: str) -> bool:
    """Whether the folder holds the reports of the run of that name."""
    try:
        with reached():
            end = (out / "manifest.json").read_bytes()[-400:]
            return name.encode() in end and all((out / report).is_file() for report in REPORTS)
    except OSError:
        return False


def _nothing_found(paths: Sequence[Path], failures: Sequence[Failure]) -> str:
    if failures:
        return "no article to read:\n" + _listed(failures)
    names, known = ", ".join(map(str, paths)), ", ".join(SUFFIXES)
    return f"{names}: no article found. Put {known} files there, or give another path."


def _listed(failures: Sequence[Failure]) -> str:
    return "\n".join(f"  {f.source}: {f.reason}" for f in failures)
