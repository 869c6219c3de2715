"""The columns of a Parquet file to documents, whose sentences and labels stay columns until asked for."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from textpipe.arrow import numbered_strings
from textpipe.columns import NO_ORIGINAL, SentenceColumns, kinds_of
from textpipe.labels import DECISIONS, ORIGINS, LabelColumns
from textpipe.packed import lengths_in
from textpipe.ranges import bounds_of
from textpipe.records import Alignment, Change, Cue, Document, Speaker
from textpipe.store.shards import LISTS, PLAIN, STAGES, Numbers
from textpipe.store.words import Tags
from textpipe.words import numbered_words_of


def from_table(table: pa.Table, stages: int = len(STAGES)) -> list[Document]:
    """The documents of some rows, as they were after the first `stages` stages."""
    plain = {name: table.column(name).to_pylist() for name in PLAIN}
    lists = {name: _Lists(table, name) for name in LISTS}
    labels, label_bounds = _labels(lists)
    given = [
        _document({name: values[row] for name, values in plain.items()}, stages)
        for row in range(table.num_rows)
    ]
    words = _words(table, [d.text for d in given], lists["sentences"]) if stages > 2 else None
    documents = []
    for row, document in enumerate(given):
        if stages > 0:
            document = document._replace(
                changes=tuple(map(Change._make, lists["changes"].rows(row)))
            )
        if stages > 1:
            sentences = _sentences(document, lists, row, stages)
            first, last = lists["sentences"].bounds[row : row + 2]
            if words:
                bounds = words.bounds[first : last + 1]
                sentences.vocabulary = words.vocabulary
                sentences.numbers = words.numbers[bounds[0] : bounds[-1]]
                sentences.bounds = bounds - bounds[0]
                sentences.tag_of = words.tags(row, sentences.numbers)
            if stages > 3:
                own = label_bounds[first : last + 1]
                sentences = replace(sentences, labels=labels, label_bounds=own)
            document = document._replace(sentences=sentences)
        documents.append(document)
    return documents


class _Lists:
    """A column of lists: the values of its fields, one after another, and the bounds of the rows."""

    def __init__(self, table: pa.Table, name: str) -> None:
        column = table.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0) if column.num_chunks else pa.nulls(0, column.type)
        flat = column.flatten()
        self.bounds = _list_bounds(column)
        self.arrays = {field.name: flat.field(field.name) for field in flat.type}
        self._values: dict[str, list[Any]] = {}
        self._numbers: dict[str, Numbers] = {}

    def own(self, row: int, field: str) -> list[Any]:
        """The values of a field in a row."""
        if field not in self._values:
            self._values[field] = _values(self.arrays[field])
        return self._values[field][self.bounds[row] : self.bounds[row + 1]]

    def rows(self, row: int) -> list[tuple[Any, ...]]:
        """The entries of a row, with all their fields."""
        return list(zip(*(self.own(row, field) for field in self.arrays), strict=True))

    def numbers(self, field: str) -> Numbers:
        """A field of numbers as an array; what is null is `NO_ORIGINAL`."""
        if field not in self._numbers:
            column = self.arrays[field].fill_null(NO_ORIGINAL)
            self._numbers[field] = column.to_numpy(zero_copy_only=False).astype(np.int64)
        return self._numbers[field]

    def own_numbers(self, row: int, field: str) -> Numbers:
        """The numbers of a field in a row."""
        return self.numbers(field)[self.bounds[row] : self.bounds[row + 1]]

    def owner(self, field: str, others: "_Lists") -> Numbers:
        """A field that counts entries of another list in the same row, counted from the first row on."""
        first: Numbers = np.repeat(others.bounds[:-1], np.diff(self.bounds))
        return self.numbers(field) + first


def _list_bounds(column: pa.ListArray) -> list[int]:
    sizes = column.value_lengths().to_numpy(zero_copy_only=False).tolist()
    return [0, *accumulate(sizes)]


def _values(column: pa.Array) -> list[Any]:
    """A column's values; equal strings are one object (a loaded article: 180 KB, 100 KB so)."""
    if pa.types.is_string(column.type):
        names, numbers = numbered_strings(column)
        return list(map([*names, None].__getitem__, numbers.tolist()))
    if column.null_count:
        return list(column.to_pylist())
    return list(column.to_numpy(zero_copy_only=False).tolist())


