"""What every chart looks like: a palette that colour-blind readers can tell apart, and one font.

The colours are Okabe and Ito's (2008). In the page they are variables of its style sheet, so that a
chart follows light and dark.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from textpipe.report.charts.press import LITE, MEASURED

FONTS = (
    "'Noto Sans TC', 'Noto Sans CJK TC', 'Source Han Sans TC', 'PingFang TC', 'Microsoft JhengHei',"
    " 'Heiti TC', 'WenQuanYi Zen Hei', 'Droid Sans Fallback', sans-serif"
)
"""Families of figures, in order."""
Spec = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """The colours of a chart. `linked`: whether its marks lead to sentences of the page."""

    ink: str
    soft: str
    line: str
    bar: str
    accent: str
    against: str
    paper: str | None
    palette: tuple[str, ...]
    linked: bool

    def config(self, labels: Iterable[str] = ()) -> Spec:
        """The Vega configuration: quiet axes, labels in the page's font, no frame. `labels`: the names
        on axes and in legends, cut where they are long; numbers and dates never are."""
        limit = limit_of(labels, LONGEST_LABEL)
        axis = {
            "labelColor": self.soft, "titleColor": self.soft, "gridColor": self.line,
            "tickColor": self.line, "domainColor": self.line, "labelFont": MEASURED, "titleFont": MEASURED,
            "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": limit,
        }  # fmt: skip
        text = {
            "labelFont": MEASURED,
            "titleFont": MEASURED,
            "labelColor": self.ink,
            "labelFontSize": 12,
        }
        return {
            "background": self.paper,
            "font": MEASURED,
            "axis": axis,
            "legend": {**text, "titleColor": self.soft, "symbolStrokeWidth": 0, "labelLimit": limit},
            "header": {**text, "labelFontWeight": 600, "labelAnchor": "start"},
            "title": {
                "font": MEASURED, "color": self.ink, "fontSize": 14, "fontWeight": 600,
                "anchor": "start", "subtitleFont": MEASURED, "subtitleColor": self.soft,
                "subtitleFontSize": 12, "subtitlePadding": 4, "offset": 10,
            },
            "text": {"font": MEASURED, "fontSize": 12, "color": self.ink},
            "view": {"stroke": None},
        }  # fmt: skip


PAGE = Look(
    "var(--ink)", "var(--soft)", "var(--line)", "var(--bar)", "var(--accent)", "var(--against)", None,
    tuple(f"var(--c{i})" for i in range(8)), linked=True,
)  # fmt: skip
PRINT = Look(
    "#1b1f24", "#5c636b", "#dcdcd6", "#0072b2", "#d55e00", "#e69f00", "#ffffff",
    ("#56b4e9", "#e69f00", "#cc79a7", "#b9bdc1", "#009e73", "#f0e442", "#0072b2", "#d55e00"),
    linked=False,
)  # fmt: skip

PLACE = "https://page.invalid/"
"""Stands before an address within the page while a chart is drawn, and is taken off after it."""


LONGEST_LABEL = 260
WIDEST = 18
"""Pixels of a character in a label of 12 pixels, generously: a Chinese one has 12."""


def limit_of(texts: Iterable[str], pixels: int) -> int:
    """The limit to give for labels that are cut beyond so many pixels: 0, none, where no text can be
    as long. Vega measures each text anew to keep a limit, 2.4 ms a Chinese one (the page's charts
    and the figures: 2.5 s of CPU, 3.4 s with limits)."""
    return pixels if any(len(text) * WIDEST > pixels for text in texts) else 0


def lite(look: Look, labels: Iterable[str] = (), **parts: Any) -> Spec:
    """A Vega-Lite specification in this look; for `labels` see `Look.config`."""
    return {"$schema": LITE, "config": look.config(labels), "padding": 4, **parts}


def links(look: Look, encoding: Spec) -> Spec:
    """An encoding with the address and the description of each mark: fields `href` and `said`."""
    more: Spec = {"description": {"field": "said", "type": "nominal"}}
    if look.linked:
        more["href"] = {"field": "href", "type": "nominal"}
    return {**encoding, **more}


def place(address: str) -> str:
    """An address within the page as charts carry it."""
    return PLACE + address
