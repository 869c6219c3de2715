"""Engines: equal results on each, dead and stuck processes, poison found alone."""

import gc
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from conftest import stored
from textpipe import engine
from textpipe.cluster import STARTS
from textpipe.engine import Engines, Lost, Serial
from textpipe.errors import StoreError, UsageError
from textpipe.forking import METHOD
from textpipe.ingest import Ingest
from textpipe.normalization import Normalize
from textpipe.runner import Order, run
from textpipe.settings import Report, Settings, Storage
from textpipe.work import File, Files, Outcome, results

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")
POISON, TAR = "砒霜", "瀝青"


@dataclass(frozen=True)
class Deadly(Normalize):
    """Normalizes, but dies of one word and sticks at another."""

    def __call__(self, documents: Any) -> Any:
        for document in documents:
            if POISON in document.raw:
                os.kill(os.getpid(), signal.SIGKILL)
            if TAR in document.raw:
                time.sleep(600)
        return super().__call__(documents)


def articles(folder: Path, count: int, **special: str) -> None:
    folder.mkdir(exist_ok=True)
    for n in range(count):
        text = f"第{n}則：美國商務部放寬AI晶片出口管制。台積電表示{n}奈米訂單增加，但電網恐不足。"
        (folder / f"{n:04}.txt").write_text(special.get(f"_{n}", text), "utf-8")


def settings(out: Path, **sections: Any) -> Settings:
    report = Report(out=out, when="never")
    return Settings(**{"report": report, "store": Storage(shard=64), **sections})


def files_of(out: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((out / "store" / "data").iterdir())]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
        ) as cluster,
    ):
        yield cluster


def workers() -> list[int]:
    """The processes that code for this one, once they have started."""
    children = psutil.Process().children(recursive=True)
    return [
        child.pid
        for child in children
        if is_worker(child)
        and time.time() - child.create_time() > (1 if METHOD == "forkserver" else 2)
    ]


def is_worker(process: Any) -> bool:
    """Whether a process is a worker: one that the fork server made, or (elsewhere) one that was spawned."""
    if METHOD == "spawn":
        return "spawn_main" in " ".join(process.cmdline())
    parent = process.parent()
    return parent is not None and "forkserver" in " ".join(parent.cmdline())


def joined(cluster: Any) -> Engines:
    return Engines(scheduler=cluster.scheduler_address)


