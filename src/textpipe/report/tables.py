"""The tables: articles, sentences, labels and what analysis found, as pandas frames.

Lists are joined by `;`, tokens by a space (a blank inside a token is written as a no-break
space). `start`, `end`, `evidence_start`, `evidence_end` count characters of the decoded source
file, from 0; `text` and `evidence` are what stands there.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from textpipe.columns import NO_ORIGINAL
from textpipe.report import sentence_tables
from textpipe.report.results import Results

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: dict[str, dict[str, str]] = {
    "articles": {
        "document": "str", "source": "str", "title": "str", "published": "str", "outlet": "str",
        "author": "str", "url": "str", "script": "str", "encoding": "str", "encoding_confidence": "float64", "characters": "int64",
        "sentences": "int64", "labelled": "int64", "unsure": "int64", "duplicates": "int64",
        "keywords": "str", "story": "str",
    },
    "sentences": {
        "document": "str", "sentence": "int64", "kind": "str", "start": "int64", "end": "int64",
        "text": "str",
    },
    "labels": {
        "document": "str", "sentence": "int64", "axis": "str", "label": "str",
        "probability": "float64", "decision": "str", "origin": "str", "evidence": "str",
        "evidence_start": "int64", "evidence_end": "int64", "party": "str",
    },
    "counts": {
        "axis": "str", "label": "str", "sentences": "int64", "articles": "int64",
        "stories": "int64", "unsure": "int64",
    },
    "keywords": {
        "document": "str", "rank": "int64", "term": "str", "score": "float64", "count": "int64",
        "document_count": "int64", "textrank": "float64",
    },
    "key_phrases": {
        "phrase": "str", "terms": "str", "score": "float64", "count": "int64",
        "document_count": "int64",
    },
    "keyness": {
        "kind": "str", "slice": "str", "term": "str", "count": "int64", "rest_count": "int64",
        "size": "int64", "rest_size": "int64", "g2": "float64", "log_ratio": "float64",
        "p": "float64", "q": "float64", "document_count": "int64",
    },
    "collocations": {
        "term": "str", "other": "str", "count": "int64", "term_count": "int64",
        "other_count": "int64", "g2": "float64", "log_dice": "float64", "q": "float64",
    },
    "trends": {
        "kind": "str", "id": "str", "period": "str", "articles": "int64", "stories": "int64",
        "sentences": "int64", "count": "int64", "share": "float64", "low": "float64",
        "high": "float64", "change": "float64", "q": "float64", "beyond_noise": "bool",
    },
    "speakers": {
        "speaker": "str", "role": "str", "sentences": "int64", "articles": "int64",
        "stories": "int64",
    },
    "stories": {
        "story": "str", "title": "str", "published": "str", "articles": "int64",
        "documents": "str",
    },
    "new_words": {
        "word": "str", "count": "int64", "document_count": "int64", "cohesion": "float64",
        "freedom": "float64", "origin": "str", "context": "str", "lexicon_line": "str",
    },
}  # fmt: skip
_AFTER_AXES = {
    "unsure": "str",
    "speaker": "str",
    "role": "str",
    "modality": "str",
    "tokens": "str",
    "duplicate_of": "Int64",
}


def sentence_columns(axes: list[str]) -> dict[str, str]:
    """The columns of the sentences table, with one for each axis of the codebook."""
    return {**COLUMNS["sentences"], **dict.fromkeys(axes, "str"), **_AFTER_AXES}


def tables(results: Results) -> dict[str, "pd.DataFrame"]:
    """Every table of a run, by name."""
    axes = [axis.id for axis in results.codebook.axes]
    kinds = dict.fromkeys(split_labels(results), "int64")
    columns = {
        **COLUMNS,
        "sentences": sentence_columns(axes),
        "speakers": {**COLUMNS["speakers"], **kinds},
    }
    return {name: _frame(values(results), columns[name]) for name, values in _TABLES.items()}


def _frame(values: Iterable[Any], columns: dict[str, str]) -> "pd.DataFrame":
    """A table of its columns' values; of no row, there may be none."""
    import pandas as pd

    values = list(values) or [()] * len(columns)
    return pd.DataFrame(
        {
            name: pd.array(_column(own, kind), dtype=kind)
            for (name, kind), own in zip(columns.items(), values, strict=True)
        }
    )


def _column(values: Any, kind: str) -> Any:
    """Values as Arrow holds them, which pandas keeps as they are (it takes twice as long from a list)."""
    import pyarrow as pa

    if isinstance(values, pa.Array):
        return values
    arrow = {"str": pa.large_string(), "int64": pa.int64(), "float64": pa.float64()}
    return pa.array(values, arrow[kind]) if kind in arrow else list(values)


