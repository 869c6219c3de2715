"""What a report needs of some stored articles, made where an engine does it: counts, heads, and blocks of
rows in a file, from which a `Shelf` gives them in order.

A block holds a few articles as rows of the store, and as rows of the two tables that have a row a sentence or
a piece of evidence; and their texts, to be read one by one.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from textpipe.codebook import Axis
from textpipe.engine import Engine, Lost
from textpipe.records import Head
from textpipe.store import rows_at, store_error
from textpipe.work.doing import without_collector

if TYPE_CHECKING:
    import pyarrow as pa

    from textpipe.analysis import Counts

AT_ONCE = 64
"""Articles of a block: what is read of the file for one of them."""
ROWS, SENTENCES, LABELS = "rows", "sentences", "labels"


@dataclass(frozen=True, slots=True)
class Held:
    """The job to make a report's part of stored articles: a data file's bytes, the places of the articles in
    it, the codebook's axes, and the file for its blocks (None: they come back with it)."""

    content: bytes
    places: Sequence[int]
    axes: Sequence[Axis]
    file: Path | None


class Block(NamedTuple):
    """Where the tables of some articles stand in the file (from, to), how many rows each article has in the
    long ones, and the bounds of their texts."""

    spans: dict[str, tuple[int, int]]
    rows: dict[str, list[int]]
    texts: list[int]


@dataclass(frozen=True, slots=True)
class Part:
    """A report's part of some articles; `content`: of the file, where there is none on this machine."""

    counts: "Counts"
    heads: list[Head]
    blocks: list[Block]
    content: bytes = b""


def part(job: Held) -> Part:
    """A report's part of a job's articles. Raises StoreError where the disk refuses the file."""
    table = rows_at(job.content, job.places)
    if job.file is None:
        buffer = io.BytesIO()
        own = part_of(table, job.axes, buffer)
        return Part(own.counts, own.heads, own.blocks, buffer.getvalue())
    try:
        with job.file.open("wb") as file:
            return part_of(table, job.axes, file)
    except OSError as error:
        raise store_error(job.file.parent.parent, error) from error  # not its temporary folder


def part_of(table: "pa.Table", axes: Sequence[Axis], file: IO[bytes]) -> Part:
    """A report's part of the articles in some rows of the store; its blocks are written to the file, each while
    the next is made (5,000 articles in one process: 6.1 s, 5.4 s so)."""
    from textpipe.analysis import COLUMNS, count

    with without_collector(), ThreadPoolExecutor(1) as writer:
        each = (table.slice(first, AT_ONCE) for first in range(0, table.num_rows, AT_ONCE))
        blocks = [writer.submit(_block, rows, _tables(rows, axes), file) for rows in each]
        counts, heads = count(table.select(COLUMNS)), _heads(table)
        return Part(counts, heads, [block.result() for block in blocks])


def parts_of(engine: Engine, jobs: Iterable[Held]) -> Iterator[Part]:
    """The parts of jobs, in order. What takes its process with it is done here."""
    for job, found in engine.map(part, jobs):
        yield part(job) if isinstance(found, Lost) else found


def _tables(rows: "pa.Table", axes: Sequence[Axis]) -> dict[str, "pa.Table"]:
    from textpipe.sentence_tables import label_rows, sentence_rows

    return {ROWS: rows, SENTENCES: sentence_rows(rows, axes), LABELS: label_rows(rows)}


def _block(rows: "pa.Table", tables: dict[str, "pa.Table"], file: IO[bytes]) -> Block:
    import pyarrow.compute as pc

    spans = {}
    for name, table in tables.items():
        first = file.tell()
        _write(table, file)
        spans[name] = (first, file.tell())
    counts = {
        name: rows.column(column).combine_chunks().value_lengths().to_pylist()
        for name, column in ((SENTENCES, "sentences"), (LABELS, "evidence"))
    }
    given = pc.coalesce(rows.column("text"), rows.column("raw")).to_pylist()
    texts = [text.encode() for text in given]
    bounds = list(accumulate(map(len, texts), initial=file.tell()))
    file.writelines(texts)
    return Block(spans, counts, bounds)


def _write(table: "pa.Table", file: IO[bytes]) -> None:
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(file, table.schema, options=options) as writer:
        writer.write_table(table)


def _heads(table: "pa.Table") -> list[Head]:
    """What is known of each article."""
    import pyarrow.compute as pc

    own = {
        name: table.column(name).to_pylist() for name in Head._fields if name in table.column_names
    }
    own["characters"] = pc.utf8_length(table.column("raw")).to_pylist()
    own["sentences"] = table.column("sentences").combine_chunks().value_lengths().to_pylist()
    return list(map(Head, *(own[name] for name in Head._fields)))
