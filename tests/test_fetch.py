"""Contents come in order, whatever is fetched ahead."""

from pathlib import Path
from threading import Barrier, Lock

import pytest

from textpipe.errors import DocumentError, UnreachableError
from textpipe.ingest.fetch import AHEAD, contents
from textpipe.places import place
from textpipe.records import Source


def remote(number: int) -> Source:
    return Source(place(f"memory://news/{number}.txt"), str(number))


def test_remote_files_are_fetched_beside_one_another_and_come_in_order() -> None:
    met = Barrier(AHEAD, timeout=30)

    def read(source: Source) -> bytes:
        met.wait()  # goes on only when so many ask at once
        return source.name.encode()

    sources = [remote(number) for number in range(AHEAD * 3)]
    found = [(source.name, content) for source, content in contents(sources, read)]
    assert found == [(str(number), str(number).encode()) for number in range(AHEAD * 3)]


def test_what_cannot_be_read_is_given_in_its_place() -> None:
    def read(source: Source) -> bytes:
        if source.name == "1":
            raise UnreachableError("no answer")
        if source.name == "2":
            raise DocumentError("too large")
        return b"text"

    local = Source(Path("3"), "3")
    found = [content for _, content in contents([*map(remote, range(3)), local, remote(4)], read)]
    assert [type(content) for content in found] == [
        bytes, UnreachableError, DocumentError, bytes, bytes,
    ]  # fmt: skip


def test_files_of_this_machine_are_read_when_they_are_asked_for() -> None:
    read = []
    each = contents((Source(Path(name), name) for name in "abc"), lambda s: read.append(s) or b"x")  # type: ignore[func-returns-value]
    next(each)
    assert [source.name for source in read] == ["a"]


def test_no_more_is_fetched_ahead_than_said() -> None:
    asked, lock = set[str](), Lock()

    def read(source: Source) -> bytes:
        with lock:
            asked.add(source.name)
        return b"x"

    each = contents(map(remote, range(1_000)), read)
    next(each)
    each.close()  # type: ignore[attr-defined]
    assert 1 <= len(asked) <= AHEAD + 1


def test_other_errors_are_not_hidden() -> None:
    def read(source: Source) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(contents([remote(1)], read))
