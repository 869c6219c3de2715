"""The report as an Excel workbook: sheets to filter and sort, with real dates and numbers.

Every text is written as a string, so that none becomes a formula; only http and https addresses
become links.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import chain, groupby, repeat
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from textpipe.report.cells import Cell, Column, Link
from textpipe.report.results import Results
from textpipe.report.sheets import SHEETS
from textpipe.report.words import policy_name
from textpipe.spill import Column as Kept
from textpipe.spill import Spill

LONGEST_TEXT = 32_000
"""Characters of a cell, just below what Excel allows."""
SPAN = 16
"""Rows that a workbook tells the widest extent of, in each of them: readers make room by it."""
AT_ONCE = 64 * SPAN
"""Rows that are in memory at a time."""


def render_xlsx(results: Results) -> bytes:
    """The whole workbook. The same results give the same bytes. Raises OSError or StoreError where the disk
    refuses its parts, which are in files until it is whole."""
    buffer = io.BytesIO()
    options = {
        "tmpdir": str(results.corpus.articles.folder), "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": policy_name(results), "created": datetime(2000, 1, 1)})
    styles, places = _styles(book), dict[str, str]()
    for make in SHEETS:
        made = make(results)
        if made is not None:
            title, columns, rows = made
            sheet = book.add_worksheet(title, FilledSheet)
            last = sheet.fill(columns, rows, styles, places)
            _furnish(sheet, columns, last)
    _close(book)
    for sheet in book.worksheets():  # which hang in cycles (of 20,000 articles: 80 MB)
        vars(sheet).clear()
    return buffer.getvalue()


def _close(book: Any) -> None:
    """Raises OSError as one of its own: xlsxwriter's holds the unfinished file, which would end with a message."""
    try:
        book.close()
        return
    except FileCreateError as error:
        refused = error.args[0].errno, error.args[0].strerror
    raise OSError(*refused)


def _styles(book: Any) -> dict[str, Any]:
    base = {"font_name": "Microsoft JhengHei", "font_size": 11, "valign": "top"}
    looks: dict[str, dict[str, Any]] = {
        "head": {"bold": True, "bg_color": "#0072B2", "font_color": "#FFFFFF", "text_wrap": True},
        "text": {},
        "long": {"text_wrap": True},
        "number": {"num_format": "#,##0"},
        "decimal": {"num_format": "0.00"},
        "percent": {"num_format": "0.0%"},
        "date": {"num_format": "yyyy-mm-dd", "align": "left"},
        "link": {"font_color": "#0563C1", "underline": 1},
    }
    return {key: book.add_format({**base, **look}) for key, look in looks.items()}


def _furnish(sheet: Any, columns: Sequence[Column], last: int) -> None:
    """Widths, a filter, bars and how the sheet is printed."""
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        if column.bars and last:
            bars = {
                "type": "data_bar",
                "bar_color": "#9CC9E3",
                "min_type": "num",
                "min_value": 0,
            }
            sheet.conditional_format(1, at, last, at, bars)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


