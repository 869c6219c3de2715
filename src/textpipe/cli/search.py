"""`textpipe kwic`: a term in its contexts, from the stored results of a run."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from textpipe.cli.root import Place, cli

if TYPE_CHECKING:
    from textpipe.analysis import Line, Sort

NARROWEST = 24
"""Columns of context on a terminal too narrow for more."""
PIPED = 120
"""Columns of a line that goes into a file or another program."""


@cli.command()
@click.argument("term")
@click.option(
    "--sort",
    type=click.Choice(["place", "left", "right"]),
    default="place",
    help="Order: as in the articles, by the text left of the term, or right of it.",
)
@click.option(
    "--out",
    type=Place(),
    default=Path("outputs"),
    help="Output folder of a finished run. Default: outputs.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Print no more than this many lines.")
@click.option("--exact", is_flag=True, help="Only the term as written, without its aliases.")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values, for a spreadsheet.")
def kwic(term: str, sort: "Sort", out: Path, limit: int | None, exact: bool, as_csv: bool) -> None:
    """Print every place of TERM and its aliases with the text around it, in aligned columns."""
    from textpipe import kwic as lines_of

    found = lines_of(term, out=out, sort=sort, aliases=not exact)
    shown = found[:limit]
    if as_csv:
        click.echo(_as_csv(shown), nl=False)
    else:
        for line in _aligned(shown, _columns()):
            click.echo(line)
    cut = f", {len(shown)} shown" if len(shown) < len(found) else ""
    documents = len({line.document for line in found})
    click.echo(f"{len(found)} places in {documents} articles{cut}", err=True)


def _columns() -> int:
    return shutil.get_terminal_size((PIPED, 24)).columns


def _aligned(lines: Sequence["Line"], columns: int) -> list[str]:
    """Lines whose terms stand under each other: a Chinese character is two columns wide."""
    from rich.cells import cell_len, set_cell_size

    if not lines:
        return []
    middle = max(cell_len(line.term) for line in lines)
    source = max(len(line.document) for line in lines)
    side = max(NARROWEST, (columns - middle - source - 8) // 2)
    made = []
    for line in lines:
        left = _last_cells(line.left, side)
        padding = " " * (side - cell_len(left))
        term = click.style(line.term, bold=True, fg="yellow") + " " * (middle - cell_len(line.term))
        right = set_cell_size(line.right, side)
        where = click.style(f"{line.document}:{line.sentence}", dim=True)
        made.append(f"{padding}{left}  {term}  {right}  {where}")
    return made


def _last_cells(text: str, cells: int) -> str:
    """The end of a text that fits into so many columns."""
    from rich.cells import cell_len

    at = len(text)
    while at and cells >= (width := cell_len(text[at - 1])):
        cells -= width
        at -= 1
    return text[at:]


def _as_csv(lines: Sequence["Line"]) -> str:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["document", "sentence", "left", "term", "right"])
    for line in lines:
        writer.writerow([f"'{x}" if str(x)[:1] in "=+-@\t\r" and str(x) else x for x in line])
    return buffer.getvalue()
