"""The command line: a skin over the library."""

import json
import logging
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from textpipe import __version__
from textpipe.errors import TextpipeError, UsageError

if TYPE_CHECKING:
    from textpipe.records import Document, RunSummary

EXIT_CODES = """\b
Exit codes:
  0  all done
  1  some documents failed; the others are in the report
  2  wrong usage, or nothing could be read; earlier outputs are untouched"""

_FILE = click.Path(path_type=Path, dir_okay=False)


class _Group(click.Group):
    """Reports textpipe's own errors as one message, without a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            click.echo(f"textpipe: {error}", err=True)
            ctx.exit(2)
        except TextpipeError as error:
            click.echo(f"textpipe: {error}", err=True)
            ctx.exit(1)


@click.group(
    cls=_Group, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="textpipe")
def cli() -> None:
    """Read Traditional Chinese policy news: code every sentence, show the evidence, report."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def main() -> None:
    """The console script."""
    cli(prog_name="textpipe")


_config_option = click.option(
    "--config", type=_FILE, help="Settings file. Default: textpipe.toml, where there is one."
)


def _settings_options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option(
        "--codebook", type=_FILE, help="Code by this codebook (TOML) instead of the shipped one."
    )(command)
    return _config_option(command)


def _load(config: Path | None, codebook: Path | None, **report: Any) -> Any:
    from textpipe.settings import load_settings

    options: dict[str, dict[str, Any]] = {"report": {k: v for k, v in report.items() if v}}
    if codebook:
        options["classify"] = {"codebook": codebook}
    return load_settings(config, options)


@cli.command(epilog=EXIT_CODES)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--out", type=click.Path(path_type=Path), help="Output folder. Default: outputs.")
@_settings_options
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
    """Code the articles at each PATH (files or folders; default: corpus) and write the reports."""
    _log_to_stderr(quiet, verbose)
    from textpipe import runner

    settings = _load(config, codebook, out=out, language=lang)
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


@cli.command()
@click.argument("file", type=_FILE)
@_settings_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object a sentence.")
def explain(file: Path, config: Path | None, codebook: Path | None, as_json: bool) -> None:
    """Print one article's sentences with labels, probabilities and evidence."""
    from textpipe.ingest import READERS, find_sources, read_source
    from textpipe.runner import process

    settings = _load(config, codebook)
    sources, failures = find_sources([file], READERS)
    if failures:
        raise UsageError(f"{failures[0].source}: {failures[0].reason}")
    documents, failures = process([read_source(sources[0], settings.ingest)], settings.stages)
    if failures:
        raise TextpipeError(f"{failures[0].source}: {failures[0].reason}")
    _print_sentences(documents[0], as_json)


def _print_sentences(document: "Document", as_json: bool) -> None:
    for number, sentence in enumerate(document.sentences):
        start, end = document.raw_span(sentence)
        if as_json:
            record = sentence._asdict() | {"number": number, "raw_start": start, "raw_end": end}
            del record["tokens"]
            record["labels"] = [asdict(label) for label in sentence.labels]
            click.echo(json.dumps(record, ensure_ascii=False))
            continue
        note = "" if sentence.duplicate_of is None else f"  = {sentence.duplicate_of}"
        click.echo(click.style(f"[{number}] {sentence.kind} {start}:{end}{note}", fg="cyan"))
        click.echo(f"    {document.raw[start:end]}")
        for label in sentence.labels:
            head = f"{label.axis}:{label.id}  {label.probability:.2f}  {label.decision}"
            click.echo(f"      {click.style(head, bold=label.decision == 'yes')}  ({label.origin})")
            for e in label.evidence:
                click.echo(f"        {e.start}:{e.end}「{e.text}」 {e.why}")


@cli.command()
@click.argument("file", type=_FILE)
@click.option("--diff", is_flag=True, help="Print the changes only, each in its line, in colour.")
@_config_option
def normalize(file: Path, diff: bool, config: Path | None) -> None:
    """Print one file as the analysis reads it, then its script and every change with its reason."""
    from textpipe import normalize as normalize_text
    from textpipe.ingest import Source, read_source

    settings = _load(config, None)
    raw = read_source(Source(file, file.name), settings.ingest).raw
    result = normalize_text(raw, settings)
    if not diff:
        click.echo(result.text)
    for c in result.changes:
        old = click.style(repr(raw[c.start : c.end])[1:-1], fg="red", strikethrough=True)
        new = click.style(c.text, fg="green", bold=True)
        before, after = raw[max(0, c.start - 8) : c.start], raw[c.end : c.end + 8]
        context = f"{_one_line(before)}[{old}→{new}]{_one_line(after)}"
        click.echo(f"{c.start}:{c.end}  {context}  {c.reason}", err=not diff)
    click.echo(f"script: {result.script}; changes: {len(result.changes)}", err=True)


def _one_line(text: str) -> str:
    return " ".join(text.split())


@cli.group()
def codebook() -> None:
    """Work with codebook files."""


@codebook.command("check")
@click.argument("file", type=_FILE, required=False)
def check_codebook(file: Path | None) -> None:
    """Check a codebook FILE (default: the shipped one): parents, ids, contradicting terms."""
    from textpipe import normalize as normalize_text
    from textpipe.codebook import load_codebook, term_problems

    loaded = load_codebook(file)
    problems = term_problems(loaded, lambda term: normalize_text(term).text)
    _print_problems(str(file or "codebook.toml"), problems)
    labels = sum(1 for _ in loaded.pairs())
    terms = sum(len(label.terms) for _, label in loaded.pairs())
    click.echo(
        f"{loaded.id} {loaded.version}: {len(loaded.axes)} axes, {labels} labels, {terms} terms: ok"
    )


@cli.group()
def lexicon() -> None:
    """Work with lexicon files."""


@lexicon.command("check")
@click.argument("file", type=_FILE, required=False)
def check_lexicon_file(file: Path | None) -> None:
    """Check a lexicon FILE (default: the shipped one): columns, tags, forms claimed twice."""
    from textpipe import normalize as normalize_text
    from textpipe.lexicon import check_lexicon, load_lexicon

    loaded = load_lexicon((file,) if file else (), with_default=file is None)
    _print_problems(
        str(file or "lexicon.csv"),
        check_lexicon(loaded.entries, lambda form: normalize_text(form).text),
    )
    forms = sum(len(entry.forms) for entry in loaded.entries)
    click.echo(f"{len(loaded.entries)} entries, {forms} forms: ok")


def _print_problems(name: str, problems: list[str]) -> None:
    if problems:
        raise TextpipeError(f"{name}: {len(problems)} problems:\n  " + "\n  ".join(problems))


@cli.command()
@click.option(
    "--labelled", type=_FILE, multiple=True, help="Labelled articles (JSON Lines); repeatable."
)
@click.option("--model", type=_FILE, required=True, help="Where to write the model (.npz).")
@_settings_options
def train(
    labelled: tuple[Path, ...], model: Path, config: Path | None, codebook: Path | None
) -> None:
    """Train a classifier on labelled articles (default: those that ship with textpipe)."""
    from textpipe.classify.model import save_model
    from textpipe.trainer import train as train_model

    trained = train_model(_load(config, codebook), labelled)
    save_model(trained, model)
    few = [f"{name} ({n})" for name, n in trained.about["positives"].items() if n < 30]
    click.echo(f"{trained.about['sentences']} sentences of {trained.about['articles']} articles: {model}")
    if few:
        click.echo(f"fewer than 30 examples: {', '.join(few)}", err=True)
