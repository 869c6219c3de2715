"""The root of the command line, and what its commands share."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from textpipe import __version__
from textpipe.errors import StoreBusyError, StoreError, TextpipeError, UsageError
from textpipe.limits import with_plain_memory
from textpipe.places import place

EXIT_CODES = """\b
Exit codes:
  0  all done
  1  some documents failed; the others are in the report
  2  wrong usage, or nothing could be read; earlier outputs are untouched
  3  stopped early (asked to, or the disk refused): what was stored is kept, run again to go on
  75 another run holds the store (see --wait)"""

EXITS = ((UsageError, 2), (StoreBusyError, 75), (StoreError, 3), (TextpipeError, 1))

FILE = click.Path(path_type=Path, dir_okay=False)


class _Group(click.Group):
    """Reports textpipe's own errors as one message, without a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TextpipeError as error:
            click.echo(f"textpipe: {error}", err=True)
            ctx.exit(next(code for kind, code in EXITS if isinstance(error, kind)))


@click.group(
    cls=_Group, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="textpipe")
def cli() -> None:
    """Read Traditional Chinese policy news: code every sentence, show the evidence, report."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    with_plain_memory()


config_option = click.option(
    "--config", type=FILE, help="Settings file. Default: textpipe.toml, where there is one."
)


class Place(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A path, or an address such as s3://bucket/folder."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        try:
            return place(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)


store_option = click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Folder of the store. Default: store in the output folder.",
)


def settings_options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option(
        "--codebook", type=FILE, help="Code by this codebook (TOML) instead of the shipped one."
    )(command)
    return config_option(command)


def load(
    config: Path | None,
    codebook: Path | None,
    store: Path | None = None,
    engine: Mapping[str, Any] | None = None,
    **report: Any,
) -> Any:
    """The settings of a file and the options; an option that was not given is None."""
    from textpipe.settings import load_settings

    options: dict[str, dict[str, Any]] = {
        section: {key: value for key, value in given.items() if value}
        for section, given in (("report", report), ("engine", engine or {}))
    }
    if store:
        options["store"] = {"folder": store}
    if codebook:
        options["classify"] = {"codebook": codebook}
    return load_settings(config, options)
