"""`textpipe run`."""

import json
import logging
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from textpipe.cli.root import EXIT_CODES, cli, load, settings_options

if TYPE_CHECKING:
    from textpipe.findings import RunSummary


@cli.command(epilog=EXIT_CODES)
@click.argument(
    "paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), metavar="[PATH]..."
)
@click.option("--out", type=click.Path(path_type=Path), help="Output folder. Default: outputs.")
@settings_options
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the reports. [zh]")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Details on stderr.")
def run(
    paths: tuple[Path, ...],
    out: Path | None,
    config: Path | None,
    codebook: Path | None,
    lang: str | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Code the articles at each PATH (files or folders; default: corpus; - reads standard input) and
    write the reports."""
    _log_to_stderr(quiet, verbose)
    from textpipe import runner

    settings = load(config, codebook, out=out, language=lang)
    given = list(paths) or [Path("corpus")]
    with _progress(show=sys.stderr.isatty() and not quiet) as progress:
        summary = runner.run(given, settings, progress)
    if as_json:
        click.echo(json.dumps(asdict(summary), ensure_ascii=False))
    elif not quiet:
        click.echo(_summary_text(summary, settings.report.language))
    elif summary.failures:
        click.echo(_failures_text(summary, settings.report.language), err=True)
    if summary.failures:
        sys.exit(1)


def _log_to_stderr(quiet: bool, verbose: bool) -> None:
    level = logging.ERROR if quiet else logging.DEBUG if verbose else logging.WARNING
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s"
    )
    logging.getLogger("textpipe").setLevel(level)


class _progress:
    """A progress bar on a terminal's stderr; nothing elsewhere."""

    def __init__(self, *, show: bool) -> None:
        self._show = show

    def __enter__(self) -> Callable[[int, int], None] | None:
        if not self._show:
            return None
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        self._bar = Progress(
            "讀取與編碼", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        task = self._bar.add_task("", total=None)
        self._bar.start()
        return lambda done, total: self._bar.update(task, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        if self._show:
            self._bar.stop()


_SUMMARY = {
    "zh": """\
讀取 {read} 篇文章，編碼 {coded} 句（待確認 {unsure} 句，重複不計 {duplicate} 句），費時 {seconds:.1f} 秒
報告：{report}""",
    "en": """\
read {read} articles, coded {coded} sentences ({unsure} unsure, {duplicate} repeated and not counted) in {seconds:.1f} s
report: {report}""",
}
_FAILED = {"zh": "失敗 {count} 件：", "en": "{count} failed:"}


def _summary_text(summary: "RunSummary", language: str) -> str:
    text = _SUMMARY[language].format(
        read=summary.read,
        coded=summary.coded_sentences,
        unsure=summary.unsure_sentences,
        duplicate=summary.duplicate_sentences,
        seconds=summary.seconds,
        report=summary.report,
    )
    return "\n".join([text, _failures_text(summary, language)]) if summary.failures else text


def _failures_text(summary: "RunSummary", language: str) -> str:
    rows = [f"  {failure.source}: {failure.reason}" for failure in summary.failures]
    return "\n".join([_FAILED[language].format(count=len(rows)), *rows])