def split_labels(results: Results) -> list[str]:
    """The ids of the one-choice axis's labels, without the empty one."""
    if results.overview.split is None:
        return []
    axis = results.codebook.axis(results.overview.split)
    return [label.id for label in axis.labels if label.id != axis.empty]


def _articles(results: Results) -> Iterator[tuple[Any, ...]]:
    axes = (results.overview.rows, results.overview.columns)
    story_of = {id: story.id for story in results.stories for id in story.documents}
    corpus, is_coded = results.corpus, results.corpus.is_coded
    labelled = corpus.holding(corpus.decided("yes") & corpus.of_axes(axes))
    each = (is_coded, is_coded & labelled, is_coded & corpus.is_unsure)
    counts = zip(*map(corpus.counts, (*each, corpus.original != NO_ORIGINAL)), strict=True)
    for d, own in zip(results.documents, counts, strict=True):
        yield (
            d.id, d.source, d.title or "", d.published or "", d.outlet or "", d.author or "",
            d.url or "", d.script, d.encoding, d.encoding_confidence, len(d.raw),
            *own,
            ";".join(k.term for k in results.document_keywords.get(d.id, ())),
            story_of.get(d.id, d.id),
        )  # fmt: skip


def _counts(results: Results) -> Iterator[tuple[Any, ...]]:
    o = results.overview
    for axis, label in results.codebook.pairs():
        if label.id != axis.empty:
            yield (
                axis.id, label.id, o.counts[axis.id][label.id],
                o.articles_with[axis.id][label.id], o.stories_with[axis.id][label.id],
                o.unsure[axis.id][label.id],
            )  # fmt: skip


def _keywords(results: Results) -> Iterator[tuple[Any, ...]]:
    """The corpus's keywords under an empty document, then each article's."""
    ranked: list[tuple[str, Any]] = [("", results.keywords)]
    ranked += [(d.id, results.document_keywords.get(d.id, ())) for d in results.documents]
    for document, keywords in ranked:
        for rank, k in enumerate(keywords, 1):
            yield document, rank, k.term, k.score, k.count, k.document_count, k.textrank


def _records(table: str, records: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Records that have the table's columns for fields."""
    return map(attrgetter(*COLUMNS[table]), records)


def _key_phrases(results: Results) -> Iterator[tuple[Any, ...]]:
    for p in results.key_phrases:
        yield p.phrase, ";".join(p.terms), p.score, p.count, p.document_count


def _speakers(results: Results) -> Iterator[tuple[Any, ...]]:
    kinds = split_labels(results)
    for s in results.voices.speakers if results.voices else ():
        counts = (s.split.get(kind, 0) for kind in kinds)
        yield s.speaker, s.role, s.sentences, s.articles, s.stories, *counts


def _stories(results: Results) -> Iterator[tuple[Any, ...]]:
    for s in results.stories:
        yield s.id, s.title, s.published, len(s.documents), ";".join(s.documents)


def _in_columns(
    rows: Callable[[Results], Iterator[tuple[Any, ...]]],
) -> Callable[[Results], Iterable[Any]]:
    return lambda results: zip(*rows(results), strict=True)


_TABLES: dict[str, Callable[[Results], Iterable[Any]]] = {
    "articles": _in_columns(_articles),
    "sentences": sentence_tables.sentences,
    "labels": sentence_tables.labels,
    "counts": _in_columns(_counts),
    "keywords": _in_columns(_keywords),
    "new_words": _in_columns(
        lambda r: _records("new_words", r.scorecard.candidates if r.scorecard else ())
    ),
    "key_phrases": _in_columns(_key_phrases),
    "keyness": _in_columns(lambda r: _records("keyness", r.keyness)),
    "collocations": _in_columns(lambda r: _records("collocations", r.collocations)),
    "trends": _in_columns(lambda r: _records("trends", r.trends)),
    "speakers": _in_columns(_speakers),
    "stories": _in_columns(_stories),
}

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _guarded(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Texts that a spreadsheet would take for formulas, with an apostrophe before them."""
    risky = column.str.startswith(_FORMULA_STARTS)
    return column.where(~risky, "'" + column) if risky.any() else column


def to_csv(frame: "pd.DataFrame") -> bytes:
    """A table as CSV that Excel opens: UTF-8 with a byte order mark, formulas guarded."""
    import pyarrow as pa
    from pyarrow import csv

    texts = [name for name, kind in frame.dtypes.items() if kind == "str"]
    safe = frame.assign(**{str(name): _guarded(frame[name]) for name in texts})
    buffer = io.BytesIO(b"\xef\xbb\xbf")
    buffer.seek(0, io.SEEK_END)
    options = csv.WriteOptions(quoting_style="needed")
    csv.write_csv(pa.Table.from_pandas(safe, preserve_index=False), buffer, options)
    return buffer.getvalue()


def to_parquet(frame: "pd.DataFrame") -> bytes:
    """A table as Parquet, texts as they are."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()
