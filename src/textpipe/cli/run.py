"""`textpipe run`."""

import json
import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from textpipe.cli.log import log_to_stderr
from textpipe.cli.root import EXIT_CODES, Place, cli, load, settings_options, store_option

if TYPE_CHECKING:
    from textpipe.findings import Failure, RunSummary


@cli.command(epilog=EXIT_CODES)
@click.argument("paths", nargs=-1, type=Place(), metavar="[PATH]...")
@click.option(
    "--out", type=Place(), help="Output folder, or an address (s3://…). Default: outputs."
)
@store_option
@settings_options
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the reports. [zh]")
@click.option("--rebuild", is_flag=True, help="Read and code every article again.")
@click.option("--retry-failed", is_flag=True, help="Try again what failed in earlier runs.")
@click.option(
    "--report/--no-report", "report", default=None,
    help="Write the reports whenever anything changed, or not at all. Default: also not where a corpus"
    " of more than 2,000 articles changed by less than 1 %.",
)  # fmt: skip
@click.option(
    "--wait", type=click.FloatRange(min=0), default=0, metavar="SECONDS",
    help="Wait for another run on the same store to end. Default: exit with 75 at once.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N",
    help="Processes that code (more than one needs textpipe[dask]). Default: one for each core where"
    " there is enough to do.",
)  # fmt: skip
@click.option(
    "--scheduler",
    metavar="URL",
    help="Code on the Dask cluster of this scheduler (tcp://host:8786).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Details on stderr.")
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text",
    help="Log on stderr: text, or a JSON object a line with the run's name.",
)  # fmt: skip
def run(
    paths: tuple[Path, ...],
    out: Path | None,
    store: Path | None,
    config: Path | None,
    codebook: Path | None,
    lang: str | None,
    rebuild: bool,
    retry_failed: bool,
    report: bool | None,
    wait: float,
    jobs: int | None,
    scheduler: str | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    log_format: str,
) -> None:
    """Code the articles at each PATH (files, folders or addresses; default: corpus; - reads standard
    input) and write the reports. Only what is new or changed since the last run is read and coded."""
    log_to_stderr("quiet" if quiet else "verbose" if verbose else "usual", log_format)
    from textpipe import runner

    when = None if report is None else "always" if report else "never"
    engine = {"jobs": jobs, "scheduler": scheduler}
    settings = load(config, codebook, store, engine, out=out, language=lang, when=when)
    given = list(paths) or [Path("corpus")]
    show = sys.stderr.isatty() and not quiet and log_format == "text"
    with _asked_to_stop() as stop, _progress(show=show) as progress:
        order = runner.Order(
            rebuild=rebuild, retry_failed=retry_failed, stop=stop, progress=progress
        )
        summary = runner.run(given, settings, order, wait=wait)
    if as_json:
        click.echo(json.dumps(asdict(summary), ensure_ascii=False))
    elif not quiet:
        click.echo(summary_text(summary, settings.report.language))
    elif summary.failures:
        click.echo(failures_text(summary.failures, settings.report.language), err=True)
    sys.exit(3 if summary.stopped else 1 if summary.failures else 0)


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether SIGTERM or SIGINT came: the run then stores what it has and ends. A second one ends it at
    once."""
    asked: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        logging.getLogger("textpipe").warning("asked to stop: storing what is coded")
        for one in signals:
            signal.signal(one, signal.default_int_handler)

    signals = (signal.SIGTERM, signal.SIGINT)
    before = {one: signal.signal(one, note) for one in signals}
    try:
        yield lambda: bool(asked)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


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
文章 {read:,} 篇（本次編碼 {coded:,} 篇{recoded}），共 {sentences:,} 句\
（待確認 {unsure:,} 句，重複不計 {duplicate:,} 句），費時 {seconds:.1f} 秒""",
    "en": """\
{read:,} articles ({coded:,} coded in this run{recoded}), {sentences:,} sentences\
 ({unsure:,} unsure, {duplicate:,} repeated and not counted), in {seconds:.1f} s""",
}
_WORDS = {
    "zh": {
        "recoded": "，其中 {n:,} 篇因設定變更而重編",
        "removed": "移除 {n:,} 個已不在的來源",
        "failed": "失敗 {n:,} 件：",
        "quarantined": "先前失敗、未再嘗試 {n:,} 件（修好檔案，或加 --retry-failed）：",
        "report": "報告：{report}",
        "as_it_was": "報告沒有變動：{report}",
        "older": "報告仍是 {date} 的版本，之後有 {n:,} 篇變動；加 --report 立即更新：{report}",
        "stopped": "已依要求停止，完成的部分已存妥；再執行一次即可接續。",
        "none": "尚未產生報告；加 --report 即可產生。",
    },
    "en": {
        "recoded": ", {n:,} of them because settings changed",
        "removed": "{n:,} sources are gone",
        "failed": "{n:,} failed:",
        "quarantined": "{n:,} failed before and were not tried again (mend the file, or use --retry-failed):",
        "report": "report: {report}",
        "as_it_was": "the report is unchanged: {report}",
        "older": "the report is of {date}, {n:,} articles changed since; --report brings it up to date: {report}",
        "stopped": "stopped as asked; what was done is stored, run again to go on.",
        "none": "no report yet; --report writes it.",
    },
}
MOST_SHOWN = 20


def summary_text(summary: "RunSummary", language: str) -> str:
    """What a run did, in lines."""
    words = _WORDS[language]
    lines = [
        _SUMMARY[language].format(
            read=summary.read,
            coded=summary.coded,
            recoded=words["recoded"].format(n=summary.recoded) if summary.recoded else "",
            sentences=summary.coded_sentences,
            unsure=summary.unsure_sentences,
            duplicate=summary.duplicate_sentences,
            seconds=summary.seconds,
        )
    ]
    if summary.removed:
        lines.append(words["removed"].format(n=summary.removed))
    lines.append(_about_report(summary, words))
    if summary.failures:
        lines.append(failures_text(summary.failures, language))
    if summary.quarantined:
        lines.append(failures_text(summary.quarantined, language, "quarantined"))
    return "\n".join(lines)


def _about_report(summary: "RunSummary", words: dict[str, str]) -> str:
    if summary.stopped:
        return words["stopped"]
    if not summary.reported and not summary.report_from:
        return words["none"]
    which = "report" if summary.reported else "older" if summary.newer else "as_it_was"
    date = summary.report_from[:16].replace("T", " ")
    return words[which].format(report=summary.report, date=date, n=summary.newer)


def failures_text(failures: "Sequence[Failure]", language: str, title: str = "failed") -> str:
    """Failures with their reasons, a line each."""
    rows = [f"  {failure.source}: {failure.reason}" for failure in failures[:MOST_SHOWN]]
    if len(failures) > MOST_SHOWN:
        rows.append(f"  … {len(failures) - MOST_SHOWN:,}（textpipe status --failures）")
    return "\n".join([_WORDS[language][title].format(n=len(failures)), *rows])
