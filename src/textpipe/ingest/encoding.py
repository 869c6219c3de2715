"""Bytes to text: which encoding a file is in, and how sure that is.

A cascade: byte order mark; the charset that the file declares, where it decodes; UTF-8; UTF-16 without a
mark, by how many of its characters are Chinese or Latin; then the legacy Chinese, Japanese, Korean and
Latin encodings that decode, by the share of characters that are common in their language. Nothing
is decoded with characters left out.
"""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from textpipe.errors import DocumentError


class Decoded(NamedTuple):
    """A text, the encoding that it was in, and how sure that is (0 to 1)."""

    text: str
    encoding: str
    confidence: float


MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ALIASES = {
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "big5-eten": "big5hkscs", "cp950": "cp950",
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "shift-jis": "cp932", "shift_jis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "utf-8", "us-ascii": "utf-8",
}  # fmt: skip
"""What a declared charset really is: the larger set that its writers use."""
CANDIDATES = ("big5hkscs", "cp950", "gb18030", "cp932", "euc_jp", "cp949", "cp1252")
SAMPLE = 40_000
"""Bytes by which encodings are compared."""
TIERS = ((500, 1.0), (1500, 0.9), (2500, 0.75))
RARE, UNCOMMON = 0.6, 0.25
"""What a character counts by its rank among the common ones; wrongly decoded text is made of rare ones."""
LEAST = 0.55
"""The score below which an encoding is not believed."""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of a file. Raises DocumentError where no encoding fits."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, encoding), encoding.removesuffix("-sig"), 1.0)
    name = ALIASES.get((declared or "").strip().lower(), (declared or "").strip().lower())
    if name and (text := _try(data, name)) is not None:
        return Decoded(text, name, 0.95)
    if (text := _try(data, "utf-8")) is not None and "\0" not in text:
        return Decoded(text, "utf-8", 1.0 if not text.isascii() else 0.99)
    best = max(_guesses(data), default=None, key=lambda guess: guess[0])
    if best is None or best[0] < LEAST:
        raise DocumentError(_not_text(data))
    score, encoding = best
    return Decoded(_strict(data, encoding), encoding, round(min(score, 1.0), 2))


def _not_text(data: bytes) -> str:
    if b"\0" in data[:4096]:
        return (
            "not a text file: it holds null bytes. Remove it, or give it in a format that is read."
        )
    return "no encoding fits the whole file (it may mix two). Save it as UTF-8 text, or remove it."


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        place = getattr(error, "start", 0)
        raise DocumentError(
            f"damaged {encoding} text at byte {place:,}. Save the file again as UTF-8."
        ) from error


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _guesses(data: bytes) -> Iterator[tuple[float, str]]:
    if len(data) % 2 == 0 and len(data) >= 6:
        for encoding in ("utf-16-le", "utf-16-be"):
            text = _try(data[:SAMPLE], encoding)
            if text is not None:
                yield _wide(text), encoding
    if b"\0" in data:
        return
    for encoding in CANDIDATES:
        if _try(data, encoding) is not None:
            yield score(_sample(data, encoding), encoding), encoding


def _sample(data: bytes, encoding: str) -> str:
    return data[:SAMPLE].decode(encoding, "replace").rstrip("\ufffd")


def _wide(text: str) -> float:
    """How far a text in pairs of bytes is one: characters that Chinese or Latin text holds."""
    common = characters("hant") | characters("hans") | _SIGNS
    good = sum((c in common) or (c.isascii() and (c.isprintable() or c.isspace())) for c in text)
    return 0.99 * good / len(text) if text else 0.0


_SIGNS = frozenset("，。、；：？！「」『』（）《》〈〉…—─・．　％～“”‘’\ufeff")
_KANA = (0x3040, 0x30FF)
_HANGUL = (0xAC00, 0xD7A3)
_LATIN = frozenset("àâäáãåæçèéêëìíîïñòóôöõøùúûüýÿßœ’‘“”–—•…€£°©®«»¿¡ÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØÙÚÛÜÝŒ")


def score(text: str, encoding: str) -> float:
    """How common, in the encoding's language, the characters beyond ASCII are, from 0 to 1."""
    beyond = [c for c in text if not c.isascii()]
    if not beyond:
        return 0.0
    if encoding == "cp1252":
        return _latin(text, beyond)
    weights, own = _language(encoding)
    total = sum(
        1.0 if c in _SIGNS or (own and own[0] <= ord(c) <= own[1]) else weights.get(c, UNCOMMON)
        for c in beyond
        if not "\ue000" <= c <= "\uf8ff"
    ) / len(beyond)
    if own is None:
        return total
    native = sum(own[0] <= ord(c) <= own[1] for c in beyond)
    return total if native >= 0.2 * len(beyond) else total / 2


def _latin(text: str, beyond: Sequence[str]) -> float:
    """Latin text has few letters with accents among its letters."""
    letters = sum(c.isalpha() for c in text)
    accented = sum(c.isalpha() for c in beyond)
    share = sum(c in _LATIN for c in beyond) / len(beyond)
    return 0.9 * share if letters and accented <= 0.3 * letters else 0.2 * share


def _language(encoding: str) -> tuple[Mapping[str, float], tuple[int, int] | None]:
    if encoding in ("big5hkscs", "cp950"):
        return _weights("hant"), None
    if encoding == "gb18030":
        return _weights("hans", "hant"), None
    if encoding in ("cp932", "euc_jp"):
        return _weights("hant", "hans"), _KANA
    return {}, _HANGUL


@cache
def _weights(*scripts: str) -> Mapping[str, float]:
    """The weight of each common character: the most frequent count fully."""
    found: dict[str, float] = {}
    for script in scripts:
        for rank, character in enumerate(ranked(script)):
            weight = next((w for most, w in TIERS if rank < most), RARE)
            found[character] = max(found.get(character, 0.0), weight)
    return found


@cache
def characters(script: str) -> frozenset[str]:
    """The common characters of a script, "hant" or "hans"."""
    return frozenset(ranked(script))


@cache
def ranked(script: str) -> str:
    """The same in the order of their frequency (`common_characters.txt`)."""
    text = (files("textpipe") / "resources" / "common_characters.txt").read_text("utf-8")
    own = next(part for part in text.split("\n# ") if part.startswith(script + "\n"))
    return "".join(own.splitlines()[1:])
