"""A person's corrections: a CSV file whose labels stand instead of the program's.

Columns: `document, sentence, text, axis, labels`; `labels` joined by `;`, empty for none. A line counts
for the sentence of that document (ids hold a digest of the file) whose text is the same.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from textpipe.codebook import Codebook
from textpipe.errors import SettingsError
from textpipe.records import Document, Evidence, Label, Sentence

COLUMNS = ("document", "sentence", "text", "axis", "labels")

Corrections = Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]
"""By document id and text of the sentence, for each corrected axis the ids of its labels."""


def load_corrections(path: Path, codebook: Codebook) -> Corrections:
    """The corrections in a file; raises SettingsError naming the line and the mend."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path}: corrections cannot be read ({error}). Save as UTF-8."
        ) from error
    reader = csv.DictReader(text.splitlines(keepends=True))
    missing = set(COLUMNS) - set(reader.fieldnames or ())
    if missing:
        raise SettingsError(f"{path}: columns {sorted(missing)} are missing. Needed: {COLUMNS}.")
    found: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    known = {axis.id: {label.id for label in axis.labels} for axis in codebook.axes}
    for row in reader:
        axis = row["axis"] or ""
        ids = tuple(id.strip() for id in (row["labels"] or "").split(";") if id.strip())
        wrong = [id for id in ids if id not in known.get(axis, ())]
        if axis not in known or wrong:
            what = f"labels {wrong}" if axis in known else f"axis {axis!r}"
            names = sorted(known.get(axis, known))
            raise SettingsError(
                f"{path}: line {reader.line_num}: unknown {what}. Known: {', '.join(names)}."
            )
        found.setdefault((row["document"] or "", _unguarded(row["text"] or "")), {})[axis] = ids
    return found


def _unguarded(text: str) -> str:
    """A text without the apostrophe that keeps a spreadsheet from reading a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def corrected(document: Document, codebook: Codebook, corrections: Corrections) -> Document:
    """The document with its sentences' labels replaced on the axes that a person corrected."""
    sentences = tuple(_corrected(s, document, codebook, corrections) for s in document.sentences)
    return document._replace(sentences=sentences)


def _corrected(
    sentence: Sentence, document: Document, codebook: Codebook, corrections: Corrections
) -> Sentence:
    start, end = document.raw_span(sentence)
    own = corrections.get((document.id, document.raw[start:end]))
    if own is None or not sentence.is_coded:
        return sentence
    kept = [label for label in sentence.labels if label.axis not in own]
    evidence = (Evidence(start, end, document.raw[start:end], "whole sentence"),)
    for axis in codebook.axes:
        for id in own.get(axis.id, ()):
            if id != axis.empty:
                kept.append(Label(axis.id, id, 1.0, "yes", "person", evidence))
    return sentence._replace(labels=tuple(kept))
