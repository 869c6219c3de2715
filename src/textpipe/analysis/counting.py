"""Counting articles from the columns of a data file, without making records of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from textpipe.analysis.counts import (  # fmt: skip
    Booleans,
    Counts,
    Integers,
    Numbers,
    Pair,
    different,
    numbered,
    owners,
    runs,
)
from textpipe.analysis.stories import bands
from textpipe.records import CODED_KINDS, UNKNOWN

COUNTED_KINDS = (*CODED_KINDS, "heading")
COLUMNS = ("id", "source", "raw", "text", "sentences", "tags", "labels", "cues")
"""The columns that counting needs, as the store names them."""
_MARKED = {
    "title": re.compile(r"《([^《》，。；：！？\n]{2,30})》"),
    "quoted": re.compile(r"「([\u3400-\u9fffA-Za-z0-9·\- ]{2,10})」"),
}


def count(table: pa.Table) -> Counts:
    """The counts of the documents of some rows of a data file, in their order."""
    texts = pc.coalesce(table["text"], table["raw"]).to_pylist()
    whole, rows = "".join(texts), _rows(table, texts)
    vocabulary, word = numbered(_words(rows, whole))
    names, mark, place, marked, holders = _marks(rows, whole)
    pairs, label, is_unsure, labels = _labels(table, rows)
    modalities, cue, cues = _cues(table, rows)
    speakers, speaker = _speakers(rows)
    unknown, is_unknown, is_known_by_marks = _unknown(table, rows, vocabulary, word, holders)
    return Counts(
        vocabulary, pairs, speakers, modalities, names,
        tuple(zip(table["source"].to_pylist(), table["id"].to_pylist(), strict=True)),
        _each(rows.document, len(texts)), _each(rows.document[marked], len(texts)),
        rows.repeated, bands(texts), rows.number, rows.start, rows.is_coded, rows.words,
        labels, cues, speaker, word, label, is_unsure, cue, mark, place, unknown, is_unknown,
        is_known_by_marks,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Of each row its document, its sentence's number there and start, whether it is coded, where its text
    begins and ends in all texts joined, how many words it has, and the `lengths` of all words.

    Of each document how many sentences are repeated and its first sentence among all; of each sentence
    its coded row (`of`, -1: none); `fields`: of the sentences; `kept`: the rows' sentences among all.
    """

    document: Numbers
    number: Numbers
    start: Numbers
    is_coded: Booleans
    begin: Integers
    end: Integers
    words: Numbers
    lengths: Integers
    repeated: Numbers
    firsts: Integers
    of: Numbers
    kept: Integers
    fields: pa.StructArray


def _rows(table: pa.Table, texts: Sequence[str]) -> _Rows:
    sizes, fields = _list(table, "sentences")
    owner, firsts = owners(sizes), np.cumsum(sizes, dtype=np.int64) - sizes
    repeats = fields.field("duplicate_of").is_valid().to_numpy(zero_copy_only=False)
    kept = np.flatnonzero(~repeats & _is_one_of(fields.field("kind"), COUNTED_KINDS))
    is_coded = _is_one_of(fields.field("kind"), CODED_KINDS)[kept]
    of = np.full(len(owner), -1, np.int32)
    of[kept[is_coded]] = np.flatnonzero(is_coded)
    start, length = (_numbers(fields.field(name))[kept] for name in ("start", "length"))
    document = owner[kept]
    begin = np.array([0, *accumulate(map(len, texts))], np.int64)[document] + start
    cuts = fields.field("words")
    words = cuts.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return _Rows(
        document, (kept - firsts[document]).astype(np.int32), start,
        is_coded, begin, begin + length, words[kept],
        _numbers(cuts.flatten())[runs(words, kept)].astype(np.int64), _each(owner[repeats], len(sizes)),
        firsts, of, kept, fields,
    )  # fmt: skip


def _words(rows: _Rows, whole: str) -> list[str]:
    """The words of the rows."""
    before = np.concatenate([[0], np.cumsum(rows.lengths)])
    shift = rows.begin - before[np.cumsum(rows.words, dtype=np.int64) - rows.words]
    begin = before[:-1] + np.repeat(shift, rows.words)
    ends = begin + rows.lengths
    return [whole[a:b] for a, b in zip(begin.tolist(), ends.tolist(), strict=True)]


