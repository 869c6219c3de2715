"""The house style: which of two right spellings a text is given (台 or 臺, 布 or 佈, 占 or 佔, 周 or 週).

Both stand in Taiwanese papers, so a text keeps its own unless the settings say otherwise; what is
converted from Simplified always follows the table. The table goes one way only, towards the
character that is never wrong: 佈→布 holds everywhere, 布→佈 would break 布料.
"""

import csv
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from textpipe.errors import SettingsError
from textpipe.records import Change

COLUMNS = ["variant", "standard"]


@cache
def house_style(path: Path | None = None) -> dict[str, str]:
    """The table of a CSV file (columns `variant,standard`, one character each), or the shipped one.

    Raises SettingsError naming the file, the line and the mend.
    """
    source = path or files("textpipe") / "resources" / "house_style.csv"
    try:
        rows = csv.DictReader(source.read_text(encoding="utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path}: the style table cannot be read ({error}). Give a UTF-8 CSV file."
        ) from error
    if rows.fieldnames != COLUMNS:
        raise SettingsError(f"{source}: line 1: the columns must be {','.join(COLUMNS)}")
    table: dict[str, str] = {}
    for row in rows:
        variant, standard = row["variant"] or "", row["standard"] or ""
        if len(variant) != 1 or len(standard) != 1 or standard in table or variant == standard:
            raise SettingsError(
                f"{source}: line {rows.line_num}: {variant!r},{standard!r}: give one character, and"
                " another one that is no variant itself"
            )
        table[variant] = standard
    return table


def replacements(
    text: str, table: dict[str, str], simplified: list[tuple[int, int]], reason: str
) -> list[Change]:
    """The characters of a table that stand in a text outside some spans (sorted), as changes."""
    spans = iter([*simplified, (len(text), len(text))])
    start, end = next(spans)
    edits: list[Change] = []
    for match in _pattern("".join(table)).finditer(text):
        at = match.start()
        while at >= end < len(text):
            start, end = next(spans)
        if not start <= at < end:
            edits.append(Change(at, at + 1, table[match.group()], reason))
    return edits


@cache
def _pattern(characters: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(characters)}]")
