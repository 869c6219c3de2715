"""Documents to the columns of a Parquet file and back, with nothing lost.

A row is a document; sentences, tags, changes, labels and cues are lists in it. A sentence's text and
an evidence's are not stored, being spans of `text` and `raw`; its words are stored by their lengths.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import pyarrow as pa

from textpipe.records import (
    Alignment,
    Change,
    Cue,
    Document,
    Evidence,
    Label,
    Sentence,
    Speaker,
    Tokens,
)

INTS = pa.list_(pa.int32())
LISTS: dict[str, dict[str, pa.DataType]] = {
    "changes": {"start": pa.int32(), "end": pa.int32(), "text": pa.string(), "reason": pa.string()},
    "sentences": {
        "start": pa.int32(), "length": pa.int32(), "kind": pa.string(), "paragraph": pa.int32(),
        "duplicate_of": pa.int32(), "words": INTS, "speaker": pa.string(), "role": pa.string(),
        "speaker_start": pa.int32(), "speaker_end": pa.int32(),
    },
    "tags": {"word": pa.string(), "tag": pa.string()},
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


class Tags(dict[str, str]):
    """The tags of a document's words; those of no tag are not kept."""

    def __missing__(self, word: str) -> str:
        return ""


def to_table(documents: Sequence[Document], titles: Mapping[str, str | None]) -> pa.Table:
    """The columns of coded documents. `titles`: by document id, as the source gave them."""
    columns: dict[str, pa.Array] = {}
    for name, kind in PLAIN.items():
        columns[name] = pa.array([_plain(d, name, titles) for d in documents], kind)
    for name, rows in LISTS.items():
        lists = [_ROWS[name](d) for d in documents]
        offsets = pa.array([0, *accumulate(map(len, lists))], pa.int32())
        fields = list(zip(*(row for rows_ in lists for row in rows_), strict=True))
        values = fields or [()] * len(rows)
        struct = pa.StructArray.from_arrays(
            [pa.array(v, kind) for v, kind in zip(values, rows.values(), strict=True)],
            names=list(rows),
        )
        columns[name] = pa.ListArray.from_arrays(offsets, struct)
    return pa.table(columns)


def _plain(document: Document, name: str, titles: Mapping[str, str | None]) -> Any:
    if name == "given_title":
        return titles[document.id]
    if name in ("starts", "ends"):
        return getattr(document.alignment, name)
    if name == "text" and document.text == document.raw:
        return None
    return getattr(document, name)


def _sentence_rows(document: Document) -> list[tuple[Any, ...]]:
    return [
        (s.start, len(s.text), s.kind, s.paragraph, s.duplicate_of,
         list(map(len, s.tokens.words)), *(_speaker(s.speaker)))
        for s in document.sentences
    ]  # fmt: skip


def _speaker(speaker: Speaker | None) -> tuple[Any, ...]:
    return tuple(speaker) if speaker else (None, None, None, None)


def _tag_rows(document: Document) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for sentence in document.sentences:
        found.update(zip(sentence.tokens.words, sentence.tokens.tags, strict=True))
    return [(word, tag) for word, tag in found.items() if tag]


def _label_rows(document: Document) -> list[tuple[Any, ...]]:
    return [
        (number, x.axis, x.id, x.party, x.probability, x.decision, x.origin)
        for number, sentence in enumerate(document.sentences)
        for x in sentence.labels
    ]


def _evidence_rows(document: Document) -> list[tuple[Any, ...]]:
    labels = (label for sentence in document.sentences for label in sentence.labels)
    return [(i, e.start, e.end, e.why) for i, x in enumerate(labels) for e in x.evidence]


def _cue_rows(document: Document) -> list[tuple[Any, ...]]:
    return [(i, *cue) for i, s in enumerate(document.sentences) for cue in s.modality]


_ROWS: dict[str, Callable[[Document], Sequence[tuple[Any, ...]]]] = {
    "changes": lambda document: document.changes,
    "sentences": _sentence_rows,
    "tags": _tag_rows,
    "labels": _label_rows,
    "evidence": _evidence_rows,
    "cues": _cue_rows,
}


def from_table(table: pa.Table, stages: int = len(STAGES)) -> list[Document]:
    """The documents of some rows, as they were after the first `stages` stages."""
    plain = {name: table.column(name).to_pylist() for name in PLAIN}
    lists = {name: _lists(table, name) for name in LISTS}
    return [
        _document({k: v[i] for k, v in plain.items()}, {k: v[i] for k, v in lists.items()}, stages)
        for i in range(table.num_rows)
    ]


def _lists(table: pa.Table, name: str) -> list[list[tuple[Any, ...]]]:
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.array([], column.type)
    flat = column.flatten()
    rows = list(zip(*(flat.field(i).to_pylist() for i in range(flat.type.num_fields)), strict=True))
    sizes = column.value_lengths().to_pylist()
    return [rows[a:b] for a, b in pairwise([0, *accumulate(sizes)])]


def _document(
    plain: dict[str, Any], lists: dict[str, list[tuple[Any, ...]]], stages: int
) -> Document:
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
        changes=tuple(map(Change._make, lists["changes"])),
        sentences=tuple(_sentences(raw, text, lists, stages)) if stages > 1 else (),
    )


_GIVEN = ("id", "source", "raw", "published", "outlet", "author", "url", "digest", "encoding",
          "encoding_confidence", "metadata_end")  # fmt: skip


def _sentences(
    raw: str, text: str, lists: dict[str, list[tuple[Any, ...]]], stages: int
) -> Iterator[Sentence]:
    tags = Tags(lists["tags"])
    labels = _labels(raw, lists) if stages > 3 else {}
    cues: dict[int, list[Cue]] = {}
    for number, *cue in lists["cues"] if stages > 4 else ():
        cues.setdefault(number, []).append(Cue(*cue))
    for number, row in enumerate(lists["sentences"]):
        start, length, kind, paragraph, duplicate_of, words, name, role, *span = row
        tokens = Tokens(start, _cut(text, start, words), tags) if stages > 2 else Tokens()
        speaker = Speaker(name, role, *span) if name is not None and stages > 4 else None
        yield Sentence(
            start, text[start : start + length], kind, paragraph, tokens,
            tuple(labels.get(number, ())), speaker, tuple(cues.get(number, ())), duplicate_of,
        )  # fmt: skip


def _cut(text: str, start: int, lengths: Sequence[int]) -> list[str]:
    words = []
    for length in lengths:
        words.append(text[start : start + length])
        start += length
    return words


def _labels(raw: str, lists: dict[str, list[tuple[Any, ...]]]) -> dict[int, list[Label]]:
    evidence: dict[int, list[Evidence]] = {}
    for label, start, end, why in lists["evidence"]:
        evidence.setdefault(label, []).append(Evidence(start, end, raw[start:end], why))
    found: dict[int, list[Label]] = {}
    for i, (number, axis, id, party, probability, decision, origin) in enumerate(lists["labels"]):
        own = tuple(evidence.get(i, ()))
        label = Label(axis, id, probability, decision, origin, own, party)
        found.setdefault(number, []).append(label)
    return found
