"""Charts for the page, and the figures of a report."""

import base64
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from markupsafe import Markup

from textpipe.report.charts import press
from textpipe.report.charts.figures import FIGURES
from textpipe.report.charts.look import FONTS, PLACE, PRINT, Spec
from textpipe.report.charts.page import Charts, Key, page_charts
from textpipe.report.results import Results

logger = logging.getLogger("textpipe")

FIGURE_FILES = {f"figures/{name}.{kind}" for name in FIGURES for kind in ("svg", "png")}
"""Every figure that a run may write."""

SECONDS = 300
"""How long the press may take before the run goes on without figures."""


class Drawing(NamedTuple):
    """Charts being drawn; each function waits for what it gives: those of the page, and
    `figures/NAME.svg` and `.png`."""

    charts: Callable[[], Charts]
    figures: Callable[[], dict[str, bytes]]


def start_drawing(results: Results, *, figures: bool = True) -> Drawing:
    """Begin to draw, the page's charts in one process and the figures in another: the page need not wait for
    these (39 articles on two cores: 6.5 s with one process, 5.4 s so).

    No figures, with a warning, where no font with Chinese characters can be had: never boxes.
    """
    page = page_charts(results)
    made = {name: make(results, PRINT) for name, make in FIGURES.items()} if figures else {}
    specs = {name: spec for name, spec in made.items() if spec is not None}
    pool = ThreadPoolExecutor(2)
    charts = pool.submit(_pressed, list(page.values()), {})
    drawn_figures = pool.submit(_pressed, [], specs) if figures else None
    pool.shutdown(wait=False)
    return Drawing(
        lambda: _charts(page, charts.result()),
        lambda: _files(drawn_figures.result()) if drawn_figures else {},
    )


def drawn(specs: Mapping[Key, Spec]) -> Charts:
    """Charts for the page, drawn here and now."""
    return {key: _chart(press.svg_of(spec)) for key, spec in specs.items()}


def _charts(specs: Mapping[Key, Spec], output: Mapping[str, Any]) -> Charts:
    """The page's charts, drawn here where the press has failed."""
    if "error" in output:
        return drawn(specs)
    return dict(zip(specs, map(_chart, output["page"]), strict=True))


def _chart(svg: str) -> Markup:
    """Texts are escaped by Vega; addresses lead to places of the page only."""
    svg = svg.replace(f'xlink:href="{PLACE}#', 'href="#')
    return Markup(svg.replace(press.FAMILY, ""))


def _pressed(page: Sequence[Spec], figures: Mapping[str, Spec]) -> dict[str, Any]:
    """What the press makes of these, or why it failed; the page has its charts in any case."""
    job = json.dumps({"page": page, "figures": figures, "family": FONTS}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-I", press.__file__], input=job, capture_output=True, timeout=SECONDS,
            check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", None) or b""
        return {"error": f"{error} {told.decode(errors='replace')}"}
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _files(output: Mapping[str, Any]) -> dict[str, bytes]:
    if "error" in output:
        logger.warning("figures/ is not written: %s", output["error"])
        return {}
    found = output["figures"]
    if found is None:
        logger.warning(
            "no font with Chinese characters was found, so figures/ is not written; the page has"
            " its charts. Install one, for example Noto Sans CJK TC, and run again."
        )
        return {}
    files: dict[str, bytes] = {}
    for name, (svg, png) in found.items():
        files[f"figures/{name}.svg"] = svg.encode()
        files[f"figures/{name}.png"] = base64.b64decode(png)
    return files
