"""Workers forked from a process that has everything loaded, and what is left of it afterwards: nothing."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest

from textpipe import engine
from textpipe.classify.model import load_model
from textpipe.engine import Engine, Engines, Lost
from textpipe.forking import LOADED, METHOD, ForkServer
from textpipe.runner import run
from textpipe.segmentation import Segment
from textpipe.segmentation.segmenter import load_segmenter
from textpipe.settings import Report, Settings, stages_as_json

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")
pytestmark = pytest.mark.skipif(METHOD == "spawn", reason="workers are not forked on this system")


@contextmanager
def two(loaded: str = "{}") -> Iterator[Engine]:
    with Engines(jobs=2).prepared(loaded) as started, started(2) as own:
        yield own


def what_is_loaded(_: int) -> tuple[int, int, str]:
    """Of a worker: how many segmenters and models it holds before its first job, and one of its variables."""
    found = load_segmenter.cache_info().currsize, load_model.cache_info().currsize
    return *found, os.environ.get("OMP_NUM_THREADS", "")


def holds(_: int, settings: Settings) -> bool:
    """Whether a worker has the segmenter of some settings already."""
    before = load_segmenter.cache_info().misses
    settings.segment.segmenter()
    return load_segmenter.cache_info().misses == before


def servers() -> list[Any]:
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if "forkserver" in " ".join(child.cmdline())
    ]


def test_workers_have_everything_loaded_before_their_first_job() -> None:
    with two() as own:
        found = [result for _, result in own.map(what_is_loaded, range(2))]
    assert found == [(1, 1, "1")] * 2


def test_workers_have_what_the_settings_name(tmp_path: Path) -> None:
    lexicon = tmp_path / "mine.csv"
    lexicon.write_text("term,tag,english,aliases\n算力券,measure,,\n", "utf-8")
    mine = Settings(segment=Segment(lexicons=(lexicon,)))
    with two(stages_as_json(mine)) as own:
        found = [result for _, result in own.map(partial(holds, settings=mine), range(2))]
        other = [result for _, result in own.map(partial(holds, settings=Settings()), range(2))]
    assert found == [True, True] and False in other


@pytest.mark.parametrize("loaded", ["", "no json", '{"segment": {"lexicons": ["/nowhere.csv"]}}'])
def test_what_cannot_be_loaded_is_left_to_the_workers(loaded: str) -> None:
    with two(loaded) as own:
        assert [result for _, result in own.map(str, [1, 2])] == ["1", "2"]


def test_nothing_is_left_of_it() -> None:
    before = dict(os.environ)
    with two() as own:
        list(own.map(str, [1]))
        assert len(servers()) >= 1
    assert servers() == [] and LOADED not in os.environ and dict(os.environ) == before
    assert forkserver._forkserver._preload_modules == ["__main__"]  # type: ignore[attr-defined]


def test_a_fork_server_of_somebody_else_is_used_and_left_alone() -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["json"])
    process = context.Process(target=len, args=([],))
    process.start()
    process.join()
    theirs = [child.pid for child in servers()]
    try:
        with two() as own:
            assert [result for _, result in own.map(str, [1, 2])] == ["1", "2"]
        assert [child.pid for child in servers()] == theirs and theirs
    finally:
        forkserver._forkserver._stop()  # type: ignore[attr-defined]
        context.set_forkserver_preload(["__main__"])


def test_it_is_started_once_and_stopped_while_it_loads() -> None:
    server = ForkServer({})
    server.start("{}")
    first = {child.pid for child in psutil.Process().children()}
    server.start("{}")
    assert {child.pid for child in psutil.Process().children()} == first
    own = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    server.stop()
    assert own in first and not psutil.pid_exists(own)
    server.stop()
    assert servers() == []


def hears_interrupts(_: int) -> bool:
    return signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_interrupts_are_for_this_process_alone() -> None:
    with Engines(jobs=2).prepared() as started:
        server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
        os.kill(server, signal.SIGINT)  # while it loads
        with started(2) as own:
            assert [result for _, result in own.map(hears_interrupts, range(2))] == [False] * 2
        assert forkserver._forkserver._forkserver_pid == server  # type: ignore[attr-defined]
    assert hears_interrupts(0)


def test_no_process_is_started_where_nothing_is_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = tmp_path / "a.txt"
    article.write_text("美國商務部放寬出口管制。", "utf-8")
    settings = Settings(report=Report(out=tmp_path / "out", when="never"), engine=Engines(jobs=2))
    assert run([article], settings).coded == 1

    def refused(jobs: int) -> Any:
        raise AssertionError(f"{jobs} processes were asked for")

    monkeypatch.setattr(engine, "local", refused)
    summary = run([article], settings)
    assert summary.coded == 0 and not summary.failures


def test_workers_come_back_where_the_fork_server_is_killed_with_them() -> None:
    with two() as own:
        assert [result for _, result in own.map(str, [1])] == ["1"]
        server = psutil.Process(forkserver._forkserver._forkserver_pid)  # type: ignore[attr-defined]
        workers = server.children()
        assert len(workers) == 2
        for process in (server, *workers):
            process.kill()
        while any(isinstance(result, Lost) for _, result in own.map(str, [2, 3])):
            pass  # What was with the dead ones is lost; later jobs find the new ones.
        assert [result for _, result in own.map(str, [2, 3])] == ["2", "3"]
    assert servers() == []
