"""Where files are: paths of this machine, or addresses such as s3://bucket/folder.

An address becomes a path of universal_pathlib, which has the methods of `pathlib.Path`; keys, endpoints and
regions come from the environment or the configuration files of fsspec, as for any program that uses it.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from textpipe.errors import TextpipeError, UsageError

SCHEMES = ("s3", "gs", "gcs", "az", "abfs", "hdfs", "sftp", "memory")
FOLDERS = ("hdfs", "sftp")
"""Schemes of stores in which a folder is to be made before a file is put there."""
ONE_BY_ONE = ("sftp",)
"""Schemes whose client is not to be asked by two threads at once: paramiko's then waits for ever."""
_alone = threading.Lock()
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]+)://", re.I)
_PERSON = re.compile(r"//[^/]*@")
_NEEDS = {"gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "sftp": "paramiko"}
"""The packages that schemes need beside those of the extra `remote`."""
_connections: dict[str, Mapping[str, Any]] = {}
"""Of addresses whose paths, as text, lack their host (sftp:///news of sftp://me@host/news): what it is reached
with. Kept in memory only: there may be a password in it."""


def place(given: str | Path) -> Path:
    """The path of what a person wrote: a path, file://…, or an address of an object store.

    Raises UsageError where the scheme is not known, its package is missing, or its server does not answer.
    """
    if not isinstance(given, str):
        return given
    scheme = _SCHEME.match(given)
    if scheme is None:
        return Path(given)
    kind, shown = scheme[1].lower(), _PERSON.sub("//", given)
    if kind == "file":
        from urllib.request import url2pathname

        return Path(url2pathname(urlsplit(given).path))
    if kind not in SCHEMES:
        known = ", ".join(f"{name}://" for name in ("file", *SCHEMES))
        raise UsageError(f"{shown}: {scheme[0]} is not read. Known: {known}.")
    try:
        from upath import UPath

        path: Any = UPath(given, **_connection(given))
        path.fs  # noqa: B018  imports what the scheme needs, and connects where it has a server
    except ImportError as error:
        packages = " ".join(["'textpipe[remote]'", *filter(None, [_NEEDS.get(kind)])])
        raise UsageError(
            f"{shown} needs more packages ({error}). Run: python -m pip install {packages}"
        ) from error
    except ValueError as error:
        raise UsageError(f"{shown}: {error}") from error
    except Exception as error:
        raise UsageError(
            f"{shown}: its server cannot be reached ({type(error).__name__}: {error})."
            " Check the host, your name and keys, and the network."
        ) from error
    if urlsplit(given).netloc:
        _keep_connection(path)
    return cast(Path, path)


def _connection(address: str) -> Mapping[str, Any]:
    """What an address is reached with that lies at or below one that was given with its host."""
    if urlsplit(address).netloc:
        return {}
    above = [root for root in _connections if f"{address}/".startswith(f"{root.rstrip('/')}/")]
    return _connections[max(above, key=len)] if above else {}


def _keep_connection(path: Any) -> None:
    root, options = str(path), dict(path.storage_options)
    if urlsplit(root).netloc or not options.get("host"):
        return
    before = _connections.get(root, options)
    if any(before.get(name) != options.get(name) for name in ("host", "port")):
        raise UsageError(f"{root} is asked of two servers in one run: ask one after the other.")
    _connections[root] = options


def is_remote(path: Path) -> bool:
    """Whether a path is an address of another machine."""
    return not isinstance(path, Path)


def make_folder(folder: Path) -> None:
    """Make a remote folder and those above it, where its kind of store has folders. (Asked to, an object store
    would make a missing bucket.)"""
    if cast(Any, folder).protocol in FOLDERS:
        folder.mkdir(parents=True, exist_ok=True)


def content_of(path: Path) -> bytes:
    """The bytes of a remote file, for one thread of many."""
    with _alone if cast(Any, path).protocol in ONE_BY_ONE else nullcontext():
        return path.read_bytes()


@contextmanager
def reached() -> Iterator[None]:
    """Whatever a remote store's client raises, as OSError with what it says."""
    try:
        yield
    except (OSError, TextpipeError):
        raise
    except Exception as error:
        raise OSError(None, f"{type(error).__name__}: {error}") from error


def files_below(folder: Path) -> Iterator[tuple[str, Path, int | None, int | None]]:
    """The files of a remote folder and those below it: name from the folder, path, bytes, and nanoseconds
    of the last change where the store tells them. A file is below itself, with its own name."""
    fs, own = folder.fs, folder.path.rstrip("/")  # type: ignore[attr-defined]
    about = fs.info(own)
    if about["type"] != "directory":
        yield folder.name, folder, about.get("size"), _modified(about)
        return
    for parent, _, files in fs.walk(own, detail=True):
        below = parent[len(own) :].strip("/")
        for name in sorted(files):
            inner = f"{below}/{name}" if below else name
            if name and not inner.startswith("."):
                yield inner, folder / inner, files[name].get("size"), _modified(files[name])


def _modified(about: Mapping[str, Any]) -> int | None:
    keys = ("LastModified", "last_modified", "mtime", "updated", "created")
    value = next((about[key] for key in keys if about.get(key)), None)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return int(value * 1e9) if isinstance(value, int | float) else None
