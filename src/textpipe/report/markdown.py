"""Foreign text in Markdown: it can neither open HTML nor start a heading, a list or a table."""

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[\\`*_\[\]|~$#]")
_BLOCK = re.compile(r"^(?:[+=-]|\d+(?=[.)]))")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str) -> str:
    """Foreign text as one line of Markdown that shows exactly its characters."""
    return _BLOCK.sub(lambda found: _held(found[0]), inline(text))


def inline(text: str) -> str:
    """The same within a line, where no list can begin."""
    line = re.sub("[&<>]", lambda found: _HTML[found[0]], " ".join(text.split()))
    return _SPECIAL.sub(r"\\\g<0>", line)


def _held(opening: str) -> str:
    """A number takes the backslash after it (`1\\.`), any other sign before it."""
    return f"{opening}\\" if opening.isdigit() else f"\\{opening}"


def table(head: Sequence[str], rows: Iterable[Sequence[str | int]], *, texts: int = 1) -> str:
    """A table; columns after the first `texts` are numbers and stand to the right."""
    marks = [" --- " if i < texts else " ---: " for i in range(len(head))]
    lines = ["|" + "|".join(f" {cell} " for cell in head) + "|", "|" + "|".join(marks) + "|"]
    for row in rows:
        cells = [f"{cell:,}" if isinstance(cell, int) else cell for cell in row]
        lines.append("|" + "|".join(f" {cell} " for cell in cells) + "|")
    return "\n".join(lines)
