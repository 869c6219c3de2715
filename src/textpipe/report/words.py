"""What the reports say in words: names, figures with units, months, findings from counts.

A finding says only what was counted: which label stands most often, in how many sentences, and
out of how many. Ties are told as ties; a share is never rounded up to all or down to none.
The wording itself is data: `templates/words.zh.toml` and `words.en.toml`, with the same keys.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import floor, log10
from typing import Protocol

from textpipe.codebook import Axis
from textpipe.report.results import Results

Words = Mapping[str, str]

LANGUAGES = ("zh", "en")

MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


@cache
def wording(language: str) -> Words:
    """The wording of a language: every key of `templates/words.<language>.toml`."""
    file = files("textpipe.report") / "templates" / f"words.{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


class Named(Protocol):
    """What the codebook names in both languages: an axis, a label."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


def name(thing: Named, language: str) -> str:
    """The name of an axis or a label in the report's language."""
    return thing.zh if language == "zh" else thing.en


def called(results: Results, kind: str, id: str) -> str:
    """The name of a label, an outlet, a period or a term by its kind."""
    axes = {axis.id for axis in results.codebook.axes}
    return name(results.codebook.axis(kind).label(id), results.language) if kind in axes else id


def policy_name(results: Results) -> str:
    """The name of the policy in the report's language."""
    book = results.codebook
    return book.policy_zh if results.language == "zh" else book.policy_en


def amount(words: Words, unit: str, n: int) -> str:
    """A count with its unit ("articles", "sentences", "files"), in the singular where it is 1."""
    one, *more = words[f"n_{unit}"].split("|")
    return (more[0] if more and n != 1 else one).format(n=n)


def share(part: int, whole: int) -> str:
    """A rounded percentage: "0%" and "100%" only where they are exact."""
    if not whole:
        return "–"
    percent = 100 * part / whole
    if 0 < percent < 1:
        return "<1%"
    return ">99%" if 99 < percent < 100 else f"{percent:.0f}%"


def nice_top(value: int) -> int:
    """The smallest of 1, 2, 4, 5, 6, 8, 10, 20, 40, … that is not below the value."""
    scale = int(10 ** floor(log10(max(value, 1))))
    return next(step * scale for step in (1, 2, 4, 5, 6, 8, 10) if step * scale >= value)


def date(words: Words, text: str) -> str:
    """An ISO day or month in words; any other text as it is."""
    if _DAY.fullmatch(text[:10]):
        return words["day"].format(y=int(text[:4]), m=int(text[5:7]), d=int(text[8:10]))
    if MONTH.fullmatch(text):
        return words["month"].format(y=int(text[:4]), m=int(text[5:7]))
    return text


def axis_names(results: Results, joint: str) -> str:
    """The names of the axes whose labels make a sentence count as labelled."""
    ids = [x for x in (results.overview.rows, results.overview.columns) if x is not None]
    names = [name(results.codebook.axis(id), results.language) for id in ids]
    return wording(results.language)[joint].join(names)


def every_axis(results: Results) -> str:
    """The names of all axes in running text: A、B與C."""
    words = wording(results.language)
    *first, last = [name(axis, results.language) for axis in results.codebook.axes]
    return words["and"].join([words["list"].join(first), last]) if first else last


def unbroken(text: str) -> str:
    """The text with no-break spaces, so that figures stay on a line with their units."""
    return re.sub(r"(?<=\d) | (?=\d)", "\u00a0", text)


def findings(results: Results) -> list[str]:
    """Three to five sentences that say what the counts say, and no more."""
    o, words = results.overview, wording(results.language)
    found = [_scope(results), _most(results, o.rows)]
    if o.columns is not None:
        found.append(_most(results, o.columns))
    if o.split is not None:
        found.append(_balance(results, results.codebook.axis(o.split)))
    unsure = words["find_unsure" if o.unsure_sentences else "find_no_unsure"]
    n, part = amount(words, "sentences", o.unsure_sentences), share(o.unsure_sentences, o.sentences)
    return [*found, unsure.format(n=n, share=part)]


MOST_PAIRS = 3
"""Crossings named where they tie; more would say nothing."""


