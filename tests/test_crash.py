"""Runs that are killed, that meet, and whose disk refuses: nothing is lost, nothing is done twice."""

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from conftest import stored
from textpipe import disk
from textpipe.classify import Classify
from textpipe.errors import StoreError, TextpipeError
from textpipe.report import write_files
from textpipe.report.charts import FIGURE_FILES
from textpipe.runner import run
from textpipe.settings import Report, Settings, Storage
from textpipe.store import LIVE, Ledger, Store

KILLS = 44
ROUNDS = 4
MEETINGS = 20
CONFIG = "[report]\nfigures = false\n[store]\nshard = 4\n"


def articles(folder: Path, numbers: range) -> None:
    folder.mkdir(exist_ok=True, parents=True)
    for i in numbers:
        text = (
            f"2025年8月{i % 28 + 1}日\n\n第{i}座資料中心動工。台積電表示，出口管制恐衝擊訂單{i}。\n"
        )
        (folder / f"{i:03}.txt").write_text(text * 3, "utf-8")


def command(folder: Path, out: Path, *options: str) -> list[str]:
    config = folder.parent / "textpipe.toml"
    config.write_text(CONFIG)
    return [sys.executable, "-m", "textpipe", "run", str(folder), "--out", str(out),
            "--config", str(config), *options]  # fmt: skip


def tables(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((out / "tables").glob("*"))}


def check_whole(store: Path) -> None:
    """The ledger is sound, each article is there once, and what it names is on the disk."""
    ledger = Ledger(store)
    assert ledger.value("PRAGMA integrity_check") == "ok"
    assert ledger.rows("PRAGMA foreign_key_check") == []
    live = ledger.rows(LIVE)
    assert len({(row["shard"], row["place"]) for row in live}) == len(live)
    ledger.close()
    opened = Store(store)
    assert {d.id for d in opened.documents()} == {row["id"] for row in live}
    opened.close()


def test_runs_killed_at_random_instants_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:  # each mostly waits for the instant
        states = set().union(*pool.map(partial(killed_again_and_again, tmp_path), range(ROUNDS)))
    assert "killed" in states


