"""What the statistics of a corpus are made of: the sentences that count, as columns of numbers.

Each data file is counted where an engine does it (`counting.count`); `merge` brings the counts of any parts
into one order, by source and id. Names are numbers over a sorted vocabulary, so that to merge is to unite
and to renumber, and all that follows works on whole columns: 36 MB for 6,000 articles (their analysis took
49 s and 1,300 MB sentence by sentence; 13 s and 375 MB so, of which 6 s where the engine is).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from textpipe.ranges import groups_of, ranges

K = TypeVar("K", str, tuple[str, str])
T = TypeVar("T", bound=np.generic)
Numbers = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Pair = tuple[str, str]
AT_ONCE = 1_000_000
"""Numbers that are counted at a time."""


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
    word: Numbers
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


class _Level(NamedTuple):
    """Columns that belong together; `sizes` says how many entries each one of the `owner` level has."""

    name: str
    owner: str
    sizes: str
    columns: tuple[str, ...]


_LEVELS = (
    _Level("document", "", "", ("rows", "marks", "repeated", "bands")),
    _Level("row", "document", "rows",
           ("number", "start", "length", "is_coded", "words", "labels", "cues", "speaker")),
    _Level("word", "row", "words", ("word",)),
    _Level("label", "row", "labels", ("label", "is_unsure", "probability")),
    _Level("cue", "row", "cues", ("cue",)),
    _Level("mark", "document", "marks", ("mark", "place")),
)  # fmt: skip
_NAMED = {"word": "vocabulary", "label": "pairs", "speaker": "speakers", "cue": "modalities", "mark": "names"}  # fmt: skip
"""The columns that number names."""
_OF_WORDS = ("unknown", "is_unknown", "is_known_by_marks")


def merge(parts: Sequence[Counts]) -> Counts:
    """The counts of the documents of all parts, by source and id: the same whatever the parts and their
    order, and again mergeable."""
    ids = [id for part in parts for id in part.ids]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    joined = _joined(parts)
    if order == list(range(len(ids))):
        return Counts(ids=tuple(ids), **joined)
    places = {"document": np.array(order, np.int64)}
    for level in _LEVELS[1:]:
        places[level.name] = runs(joined[level.sizes], places[level.owner])
    for level in _LEVELS:
        for column in level.columns:
            joined[column] = joined[column][places[level.name]]
    return Counts(ids=tuple(ids[i] for i in order), **joined)


def _joined(parts: Sequence[Counts]) -> dict[str, Any]:
    """The columns of the parts one after another, over the names of all."""
    joined: dict[str, Any] = {}
    for column in (column for level in _LEVELS for column in level.columns):
        each = [getattr(part, column) for part in parts]
        if (names := _NAMED.get(column)) is not None:
            joined[names], own = _union([getattr(part, names) for part in parts])
            each = [numbers[x] for numbers, x in zip(own, each, strict=True)]
            if names == "vocabulary":
                joined |= _of_words(parts, own, len(joined[names]))
        joined[column] = np.concatenate(each)
    return joined


def _union(parts: Sequence[tuple[Any, ...]]) -> tuple[tuple[Any, ...], list[Numbers]]:
    """The names of all parts, sorted, and for each part its names' numbers there (and -1 for -1)."""
    names = tuple(sorted(set().union(*parts)))
    place = {name: i for i, name in enumerate(names)}
    return names, [np.array([*(place[name] for name in part), -1], np.int32) for part in parts]


def _of_words(parts: Sequence[Counts], own: Sequence[Numbers], size: int) -> dict[str, Any]:
    found = {name: np.zeros(size, getattr(parts[0], name).dtype) for name in _OF_WORDS}
    for part, numbers in zip(parts, own, strict=True):
        for name, column in found.items():
            column[numbers[:-1]] += getattr(part, name)
    return found


def owners(sizes: Numbers) -> Numbers:
    """The owner of each entry, where owners have so many of them."""
    return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)


def times(numbers: Numbers, size: int) -> Integers:
    """How often each number below `size` occurs: `np.bincount`, which copies all as 64 bits, a part at a time."""
    found = np.zeros(size, np.int64)
    for first in range(0, len(numbers), AT_ONCE):
        found += np.bincount(numbers[first : first + AT_ONCE], minlength=size)
    return found


def looked_up(table: npt.NDArray[T], numbers: Numbers) -> npt.NDArray[T]:
    """`table[numbers]`, which copies all numbers as 64 bits, a part at a time."""
    found = np.empty(len(numbers), table.dtype)
    for first in range(0, len(numbers), AT_ONCE):
        own = slice(first, first + AT_ONCE)
        found[own] = table[numbers[own]]
    return found


def runs(sizes: Numbers | Integers, chosen: Any) -> Integers:
    """The places of the entries of the chosen owners, owner by owner."""
    return ranges((np.cumsum(sizes, dtype=np.int64) - sizes)[chosen], sizes[chosen])


def different(numbers: Any) -> Any:
    """The different numbers, sorted (np.unique, which looks them up in a table, takes ten times as long)."""
    ordered = np.sort(numbers)
    return ordered[groups_of(ordered)[0]]


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
