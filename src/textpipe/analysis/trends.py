"""Trends: shares of labels and terms by period, with bootstrap intervals over stories.

A share is of the coded sentences of a period. Sentences of one story are not independent, so whole
stories are drawn again (Efron and Tibshirani 1993, 1,000 draws, a fixed seed); an article's copies are one
story. A change from one period to the next is beyond noise where its distance from zero in standard
errors of the draws stays significant after correction for all changes tested for the same kind.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from textpipe.analysis.counts import Counts, Integers, Numbers, Pair
from textpipe.analysis.significance import ALPHA, corrected, p_of_change
from textpipe.analysis.usage import Usage
from textpipe.codebook import Codebook
from textpipe.findings import Story, Trend
from textpipe.records import Head

Unit = Literal["day", "week", "month"]

DRAWS = 1000
MINIMUM_STORIES = 3
"""Stories that a period must have for an interval; fewer cannot show how much they differ."""

Floats = npt.NDArray[np.float64]
Columns = Mapping[Pair, Sequence[int] | Numbers]


def day_of(document: Head) -> date | None:
    """The day an article was published, where it has one."""
    try:
        return date.fromisoformat((document.published or "")[:10])
    except ValueError:
        return None


def unit_for(documents: Sequence[Head]) -> Unit:
    """Days up to a month, weeks up to half a year, months beyond."""
    days = [day for d in documents if (day := day_of(d))]
    span = (max(days) - min(days)).days if days else 0
    return "day" if span <= 31 else "week" if span <= 182 else "month"


def period_of(day: date, unit: Unit) -> str:
    """The period of a day: the day itself, the Monday of its week, or its month."""
    if unit == "month":
        return f"{day:%Y-%m}"
    return (day if unit == "day" else day - timedelta(days=day.weekday())).isoformat()


def label_columns(counts: Counts, codebook: Codebook) -> dict[Pair, Numbers]:
    """For each label of the codebook how many coded sentences of each document hold it."""
    held = np.zeros((len(counts.pairs), len(counts.ids)), np.int32)
    for piece, part in zip(counts.pieces, counts.parts, strict=True):
        certain = ~part.is_unsure
        document = part.document[part.holder[certain]]
        np.add.at(held[:, piece.documents], (part.label[certain], document), 1)
    own, none = dict(zip(counts.pairs, held, strict=True)), np.zeros(len(counts.ids), np.int32)
    pairs = ((axis.id, label.id) for axis, label in codebook.pairs())
    return {pair: own.get(pair, none) for pair in pairs}


def term_columns(words: Usage, terms: Sequence[str]) -> dict[Pair, Numbers]:
    """For each term how many coded sentences of each document hold it."""
    known = {term: i for i, term in enumerate(words.terms)}
    chosen = [known[term] for term in terms]
    counts = np.zeros((len(chosen), words.documents), np.int32)
    for piece, held in words.holding(chosen):
        document = words.document[piece.rows][words.is_coded[piece.rows]]
        rows, columns = held.nonzero()
        np.add.at(counts, (columns, document[rows]), 1)
    return {("term", term): own for term, own in zip(terms, counts, strict=True)}


def trends(
    documents: Sequence[Head], stories: Sequence[Story], sizes: Integers, columns: Columns,
    unit: Unit,
) -> tuple[Trend, ...]:  # fmt: skip
    """The trend of each column, by kind and id in their order, then by period.

    `sizes`: how many coded sentences each document has; `columns`: for each (kind, id) how many of them
    count. Articles without a whole date are left out.
    """
    groups = _periods(documents, stories, unit)
    values = np.array(list(columns.values()), float).reshape(len(columns), len(documents)).T
    tables = {p: _drawn(groups[p], np.array(sizes, float), values) for p in sorted(groups)}
    kinds = [kind for kind, _ in columns]
    changes = _changes(list(tables.values()), kinds)
    return tuple(
        _trend(kind, id, period, tables[period], changes[at], i)
        for i, (kind, id) in enumerate(columns)
        for at, period in enumerate(tables)
    )


def _periods(
    documents: Sequence[Head], stories: Sequence[Story], unit: Unit
) -> dict[str, list[list[int]]]:
    """For each period its articles by story, as places among the documents."""
    story_of = {id: story.id for story in stories for id in story.documents}
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, document in enumerate(documents):
        day = day_of(document)
        if day:
            found[period_of(day, unit)][story_of.get(document.id, document.id)].append(i)
    return {period: list(groups.values()) for period, groups in found.items()}


class _Table(NamedTuple):
    """One period: articles, stories, sentences, counts; shares with interval and standard error."""

    articles: int
    stories: int
    sentences: int
    counts: Floats
    share: Floats
    low: Floats | None
    high: Floats | None
    error: Floats | None


def _drawn(groups: Sequence[Sequence[int]], sizes: Floats, values: Floats) -> _Table:
    own = np.array([sizes[list(g)].sum() for g in groups])
    counts = np.array([values[list(g)].sum(axis=0) for g in groups])
    total = own.sum()
    share = counts.sum(axis=0) / total if total else np.zeros(values.shape[1])
    low = high = error = None
    if len(groups) >= MINIMUM_STORIES and total:
        low, high, error = interval(counts, own)
    articles = sum(map(len, groups))
    return _Table(articles, len(groups), int(total), counts.sum(axis=0), share, low, high, error)


def interval(counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats]:
    """The 95 % percentile interval of pooled shares, and their standard error.

    `counts`: groups x columns; `sizes`: the sentences of each group. Groups are drawn with
    replacement.
    """
    random = np.random.default_rng(len(sizes))
    weights = random.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), DRAWS)
    drawn = weights @ sizes
    kept = drawn > 0
    shares = (weights[kept] @ counts) / drawn[kept, None]
    low, high = np.percentile(shares, [2.5, 97.5], axis=0)
    return low, high, shares.std(axis=0, ddof=1)


def _changes(tables: Sequence[_Table], kinds: Sequence[str]) -> list[Any]:
    """For each period the differences to the one before it and their q, None where not tested."""
    found: list[Any] = [None] * len(tables)
    tests: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for at in range(1, len(tables)):
        before, after = tables[at - 1], tables[at]
        change = after.share - before.share
        q = np.full(len(kinds), np.nan)
        found[at] = (change, q)
        if before.error is not None and after.error is not None:
            p = p_of_change(
                after.counts, after.sentences, after.error,
                before.counts, before.sentences, before.error,
            )  # fmt: skip
            for i, kind in enumerate(kinds):
                if before.counts[i] + after.counts[i] > 0:
                    tests[kind].append((at, i, float(p[i])))
    for own in tests.values():
        for (at, i, _), q_value in zip(own, corrected([p for _, _, p in own]), strict=True):
            found[at][1][i] = q_value
    return found


def _trend(kind: str, id: str, period: str, table: _Table, change: Any, i: int) -> Trend:
    def rounded(column: Floats | None) -> float | None:
        return None if column is None or np.isnan(column[i]) else round(float(column[i]), 6)

    q = rounded(change[1]) if change else None
    return Trend(
        kind, id, period, table.articles, table.stories, table.sentences, int(table.counts[i]),
        round(float(table.share[i]), 6), rounded(table.low), rounded(table.high),
        rounded(change[0]) if change else None, q, q is not None and q < ALPHA,
    )  # fmt: skip
