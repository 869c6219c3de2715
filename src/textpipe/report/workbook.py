"""The report as an Excel workbook: sheets to filter and sort, with real dates and numbers.

Every text is written as a string, so that none becomes a formula; only http and https addresses
become links.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from textpipe.report.results import Results
from textpipe.report.sheets import SHEETS, Cell, Column, Link
from textpipe.report.words import policy_name

LONGEST_TEXT = 32_000
"""Characters of a cell, just below what Excel allows."""


def render_xlsx(results: Results) -> bytes:
    """The whole workbook. The same results give the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "nan_inf_to_errors": True,
    }  # fmt: skip
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": policy_name(results), "created": datetime(2000, 1, 1)})
    styles = _styles(book)
    for make in SHEETS:
        sheet = make(results)
        if sheet is not None:
            _write(book, styles, *sheet)
    book.close()
    return buffer.getvalue()


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


def _write(
    book: Any, styles: dict[str, Any], title: str, columns: list[Column],
    rows: Iterator[Sequence[Cell | Link]],
) -> None:  # fmt: skip
    sheet = book.add_worksheet(title)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.head, styles["head"])
    sheet.freeze_panes(1, 1)
    last = 0
    for last, row in enumerate(rows, 1):
        for at, (value, column) in enumerate(zip(row, columns, strict=True)):
            _cell(sheet, last, at, value, styles, column.style)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    for at, column in enumerate(columns):
        if column.bars and last:
            bars = {
                "type": "data_bar",
                "bar_color": "#9CC9E3",
                "min_type": "num",
                "min_value": 0,
            }
            sheet.conditional_format(1, at, last, at, bars)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cell(
    sheet: Any, row: int, at: int, value: Cell | Link, styles: dict[str, Any], style: str
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Link):
        sheet.write_url(row, at, value.url, styles["link"], clean(value.text))
    elif isinstance(value, date):
        sheet.write_datetime(row, at, datetime(value.year, value.month, value.day), styles["date"])
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value, styles[style if style != "text" else "number"])
    else:
        sheet.write_string(row, at, clean(value), styles[style])


def clean(text: str) -> str:
    """A text as a cell can hold it: no longer than allowed, without broken characters."""
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
