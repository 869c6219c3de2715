"""The charts of the page's sections: changes over time, keyness, diverging bars."""

from collections.abc import Sequence
from math import ceil

from textpipe.codebook import Axis, CodebookLabel
from textpipe.findings import Keyness, Trend
from textpipe.report.charts.look import Look, Spec, limit_of, links, lite, place
from textpipe.report.links import Forms, period_name, search, to_sentences
from textpipe.report.results import Results
from textpipe.report.words import amount, name, nice_top, share, wording

MOST_TICKS = 6
MOST_KEY_TERMS = 10


def change_chart(
    results: Results, series: Sequence[Trend], look: Look, *, title: str, filter: tuple[str, str]
) -> Spec | None:
    """The share of one label or term over time with its interval; None without two periods.

    Changes beyond noise are marked. Each point leads to its sentences.
    """
    if len(series) < 2:
        return None
    words = wording(results.language)
    names = [period_name(words, t.period) for t in series]
    values = [
        {
            "x": i, "share": t.share, "low": t.low, "high": t.high, "beyond": t.beyond_noise,
            "href": place(to_sentences(filter, ("in-period", t.period))),
            "said": _said(results, t, names[i]),
        }
        for i, t in enumerate(series)
    ]  # fmt: skip
    step = -(-len(series) // MOST_TICKS)
    x: Spec = {
        "field": "x", "type": "quantitative", "title": None,
        "scale": {"domain": [-0.3, len(series) - 0.7], "nice": False},
        "axis": {
            "values": list(range(0, len(series), step)), "grid": False,
            "labelExpr": f"{_short(series)}[datum.value]", "labelFlush": False,
        },
    }  # fmt: skip
    y: Spec = {"type": "quantitative", "axis": {"format": ".0%", "tickCount": 3, "title": None}}
    band = {
        "transform": [{"filter": "isValid(datum.low)"}],
        "mark": {"type": "errorbar", "ticks": True, "color": look.soft, "opacity": 0.7},
        "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
    }
    return lite(
        look,
        width=280,
        height=110,
        title={"text": title, "fontSize": 13},
        data={"values": values},
        layer=[
            band,
            {"mark": {"type": "line", "color": look.bar, "strokeWidth": 2},
             "encoding": {"x": x, "y": {"field": "share", **y}}},
            {"mark": {"type": "point", "filled": True, "opacity": 1},
             "encoding": links(look, {
                 "x": x, "y": {"field": "share", **y},
                 "size": {"condition": {"test": "datum.beyond", "value": 130}, "value": 60},
                 "shape": {"condition": {"test": "datum.beyond", "value": "diamond"}, "value": "circle"},
                 "color": {"condition": {"test": "datum.beyond", "value": look.accent}, "value": look.bar},
             })},
        ],
    )  # fmt: skip


def _short(series: Sequence[Trend]) -> list[str]:
    """Short names of periods for an axis, the year where it changes."""
    found, year = [], ""
    for t in series:
        y, rest = t.period[:4], "/".join(str(int(part)) for part in t.period[5:].split("-"))
        found.append(f"{y}/{rest}" if y != year else rest)
        year = y
    return found


def _said(results: Results, t: Trend, period: str) -> str:
    words = wording(results.language)
    text = words["trend_point"].format(
        period=period, share=share(t.count, t.sentences), n=amount(words, "sentences", t.count),
        of=amount(words, "sentences", t.sentences), stories=amount(words, "stories", t.stories),
    )  # fmt: skip
    if t.low is not None and t.high is not None:
        text += words["trend_interval"].format(low=f"{t.low:.0%}", high=f"{t.high:.0%}")
    return text + (words["trend_beyond"] if t.beyond_noise else "")


def keyness_chart(
    results: Results, terms: Sequence[Keyness], look: Look, forms: Forms, *, title: str,
    filter: tuple[str, str] | None = None,
) -> Spec | None:  # fmt: skip
    """The terms that a slice uses more than the rest, by G²; None where there is none."""
    words = wording(results.language)
    top = [k for k in terms if k.log_ratio > 0][:MOST_KEY_TERMS]
    if not top:
        return None
    values = [
        {
            "term": k.term, "g2": k.g2, "ratio": f"×{2**k.log_ratio:.1f}",
            "href": place(to_sentences(*([filter] if filter else []), search(forms[k.term]))),
            "said": words["keyness_bar"].format(
                term=k.term, g2=k.g2, ratio=2**k.log_ratio, count=k.count, rest=k.rest_count
            ),
        }
        for k in top
    ]  # fmt: skip
    limit = limit_of((k.term for k in top), 132)
    y: Spec = {"field": "term", "type": "nominal", "sort": None, "title": None,
               "axis": {"labelColor": look.ink, "ticks": False, "domain": False, "labelLimit": limit}}  # fmt: skip
    x: Spec = {"field": "g2", "type": "quantitative", "title": "G²", "axis": {"tickCount": 4}}
    return lite(
        look,
        width=150,
        height={"step": 22},
        title={"text": title, "fontSize": 13},
        data={"values": values},
        encoding={"y": y},
        layer=[
            {"mark": {"type": "bar", "color": look.bar, "height": 13}, "encoding": links(look, {"x": x})},
            {"mark": {"type": "text", "align": "left", "dx": 4, "color": look.soft},
             "encoding": {"x": x, "text": {"field": "ratio"}}},
        ],
    )  # fmt: skip


def poles(axis: Axis) -> tuple[CodebookLabel, CodebookLabel] | None:
    """The label of an axis that speaks for, and the one that speaks against; None without both."""
    good = [x for x in axis.labels if x.polarity > 0]
    bad = [x for x in axis.labels if x.polarity < 0]
    return (good[0], bad[0]) if good and bad else None


def diverging(results: Results, look: Look) -> Spec | None:
    """For each label of the columns, sentences against to the left and sentences for to the right."""
    o, words = results.overview, wording(results.language)
    if o.columns is None or o.split is None:
        return None
    columns, split = results.codebook.axis(o.columns), results.codebook.axis(o.split)
    sides = poles(split)
    if sides is None:
        return None
    values: list[Spec] = []
    order = sorted(columns.labels, key=lambda x: -sum(o.by_split[x.id].get(s.id, 0) for s in sides))
    for label in order:
        for side in sides:
            n = o.by_split[label.id].get(side.id, 0)
            if n:
                called = name(label, results.language), name(side, results.language)
                values.append({
                    "label": called[0], "side": called[1], "n": n * side.polarity, "figure": str(n),
                    "href": place(to_sentences((columns.id, label.id), (split.id, side.id))),
                    "said": words["diverging_bar"].format(
                        label=called[0], side=called[1], n=amount(words, "sentences", n)
                    ),
                })  # fmt: skip
    if not values:
        return None
    good, bad = (name(side, results.language) for side in sides)
    y: Spec = {"field": "label", "type": "nominal", "sort": None, "title": None,
               "axis": {"labelColor": look.ink, "ticks": False, "domain": False}}  # fmt: skip
    top = nice_top(ceil(1.12 * max(abs(v["n"]) for v in values)))
    x: Spec = {
        "field": "n", "type": "quantitative",
        "title": words["diverging_axis"].format(good=good, bad=bad),
        "scale": {"domain": [-top, top], "nice": False},
        "axis": {
            "labelExpr": "format(abs(datum.value), ',')",
            "values": [-top, -top // 2, 0, top // 2, top] if top % 2 == 0 else [-top, 0, top],
        },
    }  # fmt: skip
    colour: Spec = {
        "field": "side", "type": "nominal", "title": None,
        "scale": {"domain": [bad, good], "range": [look.against, look.bar]},
        "legend": {"orient": "top", "symbolType": "square"},
    }  # fmt: skip
    text = [
        {"transform": [{"filter": f"datum.n {sign} 0"}],
         "mark": {"type": "text", "align": align, "dx": dx, "color": look.soft},
         "encoding": {"x": x, "text": {"field": "figure"}}}
        for sign, align, dx in ((">", "left", 4), ("<", "right", -4))
    ]  # fmt: skip
    return lite(
        look,
        labels=[*(name(x, results.language) for x in columns.labels), good, bad],
        width=520,
        height={"step": 26},
        data={"values": values},
        encoding={"y": y},
        layer=[{"mark": {"type": "bar", "height": 16}, "encoding": links(look, {"x": x, "color": colour})}, *text],
    )  # fmt: skip
