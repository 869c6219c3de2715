"""The report as one HTML page that needs no network, no server and no script to be read.

Everything from outside (texts, names, addresses) passes jinja2's escaping; no script holds data.
Every figure is a plain link such as `#pillars=innovation&themes=talent`: the page's script reads
it as a filter of the sentences. Keys that are no axis hold a hyphen, which no axis id may.
"""

import json
from collections.abc import Sequence
from functools import cache
from math import ceil, floor, log10
from typing import NamedTuple
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from textpipe.codebook import Axis, CodebookLabel
from textpipe.folding import squeeze
from textpipe.lexicon import load_lexicon
from textpipe.records import Keyword
from textpipe.report.articles import articles
from textpipe.report.results import Results
from textpipe.report.words import (
    all_months,
    amount,
    axis_names,
    closest,
    date,
    every_axis,
    findings,
    name,
    share,
    thresholds,
    unbroken,
    wording,
)

MOST_KEYWORDS = 40


def render_html(results: Results) -> str:
    """The whole page. The same results give the same characters."""
    words, months = wording(results.language), all_months(results)
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
        found=lambda axis, parent: found(results, axis, parent),
        keywords=_keyword_rows(results),
        months=months,
        peak=lambda keys: nice_top(max(months[m][key] for m in months if m for key in keys)),
        articles=articles(results),
        thresholds=thresholds(results),
        settings=json.dumps(results.settings, ensure_ascii=False, indent=2, default=str),
        by_count=lambda axis: by_count(results, axis),
        name=lambda thing: name(thing, results.language),
        n=lambda unit, count: amount(words, unit, count),
        date=lambda text: date(words, text),
        month=lambda text: date(words, text) if text else words["undated"],
    )  # fmt: skip
    return page.encode("utf-8", "replace").decode() + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("textpipe.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(share=share, link=link, heat=heat, nice_top=nice_top)
    return environment


def link(*pairs: tuple[str, str]) -> str:
    """The address within the page that filters the sentences: `#axis=label&…`."""
    return "#" + urlencode(pairs, quote_via=quote)


def heat(count: int, most: int) -> int:
    """A step of 0 (none) to 8 (the most) for the colour of a cell."""
    return ceil(8 * count / most) if most else 0


def nice_top(value: int) -> int:
    """The smallest of 1, 2, 4, 5, 6, 8, 10, 20, 40, … that is not below the value."""
    scale = int(10 ** floor(log10(max(value, 1))))
    return next(step * scale for step in (1, 2, 4, 5, 6, 8, 10) if step * scale >= value)


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


# Keywords


class KeywordRow(NamedTuple):
    """A keyword, the link to the sentences that hold one of its forms, its bar in percent."""

    keyword: Keyword
    href: str
    bar: float


def _keyword_rows(results: Results) -> list[KeywordRow]:
    top = results.keywords[:MOST_KEYWORDS]
    forms = _forms(results, [k.term for k in top])
    best = max((k.score for k in top), default=0) or 1
    return [
        KeywordRow(k, link(("free-text", "|".join(forms[k.term]))), round(100 * k.score / best, 1))
        for k in top
    ]


def _forms(results: Results, terms: Sequence[str]) -> dict[str, list[str]]:
    """Each term with those of its aliases in the shipped lexicon that the corpus uses."""
    by_form = load_lexicon().by_form
    forms = {term: {term} for term in terms}
    for token in {w for d in results.documents for s in d.sentences for w in s.tokens.words}:
        entry = by_form.get(squeeze(token))
        if entry is not None and entry.term in forms:
            forms[entry.term].add(token)
    return {term: sorted(found) for term, found in forms.items()}
