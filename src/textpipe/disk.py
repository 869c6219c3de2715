"""Files that are on the disk whole, or not at all.

Every byte that must survive a crash goes through these four functions, so that a test can make each of
them fail.
"""

import os
from collections.abc import Iterable
from pathlib import Path


def write_synced(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file, whole or piece by piece, its folders with it, and wait until the disk holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(file.fileno())


def rename(old: Path, new: Path) -> None:
    """Give a file its final name, in place of what had it."""
    os.replace(old, new)


def sync_folder(folder: Path) -> None:
    """Wait until the disk holds a folder's names (where the system can)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name beside its place, then rename it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write_synced(temporary, content)
        rename(temporary, path)
        sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
