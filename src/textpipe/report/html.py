"""The report as one HTML page that needs no network, no server and no script to be read.

Everything from outside (texts, names, addresses) passes jinja2's escaping; no script holds data.
Every figure is a plain link such as `#pillars=innovation&themes=talent`: the page's script reads
it as a filter of the sentences. Keys that are no axis hold a hyphen, which no axis id may.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from math import ceil
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from textpipe.codebook import Axis, CodebookLabel
from textpipe.report import exhibits
from textpipe.report.articles import articles, speakers_shown
from textpipe.report.charts import NETWORK, STANCE, Charts, drawn, page_charts
from textpipe.report.links import period_name, search, to_sentences
from textpipe.report.results import Results
from textpipe.report.words import (
    amount,
    axis_names,
    called,
    closest,
    date,
    every_axis,
    findings,
    name,
    policy_name,
    quality,
    share,
    thresholds,
    unbroken,
    wording,
)


def render_html(results: Results, charts: Callable[[], Charts] | None = None) -> str:
    """The whole page. `charts` gives its charts where they are being drawn already; it is asked last.

    The same results give the same characters.
    """
    words = wording(results.language)
    shown = articles(results)
    numbers = {a.document.id: a.number for a in shown}
    page = _environment().get_template("report.html").render(
        r=results,
        o=results.overview,
        w=words,
        axes=results.codebook.axes,
        axis={axis.id: axis for axis in results.codebook.axes},
        either=axis_names(results, "or"),
        findings=[unbroken(finding) for finding in findings(results)],
        closest=unbroken(closest(results)),
        lead=words["lead"].format(axes=every_axis(results)),
        policy=policy_name(results),
        found=lambda axis, parent: found(results, axis, parent),
        x=_exhibits(results, charts() if charts else drawn(page_charts(results)), numbers),
        articles=shown,
        thresholds=thresholds(results),
        quality=quality(results),
        settings=json.dumps(results.settings, ensure_ascii=False, indent=2, default=str),
        by_count=lambda axis: by_count(results, axis),
        name=lambda thing: name(thing, results.language),
        called=lambda kind, id: called(results, kind, id),
        n=lambda unit, count: amount(words, unit, count),
        date=lambda text: date(words, text),
        period=lambda text: period_name(words, text) if text else words["undated"],
        periods=sorted(set(results.periods.values()) - {""}),
        speakers=speakers_shown(results),
    )  # fmt: skip
    return page.encode("utf-8", "replace").decode() + "\n"


def _exhibits(results: Results, charts: Charts, numbers: Mapping[str, int]) -> dict[str, Any]:
    forms = results.forms
    return {
        "stance": charts.get(STANCE),
        "trends": exhibits.trend_charts(results, charts),
        "beyond": exhibits.beyond_noise(results),
        "unchanged": exhibits.unchanged(results),
        "trend_table": exhibits.trend_table(results),
        "keywords": exhibits.keyword_rows(results, forms),
        "phrases": exhibits.phrase_rows(results),
        "keyness": exhibits.keyness_slices(results, forms, charts),
        "network": charts.get(NETWORK),
        "pairs": exhibits.pair_rows(results, forms),
        "stories": exhibits.story_rows(results, numbers),
        "fresh": exhibits.new_articles(results, numbers),
        "moves": list(exhibits.move_rows(results, forms)),
        "forms": forms,
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("textpipe.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(share=share, link=to_sentences, heat=heat, search=search)
    return environment


def heat(count: int, most: int) -> int:
    """A step of 0 (none) to 8 (the most) for the colour of a cell."""
    return ceil(8 * count / most) if most else 0


# Labels


def by_count(results: Results, axis: Axis) -> list[CodebookLabel]:
    """The labels of an axis, the most frequent first, ties in the codebook's order."""
    counts = results.overview.counts[axis.id]
    return sorted(axis.labels, key=lambda label: -counts[label.id])


def found(
    results: Results, axis: Axis, parent: str | None
) -> tuple[list[CodebookLabel], list[CodebookLabel]]:
    """The labels under a parent that occur, the most frequent first, and those that do not."""
    counts = results.overview.counts[axis.id]
    own = [label for label in by_count(results, axis) if label.parent == parent]
    return [x for x in own if counts[x.id]], [x for x in own if not counts[x.id]]