def _document(plain: dict[str, Any], stages: int) -> Document:
    """A document without its changes and sentences."""
    given = {k: plain[k] for k in _GIVEN} | {"title": plain["given_title"]}
    if stages == 0:
        return Document(**given)
    raw, text = plain["raw"], plain["raw"] if plain["text"] is None else plain["text"]
    starts, ends = (None if plain[k] is None else array("I", plain[k]) for k in ("starts", "ends"))
    return Document(
        **given | {"title": plain["title"] if stages > 1 else plain["given_title"]},
        text=text,
        alignment=Alignment(len(text), len(raw), starts, ends),
        script=plain["script"],
    )


_GIVEN = ("id", "source", "raw", "published", "outlet", "author", "url", "digest", "encoding",
          "encoding_confidence", "metadata_end")  # fmt: skip


class _Words(NamedTuple):
    """The words of all sentences by their numbers in a vocabulary, and the bounds of each sentence's; of each
    row the different tags, and which of them each of its words has."""

    vocabulary: Sequence[str]
    numbers: NDArray[np.int32]
    bounds: Numbers
    names: Sequence[Sequence[str]]
    codes: Sequence[bytes]

    def tags(self, row: int, numbers: NDArray[np.int32]) -> Tags:
        """The tags of a row's words."""
        return Tags(self.vocabulary, numbers, self.names[row], self.codes[row])


def _words(table: pa.Table, texts: Sequence[str], sentences: _Lists) -> _Words:
    """The words of all rows, by their lengths (loading an article: .9 ms with its words cut by itself, .5 ms so)."""
    packed, names, codes = (
        table.column(name).to_pylist() for name in ("words", "tags", "word_tags")
    )
    counts = sentences.numbers("words")
    begins = np.repeat(bounds_of(list(map(len, texts)))[:-1], np.diff(sentences.bounds))
    begins += sentences.numbers("start")
    cut = numbered_words_of("".join(texts), begins, counts, lengths_in(packed))
    return _Words(*cut, bounds_of(counts), names, codes)


def _sentences(
    document: Document, lists: Mapping[str, _Lists], row: int, stages: int
) -> SentenceColumns:
    """The sentences of a document without words and labels."""
    held = lists["sentences"]
    own, numbers = held.own, partial(held.own_numbers, row)
    sentences = SentenceColumns(
        document.text, document.raw, numbers("start"), numbers("start") + numbers("length"),
        kinds_of(own(row, "kind")), numbers("paragraph"), numbers("duplicate_of"),
    )  # fmt: skip
    if stages > 4:
        said = zip(*(own(row, name) for name in _SAID), strict=True)
        sentences.speaker = [None if one[0] is None else Speaker(*one) for one in said]
        sentences.modality = [()] * len(sentences)
        for number, *cue in lists["cues"].rows(row):
            sentences.modality[number] += (Cue(*cue),)
    return sentences


_SAID = ("speaker", "role", "speaker_start", "speaker_end")


def _labels(lists: Mapping[str, _Lists]) -> tuple[LabelColumns, Numbers]:
    """The labels of all rows, and the bounds of each sentence's among them."""
    labels, evidence = lists["labels"], lists["evidence"]
    (axes, axis), (ids, id) = (numbered_strings(labels.arrays[name]) for name in ("axis", "id"))
    codes, pair = np.unique(axis.astype(np.int64) * len(ids) + id, return_inverse=True)
    parties, party = numbered_strings(labels.arrays["party"])
    reasons, why = numbered_strings(evidence.arrays["why"])
    columns = LabelColumns(
        [(axes[code // len(ids)], ids[code % len(ids)]) for code in codes.tolist()], parties, reasons,
        pair, labels.arrays["probability"].to_numpy(zero_copy_only=False),
        _counted_in(DECISIONS, labels.arrays["decision"]),
        _counted_in(ORIGINS, labels.arrays["origin"]), party,
        bounds_of(np.bincount(evidence.owner("label", labels), minlength=len(pair))),
        evidence.numbers("start"), evidence.numbers("end"), why,
    )  # fmt: skip
    sentences = lists["sentences"]
    counts = np.bincount(labels.owner("sentence", sentences), minlength=sentences.bounds[-1])
    return columns, bounds_of(counts)


def _counted_in(names: Sequence[str], column: pa.Array) -> Numbers:
    """Of each entry its place among the names."""
    own, numbers = numbered_strings(column)
    found: Numbers = np.array([names.index(name) for name in own], dtype=np.int64)[numbers]
    return found
