"""The figures of a report: name of the file, and what draws it."""

from collections.abc import Callable, Sequence

from textpipe.report.charts.look import Look, Spec, limit_of, lite
from textpipe.report.charts.network import network
from textpipe.report.charts.small import diverging, keyness_chart
from textpipe.report.links import period_name
from textpipe.report.results import Results
from textpipe.report.words import amount, name, policy_name, wording

MOST_TERMS = 20


def _titled(spec: Spec | None, results: Results, title: str, note: str = "") -> Spec | None:
    """A chart with its title, and below it what it counts and where that comes from."""
    if spec is None:
        return None
    words = wording(results.language)
    o = results.overview
    scope = words["figure_scope"].format(
        policy=policy_name(results), articles=amount(words, "articles", o.articles),
        sentences=amount(words, "sentences", o.sentences),
    )  # fmt: skip
    lines = [line for line in (note, scope) if line]
    return {**spec, "padding": 16, "title": {"text": title, "subtitle": lines}}


def _matrix(results: Results, look: Look) -> Spec | None:
    o, words, language = results.overview, wording(results.language), results.language
    if o.columns is None:
        return None
    rows, columns = results.codebook.axis(o.rows), results.codebook.axis(o.columns)
    values: list[Spec] = [
        {"row": name(a, language), "column": name(b, language), "n": o.matrix[a.id][b.id]}
        for a in rows.labels
        for b in columns.labels
    ]
    most = max((v["n"] for v in values), default=0) or 1
    ax: Spec = {"title": None, "sort": None, "type": "nominal"}
    base: Spec = {
        "x": {**ax, "field": "column", "axis": {"orient": "top", "labelAngle": -35, "domain": False, "ticks": False}},
        "y": {**ax, "field": "row", "axis": {"domain": False, "ticks": False}},
    }  # fmt: skip
    spec = lite(
        look, [name(x, language) for x in (*rows.labels, *columns.labels)],
        width={"step": 62}, height={"step": 46}, data={"values": values}, encoding=base,
        layer=[
            {"mark": {"type": "rect", "stroke": look.paper, "strokeWidth": 2},
             "encoding": {"color": {"field": "n", "type": "quantitative", "legend": None,
                                    "scale": {"domain": [0, most], "interpolate": "rgb", "range": ["#f3f3ee", look.bar]}}}},
            {"mark": {"type": "text"},
             "encoding": {"text": {"field": "n", "format": ","},
                          "color": {"condition": {"test": f"datum.n > {0.6 * most}", "value": "#ffffff"},
                                    "value": look.ink}}},
        ],
    )  # fmt: skip
    title = words["matrix"].format(rows=name(rows, language), columns=name(columns, language))
    return _titled(spec, results, title, words["figure_sentences"])


def _split(results: Results, look: Look) -> Spec | None:
    o, words = results.overview, wording(results.language)
    spec = diverging(results, look)
    if spec is None or o.columns is None or o.split is None:
        return None
    columns, split = results.codebook.axis(o.columns), results.codebook.axis(o.split)
    called = name(columns, results.language), name(split, results.language)
    return _titled(spec, results, words["by_split"].format(columns=called[0], split=called[1]))


def _bars(
    look: Look, values: list[Spec], title: str, *, labels: str, legend: Sequence[str] = ()
) -> Spec:
    limit = limit_of((v["label"] for v in values), 320)
    y: Spec = {"field": "label", "type": "nominal", "sort": None, "title": None,
               "axis": {"labelColor": look.ink, "ticks": False, "domain": False, "labelLimit": limit}}  # fmt: skip
    x: Spec = {"field": "n", "type": "quantitative", "title": title, "axis": {"tickMinStep": 1}}
    return lite(
        look, legend, width=420, height={"step": 22}, data={"values": values}, encoding={"y": y, "x": x},
        layer=[
            {"mark": {"type": "bar", "color": look.bar, "height": 13}},
            {"mark": {"type": "text", "align": "left", "dx": 4, "color": look.soft},
             "encoding": {"text": {"field": "n", "format": labels}}},
        ],
    )  # fmt: skip


def _sections(results: Results, look: Look) -> Spec | None:
    """The axis below the rows (the plan's sections), where the codebook has one."""
    o, words, language = results.overview, wording(results.language), results.language
    axis = next((a for a in results.codebook.axes if a.parent_axis == o.rows), None)
    if axis is None:
        return None
    counts = o.counts[axis.id]
    parents = {x.id: name(x, language) for x in results.codebook.axis(o.rows).labels}
    values = [
        {"label": name(x, language), "n": counts[x.id], "parent": parents.get(x.parent or "", words["no_parent"])}
        for x in sorted(axis.labels, key=lambda x: -counts[x.id])
    ]  # fmt: skip
    spec = _bars(look, values, words["figure_sentences"], labels=",", legend=list(parents.values()))
    colour: Spec = {"field": "parent", "type": "nominal", "title": None,
                    "scale": {"domain": list(parents.values()), "range": [look.palette[i] for i in (6, 1, 4, 2, 3)]},
                    "legend": {"orient": "top", "columns": 1}}  # fmt: skip
    spec["layer"][0] = {"mark": {"type": "bar", "height": 13}, "encoding": {"color": colour}}
    covered = sum(1 for x in axis.labels if counts[x.id])
    note = words["axis_caption_short"].format(covered=covered, total=len(axis.labels))
    return _titled(spec, results, name(axis, language), note)


