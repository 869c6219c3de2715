"""The report as one HTML page that needs no network, no server and no script to be read.

Everything from outside (texts, names, addresses) passes jinja2's escaping; no script holds data.
Every figure is a plain link such as `#pillars=innovation&themes=talent`: the page's script reads
it as a filter of the sentences. Keys that are no axis hold a hyphen, which no axis id may.
"""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil, floor, log10
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from textpipe.codebook import Axis, Codebook, CodebookLabel
from textpipe.lexicon import load_lexicon
from textpipe.matching import squeeze
from textpipe.records import Document, Evidence, Keyword, Label, Sentence
from textpipe.report.results import Results
from textpipe.report.words import (
    MONTH,
    Words,
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

MOST_ARTICLES = 1000
"""Articles listed sentence by sentence: beyond these a browser becomes slow (about 15 MB)."""

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
        articles=_articles(results, words),
        most=MOST_ARTICLES,
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
    for token in {t.text for d in results.documents for s in d.sentences for t in s.tokens}:
        entry = by_form.get(squeeze(token))
        if entry is not None and entry.term in forms:
            forms[entry.term].add(token)
    return {term: sorted(found) for term, found in forms.items()}


# Articles


class Chip(NamedTuple):
    """A label under a sentence; `axis` is the axis's place in the codebook."""

    axis: int
    name: str
    label: Label


class Unit(NamedTuple):
    """A sentence as shown. `yes`, `unsure`: codes "axis.label" by place in the codebook."""

    id: str
    sentence: Sentence
    text: Markup
    chips: list[Chip]
    yes: str
    unsure: str
    original: str


class Article(NamedTuple):
    """An article as shown: its number, its address where that is safe to link, its sentences."""

    number: int
    document: Document
    url: str | None
    month: str
    keywords: tuple[Keyword, ...]
    units: list[Unit]


def _articles(results: Results, words: Words) -> list[Article]:
    """The articles to list, in order: all, or the `MOST_ARTICLES` with the most labels."""
    numbered = list(enumerate(results.documents, 1))
    if len(numbered) > MOST_ARTICLES:
        numbered.sort(key=lambda pair: (-_labelled(pair[1]), pair[0]))
        numbered = sorted(numbered[:MOST_ARTICLES], key=lambda pair: pair[0])
    places = _places(results.codebook)
    return [
        Article(
            number,
            document,
            safe_url(document.url),
            (document.published or "")[:7] if MONTH.match(document.published or "") else "",
            tuple(results.document_keywords.get(document.id, ()))[:8],
            _units(number, document, results, words, places),
        )
        for number, document in numbered
    ]


def _labelled(document: Document) -> int:
    return sum(any(x.decision == "yes" for x in s.labels) for s in document.sentences if s.is_coded)


def _places(codebook: Codebook) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (axis.id, label.id): (i, j)
        for i, axis in enumerate(codebook.axes)
        for j, label in enumerate(axis.labels)
    }


def safe_url(url: str | None) -> str | None:
    """The address if it is http or https with a host; else None."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _units(
    number: int,
    document: Document,
    results: Results,
    words: Words,
    places: Mapping[tuple[str, str], tuple[int, int]],
) -> list[Unit]:
    codebook, language = results.codebook, results.language
    called = {(a.id, x.id): name(x, language) for a, x in codebook.pairs()}
    reasons = _reasons(document, words, called)
    longest = max((r.end - r.start for r in reasons), default=0)
    units = []
    for index, sentence in enumerate(document.sentences):
        start, end = document.raw_span(sentence)
        first, last = (bisect_left(reasons, (at,)) for at in (start - longest, end))
        shown = [x for x in sentence.labels if x.decision != "no" and (x.axis, x.id) in places]
        shown = sorted(shown, key=lambda x: places[x.axis, x.id]) if sentence.is_coded else []
        original = sentence.duplicate_of
        units.append(
            Unit(
                f"s-{number}-{index}",
                sentence,
                marked(document.raw, (start, end), reasons[first:last]),
                [Chip(places[x.axis, x.id][0], called[x.axis, x.id], x) for x in shown],
                _codes(shown, "yes", places),
                _codes(shown, "unsure", places),
                "" if original is None else f"s-{number}-{original}",
            )
        )
    return units


def _codes(
    labels: Sequence[Label], decision: str, places: Mapping[tuple[str, str], tuple[int, int]]
) -> str:
    found = (places[x.axis, x.id] for x in labels if x.decision == decision)
    return " ".join(f"{i}.{j}" for i, j in found)


# Evidence


class Reason(NamedTuple):
    """Characters of the source file and what they speak for."""

    start: int
    end: int
    title: str


def _reasons(
    document: Document, words: Words, called: Mapping[tuple[str, str], str]
) -> list[Reason]:
    """The evidence for every label shown, in order, each said once."""
    found: dict[Reason, None] = {}
    for sentence in document.sentences:
        for label in sentence.labels if sentence.is_coded else ():
            if label.decision != "no" and (label.axis, label.id) in called:
                for evidence in label.evidence:
                    found[_reason(evidence, called[label.axis, label.id], words)] = None
    return sorted(found)


def _reason(evidence: Evidence, label: str, words: Words) -> Reason:
    why = words.get(f"why_{evidence.why}", evidence.why)
    return Reason(evidence.start, evidence.end, words["evidence"].format(label=label, why=why))


def marked(raw: str, span: tuple[int, int], reasons: Sequence[Reason]) -> Markup:
    """The characters of a span, escaped, with the evidence in `<mark>`.

    Evidence that overlaps is marked as one; evidence for the span as a whole surrounds the rest.
    """
    start, end = span
    own = [r for r in reasons if r.start < end and r.end > start and r.start < r.end]
    whole = [r.title for r in own if r.start <= start and r.end >= end]
    parts, at = [], start
    for a, b, titles in merged([r for r in own if r.start > start or r.end < end]):
        a, b = max(a, start), min(b, end)
        parts += [escape(raw[at:a]), _mark(escape(raw[a:b]), titles, "")]
        at = b
    text = Markup("").join([*parts, escape(raw[at:end])])
    return _mark(text, whole, " class=w") if whole else text


def merged(reasons: Sequence[Reason]) -> list[tuple[int, int, list[str]]]:
    """Spans that share a character joined, in order, with what each speaks for."""
    spans: list[tuple[int, int, list[str]]] = []
    for reason in sorted(reasons):
        if spans and reason.start < spans[-1][1]:
            start, end, titles = spans[-1]
            spans[-1] = (start, max(end, reason.end), [*titles, reason.title])
        else:
            spans.append((reason.start, reason.end, [reason.title]))
    return spans


def _mark(text: Markup, titles: Sequence[str], attribute: str) -> Markup:
    title = "\n".join(dict.fromkeys(titles))
    return Markup('<mark{} title="{}">{}</mark>').format(Markup(attribute), title, text)
