"""What the page shows of trends, terms, voices, stories and news: rows with their links, and charts.

The charts are those of `charts.page`, drawn.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup

from textpipe.findings import Collocation, Keyness, KeyPhrase, Keyword, Move, Story, Trend
from textpipe.records import Head
from textpipe.report.charts import Charts, keyness_groups, slice_filter, slice_title
from textpipe.report.links import Forms, both, search, to_sentences
from textpipe.report.results import Results
from textpipe.report.words import called

MOST_KEYWORDS = 40
MOST_PHRASES = 24
MOST_PAIRS = 40
MOST_SPEAKERS = 40
MOST_STORIES = 40
MOST_IN_STORY = 60
"""Articles of a story that are listed."""


# Trends


class TrendChart(NamedTuple):
    """A chart and whether it belongs to the first axis, which the page shows at once."""

    chart: Markup
    is_main: bool


def trend_charts(results: Results, charts: Charts) -> list[TrendChart]:
    """The small charts of labels and terms over time."""
    return [
        TrendChart(chart, kind == results.overview.rows)
        for (what, kind, _), chart in charts.items()
        if what == "trend"
    ]


def beyond_noise(results: Results) -> list[Trend]:
    """The changes beyond noise of the rows and columns, the latest first."""
    wanted = (results.overview.rows, results.overview.columns)
    found = [t for t in results.trends if t.beyond_noise and t.kind in wanted]
    return sorted(found, key=lambda t: t.period, reverse=True)


def unchanged(results: Results) -> str:
    """The key of what to say where no change is beyond noise: none is, or none could be tested."""
    return "beyond_none" if any(t.q is not None for t in results.trends) else "beyond_untested"


def trend_table(results: Results) -> dict[str, list[Trend]]:
    """For each period the first axis's trends, in the order of its labels."""
    rows: dict[str, list[Trend]] = {}
    for t in results.trends:
        if t.kind == results.overview.rows:
            rows.setdefault(t.period, []).append(t)
    return dict(sorted(rows.items()))


# Terms


class KeywordRow(NamedTuple):
    """A keyword, the link to the sentences that hold one of its forms, its bar in percent."""

    keyword: Keyword
    href: str
    bar: float


def keyword_rows(results: Results, forms: Forms) -> list[KeywordRow]:
    """The keywords shown."""
    top = results.keywords[:MOST_KEYWORDS]
    best = max((k.score for k in top), default=0) or 1
    return [
        KeywordRow(k, to_sentences(search(forms[k.term])), round(100 * k.score / best, 1))
        for k in top
    ]


def phrase_rows(results: Results) -> list[tuple[KeyPhrase, str]]:
    """The key phrases shown, each with its link."""
    return [(p, to_sentences(search([p.phrase]))) for p in results.key_phrases[:MOST_PHRASES]]


class KeynessSlice(NamedTuple):
    """A slice with its name, its chart (None where it uses no term more), and its terms with links."""

    title: str
    chart: Markup | None
    rows: list[tuple[Keyness, str]]
    is_main: bool


def keyness_slices(results: Results, forms: Forms, charts: Charts) -> list[KeynessSlice]:
    """Every slice that has significant terms, the first axis's as main ones."""
    rows = results.overview.rows
    return [
        KeynessSlice(
            slice_title(results, kind, id),
            charts.get(("keyness", kind, id)),
            [
                (k, to_sentences(slice_filter(results, kind, id), search(forms[k.term])))
                for k in own
            ],
            kind == rows,
        )
        for (kind, id), own in keyness_groups(results).items()
    ]


def pair_rows(results: Results, forms: Forms) -> list[tuple[Collocation, str]]:
    """The strongest pairs of terms, each with its link."""
    return [
        (c, to_sentences(search(both(forms[c.term], forms[c.other]))))
        for c in results.collocations[:MOST_PAIRS]
    ]


# Stories and news


class StoryRow(NamedTuple):
    """A story of several articles, the first of them with their numbers where the page lists them, and how many
    `more` there are."""

    story: Story
    articles: list[tuple[Head, int | None]]
    more: int


def story_rows(results: Results, numbers: Mapping[str, int]) -> list[StoryRow]:
    """Stories that several articles tell, the most told first."""
    by_id = {d.id: d for d in results.heads}
    told = [s for s in results.stories if len(s.documents) > 1]
    told.sort(key=lambda s: (-len(s.documents), s.published, s.id))
    return [
        StoryRow(
            s,
            [(by_id[id], numbers.get(id)) for id in s.documents[:MOST_IN_STORY]],
            max(len(s.documents) - MOST_IN_STORY, 0),
        )
        for s in told[:MOST_STORIES]
    ]


def new_articles(results: Results, numbers: Mapping[str, int]) -> list[tuple[Head, int | None]]:
    """The new articles with their numbers, the latest first."""
    if results.news is None:
        return []
    fresh = set(results.news.documents)
    own = [d for d in results.heads if d.id in fresh]
    own.sort(key=lambda d: (d.published or "", d.source), reverse=True)
    return [(d, numbers.get(d.id)) for d in own]


def move_rows(results: Results, forms: Forms) -> Iterable[tuple[Move, str, str]]:
    """Labels and terms that moved, with their name and link."""
    for m in results.news.moves if results.news else ():
        filter = search(forms.get(m.id, [m.id])) if m.kind == "term" else (m.kind, m.id)
        yield m, called(results, m.kind, m.id), to_sentences(filter)
