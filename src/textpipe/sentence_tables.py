"""The tables that have a row a sentence or a piece of evidence, made of the store's rows column by column.

No record is made, and a column takes a few calls for many articles (an article's rows of both tables: 1.0 ms
from its records' columns, sentence by sentence; 0.3 ms so).
"""

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from textpipe.arrow import (
    entries_of,
    is_given,
    is_one_of,
    numbered_strings,
    numbers_as_arrow,
    numbers_of,
    strings_as_arrow,
    texts_as_arrow,
)
from textpipe.codebook import Axis
from textpipe.codepoints import Codes, codes_of, members
from textpipe.packed import lengths_in
from textpipe.ranges import Numbers, bounds_of, ranges, within
from textpipe.records import CODED_KINDS, Alignment

Kinds = Mapping[str, str]
"""The columns of a table, and the pandas type of each."""
LABELS: Kinds = {
    "document": "str", "sentence": "int64", "axis": "str", "label": "str",
    "probability": "float64", "decision": "str", "origin": "str", "evidence": "str",
    "evidence_start": "int64", "evidence_end": "int64", "party": "str",
}  # fmt: skip
BLANK, NO_BREAK = ord(" "), ord("\u00a0")


def sentence_columns(axes: Sequence[str]) -> Kinds:
    """The columns of the sentences table, with one for each axis of the codebook."""
    return {
        "document": "str", "sentence": "int64", "kind": "str", "start": "int64", "end": "int64",
        "text": "str", **dict.fromkeys(axes, "str"), "unsure": "str", "speaker": "str", "role": "str",
        "modality": "str", "tokens": "str", "duplicate_of": "Int64",
    }  # fmt: skip


def sentence_rows(table: pa.Table, axes: Sequence[Axis]) -> pa.Table:
    """The rows of the sentences table of the articles in some rows of the store."""
    own, nobody = _Sentences(table), strings_as_arrow([""])[0]
    fields = own.fields
    columns = [
        own.ids, own.number, fields.field("kind"), own.raw_start, own.raw_end,
        own.texts(own.document, own.raw_start, own.raw_end), *_given(own, axes), _unsure(own),
        *(fields.field(name).fill_null(nobody) for name in ("speaker", "role")), _modality(own),
        own.tokens(), fields.field("duplicate_of"),
    ]  # fmt: skip
    return _table(columns, sentence_columns([axis.id for axis in axes]))


def label_rows(table: pa.Table) -> pa.Table:
    """The rows of the labels table, one a piece of evidence, of the articles in some rows of the store."""
    own = _Sentences(table)
    sizes, evidence = entries_of(table, "evidence")
    document = np.repeat(np.arange(len(sizes)), sizes)
    label = own.first_label[document] + numbers_of(evidence.field("label"))
    start, end = (numbers_of(evidence.field(name)) for name in ("start", "end"))
    named = {name: own.labels.field(name).take(numbers_as_arrow(label)) for name in _OF_LABELS}
    columns = [
        table["id"].take(numbers_as_arrow(document)), named["sentence"], named["axis"], named["id"],
        named["probability"], named["decision"], named["origin"], own.texts(document, start, end),
        start, end, named["party"],
    ]  # fmt: skip
    return _table(columns, LABELS)


_OF_LABELS = ("sentence", "axis", "id", "probability", "decision", "origin", "party")


def _table(columns: Sequence[Any], names: Iterable[str]) -> pa.Table:
    arrays = [
        numbers_as_arrow(column) if isinstance(column, np.ndarray) else column for column in columns
    ]
    return pa.table(arrays, names=list(names))


