"""Documents to the columns of a Parquet file, with nothing lost; `loading` brings them back.

A row is a document; sentences, changes, labels and cues are lists in it. A sentence's text and an
evidence's are not stored, being spans of `text` and `raw`; its words are stored by their lengths (`words`).
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from textpipe.arrow import bytes_as_arrow, lists_as_arrow, numbers_as_arrow, strings_as_arrow
from textpipe.columns import (
    NO_ORIGINAL,
    SentenceColumns,
    are_of,
    columns_of_document,
    together,
    words_together,
)
from textpipe.labels import DECISIONS, ORIGINS, columns_of
from textpipe.packed import packed_lengths
from textpipe.ranges import bounds_of
from textpipe.records import CODED_KINDS, KINDS, Document, Speaker
from textpipe.store.store import Row
from textpipe.store.words import tag_columns

Numbers = NDArray[np.int64]
INTS = pa.list_(pa.int32())
LISTS: dict[str, dict[str, pa.DataType]] = {
    "changes": {"start": pa.int32(), "end": pa.int32(), "text": pa.string(), "reason": pa.string()},
    "sentences": {
        "start": pa.int32(), "length": pa.int32(), "kind": pa.string(), "paragraph": pa.int32(),
        "duplicate_of": pa.int32(), "words": pa.int32(), "speaker": pa.string(), "role": pa.string(),
        "speaker_start": pa.int32(), "speaker_end": pa.int32(),
    },
    "labels": {
        "sentence": pa.int32(), "axis": pa.string(), "id": pa.string(), "party": pa.string(),
        "probability": pa.float64(), "decision": pa.string(), "origin": pa.string(),
    },
    "evidence": {"label": pa.int32(), "start": pa.int32(), "end": pa.int32(), "why": pa.string()},
    "cues": {"sentence": pa.int32(), "id": pa.string(), "start": pa.int32(), "end": pa.int32()},
}  # fmt: skip
"""The lists of a row and their fields. `evidence.label` counts the row's labels from 0."""
PLAIN: dict[str, pa.DataType] = {
    "id": pa.string(), "source": pa.string(), "given_title": pa.string(), "title": pa.string(),
    "published": pa.string(), "outlet": pa.string(), "author": pa.string(), "url": pa.string(),
    "digest": pa.string(), "encoding": pa.string(), "encoding_confidence": pa.float64(),
    "metadata_end": pa.int32(), "raw": pa.string(), "text": pa.string(), "script": pa.string(),
    "starts": INTS, "ends": INTS,
}  # fmt: skip
STAGES = ("normalize", "sentences", "segment", "classify", "attribute")


def to_table(documents: Sequence[Document], titles: Mapping[str, str | None]) -> pa.Table:
    """The columns of coded documents. `titles`: by document id, as the source gave them."""
    columns = {
        name: _column([_plain(d, name, titles) for d in documents], kind)
        for name, kind in PLAIN.items()
    }
    each = [columns_of_document(document) for document in documents]
    columns["changes"] = _rows("changes", [d.changes for d in documents])
    columns["sentences"] = _sentence_column(each)
    columns["words"] = _length_column(each)
    columns["tags"], columns["word_tags"] = tag_columns(each)
    columns["labels"], columns["evidence"] = _label_columns(each)
    columns["cues"] = _rows("cues", list(map(_cue_rows, each)))
    return pa.table(columns)


def _plain(document: Document, name: str, titles: Mapping[str, str | None]) -> Any:
    if name == "given_title":
        return titles[document.id]
    if name in ("starts", "ends"):
        return getattr(document.alignment, name)
    if name == "text" and document.text == document.raw:
        return None
    return getattr(document, name)


def _column(values: Any, kind: pa.DataType) -> pa.Array:
    """Values as an Arrow array of a type: strings, numbers, or arrays of numbers."""
    if isinstance(values, pa.Array):
        return values
    if kind == pa.string():
        return strings_as_arrow(values)
    if kind != INTS:
        return numbers_as_arrow(values, kind)
    if all(own is None for own in values):
        return pa.nulls(len(values), INTS)
    return pa.array(values, INTS)


def _list(name: str, bounds: Numbers, *columns: Any) -> pa.ListArray:
    """The column of a list: the bounds of each document's entries, and the entries' fields."""
    kinds = LISTS[name]
    fields = [_column(c, kind) for c, kind in zip(columns, kinds.values(), strict=True)]
    return lists_as_arrow(bounds, pa.StructArray.from_arrays(fields, names=list(kinds)))


