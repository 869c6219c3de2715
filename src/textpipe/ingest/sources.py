"""Paths to sources: which files are articles."""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from textpipe.findings import Failure
from textpipe.places import files_below, is_remote, reached
from textpipe.records import Source

STANDARD_INPUT = Path("-")
"""Stands for what is piped into the program."""
_NOT_ARTICLES = ("readme", "license", "changelog", "notice")


def find_sources(paths: Sequence[Path], suffixes: Collection[str]) -> Iterator[Source | Failure]:
    """The articles among the paths, one by one and in no order, and a failure for each path that cannot
    be used.

    A file that is named is read whatever its name. In a folder, and the folders below it, every file
    with one of the suffixes counts; hidden files, README and LICENSE files do not, nor do links that
    lead out of the folder, nor linked folders.
    """
    for path in paths:
        if path == STANDARD_INPUT:
            yield Source(path, "stdin", "-", "-")
        elif is_remote(path):
            yield from _remote(path, suffixes)
        elif path.is_dir():
            yield from _in_folder(path, frozenset(suffixes))
        elif not path.exists():
            reason = "the path does not exist. Check the spelling, or give another path."
            yield Failure(str(path), "ingest", reason)
        else:
            about = path.stat()
            yield Source(
                path, path.name, str(path), str(path.resolve()), about.st_size, about.st_mtime_ns
            )


def _remote(path: Path, suffixes: Collection[str]) -> Iterator[Source | Failure]:
    try:
        with reached():
            for name, file, size, modified in files_below(path):
                itself = file is path
                if itself or _counts(name.rsplit("/", 1)[-1], suffixes):
                    full = name if itself else f"{path.name or path.anchor}/{name}"
                    yield Source(file, full, str(path), str(file), size, modified)
    except OSError as error:
        reason = f"the address cannot be read ({error.strerror or error}). Check its name and your access."
        yield Failure(str(path), "ingest", reason)


def _in_folder(folder: Path, suffixes: frozenset[str]) -> Iterator[Source | Failure]:
    root = str(folder.resolve())
    waiting = [("", str(folder))]
    while waiting:
        below, path = waiting.pop()
        try:
            entries = os.scandir(path)
        except OSError as error:
            reason = f"the folder cannot be read ({error.strerror}). Check its permissions."
            yield Failure(path, "ingest", reason)
            continue
        with entries:
            for entry in entries:
                name = f"{below}{entry.name}"
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((name + "/", entry.path))
                elif _is_article(entry, suffixes, root):
                    yield _source(entry, name, root=root, given=str(folder))


def _is_article(entry: "os.DirEntry[str]", suffixes: frozenset[str], root: str) -> bool:
    if not _counts(entry.name, suffixes):
        return False
    if entry.is_symlink():
        return Path(entry.path).resolve().is_relative_to(root) and entry.is_file()
    return entry.is_file()


def _counts(name: str, suffixes: Collection[str]) -> bool:
    stem, suffix = os.path.splitext(name)
    return (
        suffix.lower() in suffixes
        and stem.lower() not in _NOT_ARTICLES
        and not name.startswith(".")
    )


def _source(entry: "os.DirEntry[str]", name: str, *, root: str, given: str) -> Source:
    real = str(Path(entry.path).resolve()) if entry.is_symlink() else os.path.join(root, name)
    full = f"{os.path.basename(root)}/{name}"
    try:
        about = entry.stat()
    except OSError:
        return Source(Path(entry.path), full, given, real)
    return Source(Path(entry.path), full, given, real, about.st_size, about.st_mtime_ns)
