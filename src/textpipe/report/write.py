"""Writing a run's files whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from textpipe.errors import UsageError
from textpipe.report.charts import FIGURE_FILES, start_figures
from textpipe.report.results import Results
from textpipe.report.tables import tables, to_csv, to_parquet


def report_files(results: Results, *, figures: bool = True) -> dict[str, bytes]:
    """Every file of a run but the manifest: relative name and content."""
    drawing = start_figures(results) if figures else dict
    files = {name: render(results) for name, render in REPORTS.items()}
    for name, frame in tables(results).items():
        files[f"tables/{name}.csv"] = to_csv(frame)
        files[f"tables/{name}.parquet"] = to_parquet(frame)
    return files | drawing()


def _html(results: Results) -> bytes:
    from textpipe.report.html import render_html

    return render_html(results).encode()


def _brief(results: Results) -> bytes:
    from textpipe.report.brief import render_brief

    return render_brief(results).encode()


def _digest(results: Results) -> bytes:
    from textpipe.report.digest import render_digest

    return render_digest(results).encode()


def _xlsx(results: Results) -> bytes:
    from textpipe.report.workbook import render_xlsx

    return render_xlsx(results)


REPORTS: dict[str, Callable[[Results], bytes]] = {
    "report.html": _html,
    "report.md": _brief,
    "report.xlsx": _xlsx,
    "digest.md": _digest,
}


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The manifest as readable JSON."""
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def check_writable(out: Path) -> None:
    """Raise UsageError, before any work is done, where the output folder cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".textpipe-", dir=out):
            pass
    except OSError as error:
        raise UsageError(
            f"{out}: the output folder cannot be written ({error.strerror}). Give another --out."
        ) from error


def write_files(out: Path, files: Mapping[str, bytes]) -> None:
    """Write all files under a temporary name on the same disk, then rename each into place.

    Nothing of an earlier run is touched until every new file is complete on the disk; figures that
    this run has not drawn are taken away, lest they be read as its own.
    """
    check_writable(out)
    staging = Path(tempfile.mkdtemp(prefix=".textpipe-", dir=out))
    try:
        for name, content in files.items():
            _write(staging / name, content)
        for name in files:
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staging / name, target)
        for name in FIGURE_FILES - set(files):
            (out / name).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            f"{out}: the results cannot be written ({error.strerror})."
            " Free some space, or close the file if another program holds it."
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
