"""A cluster of three machines, each a network namespace: what becomes of a run when one of them is lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("distributed")
NODES = ("tpnode0", "tpnode1", "tpnode2")
BRIDGE, NET = "tpbridge", "10.87.65"
SCHEDULER = f"tcp://{NET}.1:8786"
FAST = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "12s"}
"""How long a silent link is waited for; Dask's own default is 30 seconds."""


def ip(*arguments: str, check: bool = True) -> str:
    return subprocess.run(["ip", *arguments], check=check, capture_output=True, text=True).stdout


def no_namespaces() -> str:
    """Why network namespaces cannot be made here; "" where they can."""
    if sys.platform != "linux" or shutil.which("ip") is None:
        return "network namespaces need Linux and the command ip"
    if os.getuid() != 0:
        return "network namespaces need the rights of root"
    made = subprocess.run(["ip", "netns", "add", "tpprobe"], capture_output=True, text=True)
    if made.returncode:
        return f"network namespaces cannot be made here: {made.stderr.strip()}"
    bridge = subprocess.run(
        ["ip", "link", "add", "tpprobe", "type", "bridge"], capture_output=True, text=True
    )
    ip("link", "delete", "tpprobe", check=False)
    ip("netns", "delete", "tpprobe", check=False)
    return f"no bridge can be made here: {bridge.stderr.strip()}" if bridge.returncode else ""


def clear() -> None:
    for number, node in enumerate(NODES):
        ip("link", "delete", f"tpveth{number}", check=False)
        for pid in ip("netns", "pids", node, check=False).split():
            os.kill(int(pid), signal.SIGKILL)
        ip("netns", "delete", node, check=False)
    ip("link", "delete", BRIDGE, check=False)


@pytest.fixture
def nodes() -> Iterator[None]:
    """A scheduler on the first node, a worker with its nanny on each of the others."""
    if why := no_namespaces():
        pytest.skip(why)
    clear()
    servers: list[subprocess.Popen[str]] = []
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("link", "set", BRIDGE, "up")
        for number, node in enumerate(NODES):
            ip("netns", "add", node)
            ip("link", "add", f"tpveth{number}", "type", "veth", "peer", "eth0", "netns", node)
            ip("link", "set", f"tpveth{number}", "master", BRIDGE, "up")
            ip("-n", node, "address", "add", f"{NET}.{number + 1}/24", "dev", "eth0")
            ip("-n", node, "link", "set", "eth0", "up")
            ip("-n", node, "link", "set", "lo", "up")
        servers.append(
            on(NODES[0], "dask", "scheduler", "--host", f"{NET}.1", "--no-dashboard", output=None)
        )
        for number in (1, 2):
            server = on(
                NODES[number], "dask", "worker", SCHEDULER, "--host", f"{NET}.{number + 1}",
                "--nthreads", "1", "--no-dashboard", "--death-timeout", "60", output=None,
            )  # fmt: skip
            servers.append(server)
        yield
    finally:
        clear()
        for server in servers:
            server.wait()


def on(node: str, *command: str, output: int | None = subprocess.PIPE) -> "subprocess.Popen[str]":
    where = subprocess.DEVNULL if output is None else output
    return subprocess.Popen(
        ["ip", "netns", "exec", node, sys.executable, "-m", *command],
        stdout=where, stderr=where, text=True, env={**os.environ, **FAST},
    )  # fmt: skip


def kill_node() -> None:
    for pid in ip("netns", "pids", NODES[2]).split():
        os.kill(int(pid), signal.SIGKILL)


def cut_link() -> None:
    ip("link", "set", "tpveth2", "down")


def shards(out: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((out / "store" / "data").iterdir())]


@pytest.mark.parametrize("loss", [kill_node, cut_link])
def test_a_node_that_is_lost_changes_nothing(
    nodes: None, tmp_path: Path, loss: Callable[[], None]
) -> None:
    folder, settings = tmp_path / "articles", tmp_path / "settings.toml"
    folder.mkdir()
    for n in range(1_500):
        text = f"第{n}則：美國商務部放寬AI晶片出口管制。台積電表示{n}奈米訂單增加，但電網恐不足。"
        (folder / f"{n:04}.txt").write_text(text * 3, "utf-8")
    settings.write_text("[store]\nshard = 64\n", "utf-8")

    def order(out: str, *more: str) -> list[str]:
        paths = [str(folder), "--out", str(tmp_path / out), "--config", str(settings)]
        return ["textpipe", "run", *paths, "--no-report", "--json", "--log-format", "json", *more]

    alone = subprocess.run(
        [sys.executable, "-m", *order("alone", "--jobs", "1")], capture_output=True, check=True
    )
    lost = False
    with on(NODES[0], *order("out", "--scheduler", SCHEDULER)) as driver:
        assert driver.stdout and driver.stderr
        log = []
        for line in driver.stderr:
            log.append(line)
            if '"stored"' in line and not lost:
                loss()
                lost = True
        found = driver.stdout.read()
    assert driver.returncode == 0 and lost, "".join(log)
    summary = json.loads(found)
    assert summary["coded"] == json.loads(alone.stdout)["coded"] == 1_500
    assert shards(tmp_path / "out") == shards(tmp_path / "alone")