def _rows(name: str, rows: Sequence[Sequence[tuple[Any, ...]]]) -> pa.ListArray:
    """The column of a list that is short: each document's entries as tuples."""
    fields = list(zip(*chain.from_iterable(rows), strict=True)) or [()] * len(LISTS[name])
    return _list(name, bounds_of(np.array(list(map(len, rows)), dtype=np.int64)), *fields)


def _sentence_column(each: Sequence[SentenceColumns]) -> pa.ListArray:
    starts, originals = together(each, "start"), together(each, "original")
    return _list(
        "sentences", bounds_of(_sizes(each)), starts, together(each, "end") - starts,
        _named(KINDS, together(each, "kind")), together(each, "paragraph"),
        numbers_as_arrow(originals, pa.int32(), is_there=originals != NO_ORIGINAL),
        together(each, "word_counts"), *_speaker_columns(each),
    )  # fmt: skip


def _speaker_columns(each: Sequence[SentenceColumns]) -> list[pa.Array]:
    """The fields of the sentences' speakers, null where there is none."""
    speakers = list(chain.from_iterable(own.speaker or [None] * len(own) for own in each))
    held = [speaker for speaker in speakers if speaker is not None]
    is_there = np.array([speaker is not None for speaker in speakers], dtype=np.bool_)
    places = numbers_as_arrow(np.cumsum(is_there) - 1, is_there=is_there)
    kinds = list(LISTS["sentences"].values())[-len(Speaker._fields) :]
    fields = zip(*held, strict=True) if held else ((),) * len(kinds)
    return [_column(c, kind).take(places) for c, kind in zip(fields, kinds, strict=True)]


def _length_column(each: Sequence[SentenceColumns]) -> pa.BinaryArray:
    """The lengths of each document's words."""
    vocabulary, words = words_together(each)
    lengths = np.fromiter(map(len, vocabulary), np.int32, len(vocabulary))[words]
    data, bounds = packed_lengths(lengths, bounds_of([len(own.numbers) for own in each]))
    return bytes_as_arrow(bounds, data)


def _sizes(each: Sequence[SentenceColumns]) -> Numbers:
    """How many sentences each document has."""
    return np.array(list(map(len, each)), dtype=np.int64)


def _label_columns(each: Sequence[SentenceColumns]) -> tuple[pa.ListArray, pa.ListArray]:
    """The columns of the labels and of their evidence."""
    own = columns_of([sentences.all_labels() for sentences in each])
    counts, firsts = together(each, "label_counts"), bounds_of(_sizes(each))
    numbers = np.arange(len(counts)) - np.repeat(firsts[:-1], np.diff(firsts))
    bounds = bounds_of(counts)[firsts]
    axes, ids = zip(*own.pairs, strict=True) if own.pairs else ((), ())
    labels = _list(
        "labels", bounds, np.repeat(numbers, counts),
        _named(axes, own.pair), _named(ids, own.pair), _named(own.parties, own.party),
        own.probability, _named(DECISIONS, own.decision), _named(ORIGINS, own.origin),
    )  # fmt: skip
    within = np.arange(len(own.pair)) - np.repeat(bounds[:-1], np.diff(bounds))
    which = np.repeat(within, np.diff(own.evidence))
    whys = _named(own.reasons, own.why)
    evidence = _list("evidence", own.evidence[bounds], which, own.start, own.end, whys)
    return labels, evidence


def _named(names: Sequence[str], numbers: Numbers) -> pa.Array:
    return strings_as_arrow(names).take(numbers_as_arrow(numbers))


def _cue_rows(sentences: SentenceColumns) -> list[tuple[Any, ...]]:
    return [(i, *cue) for i, own in enumerate(sentences.modality) for cue in own]


def rows_of(documents: Sequence[Document], about: Mapping[str, tuple[str, str]]) -> list[Row]:
    """The ledger's rows of coded articles. `about`: by document id its source and its content digest."""
    each = [columns_of_document(document) for document in documents]
    of = np.repeat(np.arange(len(each)), _sizes(each))
    is_coded = are_of(together(each, "kind"), *CODED_KINDS)
    repeats = together(each, "original") != NO_ORIGINAL
    unsure = np.zeros(len(of), dtype=np.bool_)
    decision = columns_of([own.all_labels() for own in each]).decision
    holder = np.repeat(np.arange(len(of)), together(each, "label_counts"))
    unsure[holder[decision == DECISIONS.index("unsure")]] = True
    counts = (
        np.bincount(of[flags], minlength=len(documents)).tolist()
        for flags in (is_coded & ~repeats, is_coded & ~repeats & unsure, repeats)
    )
    return [
        Row(document.id, about[document.id][0], document.digest, about[document.id][1], *own)
        for document, *own in zip(documents, *counts, strict=True)
    ]
