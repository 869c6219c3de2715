"""What the statistics of a corpus are made of: the sentences that count, as columns of numbers.

Each data file is counted where an engine does it (`counting.count`); `merging` brings the counts of any parts
into one order. Names are numbers over a sorted vocabulary, so that to merge is to unite and to renumber, and
all that follows works on columns: 36 MB for 6,000 articles (their analysis took 49 s and 1,300 MB sentence
by sentence; 13 s and 375 MB so, of which 6 s where the engine is). The columns of a whole corpus are in a
file; the longest of them, with a number a word, is read in pieces of some documents (`pieces`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from textpipe.ranges import are_first, bounds_of
from textpipe.spill import Column, part_of

K = TypeVar("K", str, tuple[str, str])
Numbers = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Pair = tuple[str, str]
AT_ONCE = 500_000
"""Words of a piece."""


class Level(NamedTuple):
    """Columns that belong together; `sizes` says how many entries each one of the `owner` level has."""

    name: str
    owner: str
    sizes: str
    columns: tuple[str, ...]


LEVELS = (
    Level("document", "", "", ("rows", "marks", "repeated", "bands")),
    Level("row", "document", "rows",
          ("number", "start", "length", "is_coded", "words", "labels", "cues", "speaker")),
    Level("label", "row", "labels", ("label", "is_unsure", "probability")),
    Level("cue", "row", "cues", ("cue",)),
    Level("mark", "document", "marks", ("mark", "place")),
    Level("word", "row", "words", ("word",)),
)  # fmt: skip
"""The columns of `Counts` but for those of its vocabulary."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """The rows of some documents: their body sentences, list items and headings that repeat nothing.

    Names, sorted: `vocabulary` (words), `pairs` (axis and id of labels), `speakers` (name and role),
    `modalities`, `names` (in marks, with the kind of the marks).
    Of each document: its source and id (`ids`), how many `rows` and `marks` it has, how many sentences are
    `repeated` in it, the `bands` of its text's signature (zeros where the text is too short for one).
    Of each row: its `number` among the document's sentences, its `start` in the text and its `length`,
    whether it `is_coded` (headings are not), how many `words`, `labels` and `cues` it has, its `speaker`
    (-1: nobody). Of each word of a row `word`; of each label of a coded row that is not "no" `label`,
    `is_unsure` and `probability`; of each modality of a coded row `cue`; of each name in marks in a coded row
    `mark` and its `place` in the text. Of each word of the vocabulary: how often it is `unknown` in coded
    rows, whether it ever `is_unknown` in a row, whether it ever `is_known_by_marks`, in a coded row with
    marks.
    """

    vocabulary: tuple[str, ...]
    pairs: tuple[Pair, ...]
    speakers: tuple[Pair, ...]
    modalities: tuple[str, ...]
    names: tuple[Pair, ...]
    ids: tuple[Pair, ...]
    rows: Numbers
    marks: Numbers
    repeated: Numbers
    bands: npt.NDArray[np.uint64]
    number: Numbers
    start: Numbers
    length: Numbers
    is_coded: Booleans
    words: Numbers
    labels: Numbers
    cues: Numbers
    speaker: Numbers
    word: Column
    label: Numbers
    is_unsure: Booleans
    probability: Floats
    cue: Numbers
    mark: Numbers
    place: Numbers
    unknown: Numbers
    is_unknown: Booleans
    is_known_by_marks: Booleans

    @property
    def document(self) -> Numbers:
        """The document of each row."""
        return owners(self.rows)

    @property
    def holder(self) -> Numbers:
        """The row of each label."""
        return owners(self.labels)

    @property
    def coded(self) -> Integers:
        """How many coded rows each document has."""
        own = self.document[self.is_coded]
        return np.bincount(own, minlength=len(self.rows)).astype(np.int64)

    @property
    def pieces(self) -> list["Piece"]:
        """The documents a piece at a time."""
        return pieces(self.rows, self.words)

    @property
    def parts(self) -> Iterator["Counts"]:
        """The counts of a piece's documents at a time."""
        every = self.pieces
        bounds = {"document": np.array([0, *(piece.documents.stop for piece in every)])}
        for level in LEVELS[1:]:
            bounds[level.name] = bounds_of(getattr(self, level.sizes))[bounds[level.owner]]
        for at in range(len(every)):
            own = {name: slice(*cuts[at : at + 2].tolist()) for name, cuts in bounds.items()}
            each = ((name, own[level.name]) for level in LEVELS for name in level.columns)
            columns = {name: part_of(self.column(name), its) for name, its in each}
            others = {x.name: getattr(self, x.name) for x in fields(self) if x.name not in columns}
            yield SpilledCounts(columns, **others | {"ids": self.ids[own["document"]]})

    def column(self, name: str) -> Column:
        """A column, which need not be in memory."""
        found: Column = getattr(self, name)
        return found


class SpilledCounts(Counts):
    """Counts of which the columns may be in a file: each is read when it is asked for, so ask once for what is
    needed in a loop."""

    __slots__ = ("_columns",)
    _columns: Mapping[str, Column]

    def __init__(self, columns: Mapping[str, Column], **others: Any) -> None:
        """`columns`: those of all levels; `others`: names and what is of words."""
        given = {"_columns": columns, "word": columns["word"], **others}
        for name, value in given.items():
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        """A column, for which there is no value."""
        if name == "_columns" or name not in self._columns:
            raise AttributeError(name)
        return self._columns[name][:]

    def column(self, name: str) -> Column:
        return self._columns[name]


class Piece(NamedTuple):
    """Some documents, one after another, with their rows and the words of these."""

    documents: slice
    rows: slice
    words: slice


def pieces(rows: Numbers | Integers, words: Numbers) -> list[Piece]:
    """Documents in pieces of about `AT_ONCE` words; `rows`: of each document; `words`: of each row."""
    of_rows = bounds_of(rows)
    of_words = bounds_of(words)[of_rows]
    cuts = np.searchsorted(of_words, np.arange(0, of_words[-1], AT_ONCE)).tolist()
    bounds = sorted({0, *cuts, len(rows)}) if len(rows) else [0, 0]
    return [
        Piece(slice(a, b), *(slice(int(own[a]), int(own[b])) for own in (of_rows, of_words)))
        for a, b in pairwise(bounds)
    ]


def owners(sizes: Numbers | Integers) -> Numbers:
    """The owner of each entry, where owners have so many of them."""
    return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)


def different(numbers: Any) -> Any:
    """The different numbers, sorted (np.unique, which looks them up in a table, takes ten times as long)."""
    ordered = np.sort(numbers)
    return ordered[are_first(ordered)]


def numbered(values: Iterable[K]) -> tuple[tuple[K, ...], Numbers]:
    """The different values, sorted, and of each value its number among them."""
    found: defaultdict[K, int] = defaultdict()
    found.default_factory = found.__len__
    numbers = np.fromiter(map(found.__getitem__, values), np.int32)
    return in_order(list(found), numbers)


def in_order(names: Sequence[K], numbers: Numbers) -> tuple[tuple[K, ...], Numbers]:
    """Different values, sorted, and numbers that count in them as they were, as they count in them so."""
    order = sorted(range(len(names)), key=names.__getitem__)
    own = np.empty(len(names), np.int32)
    own[order] = np.arange(len(names))
    return tuple(map(names.__getitem__, order)), own[numbers]
