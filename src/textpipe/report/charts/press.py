"""Specifications to SVG and PNG, by vl-convert (Vega itself, in one library, without a browser).

Run as a program it draws charts and figures in a process of its own, while the reports are written:
measuring and drawing Chinese text takes longer than all the rest. It reads a job as JSON and writes what it
drew as JSON.
"""

import base64
import json
import sys
from typing import Any

MEASURED = "sans-serif"
"""The family that Vega measures with: Chinese characters are as wide in any."""
FAMILY = f' font-family="{MEASURED}"'
SCALE = 2
"""PNG pixels for each unit: sharp on a slide."""


def svg_of(spec: dict[str, Any]) -> str:
    """A Vega or Vega-Lite specification as SVG."""
    import vl_convert

    is_lite = "vega-lite" in spec["$schema"]
    convert = vl_convert.vegalite_to_svg if is_lite else vl_convert.vega_to_svg
    return str(convert(spec))


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


def pressed(
    page: list[dict[str, Any]], figures: dict[str, dict[str, Any]], family: str
) -> dict[str, Any]:
    """SVG of each of the page's charts, and the figures: SVG and PNG in base 64 by name, None where no
    font has Chinese characters."""
    charts = [svg_of(spec) for spec in page]
    has_font = not figures or has_chinese_font(family)
    return {"page": charts, "figures": _figures(figures, family) if has_font else None}


def _figures(specs: dict[str, dict[str, Any]], family: str) -> dict[str, tuple[str, str]]:
    import vl_convert

    found = {}
    for name, spec in specs.items():
        svg = svg_of(spec).replace(FAMILY, f' font-family="{family}"')
        png = bytes(vl_convert.svg_to_png(svg, scale=SCALE))
        found[name] = (svg, base64.b64encode(png).decode("ascii"))
    return found


if __name__ == "__main__":
    job = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(pressed(**job)).encode())
