"""Paths to sources: which files are articles, in an order that never changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from textpipe.findings import Failure

STANDARD_INPUT = Path("-")
"""Stands for what is piped into the program."""
_NOT_ARTICLES = ("readme", "license", "changelog", "notice")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and its name in the results (relative to the path that was given)."""

    path: Path
    name: str


def find_sources(
    paths: Sequence[Path], suffixes: Collection[str]
) -> tuple[list[Source], list[Failure]]:
    """The articles among the paths, sorted, and a failure for each path that cannot be used.

    A file that is named is read whatever its name. In a folder, and the folders below it, every file
    with one of the suffixes counts; hidden
    files, README and LICENSE files do not, nor do links that lead out of the folder.
    """
    sources: dict[Path, Source] = {}
    failures: list[Failure] = []
    for path in paths:
        if path == STANDARD_INPUT:
            sources[path] = Source(path, "stdin")
        elif path.is_dir():
            for source in _in_folder(path, suffixes):
                sources.setdefault(source.path.resolve(), source)
        elif not path.exists():
            reason = "the path does not exist. Check the spelling, or give another path."
            failures.append(Failure(str(path), "ingest", reason))
        else:
            sources.setdefault(path.resolve(), Source(path, path.name))
    return sorted(sources.values(), key=lambda s: (s.name, str(s.path))), failures


def _in_folder(folder: Path, suffixes: Collection[str]) -> list[Source]:
    root = folder.resolve()
    found: list[Source] = []
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if hidden or path.suffix.lower() not in suffixes or path.is_dir():
            continue
        if path.stem.lower() in _NOT_ARTICLES or not path.resolve().is_relative_to(root):
            continue
        found.append(Source(path, f"{root.name}/{relative.as_posix()}"))
    return found