def test_results_are_equal_to_the_byte_on_every_engine(cluster: Any, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    articles(folder, 300, _7="", _9="內存價格上漲。")
    found = {}
    for name, own in {"serial": Engines(jobs=1), "cluster": joined(cluster)}.items():
        out = tmp_path / name
        summary = run([folder], settings(out, engine=own))
        assert summary.coded == 299 and len(summary.failures) == 1
        later = settings(out, engine=own, normalize=Normalize(house_style="text"))
        assert run([folder], later).recoded == 299
        found[name] = files_of(out)
    assert found["serial"] == found["cluster"] and len(found["serial"]) > 8


def test_reports_are_equal_to_the_byte_on_every_engine(cluster: Any, tmp_path: Path) -> None:
    folder, found = tmp_path / "in", {}
    articles(folder, 150, _7="", _9="內存價格上漲。")
    engines = {"serial": Engines(jobs=1), "two": Engines(jobs=2), "cluster": joined(cluster)}
    for name, own in engines.items():
        out = tmp_path / name
        report = Report(out=out, when="always", figures=False)
        assert run([folder], settings(out, engine=own, report=report)).reported
        written = {p.relative_to(out): p for p in out.rglob("*") if "store" not in p.parts}
        written.pop(Path("manifest.json"))  # which has the time
        found[name] = {name: p.read_bytes() for name, p in written.items() if p.is_file()}
    assert found["serial"] == found["two"] == found["cluster"] and len(found["serial"]) == 28


def test_workers_killed_ten_times_change_nothing(tmp_path: Path) -> None:
    folder, alone, out = tmp_path / "in", tmp_path / "alone", tmp_path / "out"
    articles(folder, 2_000)
    run([folder], settings(alone, engine=Engines(jobs=1)))
    killed: list[int] = []
    ended = threading.Event()

    def kill() -> None:
        chooser = random.Random(0)
        while len(killed) < 10 and not ended.wait(0.7):
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                if pids := workers():
                    os.kill(pid := chooser.choice(pids), signal.SIGKILL)
                    killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        while len(killed) < 10:
            order = Order(rebuild=True)
            summary = run([folder], settings(out, engine=Engines(jobs=2)), order)
            assert summary.coded == 2_000 and not summary.failures
    finally:
        ended.set()
        killer.join()
    assert stored(alone) == stored(out)


def test_poison_among_two_thousand_is_quarantined_alone(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    articles(folder, 2_000, _1234=f"{POISON}出口管制。")
    deadly = settings(out, engine=Engines(jobs=2), normalize=Deadly())
    summary = run([folder], deadly)
    assert [f.source for f in summary.failures] == ["in/1234.txt"] and summary.coded == 1_999
    assert "died" in summary.failures[0].reason and "--retry-failed" in summary.failures[0].reason
    again = run([folder], deadly)
    assert again.coded == 0 and [f.source for f in again.quarantined] == ["in/1234.txt"]


def test_poison_in_a_file_of_many_articles_is_one_article(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    lines = [f'{{"text": "第{n}則：美國放寬出口管制。"}}' for n in range(9)]
    lines[5] = f'{{"text": "{POISON}。"}}'
    (folder / "many.jsonl").write_text("\n".join(lines), "utf-8")
    summary = run([folder], settings(out, engine=Engines(jobs=2), normalize=Deadly()))
    assert [f.source for f in summary.failures] == ["in/many.jsonl#6"] and summary.coded == 8


def test_a_stuck_article_is_quarantined_alone(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    articles(folder, 2, _1=f"{TAR}。")
    stuck = settings(
        out, engine=Engines(jobs=2), normalize=Deadly(), ingest=replace(Ingest(), seconds=0.5)
    )
    summary = run([folder], stuck)
    assert [f.source for f in summary.failures] == ["in/0001.txt"] and summary.coded == 1


def on_a_terminal(tmp_path: Path) -> "subprocess.Popen[str]":
    """A run by two processes, which all hear Ctrl-C."""
    articles(tmp_path / "in", 3_000)
    config = tmp_path / "settings.toml"
    config.write_text("[store]\nshard = 64\n", "utf-8")
    paths = [str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--config", str(config)]
    command = ["textpipe", "run", *paths, "--no-report", "--jobs", "2", "--log-format", "json"]
    return subprocess.Popen(
        [sys.executable, "-m", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip


def test_ctrl_c_stores_what_is_coded_and_ends_without_noise(tmp_path: Path) -> None:
    with on_a_terminal(tmp_path) as process:
        assert process.stderr and process.stdout
        log = []
        for line in process.stderr:
            log.append(line)
            if '"stored"' in line and sum('"stored"' in one for one in log) == 1:
                os.killpg(process.pid, signal.SIGINT)
        printed = process.stdout.read()
    assert process.returncode == 3 and "已依要求停止" in printed
    assert all(line.startswith("{") for line in log), "".join(log)
    assert 0 < len(stored(tmp_path / "out")) < 3_000


@pytest.mark.skipif(METHOD == "spawn", reason="workers are not forked on this system")
def test_ctrl_c_while_processes_load_is_no_noise_either(tmp_path: Path) -> None:
    with on_a_terminal(tmp_path) as process:
        own = psutil.Process(process.pid)
        while not any("forkserver" in " ".join(child.cmdline()) for child in own.children()):
            time.sleep(0.01)
        time.sleep(0.3)  # Its modules take longer than that.
        os.killpg(process.pid, signal.SIGINT)
        printed, log = process.communicate()
    assert process.returncode == 3 and "已依要求停止" in printed
    assert all(line.startswith("{") for line in log.splitlines()), log


def test_a_scheduler_without_workers_is_waited_for_and_then_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(engine.logger, "warning", lambda message, **_: warned.append(message))
    monkeypatch.setattr(engine, "PATIENCE", 0.2)
    monkeypatch.setattr(engine, "ABANDONED", 0.5)
    articles(tmp_path / "in", 2)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as empty,
        pytest.raises(StoreError, match=r"no workers for .* seconds.*dask worker ADDRESS"),
    ):
        run([tmp_path / "in"], settings(tmp_path / "out", engine=joined(empty)))
    assert "the scheduler has no workers: waiting" in warned
    assert run([tmp_path / "in"], settings(tmp_path / "out")).coded == 2


class Fragile(Serial):
    """Loses each job that holds one of some names."""

    def __init__(self, *names: str) -> None:
        self._names = set(names)

    def map(self, function: Callable[[Any], Any], jobs: Any) -> Iterator[tuple[Any, Any]]:
        for job in jobs:
            lost = self._names & {file.name for file in job.files}
            yield job, Lost("it died") if lost else function(job)


def test_what_is_lost_is_found_by_halving() -> None:
    files = tuple(File(f"{n}.txt", f"第{n}則。".encode()) for n in range(7))
    job = Files(files, Ingest(), Settings().stages)
    found = list(results(Fragile("2.txt", "6.txt"), [job]))
    failed = [name for _, outcome in found for name, _ in outcome.failures]
    rows = [row.source for _, outcome in found for row in outcome.rows]
    assert failed == ["2.txt", "6.txt"] and rows == [f"{n}.txt" for n in (0, 1, 3, 4, 5)]
    assert [f.name for part, _ in found for f in part.files] == [f.name for f in files]
    assert all(isinstance(outcome, Outcome) for _, outcome in found)


def test_what_is_missing_is_told_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        pytest.raises(UsageError, match="no Dask scheduler answers"),
        Engines(scheduler="tcp://127.0.0.1:9").prepared() as started,
        started(1),
    ):
        pass
    monkeypatch.setattr("textpipe.engine.find_spec", lambda name: None)
    with (
        pytest.raises(UsageError, match=r"pip install 'textpipe\[dask\]'"),
        Engines(jobs=2).prepared() as started,
        started(1),
    ):
        pass
    with Engines().prepared() as started, started(1_000_000) as engine:
        assert isinstance(engine, Serial)


def test_processes_that_do_not_start_are_tried_again_and_then_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[int] = []
    whole = distributed.LocalCluster

    def refused(**options: Any) -> Any:
        tries.append(options["n_workers"])
        if len(tries) < 2 or tries[0] == 3:
            raise RuntimeError("Nanny failed to start.")
        return whole(**options)

    monkeypatch.setattr(distributed, "LocalCluster", refused)
    with Engines(jobs=2).prepared() as started, started(2) as own:
        assert [result for _, result in own.map(str, [1])] == ["1"]
    assert tries == [2, 2]
    tries.clear()
    with (
        pytest.raises(UsageError, match=r"3 processes did not start \(Nanny.*--jobs 1"),
        Engines(jobs=3).prepared() as started,
        started(2) as own,
    ):
        list(own.map(str, [1]))
    assert tries == [3] * STARTS


def test_where_processes_were_not_asked_for_and_do_not_start_this_one_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "textpipe")
    tries: list[int] = []

    def refused(**options: Any) -> Any:
        tries.append(options["n_workers"])
        raise OSError("no socket for anybody")

    monkeypatch.setattr(distributed, "LocalCluster", refused)
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1}, raising=False)
    with Engines().prepared() as started, started(1_000_000) as own:
        assert list(own.map(str, [])) == [] and not tries
        assert list(own.map(str, [1, 2])) == [(1, "1"), (2, "2")]
        assert list(own.map(str, [3])) == [(3, "3")]
    assert tries == [2] * STARTS
    (told,) = caplog.messages
    assert re.search(r"2 processes did not start \(no socket.*This process goes on alone", told)


def test_a_script_that_calls_textpipe_anywhere_goes_on_without_a_traceback(tmp_path: Path) -> None:
    articles(tmp_path / "in", 3)
    script = tmp_path / "script.py"
    script.write_text(
        "import os, textpipe, textpipe.engine\n"
        "os.sched_getaffinity = lambda pid: {0, 1}\n"
        "textpipe.engine.WORTH_IT = 1\n"
        f"print('coded', textpipe.run({str(tmp_path / 'in')!r}, out={str(tmp_path / 'out')!r}).coded)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stdout) == (0, "coded 3\n"), done.stderr
    assert "Traceback" not in done.stderr and "This process goes on alone" in done.stderr


def test_a_program_that_is_no_file_is_told_so_before_processes_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__file__", "/nowhere/<stdin>", raising=False)
    monkeypatch.setattr(main, "__spec__", None)
    with (
        pytest.raises(UsageError, match=r"no file \(/nowhere/<stdin>\)\. Save it as one"),
        Engines(jobs=2).prepared() as started,
        started(2) as own,
    ):
        list(own.map(str, [1]))


def test_cycles_are_collected_while_dask_is_at_work_and_only_then(cluster: Any) -> None:
    gc.disable()
    try:
        with joined(cluster).prepared() as started, started(1) as own:
            assert gc.isenabled() and [found for _, found in own.map(str, [1])] == ["1"]
        assert not gc.isenabled()
        with Engines(jobs=1).prepared() as started, started(1):
            assert not gc.isenabled()
    finally:
        gc.enable()
    with joined(cluster).prepared() as started, started(1):
        pass
    assert gc.isenabled()


@pytest.mark.parametrize(("size", "parallel"), [(19_000_000, False), (20_000_000, True)])
def test_few_large_files_are_as_much_work_as_many_small_ones(
    size: int, parallel: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1}, raising=False)
    started: list[int] = []

    def refused(jobs: int) -> Any:
        started.append(jobs)
        raise UsageError("stop here")

    monkeypatch.setattr(engine, "local", refused)
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for file in files:
        file.write_bytes(b"x" * (size // 2))
    with pytest.raises(UsageError, match="no article"):
        run(files, settings(tmp_path / "out"))
    assert started == ([2] if parallel else [])
