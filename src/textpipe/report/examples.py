"""Example sentences for findings: those that a label is surest of, each used once in a report."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textpipe.records import Head
from textpipe.report.results import Results

SHORTEST, LONGEST = 16, 90
"""Characters of a good example: shorter ones say little by themselves, longer ones fill a page."""

Scores = tuple[NDArray[np.int32], NDArray[np.float64]]
"""Places of sentences, in order, and a score for each."""
AT_ONCE = 500_000
"""Labels that are looked at at a time."""


class Example(NamedTuple):
    """A sentence as it stands in the source, and the article it comes from."""

    document: Head
    number: int
    text: str


class Examples:
    """Gives examples, no sentence and, while others can be had, no article twice.

    Labels are looked through as columns, not sentence by sentence (the brief of 280,000 sentences, under a
    profiler: 2.1 s by records, 1.3 s by columns).
    """

    def __init__(self, results: Results) -> None:
        self._corpus = own = results.corpus
        self._document, size = own.document[:], len(own.document)
        self._numbers = {pair: number for number, pair in enumerate(own.pairs)}
        self._surest = np.zeros(size)
        for part in self._parts():
            sure = ~own.is_unsure[part]
            np.maximum.at(self._surest, own.holder[part][sure], own.probability[part][sure])
        length = own.length[:]
        self._is_good = (length >= SHORTEST) & (length <= LONGEST)
        self._is_used = np.zeros(size, dtype=np.bool_)
        self._is_told = np.zeros(len(own.heads), dtype=np.bool_)

    def of(self, *labels: tuple[str, str]) -> Example | None:
        """The sentence that surely has all the labels, with the highest product of probabilities."""
        (places, scores), *others = map(self._sure, labels)
        for other, chances in others:
            places, own, its = np.intersect1d(places, other, return_indices=True)
            scores = scores[own] * chances[its]
        return self._best(places, scores)

    def _sure(self, label: tuple[str, str]) -> Scores:
        """The sentences that surely have a label, and how probable it is."""
        corpus, number = self._corpus, self._numbers.get(label, -1)
        holders, chances = [np.zeros(0, np.int32)], [np.zeros(0)]
        for part in self._parts():
            own = np.flatnonzero((corpus.pair[part] == number) & ~corpus.is_unsure[part])
            holders.append(corpus.holder[part][own])
            chances.append(corpus.probability[part][own])
        return np.concatenate(holders), np.concatenate(chances)

    def _parts(self) -> Iterator[slice]:
        """The labels some at a time."""
        for first in range(0, len(self._corpus.holder), AT_ONCE):
            yield slice(first, first + AT_ONCE)

    def said_by(self, role: str) -> Example | None:
        """The sentence by a kind of speaker whose labels are surest."""
        roles = self._corpus.roles
        number = roles.index(role) if role in roles else len(roles)
        places = np.flatnonzero(self._corpus.role[:] == number).astype(np.int32)
        return self._best(places, self._surest[places])

    def _best(self, places: NDArray[np.int32], scores: NDArray[np.float64]) -> Example | None:
        """The best of a good length, of an article not used yet, of the highest score; the first of these."""
        values = np.round(scores, 4)
        left = (values != 0) & ~self._is_used[places]
        if not left.any():
            return None
        corpus, places, values = self._corpus, places[left], values[left]
        is_told = self._is_told[self._document[places]]
        at = places[np.lexsort((places, -values, is_told, ~self._is_good[places]))[0]]
        self._is_used[at] = self._is_told[self._document[at]] = True
        place, number = int(self._document[at]), int(corpus.number[at : at + 1][0])
        text = corpus.articles.sentence(place, number)
        return Example(corpus.heads[place], number, " ".join(text.split()))
