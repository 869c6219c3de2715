"""Numbers, strings, bytes and lists as Arrow arrays, made of their buffers, and back; and what Arrow's hash
tables find.

`pyarrow.array` does the same, but imports pandas, which costs a third of a second of each start.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from textpipe.codepoints import Codes, text_of
from textpipe.ranges import bounds_of, ranges, within

if TYPE_CHECKING:
    import pyarrow as pa

FEW = 10_000
"""Keys of which the different ones are found without Arrow, whose import takes as long as a hundred texts."""
MOST_BYTES = 2**31 - 1
"""Bytes of the strings of one column, which Arrow counts by 32 bits."""


def numbers_as_arrow(
    values: Sequence[float | None] | NDArray[Any],
    kind: Any = None,
    *,
    is_there: NDArray[np.bool_] | None = None,
) -> "pa.Array":
    """Numbers as an Arrow array (of the type `kind`, or of the array's own); null is None, or what is not
    there."""
    import pyarrow as pa

    if not isinstance(values, np.ndarray):
        is_there = np.array([value is not None for value in values], dtype=np.bool_)
        values = np.array([0 if value is None else value for value in values])
    kind = pa.from_numpy_dtype(values.dtype) if kind is None else kind
    own = np.ascontiguousarray(values, dtype=kind.to_pandas_dtype())
    return pa.Array.from_buffers(kind, len(own), [_validity(is_there), pa.py_buffer(own)])


def numbered_keys(keys: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Of each key which of the different ones it is, and where each of these stands first, in that order (of
    120,000 words: 5 ms by sorting, 1 ms by a hash table)."""
    if len(keys) < FEW:
        known = dict[int, int]()
        each = [known.setdefault(key, len(known)) for key in keys.tolist()]
        numbers = np.array(each, dtype=np.int32)
    else:
        indices = numbers_as_arrow(keys).dictionary_encode().indices
        numbers = np.frombuffer(indices.buffers()[1], np.int32, len(keys))
    return numbers, np.flatnonzero(np.diff(np.maximum.accumulate(numbers), prepend=-1))


def strings_as_arrow(values: Sequence[str | None]) -> "pa.Array":
    """Strings as an Arrow array; None is null. Equal strings are encoded once."""
    number = {value: n for n, value in enumerate(dict.fromkeys(values))}
    if len(number) == len(values):
        return _strings(values)
    numbers = np.fromiter(map(number.__getitem__, values), np.int32, len(values))
    return _strings(list(number)).take(numbers_as_arrow(numbers))


def lists_as_arrow(bounds: NDArray[Any], values: "pa.Array") -> "pa.ListArray":
    """Lists as an Arrow array; `bounds` (lists + 1): of each one's entries among the values."""
    import pyarrow as pa

    return pa.ListArray.from_arrays(numbers_as_arrow(bounds, pa.int32()), values)


def bytes_as_arrow(bounds: NDArray[Any], data: NDArray[np.uint8]) -> "pa.BinaryArray":
    """Strings of bytes as an Arrow array; `bounds` (strings + 1): of each one's among the data."""
    import pyarrow as pa

    if bounds[-1] > MOST_BYTES:
        raise ValueError(f"{bounds[-1]:,} bytes in one column, at most {MOST_BYTES:,}")
    held = [pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(np.ascontiguousarray(data))]
    return pa.Array.from_buffers(pa.binary(), len(bounds) - 1, [None, *held])


def numbered_strings(column: "pa.Array") -> tuple[list[str], NDArray[Any]]:
    """The different strings of a column, and of each entry which it is; null is one past the last."""
    encoded = column.dictionary_encode()
    names: list[str] = encoded.dictionary.to_pylist()
    if not column.null_count:
        return names, numbers_of(encoded.indices)
    return names, encoded.indices.fill_null(len(names)).to_numpy(zero_copy_only=False)


def texts_as_arrow(codes: Codes, starts: NDArray[Any], ends: NDArray[Any]) -> "pa.Array":
    """What stands between places of a text, given by its code points, as an Arrow array of strings, however
    many bytes (of 220 short ones: 0.1 ms sliced and encoded one by one, 0.02 ms so)."""
    import pyarrow as pa

    sizes = ends - starts
    held = np.flatnonzero(sizes)
    apart = (starts[held][1:] >= ends[held][:-1]).all()
    own = codes[within(len(codes), starts[held], ends[held]) if apart else ranges(starts, sizes)]
    more = (own >= 0x80).astype(np.uint8)  # bytes of each character beyond the first
    more += own >= 0x800
    more += own >= 0x10000
    lengths = sizes.astype(np.int64)
    if len(held):
        lengths[held] += np.add.reduceat(more, bounds_of(sizes)[held], dtype=np.int64)
    data = [pa.py_buffer(bounds_of(lengths)), pa.py_buffer(text_of(own).encode())]
    return pa.Array.from_buffers(pa.large_string(), len(sizes), [None, *data])


def entries_of(table: "pa.Table", name: str) -> tuple[NDArray[np.int32], "pa.StructArray"]:
    """How many entries of a list each row has, and the entries of all."""
    import pyarrow as pa

    chunks = table.column(name).chunks
    column = pa.concat_arrays(chunks) if chunks else pa.nulls(0, table.schema.field(name).type)
    return numbers_of(column.value_lengths()), column.flatten()


def numbers_of(column: "pa.Array") -> NDArray[np.int32]:
    """Whole numbers, none null (`to_numpy` imports pandas)."""
    return np.asarray(np.from_dlpack(column), np.int32)


def is_given(column: "pa.Array") -> NDArray[np.bool_]:
    """Which entries are not null."""
    import pyarrow as pa

    return numbers_of(column.is_valid().cast(pa.int32())) > 0


def is_one_of(column: "pa.Array", names: Sequence[str]) -> NDArray[np.bool_]:
    """Which entries are one of some names."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return numbers_of(pc.is_in(column, value_set=strings_as_arrow(names)).cast(pa.int32())) > 0


def _strings(values: Sequence[str | None]) -> "pa.Array":
    import pyarrow as pa

    encoded = [b"" if value is None else value.encode() for value in values]
    bounds = np.cumsum([0, *map(len, encoded)])
    if bounds[-1] > MOST_BYTES:
        raise ValueError(f"{bounds[-1]:,} bytes of text in one column, at most {MOST_BYTES:,}")
    is_there = np.array([value is not None for value in values], dtype=np.bool_)
    data = [pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), [_validity(is_there), *data])


def _validity(is_there: NDArray[np.bool_] | None) -> "pa.Buffer | None":
    import pyarrow as pa

    if is_there is None or is_there.all():
        return None
    return pa.py_buffer(np.packbits(is_there, bitorder="little"))
