"""A data file's bytes to rows and documents, and back."""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textpipe.arrow import numbers_as_arrow
from textpipe.records import Document

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 64
"""Rows that become documents at a time: what that takes beside them stays small."""


def data_file(tables: Sequence["pa.Table | bytes"]) -> bytes:
    """Tables, or data files' bytes, as the bytes of one data file (Parquet)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if len(tables) == 1 and isinstance(tables[0], bytes):
        return tables[0]
    each = [rows_at(t) if isinstance(t, bytes) else t for t in tables]
    buffer = io.BytesIO()
    table = pa.concat_tables(each)
    pq.write_table(table, buffer, compression="zstd", write_statistics=False)
    return buffer.getvalue()


def rows_at(
    content: bytes, places: Sequence[int] | None = None, columns: Sequence[str] | None = None
) -> "pa.Table":
    """The rows of a data file at some places, in order (all where none are given), and of their columns some."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Not read_table, which imports pandas: a third of a second for each process that counts.
    table = pq.ParquetFile(pa.BufferReader(content)).read(columns)
    if places is None or len(places) == table.num_rows:
        return table
    return table.take(numbers_as_arrow(np.array(places, np.int64)))


def documents_of(
    content: bytes, places: Sequence[int], stages: int | None = None
) -> Iterator[Document]:
    """The documents of a data file at some places, as they were after the first stages, or all."""
    from textpipe.store.loading import from_table
    from textpipe.store.shards import STAGES

    table = rows_at(content, places)
    for first in range(0, table.num_rows, AT_ONCE):
        part = table.slice(first, AT_ONCE)
        yield from from_table(part, len(STAGES) if stages is None else stages)
