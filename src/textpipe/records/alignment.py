"""From the normalized text back to the text of the source."""

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple


class Change(NamedTuple):
    """One replacement made by normalization: `raw[start:end]` became `text`, and why."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """Maps spans of `text` to the spans of `raw` that they came from, monotonically.

    `starts[i]`, `ends[i]` bound the raw characters behind character i of the text. Both are
    None where the two texts agree position by position, which most documents do.
    """

    text_length: int
    raw_length: int
    starts: "array[int] | None" = None
    ends: "array[int] | None" = None

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw span behind `text[start:end]`; an empty span maps to an empty span."""
        if not 0 <= start <= end <= self.text_length:
            raise ValueError(f"span {start}:{end} is outside a text of {self.text_length}")
        if self.starts is None or self.ends is None:
            return start, end
        if start == end:
            at = self.starts[start] if start < self.text_length else self.raw_length
            return at, at
        return self.starts[start], self.ends[end - 1]

    def to_text(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the text that holds every character made from `raw[start:end]`.

        An empty span where those characters left none (a control character, say).
        """
        if not 0 <= start <= end <= self.raw_length:
            raise ValueError(f"span {start}:{end} is outside a raw text of {self.raw_length}")
        if self.starts is None or self.ends is None:
            return start, end
        first = bisect_right(self.ends, start)
        return first, max(first, bisect_left(self.starts, end))

    def cuts(self, positions: list[int]) -> list[int]:
        """Raw positions at which to cut `raw` where `text` is cut, so that the pieces tile it."""
        if self.starts is None:
            return positions
        starts, size = self.starts, self.text_length
        return [0 if p == 0 else starts[p] if p < size else self.raw_length for p in positions]
