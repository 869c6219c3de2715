"""Replacing pieces of a text while keeping track of where every character came from."""

from array import array
from collections.abc import Sequence

from textpipe.records import Alignment, Change


def apply_edits(text: str, edits: Sequence[Change]) -> tuple[str, Alignment]:
    """The text with the edits made, and the alignment of the result with the text given.

    `edits` are sorted, lie in the text and do not overlap.
    """
    if all(e.end - e.start == len(e.text) for e in edits):
        return _replace(text, edits), Alignment(len(text), len(text))
    starts: array[int] = array("I")
    ends: array[int] = array("I")
    position = 0
    for edit in edits:
        starts.extend(range(position, edit.start))
        ends.extend(range(position + 1, edit.start + 1))
        if edit.end - edit.start == len(edit.text):
            starts.extend(range(edit.start, edit.end))
            ends.extend(range(edit.start + 1, edit.end + 1))
        else:
            starts.extend([edit.start] * len(edit.text))
            ends.extend([edit.end] * len(edit.text))
        position = edit.end
    starts.extend(range(position, len(text)))
    ends.extend(range(position + 1, len(text) + 1))
    return _replace(text, edits), Alignment(len(starts), len(text), starts, ends)


def _replace(text: str, edits: Sequence[Change]) -> str:
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces += (text[position : edit.start], edit.text)
        position = edit.end
    return "".join(pieces) + text[position:]


def compose(first: Alignment, second: Alignment) -> Alignment:
    """The alignment of a text that was changed twice: by `first`, then by `second`."""
    if second.starts is None or second.ends is None:
        return first
    if first.starts is None or first.ends is None:
        return second
    starts = array("I", [first.starts[i] for i in second.starts])
    ends = array("I", [first.ends[i - 1] if i else 0 for i in second.ends])
    return Alignment(second.text_length, first.raw_length, starts, ends)
