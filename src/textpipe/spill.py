"""Columns of numbers that may be too long for memory: spilled to a temporary file, and read a part at a time."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from weakref import finalize

import numpy as np
import numpy.typing as npt

from textpipe.errors import StoreError

Values = npt.NDArray[Any]


class Column(Protocol):
    """Numbers in a row, of which slices are asked for: an array, or `Spilled`."""

    def __len__(self) -> int: ...
    def __getitem__(self, own: slice, /) -> Values: ...


class Spill:
    """Takes numbers a piece at a time, into a file without a name in a temporary folder, which goes with the
    columns that are in it or with the process; without a folder, into memory. Several threads may read."""

    def __init__(self, folder: Path | None) -> None:
        self.folder, self._size = folder, 0
        self._held, self._lock = list[Values](), Lock()
        if folder is not None:
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
            finalize(self, self._file.close)

    def add(self, values: Values) -> Column:
        """Numbers after those before; gives them as a column of their own. Raises StoreError where the disk
        refuses them."""
        if self.folder is None:
            self._held.append(values)
            return values
        first, self._size = self._size, self._size + values.nbytes
        try:
            with self._lock:
                self._file.seek(first)
                self._file.write(np.ascontiguousarray(values).data)
                self._file.flush()
        except OSError as error:
            raise StoreError(
                f"{self.folder.parent}: what the reports are made of cannot be kept ({error.strerror})."
                " Free some space, then run again."
            ) from error
        return Spilled(self, first, len(values), values.dtype, values.shape[1:])

    def column(self) -> Column:
        """All of them, where all are of 32 bits."""
        if self.folder is None:
            return np.concatenate([np.zeros(0, np.int32), *self._held])
        kind = np.dtype(np.int32)
        return Spilled(self, 0, self._size // kind.itemsize, kind)

    def read(self, first: int, size: int) -> bytes:
        """What stands in the file."""
        with self._lock:
            self._file.seek(first)
            return self._file.read(size)


@dataclass(frozen=True, slots=True, eq=False)
class Spilled:
    """A column in a file: so many numbers (or rows of them) of a kind, from a byte on."""

    spill: Spill
    first: int
    count: int
    kind: np.dtype[Any]
    row: tuple[int, ...] = ()

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, own: slice) -> Values:
        part = self.part(own)
        found = self.spill.read(part.first, part.count * self._size)
        return np.frombuffer(found, self.kind).reshape(-1, *self.row)

    def part(self, own: slice) -> "Spilled":
        """A slice of it, not read."""
        first, last, _ = own.indices(self.count)
        at = self.first + first * self._size
        return Spilled(self.spill, at, max(last - first, 0), self.kind, self.row)

    @property
    def _size(self) -> int:
        """Bytes of an entry."""
        return self.kind.itemsize * int(np.prod(self.row, dtype=np.int64))


def part_of(column: Column, own: slice) -> Column:
    """A slice of a column, which is not read where it is in a file."""
    return column.part(own) if isinstance(column, Spilled) else column[own]


def folder_of(column: Column) -> Path | None:
    """The folder in which a column is kept; None: it is in memory."""
    return column.spill.folder if isinstance(column, Spilled) else None