class _Sentences:
    """The sentences of some rows of the store, one after another: of each its `document`'s row, its `number`
    there, where it begins and ends in the text (`start`, `end`) and in the source (`raw_start`, `raw_end`).
    `first`: the first of each row; `labels`, `first_label`: the same for labels; `holder`: the sentence of
    each label."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.raws = table["raw"].to_pylist()
        self.size, self.fields = entries_of(table, "sentences")
        self.first = bounds_of(self.size)[:-1]
        self.document = np.repeat(np.arange(len(self.size)), self.size)
        self.number = np.arange(len(self.document)) - self.first[self.document]
        self.start = numbers_of(self.fields.field("start")).astype(np.int64)
        self.end = self.start + numbers_of(self.fields.field("length"))
        self.raw_start, self.raw_end = self._raw_spans()
        sizes, self.labels = entries_of(table, "labels")
        self.first_label = bounds_of(sizes)[:-1]
        owner = np.repeat(np.arange(len(sizes)), sizes)
        self.holder = self.first[owner] + numbers_of(self.labels.field("sentence"))

    @property
    def ids(self) -> pa.ChunkedArray:
        """The id of each one's document."""
        return self.table["id"].take(numbers_as_arrow(self.document))

    @cached_property
    def is_coded(self) -> NDArray[np.bool_]:
        """Which are coded."""
        repeats = is_given(self.fields.field("duplicate_of"))
        return is_one_of(self.fields.field("kind"), CODED_KINDS) & ~repeats

    def texts(self, document: NDArray[Any], start: NDArray[Any], end: NDArray[Any]) -> pa.Array:
        """What stands between places of documents' sources."""
        first = bounds_of(list(map(len, self.raws)))[document]
        return texts_as_arrow(codes_of("".join(self.raws)), first + start, first + end)

    def _raw_spans(self) -> tuple[Numbers, Numbers]:
        start, end = self.start.copy(), self.end.copy()
        starts, ends = self.table["starts"], self.table["ends"]
        for row in np.flatnonzero(is_given(starts.combine_chunks())).tolist():
            own = slice(self.first[row], self.first[row] + self.size[row])
            own_starts = array("I", starts[row].as_py())
            alignment = Alignment(
                len(own_starts), len(self.raws[row]), own_starts, array("I", ends[row].as_py())
            )
            spans = zip(start[own].tolist(), end[own].tolist(), strict=True)
            found = [alignment.to_raw(*span) for span in spans]
            start[own], end[own] = np.array(found, dtype=np.int64).reshape(-1, 2).T
        return start, end

    def tokens(self) -> pa.Array:
        """The words of each separated by spaces, blanks between words left out."""
        texts = pc.coalesce(self.table["text"], self.table["raw"]).to_pylist()
        codes, firsts = codes_of("".join(texts)), bounds_of(list(map(len, texts)))[self.document]
        lengths = lengths_in(self.table["words"].to_pylist())
        counts = numbers_of(self.fields.field("words"))
        before, own = bounds_of(lengths), np.repeat(np.arange(len(counts)), counts)
        starts = before[:-1] + (firsts + self.start - before[bounds_of(counts)[:-1]])[own]
        ends = starts + lengths
        blanks = np.flatnonzero(codes == BLANK)
        held = (np.searchsorted(blanks, firsts + place) for place in (self.start, self.end))
        with_blanks = np.flatnonzero(np.subtract(*held)[own])
        starts[with_blanks], ends[with_blanks] = _stripped(
            codes, starts[with_blanks], ends[with_blanks]
        )
        kept = ends > starts
        own, starts, ends = own[kept], starts[kept], ends[kept]
        words = codes[within(len(codes), starts, ends)]
        words[words == BLANK] = NO_BREAK
        places = bounds_of(ends - starts + 1)
        is_word = np.ones(len(words) + len(own), dtype=np.bool_)
        is_word[places[1:] - 1] = False
        spaced = np.full(len(is_word), BLANK, dtype=np.uint32)
        spaced[is_word] = words
        bounds = places[bounds_of(np.bincount(own, minlength=len(counts)))]
        return texts_as_arrow(spaced, bounds[:-1], np.maximum(bounds[1:] - 1, bounds[:-1]))


