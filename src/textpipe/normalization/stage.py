"""The stage `normalize`: decides the script, cleans, converts only what is proven Simplified."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textpipe.normalization.clean import clean_edits, variant_edits
from textpipe.normalization.convert import conversion_edits
from textpipe.normalization.edits import apply_edits, compose
from textpipe.normalization.script import Script, decide_script, simplified_spans
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


def normalize(raw: str, *, convert_simplified: bool = True) -> Normalized:
    """Normalize a text for analysis without harm.

    Traditional text is only cleaned (widths, spaces, control characters, declared variants);
    spans proven Simplified are converted to Taiwan's Traditional with phrases. `changes` are
    in raw offsets; line ends are unified without being logged.
    """
    edits = clean_edits(raw)
    text, alignment = apply_edits(raw, edits) if edits else (raw, Alignment(len(raw), len(raw)))
    changes = [edit for edit in edits if edit.reason not in _UNLOGGED]
    spans = simplified_spans(text)
    script = decide_script(text, spans)
    second = variant_edits(text, spans)
    if spans and convert_simplified:
        second = sorted([*second, *conversion_edits(text, spans)])
    if second:
        changes += [Change(*alignment.to_raw(c.start, c.end), c.text, c.reason) for c in second]
        changes.sort()
        text, further = apply_edits(text, second)
        alignment = compose(alignment, further)
    return Normalized(text, alignment, tuple(changes), script)


@dataclass(frozen=True)
class Normalize:
    """Fills `text`, `alignment`, `script` and `changes` from `raw`.

    `convert_simplified`: whether spans proven Simplified become Traditional.
    """

    convert_simplified: bool = True

    reads: ClassVar[tuple[str, ...]] = ("raw",)
    writes: ClassVar[tuple[str, ...]] = ("text", "alignment", "script", "changes")
    version: ClassVar[int] = 1

    def __call__(self, documents: Sequence[Document]) -> list[Document]:
        """Normalize each document's raw text."""
        results = []
        for document in documents:
            done = normalize(document.raw, convert_simplified=self.convert_simplified)
            results.append(
                replace(
                    document,
                    text=done.text,
                    alignment=done.alignment,
                    script=done.script,
                    changes=done.changes,
                )
            )
        return results
