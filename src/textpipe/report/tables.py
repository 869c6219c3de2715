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


def frames(results: Results, name: str) -> "Iterator[pd.DataFrame]":
    """A table of a run: the long ones in parts, some articles' rows at a time, so that they need not be in
    memory whole."""
    axes = [axis.id for axis in results.codebook.axes]
    kinds = dict.fromkeys(split_labels(results), "int64")
    columns = {
        **COLUMNS,
        "sentences": sentence_columns(axes),
        "speakers": {**COLUMNS["speakers"], **kinds},
    }
    for values in _TABLES[name](results):
        yield _frame(values, columns[name])


def table_files(results: Results) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files of all tables: relative name and content, piece by piece. Each is to be taken to its end
    before the next: the rows of a table are made once for both of its formats."""
    for name in _TABLES:
        parquet = _Parquet()
        yield f"tables/{name}.csv", _csv(map(parquet.taken, frames(results, name)))
        yield f"tables/{name}.parquet", [parquet.content()]


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


Parts = Iterable[Iterable[Any]]
"""The values of a table's columns, for one part of its rows after another."""


def _in_columns(rows: Callable[[Results], Iterator[tuple[Any, ...]]]) -> Callable[[Results], Parts]:
    return lambda results: [zip(*rows(results), strict=True)]


_TABLES: dict[str, Callable[[Results], Parts]] = {
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


def _csv(frames: "Iterable[pd.DataFrame]") -> Iterator[bytes]:
    """A table as CSV that Excel opens: UTF-8 with a byte order mark, formulas guarded."""
    import pyarrow as pa
    from pyarrow import csv

    for part, frame in enumerate(frames):
        texts = [name for name, kind in frame.dtypes.items() if kind == "str"]
        safe = frame.assign(**{str(name): _guarded(frame[name]) for name in texts})
        buffer = io.BytesIO()
        options = csv.WriteOptions(quoting_style="needed", include_header=part == 0)
        csv.write_csv(pa.Table.from_pandas(safe, preserve_index=False), buffer, options)
        yield b"" if part else b"\xef\xbb\xbf"
        yield buffer.getvalue()


class _Parquet:
    """A table as Parquet, texts as they are."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._writer: Any = None

    def taken(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        """A part of the table, which is written as it goes by."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pandas(frame, preserve_index=False)
        self._writer = self._writer or pq.ParquetWriter(
            self._buffer, table.schema, compression="zstd"
        )
        self._writer.write_table(table)
        return frame

    def content(self) -> bytes:
        """The file."""
        self._writer.close()
        return self._buffer.getvalue()
