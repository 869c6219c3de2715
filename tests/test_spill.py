"""Columns in temporary files: as arrays in memory, and what the disk refuses."""

import errno
import gc
import io
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from textpipe.errors import StoreError
from textpipe.spill import Spill, folder_of, part_of


@pytest.mark.parametrize("in_file", [False, True])
def test_a_column_is_what_was_added(tmp_path: Path, *, in_file: bool) -> None:
    folder = tmp_path if in_file else None
    spill, numbers = Spill(folder), np.arange(10, dtype=np.int32)
    parts = [spill.add(own) for own in (numbers[:3], numbers[3:3], numbers[3:])]
    column = spill.column()
    assert (len(column), column[:].tolist(), folder_of(column)) == (10, numbers.tolist(), folder)
    for own in (slice(2, 5), slice(7, 99), slice(5, 2), slice(-2, None)):
        assert column[own].tolist() == numbers[own].tolist()
    assert [part[:].tolist() for part in parts] == [[0, 1, 2], [], [3, 4, 5, 6, 7, 8, 9]]
    assert not list(tmp_path.iterdir())  # the file has no name


def test_numbers_of_any_kind_come_back_as_they_were(tmp_path: Path) -> None:
    spill = Spill(tmp_path)
    given: list[np.ndarray[Any, Any]] = [
        np.array([True, False]), np.array([0.5, 0.25, 1]), np.arange(8, dtype=np.uint64).reshape(4, 2),
        np.zeros((0, 3), np.uint64), np.arange(6)[::2],
    ]  # fmt: skip
    for values, column in [(values, spill.add(values)) for values in given]:
        assert np.array_equal(column[:], values) and column[:].dtype == values.dtype
        assert column[:].shape == values.shape and len(column) == len(values)
        assert np.array_equal(column[1:3], values[1:3])


def test_the_file_goes_with_its_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: file)
    column = Spill(tmp_path).add(np.arange(3))
    gc.collect()
    assert column[:].tolist() == [0, 1, 2]
    del column
    gc.collect()
    assert file.closed


def test_parts_are_read_by_several_threads(tmp_path: Path) -> None:
    numbers = np.arange(20_000, dtype=np.int32)
    column = Spill(tmp_path).add(numbers)

    def is_right(first: int) -> bool:
        return np.array_equal(
            part_of(column, slice(first, first + 9))[:], numbers[first : first + 9]
        )

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(is_right, range(len(numbers))))


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, *_: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    folder = tmp_path / ".report-x"
    folder.mkdir()
    with pytest.raises(StoreError, match=r"No space left on device\)\. Free some space") as told:
        Spill(folder).add(np.arange(3))
    assert str(told.value).startswith(f"{tmp_path}: ")
