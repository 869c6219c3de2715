"""KWIC: every place of a term, with the text to its left and right in columns of equal width."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

Sort = Literal["place", "left", "right"]

CONTEXT = 60
"""Characters kept on either side, more than any line shows."""


class Line(NamedTuple):
    """A place of a term: its document and sentence, the text to the left, the term, the right."""

    document: str
    sentence: int
    left: str
    term: str
    right: str


def concordance(
    sentences: Iterable[tuple[str, int, str]], forms: Sequence[str], *, sort: Sort = "place"
) -> list[Line]:
    """Every place of one of the forms, in any case, the longest form first.

    `sentences`: document, number and text of each sentence, a document's in order; the context runs
    over sentences. `sort`: by place, by the text to the left read backwards from the term, or by the
    text to the right. A form of letters is found as a word only (AI is not in TAIEX).
    """
    ordered = sorted(set(forms), key=lambda form: (-len(form), form))
    pattern = re.compile("|".join(map(_bounded, ordered)) or "(?!)", re.IGNORECASE)
    lines = [
        line
        for document, own in groupby(sentences, key=lambda row: row[0])
        for line in _of_document(document, list(own), pattern)
    ]
    if sort == "left":
        lines.sort(key=lambda line: (line.left[::-1], line.right))
    elif sort == "right":
        lines.sort(key=lambda line: (line.right, line.left[::-1]))
    return lines


def _bounded(form: str) -> str:
    left = r"(?<![A-Za-z0-9])" if form[:1].isascii() and form[:1].isalnum() else ""
    right = r"(?![A-Za-z0-9])" if form[-1:].isascii() and form[-1:].isalnum() else ""
    return f"{left}{re.escape(form)}{right}"


def _of_document(
    document: str, sentences: Sequence[tuple[str, int, str]], pattern: re.Pattern[str]
) -> Iterator[Line]:
    texts = [" ".join(text.split()) for _, _, text in sentences]
    whole = "".join(texts)
    at = 0
    for (_, number, _), text in zip(sentences, texts, strict=True):
        for match in pattern.finditer(text):
            start, end = at + match.start(), at + match.end()
            left, right = whole[max(0, start - CONTEXT) : start], whole[end : end + CONTEXT]
            yield Line(document, number, left, match[0], right)
        at += len(text)
