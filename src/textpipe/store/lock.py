"""One run a store: a lock that the system releases when its holder dies."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from textpipe.errors import StoreBusyError

HOLDER = "holder.json"


@contextmanager
def locked(folder: Path, *, wait: float = 0) -> Iterator[None]:
    """Hold the store's lock; raises StoreBusyError, naming the holder, after `wait` seconds in vain."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock", timeout=wait)
    try:
        lock.acquire(poll_interval=0.1)
    except Timeout as error:
        raise StoreBusyError(
            f"{folder}: {holder(folder)} is at work there. Wait for it to end, or use --wait SECONDS."
        ) from error
    try:
        about = {"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}
        (folder / HOLDER).write_text(json.dumps(about), "utf-8")
        yield
    finally:
        with suppress(OSError):
            (folder / HOLDER).unlink()
        lock.release()


def holder(folder: Path) -> str:
    """Who holds the lock, in words; "another run" where that is not told."""
    try:
        about = json.loads((folder / HOLDER).read_text("utf-8"))
        return f"process {about['pid']} on {about['host']} (since {about['since']})"
    except (OSError, ValueError, LookupError, TypeError):
        return "another run"


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")
