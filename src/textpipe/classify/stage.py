"""The stage `classify`: fills the labels of every sentence to code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np

from textpipe.classify.context import NOWHERE, Batch, Unit, make_batch
from textpipe.classify.corrections import corrected, load_corrections
from textpipe.classify.decide import (
    HEADING_PROBABILITY,
    RULE_PROBABILITY,
    TITLE_PROBABILITY,
    Costs,
    Decider,
)
from textpipe.classify.evidence import Reasons, to_evidence
from textpipe.classify.features import Floats
from textpipe.classify.model import Model, load_model
from textpipe.classify.party import Parties
from textpipe.classify.signals import PARTY, load_signals
from textpipe.codebook import Codebook, load_codebook
from textpipe.lexicon import load_lexicon
from textpipe.records import Document, Label, Sentence

Pair = tuple[str, str]


@dataclass(frozen=True)
class Classify:
    """Codes sentences by the codebook's terms and a trained model.

    `codebook`, `model`: files, or the shipped ones; a codebook that the model was not trained
    for is coded by its terms alone. `cost_wrong`, `cost_missed`, `cost_review`: what a wrong
    label, a missed one and one for a person to read cost; each label's cheapest decision is taken.
    `corrections`: a CSV file of labels that a person gave instead.
    """

    codebook: Path | None = None
    model: Path | None = None
    cost_wrong: float = 1.0
    cost_missed: float = 2.4
    cost_review: float = 0.6
    corrections: Path | None = None

    reads: ClassVar[tuple[str, ...]] = ("text", "sentences", "tokens", "title")
    writes: ClassVar[tuple[str, ...]] = ("labels",)
    version: ClassVar[int] = 1

    def loaded_codebook(self) -> Codebook:
        """The codebook that these settings stand for."""
        return load_codebook(self.codebook)

    def loaded_model(self) -> Model | None:
        """The model, or None where it was trained for another codebook."""
        model = load_model(self.model)
        return model if model.codebook_id == self.loaded_codebook().id else None

    def resources(self) -> dict[str, str]:
        """The digests of the codebook and the model."""
        model = self.loaded_model()
        return {"codebook": self.loaded_codebook().digest, "model": model.digest if model else ""}

    @property
    def costs(self) -> Costs:
        """The costs of the decisions."""
        return Costs(self.cost_wrong, self.cost_missed, self.cost_review)

    def probabilities(
        self, documents: Sequence[Document], *, lowest: float = 0.0
    ) -> tuple[Batch, list[dict[Pair, float]]]:
        """The units of the documents and, for each, its labels with their probabilities; labels
        that stay below `lowest` may be left out."""
        codebook = self.loaded_codebook()
        batch = make_batch(documents, load_signals(codebook))
        return batch, _probabilities(batch, codebook, self.loaded_model(), lowest)

    def __call__(self, documents: Sequence[Document]) -> list[Document]:
        """Label the body sentences and list items; each batch is predicted at once."""
        codebook, model, costs = self.loaded_codebook(), self.loaded_model(), self.costs
        decider = Decider(codebook, costs)
        batch, rows = self.probabilities(documents, lowest=costs.unsure)
        decided = [decider.decide(row) for row in rows]
        wanted = [(u, pair) for u, own in zip(batch.units, decided, strict=True) for pair in own]
        reasons = iter(Reasons(batch, codebook, model, load_lexicon()).find(wanted))
        parties = Parties(batch, codebook)
        choice = {axis.id for axis in codebook.axes if axis.choose == "one"}
        found: list[dict[int, tuple[Label, ...]]] = [{} for _ in documents]
        for unit, verdicts in zip(batch.units, decided, strict=True):
            labels = []
            for (axis, id), (probability, decision) in verdicts.items():
                origin, own = next(reasons)
                evidence = to_evidence(documents[unit.document], own)
                party = parties.find(unit) if axis in choice else ""
                labels.append(
                    Label(axis, id, round(probability, 4), decision, origin, evidence, party)
                )
            found[unit.document][unit.index] = tuple(labels)
        done = [_labelled(d, own) for d, own in zip(documents, found, strict=True)]
        if self.corrections is None:
            return done
        corrections = load_corrections(self.corrections, codebook)
        return [corrected(d, codebook, corrections) for d in done]


def _labelled(document: Document, labels: dict[int, tuple[Label, ...]]) -> Document:
    sentences: list[Sentence] = [
        s._replace(labels=labels[i]) if labels.get(i) else s
        for i, s in enumerate(document.sentences)
    ]
    return replace(document, sentences=tuple(sentences))


def _reconciled(matrix: Floats, model: Model, codebook: Codebook) -> Floats:
    """The probabilities, where a label was likelier than the parent that it implies: both get the
    geometric mean of the two (micro-F1 on the development set: pillars .84 to .87, sections .80 to
    .83, against letting the label raise its parent)."""
    result = matrix.copy()
    for axis, label in codebook.pairs():
        child = model.columns.get((axis.id, label.id))
        parent = model.columns.get((axis.parent_axis or "", label.parent or ""))
        if child is not None and parent is not None:
            mean = np.sqrt(matrix[:, child] * matrix[:, parent])
            above = matrix[:, child] > matrix[:, parent]
            result[:, child] = np.where(above, mean, matrix[:, child])
            result[:, parent] = np.where(
                above, np.maximum(result[:, parent], mean), result[:, parent]
            )
    return result


def _rules(batch: Batch) -> list[set[Pair]]:
    """For each unit, the labels whose terms stand in it."""
    return [
        {(h.axis, h.id) for h in batch.hits[u.row] if h.axis not in ("", PARTY)}
        for u in batch.units
    ]


def _in_heading(batch: Batch, unit: Unit) -> set[Pair]:
    """The labels whose terms stand in the heading above a unit."""
    return {(h.axis, h.id) for h in batch.hits[unit.heading]} if unit.heading != NOWHERE else set()


def _probabilities(
    batch: Batch, codebook: Codebook, model: Model | None, lowest: float
) -> list[dict[Pair, float]]:
    """For each unit, the labels that can reach a threshold, with their probabilities."""
    rules = _rules(batch)
    if model is None:
        return [dict.fromkeys(own, RULE_PROBABILITY) for own in rules]
    rows: list[dict[Pair, float]] = [{} for _ in rules]
    if rows:
        choice = [axis.id for axis in codebook.axes if axis.choose == "one"]
        scores = model.scores(model.encoder.encode(batch, load_lexicon()))
        documents = np.array([unit.document for unit in batch.units])
        matrix = _reconciled(model.probabilities(scores, documents, choice), model, codebook)
        is_choice = np.array([axis in choice for axis, _ in model.labels])
        numbers, columns = np.nonzero((matrix >= lowest) | is_choice)
        values = matrix[numbers, columns].tolist()
        for number, column, value in zip(numbers.tolist(), columns.tolist(), values, strict=True):
            rows[number][model.labels[column]] = value
    reading = {axis.id for axis in codebook.axes if axis.reads_headings}
    for unit, own, row in zip(batch.units, rules, rows, strict=True):
        for pair in own & _in_heading(batch, unit):
            if pair[0] in reading:
                row[pair] = max(row.get(pair, 0.0), HEADING_PROBABILITY)
        for hit in batch.hits[unit.row]:
            if hit.is_title:
                row[hit.axis, hit.id] = max(row.get((hit.axis, hit.id), 0.0), TITLE_PROBABILITY)
    return rows