def _keywords(results: Results, look: Look) -> Spec | None:
    words = wording(results.language)
    if not results.keywords:
        return None
    values = [{"label": k.term, "n": round(k.score, 2)} for k in results.keywords[:MOST_TERMS]]
    return _titled(
        _bars(look, values, words["figure_tfidf"], labels=".1f"), results, words["keywords"]
    )


def _trends(axis: str) -> "Callable[[Results, Look], Spec | None]":
    def draw(results: Results, look: Look) -> Spec | None:
        """Small charts of every label of the rows or columns that occurs, with intervals."""
        words, language = wording(results.language), results.language
        id = results.overview.rows if axis == "rows" else results.overview.columns
        if id is None:
            return None
        labels = {x.id: name(x, language) for x in results.codebook.axis(id).labels}
        series = [t for t in results.trends if t.kind == id]
        shown = {t.id for t in series if t.count}
        periods = sorted({t.period for t in series})
        if len(periods) < 2 or not shown:
            return None
        values = [
            {"label": labels[t.id], "period": period_name(words, t.period), "share": t.share,
             "low": t.low, "high": t.high, "beyond": t.beyond_noise}
            for t in series
            if t.id in shown
        ]  # fmt: skip
        order = [period_name(words, p) for p in periods]
        every = max(1, -(-len(order) // 8))
        x: Spec = {"field": "period", "type": "ordinal", "sort": order, "title": None,
                   "axis": {"labelAngle": -45, "values": order[::every], "grid": False}}  # fmt: skip
        y: Spec = {"type": "quantitative", "title": None, "axis": {"format": ".0%", "tickCount": 4}}
        layers = [
            {"transform": [{"filter": "isValid(datum.low)"}],
             "mark": {"type": "rule", "color": look.soft, "opacity": 0.6},
             "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}}},
            {"mark": {"type": "line", "color": look.bar}, "encoding": {"x": x, "y": {"field": "share", **y}}},
            {"mark": {"type": "point", "filled": True, "opacity": 1, "size": 40}, "encoding": {
                "x": x, "y": {"field": "share", **y},
                "color": {"condition": {"test": "datum.beyond", "value": look.accent}, "value": look.bar}}},
        ]  # fmt: skip
        spec = lite(
            look, data={"values": values}, columns=3,
            facet={"field": "label", "type": "nominal", "title": None, "sort": list(labels.values())},
            spec={"width": 250, "height": 120, "layer": layers},
        )  # fmt: skip
        title = words["trends_of"].format(axis=name(results.codebook.axis(id), language))
        return _titled(spec, results, title, words["figure_trends"])

    return draw


def _keyness(results: Results, look: Look) -> Spec | None:
    words, language, forms = wording(results.language), results.language, results.forms
    rows = results.codebook.axis(results.overview.rows)
    charts = []
    for label in rows.labels:
        own = [k for k in results.keyness if (k.kind, k.slice) == (rows.id, label.id)]
        spec = keyness_chart(results, own, look, forms, title=name(label, language))
        if spec is not None:
            charts.append(
                {k: v for k, v in spec.items() if k not in ("$schema", "config", "padding")}
            )
    if not charts:
        return None
    return _titled(lite(look, hconcat=charts), results, words["keyness"], words["figure_keyness"])


def _network(results: Results, look: Look) -> Spec | None:
    words = wording(results.language)
    spec = network(results, look, results.forms)
    return _titled(spec, results, words["network"], words["figure_network"])


def _voices(results: Results, look: Look) -> Spec | None:
    """Roles by the one-choice axis, as stacked bars of sentences."""
    words, language, voices = wording(results.language), results.language, results.voices
    if voices is None or results.overview.split is None or not voices.by_split:
        return None
    split = results.codebook.axis(results.overview.split)
    kinds = {x.id: name(x, language) for x in split.labels if x.id != split.empty}
    values = [
        {"role": voices.roles[role][language != "zh"], "kind": kinds[id], "n": n, "order": list(kinds).index(id)}
        for role, counts in voices.by_split.items()
        for id, n in counts.items()
        if id in kinds
    ]  # fmt: skip
    if not values:
        return None
    y: Spec = {"field": "role", "type": "nominal", "title": None, "sort": "-x",
               "axis": {"labelColor": look.ink, "ticks": False, "domain": False}}  # fmt: skip
    x: Spec = {
        "field": "n",
        "type": "quantitative",
        "title": words["figure_sentences"],
        "axis": {"tickMinStep": 1},
    }
    colour: Spec = {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top"},
                    "scale": {"domain": list(kinds.values()), "range": list(look.palette[: len(kinds)])}}  # fmt: skip
    spec = lite(
        look, [str(v["role"]) for v in values] + list(kinds.values()),
        width=480, height={"step": 28}, data={"values": values},
        mark={"type": "bar", "height": 17},
        encoding={"y": y, "x": x, "color": colour, "order": {"field": "order"}},
    )  # fmt: skip
    title = words["voices_split"].format(split=name(split, language))
    return _titled(spec, results, title)


FIGURES: dict[str, Callable[[Results, Look], Spec | None]] = {
    "matrix": _matrix,
    "stance": _split,
    "sections": _sections,
    "trends_rows": _trends("rows"),
    "trends_columns": _trends("columns"),
    "keywords": _keywords,
    "keyness": _keyness,
    "network": _network,
    "voices": _voices,
}
