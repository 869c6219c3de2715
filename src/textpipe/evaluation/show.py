"""An evaluation as a table for the terminal, as Markdown, as JSON and as a figure."""

import io
import json
from collections.abc import Callable
from dataclasses import asdict

from textpipe.errors import UsageError
from textpipe.evaluation.figures import AxisFigures, Evaluation

OURS = "textpipe"
KEPT = 0.85
"""The share of sentences kept that the table tells the F1 of."""


def _rows(evaluation: Evaluation) -> list[list[str]]:
    rows = []
    for x in evaluation.axes:
        low, high = x.interval
        rows.append(
            [
                x.axis, f"{x.score.f1:.2f}", f"{low:.2f} to {high:.2f}", f"{x.score.precision:.2f}",
                f"{x.score.recall:.2f}", f"{x.macro_f1:.2f}", f"{x.kappa:.2f}", f"{x.alpha:.2f}",
                f"{x.same:.2f}", f"{x.calibration_error:.3f}", f"{x.brier:.3f}",
                f"{x.coverage[KEPT]:.2f}", str(x.support),
            ]
        )  # fmt: skip
    return rows


_HEAD = [
    "axis", "F1", "95 %", "precision", "recall", "macro F1", "kappa", "alpha", "same set", "ECE",
    "Brier", f"F1 of {KEPT:.0%}", "labels",
]  # fmt: skip


def _baseline_rows(evaluation: Evaluation) -> list[list[str]]:
    own = {x.axis: (x.score.f1, x.same) for x in evaluation.axes}
    systems = {
        name: {axis: (x.score.f1, x.same) for axis, x in found.items()}
        for name, found in evaluation.baselines.items()
    }
    return [
        [
            name,
            *(f"{found[axis][0]:.2f}" for axis in own),
            *(f"{found[axis][1]:.2f}" for axis in own),
        ]
        for name, found in {**systems, OURS: own}.items()
    ]


def _markdown(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _plain(head: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *rows]
    ]


def _intro(evaluation: Evaluation) -> str:
    return (
        f"{evaluation.name}: {evaluation.sentences} sentences of {evaluation.documents} documents;"
        f" {evaluation.unmatched} split otherwise by the pipeline."
        " Intervals: 2,000 bootstrap samples of documents."
    )


def table(evaluation: Evaluation) -> str:
    """The figures by axis, and the baselines, for a terminal."""
    lines = [_intro(evaluation), "", *_plain(_HEAD, _rows(evaluation))]
    if evaluation.baselines:
        axes = [x.axis for x in evaluation.axes]
        head = ["micro-F1, then same set", *axes, *axes]
        lines += ["", *_plain(head, _baseline_rows(evaluation))]
    lines += [f"left out: {name}: {why}" for name, why in evaluation.left_out.items()]
    return "\n".join(lines)


def markdown(evaluation: Evaluation) -> bytes:
    """Everything as Markdown: by axis, baselines, by label, confusion of the first axis."""
    lines = ["# Evaluation", "", _intro(evaluation), "", *_markdown(_HEAD, _rows(evaluation)), ""]
    if evaluation.baselines:
        axes = [x.axis for x in evaluation.axes]
        head = ["system", *(f"{a}, F1" for a in axes), *(f"{a}, same set" for a in axes)]
        lines += ["## Baselines", "", *_markdown(head, _baseline_rows(evaluation)), ""]
    lines += [f"Left out: {name}: {why}" for name, why in evaluation.left_out.items()]
    for x in evaluation.axes:
        head = ["label", "in the gold", "given", "F1", "precision", "recall"]
        rows = [
            [f"`{y.id}`", str(y.support), str(y.given), *(f"{value:.2f}" for value in y.score)]
            for y in x.labels
            if y.support or y.given
        ]
        lines += [f"## {x.axis}", "", *_markdown(head, rows), ""]
    lines += _confusion(evaluation.axes[0]) if evaluation.axes else []
    lines += ["## Measured with", ""]
    lines += [f"- {name}: {value}" for name, value in evaluation.versions.items()]
    return ("\n".join(lines) + "\n").encode()


def _confusion(x: AxisFigures) -> list[str]:
    names = [f"`{y.id}`" for y in x.labels]
    rows = [[name, *map(str, own)] for name, own in zip(names, x.confusion, strict=True)]
    return [
        f"## Confusion of {x.axis}", "",
        "Rows: the label that is missing; columns: the one given instead; on the diagonal: right.", "",
        *_markdown(["", *names], rows), "",
    ]  # fmt: skip


def as_json(evaluation: Evaluation) -> bytes:
    """Everything as JSON."""
    return (json.dumps(asdict(evaluation), ensure_ascii=False, indent=1) + "\n").encode()


def figure(evaluation: Evaluation) -> bytes:
    """Micro-F1 by axis with intervals beside the baselines, and F1 over the share kept, as SVG.

    Raises UsageError with the command that installs matplotlib where it is missing.
    """
    try:
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError("it needs matplotlib. Run: python -m pip install matplotlib") from error
    drawn = Figure(figsize=(11, 4.8), layout="constrained")
    FigureCanvasSVG(drawn)
    left, right = drawn.subplots(1, 2, width_ratios=[3, 2])
    systems = [*evaluation.baselines, OURS]
    width = 0.8 / len(systems)
    for number, name in enumerate(systems):
        found = (
            [(x.score.f1, x.interval) for x in evaluation.axes]
            if name == OURS
            else [(x.score.f1, x.interval) for x in evaluation.baselines[name].values()]
        )
        at = [n + (number - (len(systems) - 1) / 2) * width for n in range(len(found))]
        values = [value for value, _ in found]
        errors = [
            [max(0.0, v - low) for v, (low, _) in found],
            [max(0.0, high - v) for v, (_, high) in found],
        ]
        left.bar(
            at, values, width, yerr=errors, label=name, capsize=2, color=_COLOURS[number % 6],
            error_kw={"linewidth": 0.8},
        )  # fmt: skip
    left.set(ylim=(0, 1), ylabel="micro-F1, 95 % interval", xticks=range(len(evaluation.axes)))
    left.set_xticklabels([x.axis for x in evaluation.axes])
    left.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=3, frameon=False)
    for number, x in enumerate(evaluation.axes):
        shares = [100 * share for share in x.coverage]
        right.plot(shares, list(x.coverage.values()), label=x.axis, color=_COLOURS[-1 - number % 6])
    right.set(xlabel="sentences kept, % (most certain first)", ylabel="micro-F1", ylim=(0, 1))
    right.invert_xaxis()
    right.legend(fontsize=8, frameon=False)
    drawn.suptitle(f"{evaluation.name}: {evaluation.sentences} sentences", fontsize=10)
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


_COLOURS = ("#bbbbbb", "#66ccee", "#228833", "#ccbb44", "#aa3377", "#4477aa")
"""Paul Tol's bright scheme, which colour-blind readers can tell apart."""

SHOWN: dict[str, Callable[[Evaluation], bytes]] = {
    "evaluation.json": as_json,
    "evaluation.md": markdown,
    "evaluation.svg": figure,
}
