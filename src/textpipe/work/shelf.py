"""The articles of a report by source and id: what is known of each in memory, all else in files.

A report of 20,000 articles took 2.3 GB with every article in memory.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, overload
from weakref import finalize

import numpy as np

from textpipe.arrow import numbers_as_arrow
from textpipe.ranges import runs
from textpipe.records import Document, Head
from textpipe.work.parts import ROWS, SENTENCES, Block, Part

if TYPE_CHECKING:
    import pyarrow as pa

READ = 8
"""Blocks that are kept as they were read."""
AT_ONCE = 256
"""Articles whose rows of a long table are given at a time."""
SHELF = ".report-"
"""How a shelf's folder begins; a killed run leaves its own to the next to clear."""


class Shelf:
    """Parts are put on it; from then on it gives articles by their place in the order of all."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: where its own folder is to be, which goes with it, or by `close`."""
        self.folder = Path(tempfile.mkdtemp(prefix=SHELF, dir=folder))
        self.close = finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._files = 0
        self._given: list[tuple[Head, Path, Block, int]] = []
        self._read = lru_cache(READ)(_read)

    def file(self) -> Path:
        """A file for another part."""
        self._files += 1
        return self.folder / f"{self._files:06}"

    def put(self, part: Part, file: Path) -> None:
        """Put a part on it, whose blocks are in a file."""
        if part.content:
            file.write_bytes(part.content)
        heads = iter(part.heads)
        for block in part.blocks:
            size = len(block.rows[SENTENCES])
            self._given += [(next(heads), file, block, row) for row in range(size)]

    def sort(self) -> None:
        """Bring the articles into their order, when all are there."""
        self._given.sort(key=lambda given: (given[0].source, given[0].id))
        self.heads: Sequence[Head] = [head for head, *_ in self._given]

    @property
    def texts(self) -> Sequence[str]:
        """The text of each article."""
        return _Texts(self)

    def text(self, place: int) -> str:
        """The text of an article."""
        _, file, block, row = self._given[place]
        return _bytes(file, *block.texts[row : row + 2]).decode()

    def sentences(self, places: Sequence[int]) -> Iterator["pa.Table"]:
        """The rows of the sentences table of each of some articles."""
        for place in places:
            _, file, block, row = self._given[place]
            table, sizes = self._read(file, *block.spans[SENTENCES]), block.rows[SENTENCES]
            yield table.slice(sum(sizes[:row]), sizes[row])

    def sentence(self, place: int, number: int) -> str:
        """A sentence of an article, as it stands in its source."""
        (own,) = self.sentences([place])
        return str(own.column("text")[number].as_py())

    def documents(self, places: Sequence[int]) -> Iterator[Document]:
        """Whole articles, in the order of their places."""
        from textpipe.store.loading import from_table

        for (file, block), rows in self._blocks(places):
            table = self._read(file, *block.spans[ROWS])
            yield from from_table(table.take(numbers_as_arrow(np.array(rows))))

    def rows(self, name: str) -> Iterator["pa.Table"]:
        """The rows of a long table, some articles' after another's."""
        import pyarrow as pa

        for first in range(0, len(self.heads), AT_ONCE):
            places = range(first, min(first + AT_ONCE, len(self.heads)))
            pieces = []
            for (file, block), rows in self._blocks(places):
                table, sizes = self._read(file, *block.spans[name]), np.array(block.rows[name])
                if rows != list(range(len(sizes))):  # copied, so that the rest need not be kept
                    table = table.take(numbers_as_arrow(runs(sizes, rows)))
                pieces.append(table)
            yield pa.concat_tables(pieces).combine_chunks()

    def _blocks(self, places: Sequence[int]) -> Iterator[tuple[tuple[Path, Block], list[int]]]:
        """The blocks of some places, and the articles' rows there."""
        each = (self._given[place] for place in places)
        for (file, _), own in groupby(each, key=lambda given: (given[1], given[2].spans[ROWS])):
            held = list(own)
            yield (file, held[0][2]), [row for *_, row in held]


class _Texts(Sequence[str]):
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __len__(self) -> int:
        return len(self._shelf.heads)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return list(map(self._shelf.text, range(*index.indices(len(self)))))
        return self._shelf.text(index)


def _read(file: Path, first: int, last: int) -> "pa.Table":
    """A table of a file."""
    import pyarrow as pa

    return pa.ipc.open_stream(_bytes(file, first, last)).read_all()


def _bytes(file: Path, first: int, last: int) -> bytes:
    with file.open("rb", buffering=0) as opened:
        opened.seek(first)
        return opened.read(last - first)
