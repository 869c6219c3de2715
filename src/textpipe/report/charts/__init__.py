"""Charts as Vega-Lite and Vega specifications, drawn without a browser.

One specification draws a chart in the page (SVG whose colours are the page's and whose marks are
links) and in `figures/` (PNG, and SVG with colours of its own).
"""

from textpipe.report.charts.draw import FIGURE_FILES, Drawing, drawn, start_drawing
from textpipe.report.charts.figures import FIGURES
from textpipe.report.charts.page import (
    NETWORK,
    STANCE,
    Charts,
    keyness_groups,
    page_charts,
    slice_filter,
    slice_title,
)
from textpipe.report.charts.presses import Presses

__all__ = [
    "FIGURES",
    "FIGURE_FILES",
    "NETWORK",
    "STANCE",
    "Charts",
    "Drawing",
    "Presses",
    "drawn",
    "keyness_groups",
    "page_charts",
    "slice_filter",
    "slice_title",
    "start_drawing",
]
