"""Reading a gold standard: documents, and the labels that others gave their sentences.

Three forms are read: a folder with `gold.jsonl` and `documents/NAME.txt` (sentences by their
characters in the file), a JSON Lines file with one sentence a line, and one with one article a line
(the form of the labelled data).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textpipe.codebook import Codebook
from textpipe.errors import UsageError

Codes = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A sentence that others coded: its place in `GoldDocument.text`, and its labels by axis."""

    start: int
    end: int
    text: str
    codes: Codes


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A text and its coded sentences, in order; `kinds` where the source gives every unit itself."""

    name: str
    text: str
    sentences: tuple[GoldSentence, ...]
    title: str | None = None


CODED = ("body", "list_item")


def read_gold(path: Path, codebook: Codebook) -> list[GoldDocument]:
    """The documents of a gold standard; raises UsageError naming the file, the line and the mend."""
    if path.is_dir():
        return _from_folder(path, codebook)
    rows = _rows(path)
    if rows and "sentences" in rows[0][1]:
        return [_from_article(row, codebook, place) for place, row in rows]
    return _from_sentences(rows, codebook)


def _rows(path: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path}: cannot be read ({error}). Give a UTF-8 JSON Lines file."
        ) from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{path}: line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{place}: not JSON ({error}). Write one object a line.") from error
        if not isinstance(row, dict):
            raise UsageError(f"{place}: not an object. Write one object a line.")
        rows.append((place, row))
    if not rows:
        raise UsageError(f"{path}: no sentence there. Give a file with coded sentences.")
    return rows


def _codes(row: dict[str, Any], codebook: Codebook, place: str) -> Codes:
    codes: Codes = {}
    for axis in codebook.axes:
        if axis.id not in row:
            raise UsageError(f"{place}: no field {axis.id!r}. Give each axis of the codebook.")
        given = row[axis.id]
        ids: Sequence[str] = [given] if isinstance(given, str) else given
        unknown = set(ids) - {label.id for label in axis.labels}
        if unknown:
            raise UsageError(
                f"{place}: {axis.id}: unknown {', '.join(sorted(unknown))}. Use the codebook's ids."
            )
        codes[axis.id] = frozenset(ids) - {axis.empty or ""}
    return codes


def _field(row: dict[str, Any], name: str, place: str) -> Any:
    if name not in row:
        raise UsageError(f"{place}: no field {name!r}. See the README for the form of a gold file.")
    return row[name]


def _from_folder(folder: Path, codebook: Codebook) -> list[GoldDocument]:
    found: dict[str, list[GoldSentence]] = {}
    for place, row in _rows(folder / "gold.jsonl"):
        if row.get("kind", "body") in CODED:
            start, end = _field(row, "start", place), _field(row, "end", place)
            sentence = GoldSentence(
                start, end, _field(row, "text", place), _codes(row, codebook, place)
            )
            found.setdefault(_field(row, "document", place), []).append(sentence)
    documents = []
    for name, sentences in found.items():
        if Path(name).name != name:
            raise UsageError(
                f"{folder / 'gold.jsonl'}: {name!r} is no file name. Give the name alone."
            )
        path = folder / "documents" / f"{name}.txt"
        try:
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{path}: cannot be read ({error}). Put the document there."
            ) from error
        for s in sentences:
            if text[s.start : s.end] != s.text:
                raise UsageError(
                    f"{path}: characters {s.start} to {s.end} are not {s.text[:20]!r} of gold.jsonl."
                    " Give the file that was coded."
                )
        documents.append(GoldDocument(name, text, tuple(sentences)))
    return documents


def _from_article(row: dict[str, Any], codebook: Codebook, place: str) -> GoldDocument:
    items = _field(row, "sentences", place)
    return _assembled(
        str(row.get("document", place)), items, codebook, place, title=row.get("title")
    )


def _from_sentences(
    rows: list[tuple[str, dict[str, Any]]], codebook: Codebook
) -> list[GoldDocument]:
    found: dict[str, list[dict[str, Any]]] = {}
    for place, row in rows:
        found.setdefault(str(_field(row, "document", place)), []).append(row)
    place = rows[0][0].rsplit(":", 1)[0]
    return [_assembled(name, items, codebook, place) for name, items in found.items()]


def _assembled(
    name: str,
    items: Sequence[dict[str, Any]],
    codebook: Codebook,
    place: str,
    *,
    title: str | None = None,
) -> GoldDocument:
    """A text of the sentences, one a line, for sources that give no text of their own."""
    text, sentences = (f"{title}\n\n" if title else ""), []
    for item in items:
        own = _field(item, "text", f"{place}: document {name}")
        if item.get("kind", "body") in CODED:
            codes = _codes(item, codebook, f"{place}: document {name}")
            sentences.append(GoldSentence(len(text), len(text) + len(own), own, codes))
        text += own + "\n"
    return GoldDocument(name, text, tuple(sentences), title)
