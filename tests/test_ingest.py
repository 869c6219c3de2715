"""Files to documents."""

import os
from pathlib import Path
from typing import Any

import pytest

from textpipe.findings import Failure
from textpipe.ingest import SUFFIXES, Ingest, find_sources, read_source
from textpipe.ingest.metadata import find_date
from textpipe.records import Source


def found_in(tmp_path: Path, data: bytes, name: str = "a.txt", **settings: Any) -> list[Any]:
    path = tmp_path / name
    path.write_bytes(data)
    return list(read_source(Source(path, name), Ingest(**settings)))


def read(tmp_path: Path, data: bytes, name: str = "a.txt") -> Any:
    return found_in(tmp_path, data, name)[0]


def reason(tmp_path: Path, data: bytes, name: str = "a.txt", **settings: Any) -> str:
    found = found_in(tmp_path, data, name, **settings)
    assert len(found) == 1 and isinstance(found[0], Failure), found
    return found[0].reason


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"), (b" \n\t", "empty"), ("　\n".encode(), "no article text"),
        (b"\x89PNG\r\n\0\xff", "null bytes"), (b"ab\0c", "null"), (b"a" * 1001, "limit of 1,000"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_article_gets_a_message_with_the_mend(
    tmp_path: Path, data: bytes, message: str
) -> None:
    assert message in reason(tmp_path, data, largest_file=1000)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind here")
def test_an_unreadable_file_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("字")
    path.chmod(0)
    assert "permissions" in next(iter(read_source(Source(path, "a.txt"), Ingest()))).reason  # type: ignore[union-attr]


def test_a_vanished_file_is_a_failure(tmp_path: Path) -> None:
    found = list(read_source(Source(tmp_path / "gone.txt", "gone.txt"), Ingest()))
    assert isinstance(found[0], Failure) and "cannot be read" in found[0].reason


def test_offsets_count_from_after_the_byte_order_mark_and_keep_line_ends(tmp_path: Path) -> None:
    document = read(tmp_path, b"\xef\xbb\xbf" + "甲\r\n乙".encode())
    assert document.raw == "甲\r\n乙"


def test_halves_of_a_character_are_marked_in_text_and_title(tmp_path: Path) -> None:
    row = rb'{"title": "\ud83d\u7532", "text": "\u7532\ud83d\ude00\ude00"}'
    document = read(tmp_path, row, "a.jsonl")
    assert (document.title, document.raw) == ("\ufffd甲", "甲😀\ufffd")


def test_metadata_is_read_from_front_matter_and_header_lines(tmp_path: Path) -> None:
    first = read(tmp_path, "---\ntitle: 甲\ndate: 2025-07-24\noutlet: 乙報\n---\n\n正文。".encode())
    second = read(tmp_path, "標題：甲\n日期：民國114年7月24日\n來源：乙報\n\n正文。".encode())
    for d in (first, second):
        assert (d.title, d.published, d.outlet) == ("甲", "2025-07-24", "乙報")
        assert d.raw[d.metadata_end :].strip() == "正文。"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025-07-24", "2025-07-24"), ("2025/7/4 08:00", "2025-07-04"), ("2025年7月24日", "2025-07-24"),
        ("114年7月24日", "2025-07-24"), ("民國 115 年 1 月 2 日", "2026-01-02"), ("20250724-a", "2025-07-24"),
        ("昨天", None), ("2025-13-40", None), ("3.5奈米", None),
    ],
)  # fmt: skip
def test_dates_are_found(text: str, date: str | None) -> None:
    assert find_date(text) == date


def sources_of(paths: list[Path]) -> list[Source]:
    found = list(find_sources(paths, SUFFIXES))
    assert all(isinstance(one, Source) for one in found), found
    return sorted(found, key=lambda s: s.name)  # type: ignore[union-attr, arg-type]


def test_readme_hidden_and_foreign_links_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for name in ("b.txt", "a.md", "README.md", ".hidden.txt", "x.exe", "sub/c.txt"):
        (folder / name).write_text("字")
    outside = tmp_path / "secret.txt"
    outside.write_text("字")
    (folder / "link.txt").symlink_to(outside)
    (folder / "there").symlink_to(tmp_path, target_is_directory=True)
    (folder / "again.txt").symlink_to(folder / "b.txt")
    found = sources_of([folder, folder / "a.md"])
    assert [s.name for s in found] == [
        "a.md", "in/a.md", "in/again.txt", "in/b.txt", "in/sub/c.txt",
    ]  # fmt: skip
    assert len({s.real for s in found}) == 3, "by its real path a file is known however it is given"


def test_a_missing_path_is_a_failure_and_a_named_file_is_read_whatever_its_name(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.article").write_text("字")
    failure, source = find_sources([tmp_path / "none", tmp_path / "a.article"], SUFFIXES)
    assert isinstance(source, Source) and source.name == "a.article"
    assert isinstance(failure, Failure) and "does not exist" in failure.reason


def test_same_content_under_two_names_gives_two_ids(tmp_path: Path) -> None:
    assert read(tmp_path, "字".encode(), "a.txt").id != read(tmp_path, "字".encode(), "b.txt").id
