"""Example sentences for findings: those that a label is surest of, each used once in a report."""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textpipe.columns import together
from textpipe.records import Document
from textpipe.report.results import Results

SHORTEST, LONGEST = 16, 90
"""Characters of a good example: shorter ones say little by themselves, longer ones fill a page."""

Scores = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Places of sentences, in order, and a score for each."""


class Example(NamedTuple):
    """A sentence as it stands in the source, and the article it comes from."""

    document: Document
    number: int
    text: str


class Examples:
    """Gives examples, no sentence and, while others can be had, no article twice.

    The labels of all sentences are looked at at once, not sentence by sentence (the brief of 280,000
    sentences, under a profiler: 2.1 s by records, 1.3 s so).
    """

    def __init__(self, results: Results) -> None:
        self._corpus = corpus = results.corpus
        own, size = corpus.labels, len(corpus.document)
        sure = np.flatnonzero(corpus.decided("yes") & corpus.is_coded[corpus.holder])
        sure = sure[np.argsort(own.pair[sure], kind="stable")]
        places, chances = corpus.holder[sure], own.probability[sure]
        bounds = np.searchsorted(own.pair[sure], np.arange(len(own.pairs) + 1))
        self._sure: dict[tuple[str, str], Scores] = {
            pair: (places[a:b], chances[a:b])
            for pair, a, b in zip(own.pairs, bounds, bounds[1:], strict=False)
        }
        self._surest = np.zeros(size)
        np.maximum.at(self._surest, places, chances)
        self._said = self._by_role()
        length = together(corpus.each, "end") - together(corpus.each, "start")
        self._is_good = (length >= SHORTEST) & (length <= LONGEST)
        self._is_used = np.zeros(size, dtype=np.bool_)
        self._is_told = np.zeros(len(corpus.documents), dtype=np.bool_)

    def _by_role(self) -> dict[str, list[int]]:
        """The sentences by each kind of speaker."""
        found: dict[str, list[int]] = defaultdict(list)
        for own, first in zip(self._corpus.each, self._corpus.bounds.tolist(), strict=False):
            for place, speaker in enumerate(own.speaker, first):
                if speaker:
                    found[speaker.role].append(place)
        return found

    def of(self, *labels: tuple[str, str]) -> Example | None:
        """The sentence that surely has all the labels, with the highest product of probabilities."""
        nowhere = np.zeros(0, dtype=np.int64), np.zeros(0)
        (places, scores), *others = (self._sure.get(label, nowhere) for label in labels)
        for other, chances in others:
            places, own, its = np.intersect1d(places, other, return_indices=True)
            scores = scores[own] * chances[its]
        return self._best(places, scores)

    def said_by(self, role: str) -> Example | None:
        """The sentence by a kind of speaker whose labels are surest."""
        places = np.array(self._said.get(role, []), dtype=np.int64)
        return self._best(places, self._surest[places])

    def _best(self, places: NDArray[np.int64], scores: NDArray[np.float64]) -> Example | None:
        """The best of a good length, of an article not used yet, of the highest score; the first of these."""
        values = np.array([round(score, 4) for score in scores.tolist()])
        left = (values != 0) & ~self._is_used[places]
        if not left.any():
            return None
        corpus, places, values = self._corpus, places[left], values[left]
        is_told = self._is_told[corpus.document[places]]
        at = places[np.lexsort((places, -values, is_told, ~self._is_good[places]))[0]]
        self._is_used[at] = self._is_told[corpus.document[at]] = True
        document, number = corpus.documents[corpus.document[at]], int(corpus.number[at])
        start, end = (int(column[at]) for column in corpus.spans)
        return Example(document, number, " ".join(document.raw[start:end].split()))
