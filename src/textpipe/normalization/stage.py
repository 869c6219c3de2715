"""The stage `normalize`: decides the script, cleans, converts only what is proven Simplified."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal

from textpipe.normalization.clean import CLEANED, clean_edits, variants
from textpipe.normalization.convert import conversion_edits
from textpipe.normalization.edits import apply_edits, compose
from textpipe.normalization.script import (
    Script,
    characters_of_one_script,
    decide_script,
    simplified_spans,
)
from textpipe.normalization.style import house_style, replacements
from textpipe.records import Alignment, Change, Document

_UNLOGGED = {"line"}


@dataclass(frozen=True, slots=True)
class Normalized:
    """A normalized text, its alignment with the raw text, what was changed, and the script.

    Unpacks as `text, alignment, changes`.
    """

    text: str
    alignment: Alignment
    changes: tuple[Change, ...]
    script: Script

    def __iter__(self) -> Iterator[Any]:
        yield from (self.text, self.alignment, self.changes)


def normalize(raw: str, settings: "Normalize | None" = None) -> Normalized:
    """Normalize a text for analysis without harm.

    Traditional text is only cleaned (widths, spaces, control characters, declared variants);
    spans proven Simplified are converted to Taiwan's Traditional with phrases. `changes` are
    in raw offsets; line ends are unified without being logged.
    """
    settings = settings or Normalize()
    style = house_style(settings.style_table)
    if settings.house_style == "converted" and not _to_edit().search(raw):
        return Normalized(raw, Alignment(len(raw), len(raw)), (), decide_script(raw, []))
    edits = clean_edits(raw)
    text, alignment = apply_edits(raw, edits) if edits else (raw, Alignment(len(raw), len(raw)))
    changes = [edit for edit in edits if edit.reason not in _UNLOGGED]
    spans = simplified_spans(text)
    script = decide_script(text, spans)
    second = replacements(text, variants(), spans, "variant")
    if settings.house_style == "all":
        second = sorted([*second, *replacements(text, style, spans, "style")])
    if spans and settings.convert_simplified:
        second = sorted([*second, *conversion_edits(text, spans, style)])
    if second:
        changes += [Change(*alignment.to_raw(c.start, c.end), c.text, c.reason) for c in second]
        changes.sort()
        text, further = apply_edits(text, second)
        alignment = compose(alignment, further)
    return Normalized(text, alignment, tuple(changes), script)


@cache
def _to_edit() -> re.Pattern[str]:
    """Finds what may have to be edited: most texts hold none of it, and are done in a third of the time."""
    simplified, _traditional = characters_of_one_script()
    return re.compile(f"[{CLEANED}{''.join(variants())}{simplified}]")


@dataclass(frozen=True)
class Normalize:
    """Fills `text`, `alignment`, `script` and `changes` from `raw`.

    `convert_simplified`: whether spans proven Simplified become Traditional. `house_style`: where
    the table of the house style decides (台 or 臺): in what is `converted`, or in `all` text;
    `style_table`: a CSV file to use instead of the shipped table.
    """

    convert_simplified: bool = True
    house_style: Literal["converted", "all"] = "converted"
    style_table: Path | None = None

    reads: ClassVar[tuple[str, ...]] = ("raw",)
    writes: ClassVar[tuple[str, ...]] = ("text", "alignment", "script", "changes")
    version: ClassVar[int] = 1

    def __call__(self, documents: Sequence[Document]) -> list[Document]:
        """Normalize each document's raw text."""
        results = []
        for document in documents:
            done = normalize(document.raw, self)
            results.append(
                document._replace(
                    text=done.text,
                    alignment=done.alignment,
                    script=done.script,
                    changes=done.changes,
                )
            )
        return results