class FilledSheet(Worksheet):  # type: ignore[misc]
    """A sheet that keeps its rows as the XML they become, in a file, not as an object a cell: a workbook of
    350,000 cells takes 1.0 s, by xlsxwriter's own rows 2.9 s. All the rest of the sheet is xlsxwriter's."""

    def fill(
        self, columns: Sequence[Column], rows: Iterable[Sequence[Cell | Link]], styles: dict[str, Any],
        places: dict[str, str],
    ) -> int:  # fmt: skip
        """Take the heads and all rows; the number of the last row. `places`: where each text that the
        book has so far stands in its table of texts."""
        self.styles, self.places = styles, places
        self.numbers = _Numbers(styles)
        self.letters = [xl_col_to_name(at) for at in range(len(columns))]
        folder = Path(self.tmpdir) if self.tmpdir else None
        self.blocks, kept, last = list[Kept](), Spill(folder), 0
        heads, looks = [column.head for column in columns], [column.style for column in columns]
        given = chain([(heads, ["head"] * len(columns))], zip(rows, repeat(looks)))
        for _, block in groupby(enumerate(given), lambda numbered: numbered[0] // AT_ONCE):
            lines = list[_Line]()
            for last, own in block:
                lines += self._line(last, *own)
            self.blocks.append(kept.add(np.frombuffer(_as_xml(lines).encode(), np.uint8)))
            self.table.clear()
        self.dim_rowmin, self.dim_rowmax = 0, last
        self.dim_colmin, self.dim_colmax = 0, len(columns) - 1
        return last

    def _line(self, row: int, values: Sequence[Cell | Link], looks: Sequence[str]) -> list["_Line"]:
        """A row, where it has cells. Texts, which most are, are made XML here: a call for each takes a third
        longer."""
        line, cells = row + 1, list[tuple[int, str]]()
        for at, value in enumerate(values):
            if type(value) is str:
                if value:
                    place, style = self._place(row, at, value), self.numbers[looks[at]]
                    cell = f'<c r="{self.letters[at]}{line}" s="{style}" t="s"><v>{place}</v></c>'
                    cells.append((at, cell))
            elif value is not None and (cell := self._cell(row, at, value, looks[at])):
                cells.append((at, cell))
        content = "".join([cell for _, cell in cells])
        return [_Line(row, cells[0][0], cells[-1][0], content)] if cells else []

    def _cell(self, row: int, at: int, value: Any, look: str) -> str:
        """A cell that is no text as XML; "" for a link that Excel does not allow."""
        kind, content = "", ""
        if isinstance(value, Link):
            kind, look = ' t="s"', "link"
            if self.write_url(row, at, value.url, self.styles[look], clean(value.text)):
                return ""
            content = str(self.table[row][at].string)
        elif isinstance(value, date):
            content, look = excel_day(value), "date"
        elif isfinite(value):
            content = f"{value:.16G}"
            look = "number" if look == "text" else look
        else:
            kind, content = ' t="e"', "#NUM!"
        style = self.numbers[look]
        return f'<c r="{self.letters[at]}{row + 1}" s="{style}"{kind}><v>{content}</v></c>'

    def _place(self, row: int, at: int, text: str) -> str:
        """Where a text stands in the book's table of texts; a new one is put there."""
        place = self.places.get(text)
        if place is None:
            self.write_string(row, at, clean(text))
            place = self.places[text] = str(self.table[row][at].string)
        else:
            self.str_table.count += 1
        return place

    def _write_rows(self) -> None:
        """In the place of xlsxwriter's own."""
        for block in self.blocks:
            self.fh.write(block[:].tobytes().decode())


class _Line(NamedTuple):
    """A row's cells as XML, and the columns of the first and the last of them."""

    row: int
    first: int
    last: int
    cells: str


def _as_xml(lines: Iterable[_Line]) -> str:
    """Rows as XML."""
    made = []
    for _, block in groupby(lines, lambda line: line.row // SPAN):
        own = list(block)
        span = f"{min(line.first for line in own) + 1}:{max(line.last for line in own) + 1}"
        made += [f'<row r="{line.row + 1}" spans="{span}">{line.cells}</row>' for line in own]
    return "".join(made)


class _Numbers(dict[str, int]):
    """The number of each style, which the book gives with the first use."""

    def __init__(self, styles: dict[str, Any]) -> None:
        super().__init__()
        self._styles = styles

    def __missing__(self, look: str) -> int:
        self[look] = number = int(self._styles[look]._get_xf_index())
        return number


def excel_day(day: date) -> str:
    """The number of a day, counted from 1899-12-31; Excel holds 1900 for a leap year."""
    days = day.toordinal() - date(1899, 12, 31).toordinal()
    return str(days + (days > 59))


def clean(text: str) -> str:
    """A text as a cell can hold it: no longer than allowed, without broken characters."""
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
