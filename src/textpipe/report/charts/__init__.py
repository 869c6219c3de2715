"""Charts as Vega-Lite and Vega specifications, drawn without a browser.

One specification draws a chart in the page (SVG whose colours are the page's and whose marks are
links) and in `figures/` (PNG, and SVG with colours of its own).
"""

from textpipe.report.charts.draw import FIGURE_FILES, drawn, start_figures
from textpipe.report.charts.figures import FIGURES
from textpipe.report.charts.network import network
from textpipe.report.charts.small import change_chart, diverging, keyness_chart

__all__ = [
    "FIGURES",
    "FIGURE_FILES",
    "change_chart",
    "diverging",
    "drawn",
    "keyness_chart",
    "network",
    "start_figures",
]
