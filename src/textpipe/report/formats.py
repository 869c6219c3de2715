"""The formats of tables, a part at a time: CSV and Parquet."""

import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import finalize

if TYPE_CHECKING:
    import pyarrow as pa

PIECE = 1 << 20
"""Bytes of a file that are given at a time."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _guarded(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Texts that a spreadsheet would take for formulas, with an apostrophe before them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    first = pc.utf8_slice_codeunits(column, 0, 1)
    risky = pc.is_in(first, value_set=pa.array(_FORMULA_STARTS, column.type))
    if not pc.any(risky).as_py():
        return column
    mark, nothing = (pa.scalar(text, column.type) for text in ("'", ""))
    return pc.if_else(risky, pc.binary_join_element_wise(mark, column, nothing), column)


def as_csv(tables: "Iterable[pa.Table]") -> Iterator[bytes]:
    """A table as CSV that Excel opens: UTF-8 with a byte order mark, formulas guarded."""
    import pyarrow as pa
    from pyarrow import csv

    for part, table in enumerate(tables):
        columns = [
            _guarded(column) if pa.types.is_large_string(column.type) else column
            for column in table.columns
        ]
        buffer = io.BytesIO()
        options = csv.WriteOptions(quoting_style="needed", include_header=part == 0)
        csv.write_csv(pa.table(columns, names=table.column_names), buffer, options)
        yield b"" if part else b"\xef\xbb\xbf"
        yield buffer.getvalue()


class Parquet:
    """A table as Parquet, texts as they are; until it is whole it is in a file of a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._ending = ExitStack()  # of the writer, then of its file, whatever was asked for
        self._ending.callback(self._file.close)
        finalize(self, self._ending.close)
        self._writer: Any = None

    def taken(self, table: "pa.Table") -> "pa.Table":
        """A part of the table, which is written as it goes by."""
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file, table.schema, compression="zstd")
            self._ending.callback(_end, self._writer)
        self._writer.write_table(table)
        return table

    def content(self) -> Iterator[bytes]:
        """The file, when all parts have gone by."""
        self._writer.close()
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece


def _end(writer: Any) -> None:
    with suppress(OSError):  # a full disk has been told by then
        writer.close()
