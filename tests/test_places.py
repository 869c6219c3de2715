"""Addresses instead of paths: the same results from and to an object store as on disk."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

import textpipe
from textpipe import places
from textpipe.errors import UsageError
from textpipe.findings import Failure
from textpipe.ingest import SUFFIXES, find_sources
from textpipe.places import is_remote, place
from textpipe.settings import Report, Settings, Storage

fsspec = pytest.importorskip("fsspec")
pytest.importorskip("upath")
ARTICLES = {
    "a.txt": "標題：放寬出口管制\n\n美國商務部放寬AI晶片出口管制。台積電表示訂單增加。",
    "below/b.txt": "電網恐不足，資料中心用電大增。",
    "below/README.md": "不是文章。",
    ".hidden.txt": "不是文章。",
    "empty.txt": "",
}


def textpipe_run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "textpipe", *arguments],
        capture_output=True, text=True, env={**os.environ, **variables}, timeout=120,
    )  # fmt: skip


def test_paths_stay_paths_and_addresses_are_known_by_their_scheme(tmp_path: Path) -> None:
    assert place("outputs") == Path("outputs") and place(tmp_path) is tmp_path
    assert place(f"file://{tmp_path}/%E6%96%87") == tmp_path / "文"
    assert not is_remote(place("C:/policy")) and is_remote(place("memory://articles"))
    with pytest.raises(UsageError, match=r"https:// is not read. Known: file://, s3://"):
        place("https://example.org/a.txt")


def test_a_missing_package_is_told_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(UsageError, match=r"pip install 'textpipe\[remote\]'$"):
        place("s3://bucket/articles")
    with pytest.raises(UsageError, match=r"^sftp://host/a needs .*'textpipe\[remote\]' paramiko$"):
        place("sftp://me:p@ss@host/a")


def test_a_store_is_never_remote() -> None:
    with pytest.raises(UsageError, match="--store FOLDER"):
        _ = Settings(report=Report(out=place("memory://out"))).store_folder


def test_a_folder_in_memory_is_listed_by_the_rules_of_folders() -> None:
    base = place("memory://listed/articles")
    for name, text in ARTICLES.items():
        (base / name).write_text(text, encoding="utf-8")
    found = list(find_sources([base], SUFFIXES))
    assert {source.name for source in found if not isinstance(source, Failure)} == {
        "articles/a.txt", "articles/below/b.txt", "articles/empty.txt",
    }  # fmt: skip
    (gone,) = find_sources([place("memory://nowhere/at/all")], SUFFIXES)
    assert isinstance(gone, Failure) and "cannot be read" in gone.reason


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> type:
    """Stands for an SFTP server: it has folders, asks for a password, and notes where two threads ask at once."""
    from fsspec.implementations.memory import MemoryFileSystem
    from fsspec.utils import infer_storage_options

    class Server(MemoryFileSystem):
        protocol = "sftp"
        store: ClassVar[dict[str, object]] = {}
        pseudo_dirs: ClassVar[list[str]] = ["", "/home"]
        asked, asked_at_once = 0, 0

        def __init__(self, host: str, password: str = "", **options: object) -> None:
            super().__init__()
            if password != "secret":
                raise RuntimeError("Authentication failed.")

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return str(infer_storage_options(path)["path"])

        @staticmethod
        def _get_kwargs_from_urls(path: str) -> dict[str, str]:
            own = infer_storage_options(path)
            return {name: own[name] for name in own.keys() - {"path", "protocol"}}

        def _open(self, path: str, mode: str = "rb", **options: object) -> object:
            if "w" in mode and not self.isdir(self._parent(path)):
                raise FileNotFoundError(path)
            Server.asked += 1
            Server.asked_at_once = max(Server.asked_at_once, Server.asked)
            time.sleep(0.01)
            Server.asked -= 1
            return super()._open(path, mode, **options)

    monkeypatch.setattr("textpipe.places._connections", {})
    monkeypatch.setitem(sys.modules["fsspec.registry"]._registry, "sftp", Server)  # type: ignore[attr-defined]
    return Server


def test_a_server_with_folders_is_read_one_by_one_and_its_password_is_kept_by_nobody(
    server: type, tmp_path: Path
) -> None:
    host, store = "sftp://me:secret@host:2222", tmp_path / "store"
    files = place(f"{host}/home/articles")
    for number in range(20):
        at = files / f"{number % 3}" / f"{number}.txt"
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(f"第{number}則：電網恐不足，資料中心用電大增。", encoding="utf-8")
    settings = Settings(
        report=Report(out=place(f"{host}/home/reports/plan"), figures=False),
        store=Storage(folder=store),
    )
    summary = textpipe.run(f"{host}/home/articles", settings=settings)
    assert summary.coded == 20 and not summary.failures and server.asked_at_once == 1  # type: ignore[attr-defined]
    assert (settings.report.out / "tables" / "articles.csv").read_bytes().count(b"\n") == 21
    assert textpipe.run(f"{host}/home/articles", settings=settings).coded == 0
    assert set(places._connections) == {"sftp:///home/articles", "sftp:///home/reports/plan"}
    written = [file.read_bytes() for file in store.rglob("*") if file.is_file()]
    written += [
        settings.report.out.fs.cat(at) for at in settings.report.out.fs.find("/home/reports")
    ]  # type: ignore[attr-defined]
    assert not any(b"secret" in content for content in written)


def test_a_server_that_cannot_be_reached_is_told_without_its_password(server: type) -> None:
    with pytest.raises(
        UsageError, match=r"^sftp://host/news: its server cannot .*Authentication"
    ) as told:
        place("sftp://me:guessed@host/news")
    assert "guessed" not in str(told.value)
    place("sftp://me:secret@host/news")
    assert place("sftp:///news/2026/a.txt").storage_options["host"] == "host"  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match="asked of two servers"):
        place("sftp://me:secret@other/news")


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    """A server that speaks S3, on this machine only."""
    pytest.importorskip("s3fs")
    server = shutil.which("moto_server", path=str(Path(sys.executable).parent))
    if server is None:
        pytest.skip("moto's server is not installed: pip install 'moto[server]'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [server, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
        }  # fmt: skip
    finally:
        process.kill()
        process.wait()


def test_s3_gives_the_same_outputs_as_a_disk(s3: dict[str, str], tmp_path: Path) -> None:
    import s3fs

    files = s3fs.S3FileSystem(
        endpoint_url=s3["AWS_ENDPOINT_URL"], key="key", secret="secret", skip_instance_cache=True
    )
    files.mkdir("policy")
    folder = tmp_path / "articles"
    for name, text in ARTICLES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
        files.pipe(f"policy/articles/{name}", text.encode())
    out, store = tmp_path / "out", ("--store", str(tmp_path / "store"))
    on_disk = textpipe_run("run", str(folder), "--out", str(out), "--json")
    address = ("run", "s3://policy/articles", "--out", "s3://policy/out")
    on_s3 = textpipe_run(*address, *store, "--json", **s3)
    assert (on_disk.returncode, on_s3.returncode) == (1, 1), on_s3.stderr
    summary = json.loads(on_s3.stdout)
    assert summary["read"] == 2 and summary["report"] == "s3://policy/out/report.html"
    assert [f["source"] for f in summary["failures"]] == ["articles/empty.txt"]
    own = sorted(f.relative_to(out).as_posix() for f in out.rglob("*") if f.is_file())
    own = [name for name in own if not name.startswith("store/")]
    assert sorted(name.removeprefix("policy/out/") for name in files.find("policy/out")) == own
    for name in own:
        if name.startswith(("tables/", "figures/")) or name == "report.md":
            assert files.cat(f"policy/out/{name}") == (out / name).read_bytes(), name
    again = json.loads(textpipe_run(*address, *store, "--json", **s3).stdout)
    assert again["coded"] == 0 and not again["reported"]
    files.pipe("policy/articles/c.txt", "輝達表示出口管制影響訂單。".encode())
    files.rm("policy/articles/below/b.txt")
    later = json.loads(textpipe_run(*address, *store, "--json", **s3).stdout)
    assert (later["coded"], later["removed"], later["read"]) == (1, 1, 2)
    found = textpipe_run("kwic", "訂單", "--out", "s3://policy/out", **s3)
    assert found.returncode == 0 and "輝達" in found.stdout, found.stderr
    lost = textpipe_run("run", "s3://no-such-bucket/a", "--out", str(tmp_path / "x"), **s3)
    assert lost.returncode == 2 and "cannot be read" in lost.stderr, lost.stderr
    denied = textpipe_run("run", str(folder), "--out", "s3://no-such-bucket/o", *store, **s3)
    assert denied.returncode == 2 and "cannot be written" in denied.stderr, denied.stderr
    assert "Traceback" not in lost.stderr + denied.stderr + on_s3.stderr


def test_tables_are_read_from_an_address(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text(ARTICLES["a.txt"], "utf-8")
    settings = Settings()
    textpipe.run(source, out=tmp_path / "out", settings=settings)
    memory = place("memory://tables/out")
    for file in (tmp_path / "out" / "tables").glob("*.parquet"):
        (memory / "tables" / file.name).write_bytes(file.read_bytes())
    there, here = (
        textpipe.read_tables("memory://tables/out"),
        textpipe.read_tables(tmp_path / "out"),
    )
    assert there.keys() == here.keys() and there["labels"].equals(here["labels"])
