"""The co-occurrence network: terms as dots, pairs that share sentences beyond chance as lines."""

from collections.abc import Sequence

from textpipe.findings import Collocation
from textpipe.lexicon import load_lexicon
from textpipe.report.charts.look import Look, Spec, limit_of, place
from textpipe.report.charts.press import MEASURED
from textpipe.report.links import Forms, both, search, to_sentences
from textpipe.report.results import Results
from textpipe.report.words import amount, wording

MOST_NODES = 36
MOST_EDGES = 60
WIDTH, HEIGHT = 860, 500
GROUPS = {
    "actor": ("organization", "company", "person"),
    "policy": ("law", "programme", "measure"),
    "technology": ("technology", "product"),
    "place": ("place",),
    "other": (),
}


def network(results: Results, look: Look, forms: Forms) -> Spec | None:
    """The strongest pairs among the keywords; None where fewer than three stand together."""
    edges = _strongest(results)
    if len(edges) < 3:
        return None
    words, lexicon = wording(results.language), load_lexicon()
    counts = {e.term: e.term_count for e in edges} | {e.other: e.other_count for e in edges}
    names = sorted(counts)
    group_of = {tag: group for group, tags in GROUPS.items() for tag in tags}
    most = max(counts.values())
    nodes = []
    for term in names:
        entry = lexicon.entry(term)
        group = group_of.get(entry.tag if entry else "", "other")
        said = words["network_node"].format(term=term, n=amount(words, "sentences", counts[term]))
        nodes.append({
            "name": term, "cx": WIDTH / 2, "cy": HEIGHT / 2, "r": round(5 + 13 * (counts[term] / most) ** 0.5, 1),
            "group": words[f"group_{group}"], "said": said,
            "href": place(to_sentences(search(forms[term]))),
        })  # fmt: skip
    strongest = max(e.log_dice for e in edges)
    lines = [
        {
            "source": names.index(e.term), "target": names.index(e.other),
            "width": round(1 + 4 * max(0, 1 - (strongest - e.log_dice) / 5), 1),
            "href": place(to_sentences(search(both(forms[e.term], forms[e.other])))),
            "said": words["network_edge"].format(
                a=e.term, b=e.other, n=amount(words, "sentences", e.count), g2=e.g2
            ),
        }
        for e in edges
    ]  # fmt: skip
    return _spec(look, nodes, lines, [words[f"group_{group}"] for group in GROUPS])


def _strongest(results: Results) -> Sequence[Collocation]:
    """The pairs of the highest G² that need no more than `MOST_NODES` terms."""
    chosen: list[Collocation] = []
    nodes: set[str] = set()
    for pair in results.collocations:
        if len(chosen) < MOST_EDGES and len(nodes | {pair.term, pair.other}) <= MOST_NODES:
            chosen.append(pair)
            nodes |= {pair.term, pair.other}
    return chosen


def _spec(look: Look, nodes: list[Spec], lines: list[Spec], groups: list[str]) -> Spec:
    href = {"href": {"field": "href"}} if look.linked else {}
    said = {"description": {"field": "said"}}
    colours = [look.palette[i] for i in (6, 1, 4, 2, 3)]
    force = {
        "type": "force", "iterations": 400, "static": True, "signal": "force",
        "forces": [
            {"force": "center", "x": WIDTH / 2, "y": HEIGHT / 2},
            {"force": "x", "x": "datum.cx", "strength": 0.05},
            {"force": "y", "y": "datum.cy", "strength": 0.11},
            {"force": "collide", "radius": 27},
            {"force": "nbody", "strength": -260, "distanceMax": 320},
            {"force": "link", "links": "pairs", "distance": 84},
        ],
    }  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "config": look.config(groups),
        "background": look.paper,
        "width": WIDTH,
        "height": HEIGHT,
        "padding": 8,
        "autosize": "pad",
        "data": [{"name": "terms", "values": nodes}, {"name": "pairs", "values": lines}],
        "scales": [{"name": "group", "type": "ordinal", "domain": groups, "range": colours}],
        "legends": [{
            "fill": "group", "orient": "bottom", "direction": "horizontal", "symbolType": "circle",
            "labelFont": MEASURED, "labelFontSize": 12, "labelColor": look.ink, "columnPadding": 18,
        }],
        "marks": [
            {"name": "dots", "type": "symbol", "zindex": 1, "from": {"data": "terms"},
             "encode": {"enter": {
                 "size": {"signal": "datum.r * datum.r * 4"}, "stroke": {"value": look.paper or "var(--paper)"},
                 "strokeWidth": {"value": 1.5}, "fill": {"scale": "group", "field": "group"}, **href, **said,
             }},
             "transform": [force]},
            {"type": "path", "from": {"data": "pairs"},
             "encode": {"update": {
                 "stroke": {"value": look.line}, "strokeWidth": {"field": "width"}, **href, **said,
             }},
             "transform": [{
                 "type": "linkpath", "require": {"signal": "force"}, "shape": "line",
                 "sourceX": "datum.source.x", "sourceY": "datum.source.y",
                 "targetX": "datum.target.x", "targetY": "datum.target.y",
             }]},
            {"type": "text", "zindex": 2, "interactive": False, "from": {"data": "dots"},
             "encode": {"enter": {
                 "x": {"field": "x"}, "y": {"signal": "datum.y + datum.datum.r + 9"},
                 "text": {"field": "datum.name"}, "align": {"value": "center"},
                 "baseline": {"value": "middle"}, "fontSize": {"value": 12}, "font": {"value": MEASURED},
                 "fill": {"value": look.ink}, "limit": {"value": limit_of((node["name"] for node in nodes), 120)},
             }}},
        ],
    }  # fmt: skip
