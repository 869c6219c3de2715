"""Specifications to SVG and PNG, by vl-convert (Vega itself, in one library, without a browser).

Run as a program it draws in a process of its own, while the reports are written: measuring and drawing Chinese
text takes longer than all the rest. It loads Vega before anything is asked for, then answers line by line: a
task as JSON (what `pressed` is called with), what was drawn as JSON.
"""

import base64
import json
import signal
import sys
from functools import cache
from typing import Any

MEASURED = "sans-serif"
"""The family that Vega measures with: Chinese characters are as wide in any."""
FAMILY = f' font-family="{MEASURED}"'
SCALE = 2
"""PNG pixels for each unit: sharp on a slide."""
LITE = "https://vega.github.io/schema/vega-lite/v6.json"
FIRST = {
    "$schema": LITE,
    "data": {"values": [{"word": "灣"}]},
    "mark": "text",
    "encoding": {"text": {"field": "word"}},
}
"""What is drawn only to load Vega, which takes half a second."""


def svg_of(spec: dict[str, Any]) -> str:
    """A Vega or Vega-Lite specification as SVG."""
    import vl_convert

    is_lite = "vega-lite" in spec["$schema"]
    convert = vl_convert.vegalite_to_svg if is_lite else vl_convert.vega_to_svg
    return str(convert(spec))


@cache
def has_chinese_font(family: str) -> bool:
    """Whether two Chinese characters come out as two different pictures: boxes are all alike."""
    import vl_convert

    pictures = [
        vl_convert.svg_to_png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
            f'<text x="4" y="32" font-size="28" font-family="{family}">{character}</text></svg>'
        )
        for character in "灣黨"
    ]
    return bool(pictures[0] != pictures[1])


def pressed(spec: dict[str, Any], family: str = "") -> str | tuple[str, str] | None:
    """A chart of the page as SVG; of a figure, whose text is in a font family, the SVG and the PNG in base 64,
    or None where no font has Chinese characters."""
    if not family:
        return svg_of(spec)
    if not has_chinese_font(family):
        return None
    import vl_convert

    svg = svg_of(spec).replace(FAMILY, f' font-family="{family}"')
    png = bytes(vl_convert.svg_to_png(svg, scale=SCALE))
    return svg, base64.b64encode(png).decode("ascii")


def serve() -> None:
    """Draw what standard input asks for until it ends. A key that interrupts is the caller's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    svg_of(FIRST)
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.dumps(pressed(**json.loads(line))).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve()
