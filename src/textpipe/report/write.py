"""Writing a run's files whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from textpipe.disk import rename, write_synced
from textpipe.errors import StoreError, UsageError
from textpipe.places import is_remote, make_folder, reached
from textpipe.report.charts import FIGURE_FILES, Drawing, Presses, start_drawing
from textpipe.report.results import Results
from textpipe.report.tables import table_files

Files = Iterable[tuple[str, bytes | Iterable[bytes]]]
"""Relative names and contents, each made when it is asked for; contents are to be taken in this order."""


def report_files(results: Results, presses: Presses, *, figures: bool = True) -> Files:
    """Every file of a run but the manifest and the long tables."""
    drawing = start_drawing(results, presses, figures=figures)
    yield from table_files(results)
    for name, render in REPORTS.items():
        yield name, render(results, drawing)
    yield from drawing.figures().items()


def _brief(results: Results, _: Drawing) -> bytes:
    from textpipe.report.brief import render_brief

    return render_brief(results).encode()


def _digest(results: Results, _: Drawing) -> bytes:
    from textpipe.report.digest import render_digest

    return render_digest(results).encode()


def _xlsx(results: Results, _: Drawing) -> bytes:
    from textpipe.report.workbook import render_xlsx

    return render_xlsx(results)


def _html(results: Results, drawing: Drawing) -> bytes:
    from textpipe.report.html import render_html

    return render_html(results, drawing.charts).encode()


REPORTS: dict[str, Callable[[Results, Drawing], bytes]] = {
    "report.md": _brief,
    "report.xlsx": _xlsx,
    "digest.md": _digest,
    "report.html": _html,
}
"""What writes each report; the page last, since its charts are drawn meanwhile."""


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The manifest as readable JSON."""
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def check_writable(out: Path) -> None:
    """Raise UsageError, before any work is done, where the output folder cannot be written."""
    try:
        if is_remote(out):
            with reached():
                make_folder(out)
                (out / f"{STAGING}try").write_bytes(b"")
                (out / f"{STAGING}try").unlink()
            return
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".textpipe-", dir=out):
            pass
    except OSError as error:
        raise UsageError(
            f"{out}: the output folder cannot be written ({error.strerror or error}). Give another --out."
        ) from error


STAGING = ".textpipe-new-"
"""Folders of files on their way; a killed run leaves its own to the next to clear."""


def write_files(out: Path, files: Files) -> None:
    """Write all files under a temporary name on the same disk, then rename each into place.

    Nothing of an earlier run is touched until every new file is complete on the disk; figures that
    this run has not drawn are taken away, lest they be read as its own. At a remote address each file is
    put whole, and the manifest goes first and comes last: where it stands, the files are of its run.
    """
    beside = None if is_remote(out) else out
    if beside:
        check_writable(out)
        for left in out.glob(f"{STAGING}*"):
            shutil.rmtree(left, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=beside))
    try:
        names = _written(staging / "new", files)
        others = sorted(FIGURE_FILES - set(names))
        (_exchange if beside else _put)(out, staging, names, others)
    except OSError as error:
        raise StoreError(
            f"{out}: the results cannot be written ({error.strerror})."
            " Free some space, or close the file if another program holds it."
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _written(folder: Path, files: Files) -> list[str]:
    """Write all files, one after another, while the next are made: long tables take their time. Their names."""
    names, waiting = list[str](), list[Future[None]]()
    writer = ThreadPoolExecutor(1)
    try:
        for name, content in files:
            names.append(name)
            waiting.append(writer.submit(write_synced, folder / name, content))
            while waiting and waiting[0].done():
                waiting.pop(0).result()
        for write in waiting:
            write.result()
    finally:
        writer.shutdown(cancel_futures=True)
    return names


def _put(out: Path, staging: Path, files: Sequence[str], others: Sequence[str]) -> None:
    *first, last = sorted(files, key=lambda name: (name == "manifest.json", name))
    try:
        with reached():
            for folder in dict.fromkeys((out / name).parent for name in files):
                make_folder(folder)
            for name in (last, *others):
                if (out / name).exists():
                    (out / name).unlink()
            for name in (*first, last):
                (out / name).write_bytes((staging / "new" / name).read_bytes())
    except OSError as error:
        raise StoreError(
            f"{out}: the results cannot be written ({error.strerror or error}). Run again to go on."
        ) from error


def _keep(file: Path, kept: Path) -> None:
    """Keep what a file holds under another name; where the disk knows no second names, as a copy."""
    try:
        os.link(file, kept, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(file, kept)


def _exchange(out: Path, staging: Path, files: Sequence[str], others: Sequence[str]) -> None:
    """Put the new files in place of the old ones; where one cannot be put, all the old ones come back."""
    saved: list[str] = []
    placed: list[str] = []
    try:
        for name in (*files, *others):
            target, old = out / name, staging / "old" / name
            if name in files:
                target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                old.parent.mkdir(parents=True, exist_ok=True)
                _keep(target, old)
                saved.append(name)
            if name in files:
                rename(staging / "new" / name, target)
                placed.append(name)
            else:
                target.unlink(missing_ok=True)
    except BaseException:
        for name in placed:
            (out / name).unlink(missing_ok=True)
        for name in saved:
            os.replace(staging / "old" / name, out / name)
        raise
