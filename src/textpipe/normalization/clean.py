"""Characters that carry no meaning of their own: widths, spaces, controls, variants.

Letters, digits and spaces are folded to half width; Chinese punctuation is kept (NFKC would
turn ！？，：（） into ASCII). Variants are unified by the declared table `variants.csv` alone, and
outside Simplified spans only, because some (户, 税) are the Simplified forms too.
"""

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files

from textpipe.records import Change

_DELETED = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_SPACES = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_WIDE = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_COMPATIBILITY = "\uf900-\ufaff"
_PRIVATE = "\ue000-\uf8ff"
_SURROGATES = "\ud800-\udfff"
_LINES = "\r\x0b\x0c\x85\u2028\u2029"
MISSING_GLYPH = "〓"


@cache
def variants() -> dict[str, str]:
    """The declared table of character variants, one character to one character."""
    with (files("textpipe") / "resources" / "variants.csv").open(encoding="utf-8") as lines:
        return {row["variant"]: row["standard"] for row in csv.DictReader(lines)}


_SETS = {
    "line": _LINES,
    "control": _DELETED,
    "space": _SPACES,
    "width": _WIDE,
    "compatibility": _COMPATIBILITY,
    "private": _PRIVATE,
    "surrogate": _SURROGATES,
}
CLEANED = "".join(_SETS.values())
"""The characters that `clean_edits` looks at, as a set of a regular expression."""
_ANY = re.compile(f"[{CLEANED}](?:(?<=\r)\n)?")
_REASONS = {reason: re.compile(f"[{characters}]") for reason, characters in _SETS.items()}


@cache
def _reason(character: str) -> str:
    return next(reason for reason, pattern in _REASONS.items() if pattern.match(character))


def _replacement(found: str, reason: str) -> str:
    match reason:
        case "line":
            return "\n"
        case "control" | "surrogate":
            return ""
        case "space":
            return " "
        case "width":
            return chr(ord(found) - 0xFEE0)
        case "compatibility":
            return unicodedata.normalize("NFC", found)
        case _:
            return MISSING_GLYPH


def clean_edits(raw: str) -> list[Change]:
    """The changes that clean a raw text, in order; the time is linear in its length."""
    edits: list[Change] = []
    for match in _ANY.finditer(raw):
        found = match.group()
        reason = _reason(found[0])
        text = _replacement(found, reason)
        if text != found:
            edits.append(Change(match.start(), match.end(), text, reason))
    return edits