def closest(results: Results) -> str:
    """Which label of the rows most often meets which of the columns; "" where none stands out."""
    o, words = results.overview, wording(results.language)
    if o.columns is None:
        return ""
    rows, columns = results.codebook.axis(o.rows), results.codebook.axis(o.columns)
    most = max((n for line in o.matrix.values() for n in line.values()), default=0)
    pairs = [
        words["cross"].format(a=name(a, results.language), b=name(b, results.language))
        for a in rows.labels
        for b in columns.labels
        if most and o.matrix[a.id][b.id] == most
    ]
    if not 0 < len(pairs) <= MOST_PAIRS:
        return ""
    n = amount(words, "sentences", most)
    key = "find_cell" if len(pairs) == 1 else "find_cells"
    return words[key].format(pairs=words["list"].join(pairs), n=n)


def _scope(results: Results) -> str:
    o, words = results.overview, wording(results.language)
    return words["find_scope"].format(
        articles=amount(words, "articles", o.articles),
        period=_period(results),
        sentences=amount(words, "sentences", o.sentences),
        labelled=amount(words, "sentences", o.labelled),
        labelled_n=o.labelled,
        share=share(o.labelled, o.sentences),
        axes=axis_names(results, "or"),
    )


def _period(results: Results) -> str:
    words = wording(results.language)
    given = [d.published or "" for d in results.heads]
    dates = sorted(text[:10] for text in given if MONTH.match(text))
    if not dates:
        return words["find_all_undated"]
    first, last = date(words, dates[0]), date(words, dates[-1])
    key = "find_one_day" if first == last else "find_period"
    period, missing = words[key].format(first=first, last=last), len(given) - len(dates)
    undated = words["find_undated"].format(n=amount(words, "articles", missing))
    return period + (undated if missing else "")


def _most(results: Results, axis_id: str) -> str:
    """The most frequent label of an axis, or those that tie, and the next."""
    words, axis = wording(results.language), results.codebook.axis(axis_id)
    counts, called = results.overview.counts.get(axis_id, {}), name(axis, results.language)
    ranks = sorted({n for n in counts.values() if n}, reverse=True)
    if not ranks:
        return words["find_no_label"].format(axis=called)
    tied, labels = _holders(results, axis, ranks[0])
    second = ""
    if len(ranks) > 1:
        two, others = _holders(results, axis, ranks[1])
        second = words["find_second_tie" if two else "find_second"].format(
            labels=others, n=amount(words, "sentences", ranks[1])
        )
    return words["find_tie" if tied else "find_top"].format(
        axis=called, labels=labels, n=amount(words, "sentences", ranks[0]),
        share=share(ranks[0], results.overview.sentences), second=second,
    )  # fmt: skip


def _holders(results: Results, axis: Axis, n: int) -> tuple[bool, str]:
    """Whether several labels stand n times, and their names."""
    words, counts = wording(results.language), results.overview.counts[axis.id]
    names = [name(x, results.language) for x in axis.labels if counts.get(x.id) == n]
    return len(names) > 1, words["and"].join(words["quote"].format(text=x) for x in names)


def _balance(results: Results, axis: Axis) -> str:
    words, called = wording(results.language), name(axis, results.language)
    counts = results.overview.counts.get(axis.id, {})
    held = [(counts.get(x.id, 0), x) for x in axis.labels if x.id != axis.empty]
    held = sorted((pair for pair in held if pair[0]), key=lambda pair: -pair[0])
    total = sum(n for n, _ in held)
    if not total:
        return words["find_no_label"].format(axis=called)
    parts = words["list"].join(
        words["find_part"].format(
            label=name(x, results.language),
            n=amount(words, "sentences", n),
            count=n,
            share=share(n, total),
        )
        for n, x in held
    )
    return words["find_split"].format(axis=called, n=amount(words, "sentences", total), parts=parts)


def quality(results: Results) -> str:
    """How good the model is on sentences it was not trained on, by axis; "" where nothing tells."""
    words = wording(results.language)
    named = {axis.id: name(axis, results.language) for axis in results.codebook.axes}
    parts = [
        words["quality_part"].format(axis=named[id], f1=f"{f1:.2f}")
        for id, f1 in results.model_quality.items()
        if id in named
    ]
    return words["method_quality"].format(parts=words["list"].join(parts)) if parts else ""


def thresholds(results: Results) -> str:
    """What yes and unsure meant in this run, where the settings of a stage tell it; else ""."""
    keys = ("cost_wrong", "cost_missed", "cost_review")
    for section in results.settings.values():
        if isinstance(section, Mapping) and all(key in section for key in keys):
            return wording(results.language)["method_thresholds"].format(
                **{k: f"{section[k]:g}" for k in keys}
            )
    return ""
