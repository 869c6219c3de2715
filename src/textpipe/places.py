"""Where files are: paths of this machine, or addresses such as s3://bucket/folder.

An address becomes a path of universal_pathlib, which has the methods of `pathlib.Path`; keys, endpoints and
regions come from the environment or the configuration files of fsspec, as for any program that uses it.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from textpipe.errors import TextpipeError, UsageError

SCHEMES = ("s3", "gs", "gcs", "az", "abfs", "hdfs", "sftp", "memory")
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]+)://", re.I)


def place(given: str | Path) -> Path:
    """The path of what a person wrote: a path, file://…, or an address of an object store.

    Raises UsageError where the scheme is not known or its package is missing.
    """
    if not isinstance(given, str):
        return given
    scheme = _SCHEME.match(given)
    if scheme is None:
        return Path(given)
    if scheme[1].lower() == "file":
        from urllib.request import url2pathname

        return Path(url2pathname(urlsplit(given).path))
    if scheme[1].lower() not in SCHEMES:
        known = ", ".join(f"{name}://" for name in ("file", *SCHEMES))
        raise UsageError(f"{given}: {scheme[0]} is not read. Known: {known}.")
    try:
        from upath import UPath

        path: Any = UPath(given)
        path.fs  # noqa: B018  imports what the scheme needs
    except ImportError as error:
        raise UsageError(
            f"{given} needs more packages ({error}). Run: python -m pip install 'textpipe[remote]'"
        ) from error
    except ValueError as error:
        raise UsageError(f"{given}: {error}") from error
    return cast(Path, path)


def is_remote(path: Path) -> bool:
    """Whether a path is an address of another machine."""
    return not isinstance(path, Path)


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