def _stripped(codes: Codes, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    """Spans of a text, none empty, without the blanks at their edges."""
    if not len(starts):
        return starts, ends
    places, firsts = ranges(starts, ends - starts), bounds_of(ends - starts)[:-1]
    is_blank = _blanks()[codes[places]]
    first = np.minimum.reduceat(np.where(is_blank, len(codes), places), firsts)
    last = np.maximum.reduceat(np.where(is_blank, -1, places), firsts)
    return first, last + 1


@cache
def _blanks() -> NDArray[np.bool_]:
    """Of each code point whether it is blank."""
    return members(filter(str.isspace, map(chr, range(sys.maxunicode + 1))))


def _given(own: _Sentences, axes: Sequence[Axis]) -> list[pa.Array]:
    """For each axis the ids of the labels that each sentence is given on it; where a coded one has no other,
    the axis's empty one."""
    labels, found = own.labels, []
    (ids, id), is_sure = (
        numbered_strings(labels.field("id")),
        is_one_of(labels.field("decision"), ["yes"]),
    )
    for axis in axes:
        chosen = is_one_of(labels.field("axis"), [axis.id])
        if axis.choose != "one":
            chosen &= is_sure
        empty = axis.empty or ""
        default = np.where(own.is_coded, len(ids), len(ids) + 1)
        found.append(_joined([*ids, empty, ""], default, own.holder[chosen], id[chosen], empty))
    return found


def _unsure(own: _Sentences) -> pa.Array:
    """The axes and ids of the labels that each sentence is unsure of."""
    labels = own.labels
    chosen = is_one_of(labels.field("decision"), ["unsure"])
    (axes, axis), (ids, id) = (numbered_strings(labels.field(name)) for name in ("axis", "id"))
    pairs, pair = np.unique(axis[chosen] * np.int64(len(ids) + 1) + id[chosen], return_inverse=True)
    names = [
        f"{axes[a]}:{ids[b]}" for a, b in (divmod(own, len(ids) + 1) for own in pairs.tolist())
    ]
    default = np.full(len(own.document), len(names))
    return _joined([*names, ""], default, own.holder[chosen], pair)


def _modality(own: _Sentences) -> pa.Array:
    """The ids of the cues of each sentence."""
    sizes, cues = entries_of(own.table, "cues")
    holder = np.repeat(own.first, sizes) + numbers_of(cues.field("sentence"))
    ids, id = numbered_strings(cues.field("id"))
    return _joined([*ids, ""], np.full(len(own.document), len(ids)), holder, id)


def _joined(
    names: list[str],
    default: Numbers,
    holder: Numbers,
    number: NDArray[Any],
    empty: str | None = None,
) -> pa.Array:
    """Of each sentence the names that it holds, joined by ";", and those numbered by `default` where it holds
    none; `empty` only where it is the only one. `holder`: the sentences in order."""
    if empty in names:
        is_other = number != names.index(empty)
        has_others = np.bincount(holder[is_other], minlength=len(default)) > 0
        kept = is_other | ~has_others[holder]
        holder, number = holder[kept], number[kept]
    codes, texts = default.copy(), list(names)
    firsts = bounds_of(np.bincount(holder, minlength=len(default)))[:-1]
    rank = np.arange(len(holder)) - firsts[holder]
    codes[holder[rank == 0]] = number[rank == 0]
    for place in range(1, int(rank.max(initial=0)) + 1):
        own = rank == place
        keys = codes[holder[own]] * np.int64(len(names)) + number[own]
        different, which = np.unique(keys, return_inverse=True)
        codes[holder[own]] = len(texts) + which
        each = (divmod(key, len(names)) for key in different.tolist())
        texts += [f"{texts[before]};{names[added]}" for before, added in each]
    return strings_as_arrow(texts).take(numbers_as_arrow(codes))
