"""Charts for the page, and the figures of a report."""

import base64
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import NamedTuple, TypeVar

from markupsafe import Markup

from textpipe.report.charts import press
from textpipe.report.charts.figures import FIGURES
from textpipe.report.charts.look import FONTS, PLACE, PRINT, Spec
from textpipe.report.charts.page import Charts, Key, page_charts
from textpipe.report.charts.presses import PressError, Presses
from textpipe.report.results import Results

logger = logging.getLogger("textpipe")

T = TypeVar("T")

FIGURE_FILES = {f"figures/{name}.{kind}" for name in FIGURES for kind in ("svg", "png")}
"""Every figure that a run may write."""
SECONDS = 300
"""How long drawing may take before the page draws its charts itself, and there are no figures."""


class Drawing(NamedTuple):
    """Charts being drawn; each function waits for what it gives: those of the page, and
    `figures/NAME.svg` and `.png`."""

    charts: Callable[[], Charts]
    figures: Callable[[], dict[str, bytes]]


def start_drawing(results: Results, presses: Presses, *, figures: bool = True) -> Drawing:
    """Have all drawn, first the page's charts, which the page waits for.

    No figures, with a warning, where no font with Chinese characters can be had: never boxes.
    """
    charts = {key: (spec, presses.draw(spec)) for key, spec in page_charts(results).items()}
    made = {name: make(results, PRINT) for name, make in FIGURES.items()} if figures else {}
    asked = {name: presses.draw(spec, FONTS) for name, spec in made.items() if spec is not None}
    end = time.monotonic() + SECONDS
    return Drawing(lambda: _charts(charts, end), lambda: _files(asked, end))


def drawn(specs: Mapping[Key, Spec]) -> Charts:
    """Charts for the page, drawn here and now."""
    return {key: _chart(press.svg_of(spec)) for key, spec in specs.items()}


def _charts(asked: Mapping[Key, tuple[Spec, Future[str]]], end: float) -> Charts:
    """The page's charts, drawn here where a press has failed."""
    return {key: _chart(_svg(spec, drawing, end)) for key, (spec, drawing) in asked.items()}


def _svg(spec: Spec, drawing: Future[str], end: float) -> str:
    try:
        return _awaited(drawing, end)
    except PressError:
        return press.svg_of(spec)


def _awaited(drawing: Future[T], end: float) -> T:
    """What is drawn. Raises PressError where a press has failed, or has not done it by the end."""
    try:
        return drawing.result(max(0, end - time.monotonic()))
    except TimeoutError:
        raise PressError(f"nothing drawn in {SECONDS} s") from None


def _chart(svg: str) -> Markup:
    """Texts are escaped by Vega; addresses lead to places of the page only."""
    svg = svg.replace(f'xlink:href="{PLACE}#', 'href="#')
    return Markup(svg.replace(press.FAMILY, ""))


def _files(asked: Mapping[str, Future[tuple[str, str] | None]], end: float) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, drawing in asked.items():
        try:
            found = _awaited(drawing, end)
        except PressError as error:
            logger.warning("figures/ is not written: %s", error)
            return {}
        if found is None:
            logger.warning(
                "no font with Chinese characters was found, so figures/ is not written; the page has"
                " its charts. Install one, for example Noto Sans CJK TC, and run again."
            )
            return {}
        svg, png = found
        files[f"figures/{name}.svg"] = svg.encode()
        files[f"figures/{name}.png"] = base64.b64decode(png)
    return files
