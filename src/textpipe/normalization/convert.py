"""Proven Simplified spans to Taiwan's Traditional, with phrases, mapped back piece by piece.

OpenCC (`s2twp`) changes lengths (内存 → 記憶體) and gives no map, so each clause is aligned
with its own character-by-character conversion: what agrees is one to one, what differs is one
block. Words that `s2twp` converts too far (支持 → 支援, 循环 → 迴圈) come from the table
`conversion.csv`, which is asked first; the house style decides between spellings (台, 臺).
"""

import csv
import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files

from textpipe.records import Change

_Style = dict[int, str]
_CLAUSE = re.compile(r"[^\s，。、；：！？!?,;:「」『』“”‘’（）()《》]{1,64}")


@cache
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    with (files("textpipe") / "resources" / "conversion.csv").open(encoding="utf-8") as lines:
        table = {row["simplified"]: row["traditional"] for row in csv.DictReader(lines)}
    longest_first = sorted(table, key=len, reverse=True)
    return table, re.compile("|".join(map(re.escape, longest_first)))


@cache
def _converter(config: str) -> "Converter":
    return Converter(config)


class Converter:
    """An OpenCC configuration, loaded once a process."""

    def __init__(self, config: str) -> None:
        import opencc

        self._opencc = opencc.OpenCC(config)

    def __call__(self, text: str) -> str:
        converted: str = self._opencc.convert(text)
        return converted


def conversion_edits(
    text: str, spans: list[tuple[int, int]], style: Mapping[str, str]
) -> list[Change]:
    """The changes that convert the spans of a text to the house style, in order."""
    table = str.maketrans(dict(style))
    edits: list[Change] = []
    for start, end in spans:
        for clause in _CLAUSE.finditer(text, start, end):
            edits += _clause_edits(clause.group(), clause.start(), table)
    return edits


def _clause_edits(clause: str, offset: int, style: _Style) -> list[Change]:
    table, pattern = _table()
    edits: list[Change] = []
    position = 0
    for match in pattern.finditer(clause):
        edits += _piece_edits(clause[position : match.start()], offset + position, style)
        edits += _block(
            match.group(), table[match.group()].translate(style), offset + match.start()
        )
        position = match.end()
    return edits + _piece_edits(clause[position:], offset + position, style)


def _piece_edits(piece: str, offset: int, style: _Style) -> list[Change]:
    if not piece:
        return []
    phrases = _converter("s2twp")(piece).translate(style)
    characters = _converter("s2tw")(piece).translate(style)
    if len(characters) != len(piece):
        return _block(piece, phrases, offset)
    if len(phrases) == len(piece):
        changed = ((i, new) for i, new in enumerate(phrases) if piece[i] != new)
        return [Change(offset + i, offset + i + 1, new, "simplified") for i, new in changed]
    edits: list[Change] = []
    matcher = SequenceMatcher(None, characters, phrases, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "insert":  # belongs to the character before it, or after it at the start
            a, b, c, d = (a - 1, a, c - 1, d) if a else (0, 1, 0, d + 1)
            if edits and edits[-1].end > offset + a:
                edits.pop()
        if tag == "equal":
            edits += [
                Change(offset + i, offset + i + 1, new, "simplified")
                for i, new in zip(range(a, b), phrases[c:d], strict=True)
                if piece[i] != new
            ]
        else:
            edits += _block(piece[a:b], phrases[c:d], offset + a)
    return _tidy(piece, phrases, edits, offset)


def _tidy(piece: str, phrases: str, edits: list[Change], offset: int) -> list[Change]:
    """The edits if they do make the conversion, else the whole piece as one block."""
    position, made = 0, []
    for edit in edits:
        if edit.start - offset < position:
            return _block(piece, phrases, offset)
        made += [piece[position : edit.start - offset], edit.text]
        position = edit.end - offset
    if "".join(made) + piece[position:] != phrases:
        return _block(piece, phrases, offset)
    return edits


def _block(old: str, new: str, offset: int) -> list[Change]:
    return [] if old == new else [Change(offset, offset + len(old), new, "simplified")]