def killed_again_and_again(tmp_path: Path, number: int) -> set[str]:
    """Runs on a folder that grows, each killed; then one that is left alone. Gives the states of the runs."""
    chooser, states = random.Random(20 + number), set[str]()
    place = tmp_path / f"round{number}"
    folder, out, whole = place / "in", place / "out", place / "whole"
    for kill in range(KILLS // ROUNDS):
        articles(folder, range(1 + kill * 3))
        started = time.perf_counter()
        process = subprocess.Popen(
            command(folder, out, *(["--rebuild"] if kill % 3 == 2 else [])),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        wanted = chooser.uniform(0.5, 3.5)
        while time.perf_counter() - started < wanted and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if (out / "store" / "ledger.sqlite").exists():
            check_whole(out / "store")
            ledger = Ledger(out / "store")
            states |= {row["state"] for row in ledger.rows("SELECT state FROM runs")}
            ledger.close()
    done = subprocess.run(command(folder, out), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    check_whole(out / "store")
    subprocess.run(command(folder, whole), check=True, capture_output=True)
    assert tables(out) == tables(whole)
    assert not list(out.glob(".textpipe-new-*"))
    return states


def test_of_two_runs_together_one_works_and_one_exits_75(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    articles(folder, range(1))
    codes = []
    for number in range(MEETINGS):
        articles(folder, range(number * 2 + 2))
        pair = [
            subprocess.Popen(
                command(folder, out, "--no-report", "--rebuild"),
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        errors = [process.communicate()[1] for process in pair]
        codes += [process.returncode for process in pair]
        for process, error in zip(pair, errors, strict=True):
            if process.returncode == 75:
                assert "--wait" in error and "Traceback" not in error
        check_whole(out / "store")
    assert set(codes) <= {0, 75} and codes.count(0) >= MEETINGS
    assert codes.count(75) >= MEETINGS // 2, "they seldom met"


def test_a_run_that_is_asked_to_stop_stores_what_it_has_and_exits_3(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    articles(folder, range(900))
    process = subprocess.Popen(
        command(folder, out, "--log-format", "json"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr
    for line in process.stderr:
        if '"stored"' in line:
            break
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate()
    assert process.returncode == 3 and "再執行一次即可接續" in output
    check_whole(out / "store")
    ledger = Ledger(out / "store")
    assert ledger.value("SELECT state FROM runs") == "stopped"
    assert 0 < ledger.value("SELECT count(*) FROM documents") < 900
    ledger.close()


class Faults:
    """Makes the call number `at` of a function fail; counts the calls."""

    def __init__(self, at: int) -> None:
        self.at, self.calls = at, 0

    def __call__(self, real: Callable[..., Any], half: Callable[..., Any] | None = None) -> Any:
        def maybe(*args: Any, **more: Any) -> Any:
            self.calls += 1
            if self.calls == self.at:
                if half:
                    half(*args, **more)
                raise OSError(28, "No space left on device")
            return real(*args, **more)

        return maybe


def half_written(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content[: len(content) // 2])


def failed_commit(real: Callable[[Ledger], None], faults: Faults) -> Callable[[Ledger], None]:
    def maybe(self: Ledger) -> None:
        faults.calls += 1
        if faults.calls == faults.at:
            raise sqlite3.OperationalError("disk I/O error")
        real(self)

    return maybe


def inject(patch: pytest.MonkeyPatch, kind: str, faults: Faults) -> None:
    if kind == "write":
        changed = faults(disk.write_synced, half_written)
        patch.setattr(disk, "write_synced", changed)
        patch.setattr("textpipe.report.write.write_synced", changed)
    elif kind == "fsync":
        patch.setattr(os, "fsync", faults(os.fsync))
    elif kind == "rename":
        changed = faults(disk.rename)
        patch.setattr(disk, "rename", changed)
        patch.setattr("textpipe.report.write.rename", changed)
    else:
        patch.setattr(Ledger, "commit", failed_commit(Ledger.commit, faults))


@pytest.mark.parametrize("kind", ["write", "fsync", "rename", "commit"])
def test_whichever_step_of_storing_fails_the_store_is_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    folder, start, goal = tmp_path / "in", tmp_path / "start", tmp_path / "goal"
    articles(folder, range(6))
    shown = Report(out=start, when="never")
    run([folder], Settings(report=shown, store=Storage(shard=2)))
    old = {d.id: d for d in stored(start)}
    articles(folder, range(10))
    (folder / "000.txt").write_text("聯發科期待訂單。", "utf-8")
    (folder / "001.txt").unlink()

    def later(out: Path) -> Settings:
        report = Report(out=out, when="never")
        return Settings(report=report, store=Storage(shard=2), classify=Classify(cost_missed=2.0))

    shutil.copytree(start, goal)
    counter = Faults(0)
    with monkeypatch.context() as patch:
        inject(patch, kind, counter)
        run([folder], later(goal))
    new = {d.id: d for d in stored(goal)}
    assert counter.calls >= 5 and old != new
    for at in range(1, counter.calls + 1):
        out = tmp_path / f"{kind}{at}"
        shutil.copytree(start, out)
        faults = Faults(at)
        with monkeypatch.context() as patch:
            inject(patch, kind, faults)
            with pytest.raises(StoreError):
                run([folder], later(out))
        assert faults.calls >= at
        check_whole(out / "store")
        for document in stored(out):
            assert document in (old.get(document.id), new.get(document.id))
        run([folder], later(out))
        check_whole(out / "store")
        assert {d.id: d for d in stored(out)} == new


@pytest.mark.parametrize("kind", ["write", "fsync", "rename"])
def test_whichever_step_of_writing_reports_fails_they_are_all_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    figure = sorted(FIGURE_FILES)[0]
    old = {"report.html": b"old", "tables/a.csv": b"old", figure: b"old", "manifest.json": b"old"}
    new = {
        "report.html": b"new",
        "tables/a.csv": b"new",
        "more.md": b"new",
        "manifest.json": b"new",
    }
    for at in range(1, 5):
        out = tmp_path / f"{kind}{at}"
        write_files(out, old.items())
        with monkeypatch.context() as patch:
            inject(patch, kind, Faults(at))
            with pytest.raises(StoreError, match="No space left"):
                write_files(out, new.items())
        found = {
            p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()
        }
        assert found == old
        write_files(out, new.items())
        assert (out / "more.md").read_bytes() == b"new" and not (out / figure).exists()


def test_a_disk_that_takes_no_more_leaves_the_store_whole(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    articles(folder, range(4))
    subprocess.run(command(folder, out), check=True, capture_output=True)
    articles(folder, range(200))

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (110_000, 110_000))

    done = subprocess.run(
        command(folder, out), capture_output=True, text=True, preexec_fn=small_files
    )
    assert done.returncode == 3, done.stderr
    assert "What was stored before is kept" in done.stderr and "Traceback" not in done.stderr
    check_whole(out / "store")
    assert subprocess.run(command(folder, out), capture_output=True).returncode == 0
    assert len(stored(out)) == 200


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_a_read_only_store_is_told(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    articles(folder, range(2))
    run([folder], Settings(report=Report(out=out, figures=False)))
    (out / "store" / "ledger.sqlite").chmod(0o400)
    (out / "store").chmod(0o500)
    try:
        articles(folder, range(4))
        with pytest.raises(TextpipeError):
            run([folder], Settings(report=Report(out=out, figures=False)))
    finally:
        (out / "store").chmod(0o700)
