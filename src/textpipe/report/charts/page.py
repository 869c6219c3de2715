"""The charts of the page: what each shows, and its specification."""

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from textpipe.findings import Keyness, Trend
from textpipe.report.charts.look import PAGE, Spec
from textpipe.report.charts.network import network
from textpipe.report.charts.small import change_chart, diverging, keyness_chart
from textpipe.report.links import search
from textpipe.report.results import Results
from textpipe.report.words import called, wording

MOST_TERM_TRENDS = 6

Key = tuple[str, str, str]
"""What a chart shows ("trend", "keyness", …), and of what: kind and id, "" where there is but one."""
Charts = Mapping[Key, Markup]
"""Charts ready for the page."""
STANCE: Key = ("stance", "", "")
NETWORK: Key = ("network", "", "")


def page_charts(results: Results) -> dict[Key, Spec]:
    """Every chart of the page."""
    made: dict[Key, Spec | None] = {
        STANCE: diverging(results, PAGE),
        **dict(_trends(results)),
        **dict(_keyness(results)),
        NETWORK: network(results, PAGE, results.forms),
    }
    return {key: spec for key, spec in made.items() if spec is not None}


def _trends(results: Results) -> Iterator[tuple[Key, Spec | None]]:
    """A small chart for each label of the rows and columns that occurs, and for the terms that
    changed beyond noise."""
    axes = (results.overview.rows, results.overview.columns)
    for (kind, id), series in _series(results).items():
        if any(t.count for t in series) and kind in (*axes, "term"):
            filter = search(results.forms.get(id, [id])) if kind == "term" else (kind, id)
            title = called(results, kind, id)
            yield (
                ("trend", kind, id),
                change_chart(results, series, PAGE, title=title, filter=filter),
            )


def _series(results: Results) -> dict[tuple[str, str], list[Trend]]:
    series: dict[tuple[str, str], list[Trend]] = {}
    for t in results.trends:
        series.setdefault((t.kind, t.id), []).append(t)
    moved = [
        key for key, own in series.items() if key[0] == "term" and any(t.beyond_noise for t in own)
    ]
    return {
        key: own
        for key, own in series.items()
        if key[0] != "term" or key in moved[:MOST_TERM_TRENDS]
    }


def _keyness(results: Results) -> Iterator[tuple[Key, Spec | None]]:
    """A chart for each slice but those of axes other than the first."""
    axes = {axis.id for axis in results.codebook.axes}
    for (kind, id), own in keyness_groups(results).items():
        if kind == results.overview.rows or kind not in axes:
            title, filter = slice_title(results, kind, id), slice_filter(results, kind, id)
            yield (
                ("keyness", kind, id),
                keyness_chart(results, own, PAGE, results.forms, title=title, filter=filter),
            )


def keyness_groups(results: Results) -> dict[tuple[str, str], list[Keyness]]:
    """The significant terms by slice."""
    groups: dict[tuple[str, str], list[Keyness]] = {}
    for k in results.keyness:
        groups.setdefault((k.kind, k.slice), []).append(k)
    return groups


def slice_title(results: Results, kind: str, id: str) -> str:
    """The name of a slice: a label's, or a period or an outlet in words."""
    title = called(results, kind, id)
    if any(axis.id == kind for axis in results.codebook.axes):
        return title
    return wording(results.language)[f"slice_{kind}"].format(name=title)


def slice_filter(results: Results, kind: str, id: str) -> tuple[str, str]:
    """The filter for the sentences of a slice."""
    return (
        (kind, id) if any(axis.id == kind for axis in results.codebook.axes) else (f"in-{kind}", id)
    )
