"""Which characters carried a label, and who says so."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from textpipe.classify.context import NOWHERE, Batch, Unit
from textpipe.classify.features import LONGEST_RUN, run_key
from textpipe.classify.model import Model
from textpipe.classify.signals import Hit
from textpipe.codebook import Codebook
from textpipe.lexicon import Lexicon, stop_words
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
        self._batch, self._model, self._lexicon = batch, model, lexicon
        self._word_ids = model.encoder.word_ids if model else {}
        self._row, self._row_words = NOWHERE, list[tuple[int, int, int]]()
        self._parents = {
            (axis.id, label.id): (axis.parent_axis or "", label.parent or "")
            for axis, label in codebook.pairs()
        }

    def find(self, unit: Unit, pair: Pair) -> tuple[Origin, list[Reason]]:
        """The origin of a label and its reasons: terms, else the words that weigh most; context."""
        batch = self._batch
        sentence = batch.rows[unit.row]
        terms = self._terms(batch.hits[unit.row], pair, "codebook term")
        reasons = terms or self._words(unit, pair) or self._characters(sentence, pair)
        if unit.heading != NOWHERE:
            reasons = reasons + self._terms(batch.hits[unit.heading], pair, "heading above")
        if not reasons:
            reasons = [Reason(sentence.start, sentence.end, "whole sentence")]
        return ("rule" if terms else "model"), reasons

    def _terms(self, hits: Sequence[Hit], pair: Pair, why: str) -> list[Reason]:
        """The label's own terms and those of the labels that imply it."""
        parents = self._parents
        found = {
            Reason(hit.start, hit.end, why)
            for hit in hits
            if (own := (hit.axis, hit.id)) == pair or parents.get(own) == pair
        }
        return sorted(found)

    def _words(self, unit: Unit, pair: Pair) -> list[Reason]:
        """The content words with the greatest positive weights, neighbours joined."""
        column = self._model.columns.get(pair) if self._model else None
        if self._model is None or column is None:
            return []
        values = self._model.word_values[column]
        words = self._content_words(unit.row)
        scored = sorted((-values[n], start, end) for n, start, end in words if values[n] > 0)
        best = sorted((start, end) for _, start, end in scored[:MOST_WORDS])
        return [Reason(start, end, "word weight") for start, end in _joined(best)]

    def _content_words(self, row: int) -> list[tuple[int, int, int]]:
        """Number, start and end of the words of a row that the model knows and that say something."""
        if row != self._row:
            ids, feature, stop = self._word_ids, self._lexicon.feature_words, stop_words()
            self._row = row
            self._row_words = [
                (number, token.start, token.start + len(token.text))
                for token in self._batch.rows[row].tokens
                if (number := ids.get(feature[token.text])) is not None
                and len(token.text) > 1
                and token.text not in stop
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
