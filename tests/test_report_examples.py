"""Example sentences: those that a label is surest of, each once."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from conftest import reported
from textpipe.records import Alignment, Document, Label, Sentence, Speaker
from textpipe.report.examples import LONGEST, SHORTEST, Example, Examples
from textpipe.report.results import Results

LABELS = [("areas", "power"), ("areas", "chips"), ("effects", "jobs")]
ROLES = ["boss", "expert"]


def document(number: int, chance: random.Random) -> Document:
    """A document of sentences of any length, label, decision and speaker."""
    text, sentences = "", []
    for _ in range(30):
        own = "字" * chance.choice((3, SHORTEST - 1, SHORTEST, 40, LONGEST, LONGEST + 1))
        labels = [
            Label(*pair, chance.choice((0.00001, 0.5, 0.8, 0.9)), chance.choice(("yes", "yes", "no", "unsure")), "model")
            for pair in chance.sample(LABELS, chance.randrange(4))
        ]  # fmt: skip
        speaker = Speaker("甲", chance.choice(ROLES), 0, 1) if chance.random() < 0.5 else None
        kind = chance.choice(("body", "heading", "list_item"))
        sentences.append(
            Sentence(len(text), own, kind, labels=tuple(labels), speaker=speaker)  # type: ignore[arg-type]
        )
        text += own
    return Document(
        f"d{number}", f"{number}.txt", text, text=text, alignment=Alignment(len(text), len(text)),
        sentences=tuple(sentences),
    )  # fmt: skip


class PlainExamples:
    """The reference: every sentence looked at for every example."""

    def __init__(self, documents: tuple[Document, ...]) -> None:
        self.documents = documents
        self.used: set[tuple[str, int]] = set()
        self.articles: set[str] = set()

    def of(self, *labels: tuple[str, str]) -> Example | None:
        def score(sentence: Sentence) -> float:
            sure = {(x.axis, x.id): x.probability for x in sentence.labels if x.decision == "yes"}
            product = 1.0
            for label in labels:
                product *= sure.get(label, 0.0)
            return product

        return self.best(score)

    def said_by(self, role: str) -> Example | None:
        def score(sentence: Sentence) -> float:
            if sentence.speaker is None or sentence.speaker.role != role:
                return 0.0
            return max((x.probability for x in sentence.labels if x.decision == "yes"), default=0.0)

        return self.best(score)

    def best(self, score: Callable[[Sentence], float]) -> Example | None:
        found: list[Any] = []
        for place, document in enumerate(self.documents):
            for number, sentence in enumerate(document.sentences):
                value = round(score(sentence), 4)
                if sentence.is_coded and (document.id, number) not in self.used and value:
                    is_good = SHORTEST <= len(sentence.text) <= LONGEST
                    found.append((not is_good, document.id in self.articles, -value, place, number))
        if not found:
            return None
        *_, place, number = min(found)
        document = self.documents[place]
        self.used.add((document.id, number))
        self.articles.add(document.id)
        return Example(document, number, document.sentences[number].text)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(5))
def test_examples_are_those_found_by_looking_at_every_sentence(seed: int) -> None:
    chance = random.Random(seed)
    documents = tuple(document(number, chance) for number in range(8))
    nothing: Any = None
    results = Results(reported(documents), nothing, nothing, (), nothing, ())
    own, plain = Examples(results), PlainExamples(documents)
    found = []
    for _ in range(60):
        if chance.random() < 0.3:
            role = chance.choice([*ROLES, "nobody"])
            found.append((own.said_by(role), plain.said_by(role)))
        else:
            pairs = chance.sample([*LABELS, ("areas", "none")], chance.randrange(1, 3))
            found.append((own.of(*pairs), plain.of(*pairs)))
    assert all((a and (a.document.id, *a[1:])) == (b and (b.document.id, *b[1:])) for a, b in found)
    assert {a is None for a, _ in found} == {True, False}
