"""Which characters carried a label, and who says so."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textpipe.classify.context import NOWHERE, Batch
from textpipe.classify.features import Words
from textpipe.classify.model import Model
from textpipe.classify.runs import LONGEST_RUN, Rows, run_key
from textpipe.codebook import Codebook
from textpipe.ranges import ordered, ranges

MOST_WORDS = 3
REASONS = (
    "codebook term",
    "word weight",
    "character weight",
    "heading above",
    "whole sentence",
)
TERM, WORD, CHARACTER, HEADING, WHOLE = range(len(REASONS))
_FALLING = np.int32(0x7FFFFFFF)
"""Less the bits of a positive number of 32 bits, which rise with it, a number that falls with it."""
Positions = NDArray[np.int64]


class Spans(NamedTuple):
    """Evidence for labels, in offsets of the normalized texts: for each span which of the labels asked for
    it speaks for, where it stands, and why it does (counts in `REASONS`)."""

    asked: Positions
    start: Positions
    end: Positions
    why: Positions


class Reasons:
    """Finds the evidence for labels of a codebook in a batch."""

    def __init__(
        self, batch: Batch, codebook: Codebook, model: Model | None, words: Words | None
    ) -> None:
        self._batch, self._model, self._known = batch, model, words
        names, columns = codebook.names(), model.columns if model else {}
        self._labels = len(names)
        self._columns = np.array([columns.get(name, -1) for name in names], dtype=np.int64)
        parents = np.full(len(batch.hits.names), -1)
        for child, parent in codebook.implied():
            parents[child] = parent
        self._terms = _sorted_terms(batch, parents, self._labels)

    def find(self, units: Positions, labels: Positions) -> tuple[NDArray[np.bool_], Spans]:
        """For labels (of the codebook, by number) of units whether a term speaks for each, and the evidence:
        terms, else the words that weigh most, else characters; then the heading's terms."""
        rows, headings = self._batch.row[units], self._batch.heading[units]
        columns = self._columns[labels]
        is_known = columns >= 0
        has_any = np.zeros(len(units), dtype=np.bool_)

        def noted(spans: Spans) -> Spans:
            has_any[spans.asked] = True
            return spans

        found = [noted(self._found_terms(rows, labels, TERM))]
        has_term = has_any.copy()
        found.append(noted(self._words(np.flatnonzero(~has_any & is_known), rows, columns)))
        found.append(noted(self._characters(np.flatnonzero(~has_any & is_known), rows, columns)))
        found.append(noted(self._found_terms(headings, labels, HEADING)))
        found.append(self._whole(np.flatnonzero(~has_any), rows))
        spans = Spans(*map(np.concatenate, zip(*found, strict=True)))
        order = np.argsort(spans.asked, kind="stable")
        return has_term, Spans(*(column[order] for column in spans))

    def _found_terms(self, rows: Positions, labels: Positions, why: int) -> Spans:
        """The labels' own terms in rows and those of the labels that imply them."""
        keys, starts, ends = self._terms
        wanted = np.where(rows == NOWHERE, NOWHERE, rows * self._labels + labels)
        first = np.searchsorted(keys, wanted)
        counts = np.searchsorted(keys, wanted, "right") - first
        places = ranges(first, counts)
        asked = np.repeat(np.arange(len(rows)), counts)
        return Spans(asked, starts[places], ends[places], np.full(len(asked), why))

    def _words(self, asked: Positions, rows: Positions, columns: Positions) -> Spans:
        """For each label (column of the model) that is asked the content words of its row with the greatest
        positive weights, neighbours joined."""
        if self._model is None or self._known is None or not len(asked):
            return _NONE
        words, starts, ends, bounds = self._content_words(self._known)
        counts = np.diff(bounds)[rows[asked]]
        places, asked = ranges(bounds[rows[asked]], counts), np.repeat(asked, counts)
        values = self._model.word_values[words[places], columns[asked]]
        above = values > 0
        asked, places, values = asked[above], places[above], values[above]
        order = ordered(asked, _FALLING - values.view(np.int32))
        asked, places = asked[order], places[order]
        rank = np.arange(len(asked)) - np.searchsorted(asked, asked)
        asked, places = asked[rank < MOST_WORDS], places[rank < MOST_WORDS]
        order = ordered(asked, places)
        asked, starts, ends = asked[order], starts[places[order]], ends[places[order]]
        joined = (asked[1:] == asked[:-1]) & (ends[:-1] == starts[1:])
        first, last = np.append(True, ~joined)[: len(asked)], np.append(~joined, True)[: len(asked)]
        return Spans(asked[first], starts[first], ends[last], np.full(first.sum(), WORD))

    def _content_words(self, known: Words) -> tuple[Rows, Positions, Positions, Positions]:
        """Number, start and end of the words of all rows that the model knows and that say something,
        and the bounds of the rows among them."""
        bounds = self._batch.word_bounds
        ends = np.concatenate([[0], np.cumsum(known.lengths, dtype=np.int64)])
        counts = np.flatnonzero((known.numbers >= 0) & known.is_content)
        own: Positions = np.searchsorted(counts, bounds)
        moved = np.repeat(self._batch.start - ends[bounds[:-1]], np.diff(own))
        ends = ends[counts + 1] + moved
        return known.numbers[counts], ends - known.lengths[counts], ends, own

    def _characters(self, asked: Positions, rows: Positions, columns: Positions) -> Spans:
        """For each label that is asked the run of characters with the greatest positive weight."""
        found = [(n, *self._best_run(rows[n], columns[n])) for n in asked.tolist()]
        own = np.array([one for one in found if one[2] > one[1]], dtype=np.int64).reshape(-1, 3)
        return Spans(own[:, 0], own[:, 1], own[:, 2], np.full(len(own), CHARACTER))

    def _whole(self, asked: Positions, rows: Positions) -> Spans:
        """For each label that is asked its whole sentence."""
        starts, ends = self._batch.start[rows[asked]], self._batch.end[rows[asked]]
        return Spans(asked, starts, ends, np.full(len(asked), WHOLE))

    def _best_run(self, row: int, column: int) -> tuple[int, int]:
        """The run of two or three characters with the greatest positive weight; empty if there is none."""
        assert self._model is not None
        encoder, weights = self._model.encoder, self._model.weights[:, column]
        text, first = self._batch.text(row), encoder.offsets["characters"]
        best = (0.0, 0, 0)
        for size in range(2, LONGEST_RUN + 1):
            for start in range(len(text) - size + 1):
                number = encoder.run_ids.get(run_key(text[start : start + size]))
                if number is not None:
                    best = max(best, (float(weights[first + number]), -start, size))
        start = int(self._batch.start[row]) - best[1]
        return start, start + best[2]


_NONE = Spans(*(np.zeros(0, dtype=np.int64) for _ in range(4)))


def _sorted_terms(
    batch: Batch, parents: Positions, labels: int
) -> tuple[Positions, Positions, Positions]:
    """Keys (row times labels, plus label), starts and ends of the terms in the rows, those of the labels
    that imply a label included, each once and in order."""
    hits = batch.hits
    implied = np.flatnonzero(parents[hits.name] >= 0)
    own = np.flatnonzero(hits.name < labels)
    of = np.concatenate([own, implied])
    names = np.concatenate([hits.name[own], parents[hits.name[implied]]])
    keys, starts, ends = hits.row[of] * labels + names, hits.start[of], hits.end[of]
    order = ordered(keys, starts, ends)
    keys, starts, ends = keys[order], starts[order], ends[order]
    first = np.ones(len(keys), dtype=np.bool_)
    first[1:] = (np.diff(keys) != 0) | (np.diff(starts) != 0) | (np.diff(ends) != 0)
    return keys[first], starts[first], ends[first]
