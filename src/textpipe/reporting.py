"""The reports of a store: whether they are due, and writing them."""

import json
import logging
import shutil
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textpipe import __version__
from textpipe.engine import Engine
from textpipe.findings import Failure
from textpipe.limits import give_back_memory
from textpipe.places import reached
from textpipe.report import (
    REPORTS,
    Files,
    Presses,
    long_table_files,
    manifest_bytes,
    report_files,
    write_files,
)
from textpipe.settings import Settings
from textpipe.stage import digest
from textpipe.store import LIVE, Store, now
from textpipe.work import SHELF, Held, Shelf, parts_of

if TYPE_CHECKING:
    import sqlite3

    from textpipe.analysis import Counts
    from textpipe.collector import History

logger = logging.getLogger("textpipe")


@dataclass(frozen=True)
class Reporting:
    """One run's reports of a store into `[report] out`."""

    store: Store
    settings: Settings
    run: int
    name: str
    recipe: int

    def live(self) -> int:
        """How many articles the corpus has."""
        return int(self.store.ledger.value(f"SELECT count(*) FROM ({LIVE})"))

    def last(self) -> "sqlite3.Row | None":
        """The ledger's row of the last reports in the folder."""
        return self.store.ledger.one("SELECT * FROM reports WHERE folder = ?", [self._folder()])

    def _folder(self) -> str:
        return str(self.settings.report.out.resolve())

    def is_due(self, coming: int = 0) -> bool:
        """Whether the reports are not up to date, and the settings do not say to leave them; `coming`: how many
        articles are going to change."""
        report, db = self.settings.report, self.store.ledger
        if report.when == "never":
            return False
        last = self.last()
        complete = last is not None and _is_complete(report.out, str(last["name"]))
        if not coming and last and complete and (last["generation"], last["fingerprint"]) == (
            db.generation, self._fingerprint(),
        ):  # fmt: skip
            return False
        small_change = last and (self.newer() + coming) * 100 < self.live() + coming
        waits = report.when == "auto" and complete and self.live() > report.large
        return not (waits and small_change)

    def _fingerprint(self) -> str:
        """What the reports depend on beside the articles."""
        report = self.settings.report
        choices = [report.language, report.keywords, report.figures, report.period]
        return digest(json.dumps([__version__, self.recipe, choices]))

    def newer(self) -> int:
        """How many articles came, changed or went since the last reports."""
        if (last := self.last()) is None:
            return self.live()
        gone = "SELECT count(*) FROM sources WHERE NOT live AND gone_run > ?"
        return int(
            self.store.ledger.value(f"SELECT count(*) FROM ({LIVE}) WHERE run > ?", [last["run"]])
            + self.store.ledger.value(gone, [last["run"]])
        )

    def read(self, engine: Engine) -> "tuple[Shelf, Counts]":
        """The live articles, and what is counted in them: each data file is read where the engine does it."""
        give_back_memory()
        with self.store.guarded():
            shelf = self._shelf()
            try:
                counts = self._counts(engine, shelf)
            except BaseException:
                shelf.close()
                raise
        give_back_memory()
        return shelf, counts

    def _counts(self, engine: Engine, shelf: Shelf) -> "Counts":
        """What is counted in the data files, whose articles go to the shelf."""
        from textpipe.analysis import Merger

        axes, files = self.settings.classify.loaded_codebook().axes, list[Path]()

        def jobs() -> Iterator[Held]:
            for content, places in self.store.live_files():
                files.append(shelf.file())
                yield Held(content, places, axes, files[-1] if engine.is_here else None)

        merger = Merger(shelf.folder)
        for number, part in enumerate(parts_of(engine, jobs())):
            shelf.put(part, files[number])
            merger.add(part.counts)
        shelf.sort()
        give_back_memory()
        return merger.merged()

    def _shelf(self) -> Shelf:
        """A shelf beside the data; one that a killed run has left goes."""
        for left in self.store.folder.glob(f"{SHELF}*"):
            shutil.rmtree(left, ignore_errors=True)
        return Shelf(self.store.folder)

    def write(
        self, articles: Shelf, counts: "Counts", *, failures: Sequence[Failure], began: float
    ) -> None:
        """Write them, from the live articles, which go then, and what is counted in them; the run began at
        `began` (`time.perf_counter`)."""
        from textpipe.collector import collect, manifest

        db, out, folder = self.store.ledger, self.settings.report.out, self._folder()
        history = self._history()

        def files(presses: Presses) -> Files:
            yield from long_table_files(articles, self.settings.classify.loaded_codebook())
            results = collect(articles, counts, failures, self.settings, history)
            give_back_memory()
            for file in report_files(results, presses, figures=self.settings.report.figures):
                give_back_memory()
                yield file
            seconds = round(time.perf_counter() - began, 3)
            about = manifest(results, self.settings, history, seconds, self.name)
            yield "manifest.json", manifest_bytes(about)

        try:
            with Presses() as presses:
                write_files(out, files(presses))
        finally:
            articles.close()
        with self.store.guarded(), db.transaction():
            db.do(
                "INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    folder,
                    db.generation,
                    self._fingerprint(),
                    self.run,
                    self.name,
                    history.now,
                    self.live(),
                ],
            )
            db.do("INSERT OR IGNORE INTO reported VALUES (?, ?)", [folder, self.run])
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
            [runs[-1] if runs else self.run],
        )
        return History(first, tuple(row["name"] for row in gone), here)


def _is_complete(out: Path, name: str) -> bool:
    """Whether the folder holds the reports of the run of that name."""
    try:
        with reached():
            end = (out / "manifest.json").read_bytes()[-400:]
            return name.encode() in end and all((out / report).is_file() for report in REPORTS)
    except OSError:
        return False
