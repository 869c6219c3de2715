"""What a sheet of the workbook is made of: columns, cells, links."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from textpipe.records import Document, Head
from textpipe.report.articles import safe_url

MOST_LINKS = 60_000
LONGEST_LINK = 2_000

Cell = str | int | float | date | None


class Link(NamedTuple):
    """A web address and what the cell shows."""

    url: str
    text: str


class Column(NamedTuple):
    """A column: its head, its width in characters, and whether its numbers have bars."""

    head: str
    width: int
    style: str = "text"
    bars: bool = False


Sheet = tuple[str, list[Column], Iterator[Sequence[Cell | Link]]]


def day(text: str | None) -> Cell:
    """A whole date as a date, anything else as it is."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return text or ""


def address(document: Document | Head, row: int, text: str) -> Cell | Link:
    """An article's address, as a link where it is safe and the row is not one too many."""
    url = safe_url(document.url)
    linked = url is not None and len(url) <= LONGEST_LINK and row < MOST_LINKS
    return Link(url, text) if linked and url else document.url or ""
