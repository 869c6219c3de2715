"""Charts for the page, and the figures of a report."""

import base64
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from markupsafe import Markup

from textpipe.report.charts import press
from textpipe.report.charts.figures import FIGURES
from textpipe.report.charts.look import FONTS, PLACE, PRINT, Spec
from textpipe.report.results import Results

logger = logging.getLogger("textpipe")

FIGURE_FILES = {f"figures/{name}.{kind}" for name in FIGURES for kind in ("svg", "png")}
"""Every figure that a run may write."""

SECONDS = 300
"""How long the figures may take before the run goes on without them."""


def drawn(spec: Spec) -> Markup:
    """A chart for the page. Texts are escaped by Vega; addresses lead to places of the page only."""
    svg = press.svg_of(spec).replace(f'xlink:href="{PLACE}#', 'href="#')
    return Markup(svg.replace(press.FAMILY, ""))


def start_figures(results: Results) -> Callable[[], dict[str, bytes]]:
    """Begin to draw `figures/NAME.svg` and `.png`; call what is returned for the files.

    No files, with a warning, where no font with Chinese characters can be had: never boxes.
    """
    made = {name: make(results, PRINT) for name, make in FIGURES.items()}
    specs = {name: spec for name, spec in made.items() if spec is not None}
    job = json.dumps({"specs": specs, "family": FONTS}).encode()
    pool = ThreadPoolExecutor(1)
    future = pool.submit(_pressed, job)
    pool.shutdown(wait=False)
    return lambda: _files(future.result())


def _pressed(job: bytes) -> bytes:
    """What the press makes of a job, or b"" where it fails; the page has its charts in any case."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", press.__file__], input=job, capture_output=True, timeout=SECONDS,
            check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", None) or b""
        logger.warning("figures/ is not written: %s %s", error, told.decode(errors="replace"))
        return b""
    return done.stdout


def _files(output: bytes) -> dict[str, bytes]:
    if not output:
        return {}
    found = json.loads(output)
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