def _unknown(
    table: pa.Table, rows: _Rows, vocabulary: Sequence[str], word: Numbers, holders: Integers
) -> tuple[Numbers, Booleans, Booleans]:
    """Of each word how often it is unknown in coded rows, whether it ever is in a row, and whether it ever
    is not in a row with marks (`holders`)."""
    sizes, tags = _list(table, "tags")
    is_tagged = _is_one_of(tags.field("tag"), (UNKNOWN,))
    size, row = len(vocabulary), owners(rows.words)
    number = {name: i for i, name in enumerate(vocabulary)}
    named = tags.field("word").filter(pa.array(is_tagged)).to_pylist()
    tagged = np.array([number.get(name, size) for name in named], np.int64)
    pairs = owners(sizes)[is_tagged] * np.int64(size + 1) + tagged
    asked = np.flatnonzero(_each(tagged, size + 1)[word] > 0)
    own = rows.document[row[asked]] * np.int64(size + 1) + word[asked]
    found = np.zeros(len(word), np.bool_)
    found[asked] = np.isin(own, pairs)
    with_marks = np.bincount(holders, minlength=len(rows.words))[row] > 0
    return (
        _each(word[found & rows.is_coded[row]], size),
        _each(word[found], size) > 0,
        _each(word[~found & with_marks], size) > 0,
    )


def _marks(
    rows: _Rows, whole: str
) -> tuple[tuple[Pair, ...], Numbers, Numbers, Integers, Integers]:
    """The names in book-title marks and the short ones in quotation marks of the coded rows, of each place
    of one its number, where it is in the document's text and its row; and the rows that hold such a sign."""
    found: list[Pair] = []
    places: list[int] = []
    owner: list[int] = []
    holders: list[int] = []
    for row in np.flatnonzero(rows.is_coded).tolist():
        text = whole[rows.begin[row] : rows.end[row]]
        if "《" in text or "「" in text:
            holders.append(row)
            for kind, marks in _MARKED.items():
                for match in marks.finditer(text):
                    found.append((match[1], kind))
                    places.append(match.start(1))
                    owner.append(row)
    names, mark = numbered(found)
    rows_of = np.array(owner, np.int64)
    place = (np.array(places, np.int64) + rows.start[rows_of]).astype(np.int32)
    return names, mark, place, rows_of, np.array(holders, np.int64)


def _labels(table: pa.Table, rows: _Rows) -> tuple[tuple[Pair, ...], Numbers, Booleans, Numbers]:
    """The labels of coded rows that are not "no": names, of each its number and whether it is unsure, and
    how many each row has."""
    sizes, fields = _list(table, "labels")
    row = rows.of[rows.firsts[owners(sizes)] + _numbers(fields.field("sentence"))]
    held = _is_one_of(fields.field("decision"), ("yes", "unsure"))
    kept = np.flatnonzero(held & (row >= 0))
    axes, ids = (fields.field(name).take(pa.array(kept)).to_pylist() for name in ("axis", "id"))
    pairs, label = numbered(zip(axes, ids, strict=True))
    unsure = _is_one_of(fields.field("decision"), ("unsure",))[kept]
    return pairs, label, unsure, _each(row[kept], len(rows.words))


def _cues(table: pa.Table, rows: _Rows) -> tuple[tuple[str, ...], Numbers, Numbers]:
    """The modalities of coded rows, each once a row: names, the numbers, and how many each row has."""
    sizes, fields = _list(table, "cues")
    row = rows.of[rows.firsts[owners(sizes)] + _numbers(fields.field("sentence"))]
    kept = np.flatnonzero(row >= 0)
    names, number = numbered(fields.field("id").take(pa.array(kept)).to_pylist())
    found = different(row[kept] * np.int64(len(names)) + number)
    return (
        names,
        (found % max(len(names), 1)).astype(np.int32),
        _each(found // max(len(names), 1), len(rows.words)),
    )


def _speakers(rows: _Rows) -> tuple[tuple[Pair, ...], Numbers]:
    """The speakers of coded rows (name and role), and each row's (-1: nobody)."""
    said = rows.fields.field("speaker").is_valid().to_numpy(zero_copy_only=False)[rows.kept]
    held = np.flatnonzero(said & rows.is_coded)
    own = pa.array(rows.kept[held])
    names, roles = (rows.fields.field(name).take(own).to_pylist() for name in ("speaker", "role"))
    speakers, number = numbered(zip(names, roles, strict=True))
    found = np.full(len(said), -1, np.int32)
    found[held] = number
    return speakers, found


def _list(table: pa.Table, name: str) -> tuple[Numbers, pa.StructArray]:
    """How many entries of a list each document has, and the entries of all."""
    chunks = table.column(name).chunks
    column = pa.concat_arrays(chunks) if chunks else pa.array([], table.schema.field(name).type)
    return column.value_lengths().to_numpy(zero_copy_only=False), column.flatten()


def _numbers(column: pa.Array) -> Numbers:
    return np.asarray(column.to_numpy(zero_copy_only=False), np.int32)


def _is_one_of(column: pa.Array, names: Sequence[str]) -> Booleans:
    found = pc.is_in(column, value_set=pa.array(names))
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)


def _each(owner: Any, size: int) -> Numbers:
    """How often each number below `size` occurs."""
    return np.bincount(owner, minlength=size).astype(np.int32)
