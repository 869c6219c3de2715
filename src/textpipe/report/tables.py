"""The tables: articles, sentences, labels and what analysis found, as pandas frames.

Lists are joined by `;`, tokens by a space (a blank inside a token is written as a no-break
space). `start`, `end`, `evidence_start`, `evidence_end` count characters of the decoded source
file, from 0; `text` and `evidence` are what stands there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from textpipe.codebook import Codebook
from textpipe.report.corpus import Articles
from textpipe.report.formats import Parquet, as_csv
from textpipe.report.results import Results
from textpipe.sentence_tables import LABELS, Kinds, sentence_columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

COLUMNS: dict[str, Kinds] = {
    "articles": {
        "document": "str", "source": "str", "title": "str", "published": "str", "outlet": "str",
        "author": "str", "url": "str", "script": "str", "encoding": "str", "encoding_confidence": "float64", "characters": "int64",
        "sentences": "int64", "labelled": "int64", "unsure": "int64", "duplicates": "int64",
        "keywords": "str", "story": "str",
    },
    "labels": LABELS,
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
LONG = ("sentences", "labels")
"""The tables that come in parts, some articles' rows at a time, so that they need not be in memory whole."""
AT_ONCE = 2_000
"""Articles whose keywords are made columns at a time."""
TableFiles = Iterator[tuple[str, Iterable[bytes]]]
"""Relative names and contents, piece by piece. Contents are to be taken in this order: the rows of a table are
made once for both of its formats."""


def frames(results: Results, name: str) -> "Iterator[pd.DataFrame]":
    """A table of a run, in its parts."""
    articles, book = results.corpus.articles, results.codebook
    parts = _long(articles, book, name) if name in LONG else _short(results, name)
    return (part.to_pandas() for part in parts)


def long_table_files(articles: Articles, codebook: Codebook) -> TableFiles:
    """The files of the tables that come in parts."""
    for name in LONG:
        yield from _both(name, _long(articles, codebook, name), articles.folder)


def table_files(results: Results) -> TableFiles:
    """The files of all other tables."""
    for name in _TABLES:
        yield from _both(name, _short(results, name), results.corpus.articles.folder)


def _both(name: str, parts: "Iterable[pa.Table]", folder: Path) -> TableFiles:
    parquet = Parquet(folder)
    yield f"tables/{name}.csv", as_csv(map(parquet.taken, parts))
    yield f"tables/{name}.parquet", parquet.content()


def _long(articles: Articles, codebook: Codebook, name: str) -> "Iterator[pa.Table]":
    """A long table as Arrow holds it, with what pandas needs to read it as it was."""
    import pyarrow as pa

    own = sentence_columns([axis.id for axis in codebook.axes])
    columns = own if name == "sentences" else COLUMNS[name]
    schema = pa.Schema.from_pandas(_frame((), columns), preserve_index=False)
    if not articles.heads:
        return iter([schema.empty_table()])
    return (part.cast(schema) for part in articles.rows(name))


def _short(results: Results, name: str) -> "Iterator[pa.Table]":
    import pyarrow as pa

    columns = COLUMNS[name]
    if name == "speakers":
        columns = {**columns, **dict.fromkeys(split_labels(results), "int64")}
    for values in _TABLES[name](results):
        yield pa.Table.from_pandas(_frame(values, columns), preserve_index=False)


def _frame(values: Iterable[Any], columns: Kinds) -> "pd.DataFrame":
    """A table of its columns' values; of no row, there may be none."""
    import pandas as pd

    values = list(values) or [()] * len(columns)
    return pd.DataFrame(
        {
            name: pd.array(_column(own, kind), dtype=kind)
            for (name, kind), own in zip(columns.items(), values, strict=True)
        }
    )


def _column(values: Sequence[Any], kind: str) -> Any:
    """Values as Arrow holds them, which pandas keeps as they are (it takes twice as long from a list)."""
    import pyarrow as pa

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
    corpus = results.corpus
    labelled = corpus.holding(~corpus.is_unsure[:] & corpus.of_axes(axes))
    each = map(corpus.counts, (labelled, corpus.has_unsure))
    counts = zip(corpus.counts(), *each, corpus.repeated.tolist(), strict=True)
    for place, (d, own) in enumerate(zip(results.heads, counts, strict=True)):
        yield (
            d.id, d.source, d.title or "", d.published or "", d.outlet or "", d.author or "",
            d.url or "", d.script, d.encoding, d.encoding_confidence, d.characters,
            *own,
            ";".join(results.document_keywords.terms_of(place)),
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


def _keywords(results: Results) -> Iterator[list[Any]]:
    """The columns of the corpus's keywords, under an empty document, and of each article's, some articles' at
    a time (of 20,000 in one: 100 MB)."""
    own, heads = results.document_keywords, results.heads
    for first in range(0, max(len(heads), 1), AT_ONCE):
        bounds = own.bounds[first : first + AT_ONCE + 1]
        sizes, part = np.diff(bounds), slice(bounds[0], bounds[-1])
        numbers, of_all = own.numbers[part], () if first else results.keywords
        articles = zip(heads[first : first + AT_ONCE], sizes.tolist(), strict=True)
        ranks = np.arange(len(numbers)) - np.repeat(bounds[:-1] - bounds[0], sizes)
        counts, documents = (
            np.array([getattr(k, n) for k in of_all], np.int64) for n in ("count", "document_count")
        )
        yield [
            [""] * len(of_all) + [d.id for d, size in articles for _ in range(size)],
            np.append(np.arange(len(of_all)), ranks) + 1,
            [k.term for k in of_all] + list(map(own.terms.__getitem__, numbers.tolist())),
            np.append([k.score for k in of_all], own.scores[part]),
            np.append(counts, own.counts[part]),
            np.append(documents, own.document_counts[numbers]),
            np.append([k.textrank for k in of_all], own.textranks[numbers]),
        ]


def _columns(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    return zip(*rows, strict=True)


def _fields(table: str, records: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Of records that have the table's columns for fields."""
    return _columns(map(attrgetter(*COLUMNS[table]), records))


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


_TABLES: dict[str, Callable[[Results], Iterable[Iterable[Any]]]] = {
    "articles": lambda r: [_columns(_articles(r))],
    "counts": lambda r: [_columns(_counts(r))],
    "keywords": _keywords,
    "new_words": lambda r: [_fields("new_words", r.scorecard.candidates if r.scorecard else ())],
    "key_phrases": lambda r: [_columns(_key_phrases(r))],
    "keyness": lambda r: [_fields("keyness", r.keyness)],
    "collocations": lambda r: [_fields("collocations", r.collocations)],
    "trends": lambda r: [_fields("trends", r.trends)],
    "speakers": lambda r: [_columns(_speakers(r))],
    "stories": lambda r: [_columns(_stories(r))],
}
"""Of each table that is not long its parts, as columns."""
