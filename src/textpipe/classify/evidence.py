"""Which characters carried a label, and who says so."""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from textpipe.classify.context import NOWHERE, Batch, Unit
from textpipe.classify.features import LONGEST_RUN, run_key, word_numbers
from textpipe.classify.model import Model
from textpipe.codebook import Codebook
from textpipe.lexicon import Lexicon, Memory, stop_words
from textpipe.records import Document, Evidence, Origin, Sentence

MOST_WORDS = 3
Pair = tuple[str, str]


class Reason(NamedTuple):
    """Evidence in offsets of the normalized text, before it is mapped to the raw text."""

    start: int
    end: int
    why: str


class Reasons:
    """Finds the evidence for labels of a codebook in a batch."""

    def __init__(
        self, batch: Batch, codebook: Codebook, model: Model | None, lexicon: Lexicon
    ) -> None:
        self._batch, self._model = batch, model
        self._content = content_numbers(model, lexicon) if model else Memory(lambda _: -1)
        self._row, self._row_words = NOWHERE, list[tuple[int, int, int]]()
        self._spans_of: dict[int, dict[Pair, set[tuple[int, int]]]] = {}
        self._parents = {
            (axis.id, label.id): (axis.parent_axis, label.parent)
            for axis, label in codebook.pairs()
            if axis.parent_axis is not None and label.parent is not None
        }

    def find(self, unit: Unit, pair: Pair) -> tuple[Origin, list[Reason]]:
        """The origin of a label and its reasons: terms, else the words that weigh most; context."""
        batch = self._batch
        sentence = batch.rows[unit.row]
        terms = self._terms(unit.row, pair, "codebook term")
        reasons = terms or self._words(unit, pair) or self._characters(sentence, pair)
        if unit.heading != NOWHERE:
            reasons = reasons + self._terms(unit.heading, pair, "heading above")
        if not reasons:
            reasons = [Reason(sentence.start, sentence.end, "whole sentence")]
        return ("rule" if terms else "model"), reasons

    def _terms(self, row: int, pair: Pair, why: str) -> list[Reason]:
        """The label's own terms in a row and those of the labels that imply it."""
        if row not in self._spans_of:
            self._spans_of[row] = self._spans(row)
        spans = self._spans_of[row].get(pair)
        return [Reason(start, end, why) for start, end in sorted(spans)] if spans else []

    def _spans(self, row: int) -> dict[Pair, set[tuple[int, int]]]:
        """Where the terms of each label stand in a row, those of the labels that imply it included."""
        found: dict[Pair, set[tuple[int, int]]] = {}
        for axis, id, start, end, _ in self._batch.hits[row]:
            found.setdefault((axis, id), set()).add((start, end))
            parent = self._parents.get((axis, id))
            if parent:
                found.setdefault(parent, set()).add((start, end))
        return found

    def _words(self, unit: Unit, pair: Pair) -> list[Reason]:
        """The content words with the greatest positive weights, neighbours joined."""
        column = self._model.columns.get(pair) if self._model else None
        if self._model is None or column is None:
            return []
        values = self._model.word_values[column]
        words = self._content_words(unit.row)
        scored = [(-v, start, end) for n, start, end in words if (v := values[n]) > 0]
        scored.sort()
        best = sorted((start, end) for _, start, end in scored[:MOST_WORDS])
        return [Reason(start, end, "word weight") for start, end in _joined(best)]

    def _content_words(self, row: int) -> list[tuple[int, int, int]]:
        """Number, start and end of the words of a row that the model knows and that say something."""
        if row != self._row:
            tokens, content = self._batch.rows[row].tokens, self._content
            ends = list(accumulate(map(len, tokens.words), initial=tokens.start))
            self._row = row
            self._row_words = [
                (number, start, end)
                for word, (start, end) in zip(tokens.words, pairwise(ends), strict=True)
                if (number := content[word]) >= 0
            ]
        return self._row_words

    def _characters(self, sentence: Sentence, pair: Pair) -> list[Reason]:
        """The run of two or three characters with the greatest positive weight."""
        column = self._model.columns.get(pair) if self._model else None
        if self._model is None or column is None:
            return []
        runs, first = self._model.encoder.runs, self._model.encoder.offsets["characters"]
        best = (0.0, 0, 0)
        for size in range(2, LONGEST_RUN + 1):
            for start in range(len(sentence.text) - size + 1):
                key = run_key(sentence.text[start : start + size])
                number = int(np.searchsorted(runs, key))
                if number < len(runs) and runs[number] == key:
                    value = float(self._model.weights[first + number, column])
                    best = max(best, (value, -start, size))
        start = sentence.start - best[1]
        return [Reason(start, start + best[2], "character weight")] if best[0] > 0 else []


@cache
def content_numbers(model: Model, lexicon: Lexicon) -> Memory[int]:
    """Any word to the number of its feature, -1 where the model does not know it or it says nothing."""
    numbers, stop = word_numbers(model.encoder, lexicon), stop_words()
    return Memory(lambda word: numbers[word] if len(word) > 1 and word not in stop else -1)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def to_evidence(document: Document, reasons: Sequence[Reason]) -> tuple[Evidence, ...]:
    """Reasons as evidence: spans of the raw text, with the text that stands there."""
    found = []
    for reason in reasons:
        start, end = document.alignment.to_raw(reason.start, reason.end)
        found.append(Evidence(start, end, document.raw[start:end], reason.why))
    return tuple(found)
