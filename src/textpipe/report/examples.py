"""Example sentences for findings: those that a label is surest of, each used once in a report."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from textpipe.records import Document, Sentence
from textpipe.report.results import Results

SHORTEST, LONGEST = 16, 90
"""Characters of a good example: shorter ones say little by themselves, longer ones fill a page."""


class Example(NamedTuple):
    """A sentence as it stands in the source, and the article it comes from."""

    document: Document
    number: int
    text: str


class Examples:
    """Gives examples, no sentence and, while others can be had, no article twice."""

    def __init__(self, results: Results) -> None:
        self._documents = results.documents
        self._used: set[tuple[str, int]] = set()
        self._articles: set[str] = set()

    def of(self, *labels: tuple[str, str]) -> Example | None:
        """The sentence that surely has all the labels, with the highest product of probabilities."""

        def score(sentence: Sentence) -> float:
            product = 1.0
            for axis, id in labels:
                found = [x for x in sentence.labels if (x.axis, x.id) == (axis, id)]
                if not found or found[0].decision != "yes":
                    return 0.0
                product *= found[0].probability
            return product

        return self._best(score)

    def said_by(self, role: str) -> Example | None:
        """The sentence by a kind of speaker whose labels are surest."""

        def score(sentence: Sentence) -> float:
            if sentence.speaker is None or sentence.speaker.role != role:
                return 0.0
            return max((x.probability for x in sentence.labels if x.decision == "yes"), default=0.0)

        return self._best(score)

    def _best(self, score: Callable[[Sentence], float]) -> Example | None:
        candidates = list(self._candidates(score))
        if not candidates:
            return None
        *_, place, number = min(candidates)
        document = self._documents[place]
        self._used.add((document.id, number))
        self._articles.add(document.id)
        start, end = document.raw_span(document.sentences[number])
        return Example(document, number, " ".join(document.raw[start:end].split()))

    def _candidates(
        self, score: Callable[[Sentence], float]
    ) -> Iterator[tuple[bool, bool, float, int, int]]:
        """What to choose by, the best the least: length, article not used yet, score; and where."""
        for place, document in enumerate(self._documents):
            for number, sentence in enumerate(document.sentences):
                if sentence.is_coded and (document.id, number) not in self._used:
                    value = round(score(sentence), 4)
                    if value:
                        is_good = SHORTEST <= len(sentence.text) <= LONGEST
                        used = document.id in self._articles
                        yield not is_good, used, -value, place, number
