"""Which characters carried a label, and who says so."""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textpipe.classify.context import NOWHERE, Batch, Unit
from textpipe.classify.features import LONGEST_RUN, run_key, word_numbers
from textpipe.classify.model import Model
from textpipe.codebook import Codebook
from textpipe.lexicon import Lexicon, Memory, stop_words
from textpipe.records import Document, Evidence, Origin

MOST_WORDS = 3
Pair = tuple[str, str]
Positions = NDArray[np.int64]


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
        self._columns = model.columns if model else {}
        self._spans_of: dict[int, dict[Pair, set[tuple[int, int]]]] = {}
        self._parents = {
            (axis.id, label.id): (axis.parent_axis, label.parent)
            for axis, label in codebook.pairs()
            if axis.parent_axis is not None and label.parent is not None
        }

    def find(self, wanted: Sequence[tuple[Unit, Pair]]) -> list[tuple[Origin, list[Reason]]]:
        """For labels of units the origin and the reasons: terms, else the words that weigh most, else
        characters; then the heading's terms."""
        terms = [self._terms(unit.row, pair, "codebook term") for unit, pair in wanted]
        asked = [
            number
            for number, (_, pair) in enumerate(wanted)
            if not terms[number] and pair in self._columns
        ]
        rows = np.array([wanted[number][0].row for number in asked], dtype=np.int64)
        columns = np.array([self._columns[wanted[number][1]] for number in asked], dtype=np.int64)
        words = dict(zip(asked, self._words(rows, columns), strict=True))
        found: list[tuple[Origin, list[Reason]]] = []
        for number, (unit, pair) in enumerate(wanted):
            own = terms[number] or words.get(number) or self._characters(unit, pair)
            if unit.heading != NOWHERE:
                own = own + self._terms(unit.heading, pair, "heading above")
            if not own:
                sentence = self._batch.rows[unit.row]
                own = [Reason(sentence.start, sentence.end, "whole sentence")]
            found.append(("rule" if terms[number] else "model", own))
        return found

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

    def _words(self, rows: Positions, columns: Positions) -> list[list[Reason]]:
        """For labels (columns of the model) of rows the content words with the greatest positive
        weights, neighbours joined."""
        reasons: list[list[Reason]] = [[] for _ in rows]
        if self._model is None or not reasons:
            return reasons
        numbers, starts, ends, bounds = self._content_words()
        counts = np.diff(bounds)[rows]
        asked = np.repeat(np.arange(len(rows)), counts)
        first = np.cumsum(counts) - counts
        places = np.arange(len(asked)) + np.repeat(bounds[rows] - first, counts)
        values = self._model.word_values[numbers[places], columns[asked]]
        above = values > 0
        asked, places, values = asked[above], places[above], values[above]
        order = np.lexsort((places, -values, asked))
        asked, places = asked[order], places[order]
        rank = np.arange(len(asked)) - np.searchsorted(asked, asked)
        asked, places = asked[rank < MOST_WORDS], places[rank < MOST_WORDS]
        order = np.lexsort((places, asked))
        asked, places = asked[order], places[order]
        for number, start, end in zip(
            asked.tolist(), starts[places].tolist(), ends[places].tolist(), strict=True
        ):
            own = reasons[number]
            if own and own[-1].end == start:
                start = own.pop().start
            own.append(Reason(start, end, "word weight"))
        return reasons

    def _content_words(self) -> tuple[Positions, Positions, Positions, Positions]:
        """Number, start and end of the words of all rows that the model knows and that say something,
        and the bounds of the rows among them."""
        assert self._model is not None
        number = content_numbers(self._model, self._lexicon).__getitem__
        tokens = [row.tokens for row in self._batch.rows]
        words = list(chain.from_iterable(t.words for t in tokens))
        sizes = np.array([len(t.words) for t in tokens], dtype=np.int64)
        numbers = np.fromiter(map(number, words), np.int64, len(words))
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        ends, bounds = np.cumsum(lengths), np.concatenate([[0], np.cumsum(sizes)])
        before = np.concatenate([[0], ends])[bounds[:-1]]
        ends += np.repeat(np.array([t.start for t in tokens], dtype=np.int64) - before, sizes)
        known = numbers >= 0
        bounds = np.concatenate([[0], np.cumsum(known)])[bounds]
        return numbers[known], (ends - lengths)[known], ends[known], bounds

    def _characters(self, unit: Unit, pair: Pair) -> list[Reason]:
        """The run of two or three characters with the greatest positive weight."""
        sentence, column = self._batch.rows[unit.row], self._columns.get(pair)
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


def to_evidence(document: Document, reasons: Sequence[Reason]) -> tuple[Evidence, ...]:
    """Reasons as evidence: spans of the raw text, with the text that stands there."""
    raw, to_raw = document.raw, document.alignment.to_raw
    spans = [(*to_raw(start, end), why) for start, end, why in reasons]
    return tuple([Evidence(start, end, raw[start:end], why) for start, end, why in spans])
