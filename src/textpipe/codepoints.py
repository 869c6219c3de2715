"""A text as an array of code points, so that a whole batch is translated by one look-up.

`str.translate` calls the table for every character; a look-up in an array is about ten times as
fast, and gives positions for nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
_ALL = 0x110000


def codes_of(text: str) -> Codes:
    """The code points of a text, one for each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def text_of(codes: Codes) -> str:
    """The text of some code points."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def lookup(table: Mapping[int, str]) -> Codes:
    """A table of one character for one as an array: `lookup(table)[codes]` is the translation."""
    found = np.arange(_ALL, dtype=np.uint32)
    for code, character in table.items():
        found[code] = ord(character)
    return found


def members(characters: Iterable[str]) -> NDArray[np.bool_]:
    """An array that tells of each code point whether it is one of the characters."""
    found: NDArray[Any] = np.zeros(_ALL, dtype=np.bool_)
    found[[ord(character) for character in characters]] = True
    return found
