"""The stage `classify`: fills the labels of every sentence to code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np

from textpipe.classify.context import Batch, Numbers, make_batch
from textpipe.classify.corrections import corrected, load_corrections
from textpipe.classify.decide import (
    HEADING_PROBABILITY,
    NO,
    RULE_PROBABILITY,
    TITLE_PROBABILITY,
    Costs,
    Decider,
    Values,
)
from textpipe.classify.evidence import REASONS, Reasons, Spans
from textpipe.classify.features import Floats, Words, words_of
from textpipe.classify.model import Model, load_model
from textpipe.classify.party import parties_of
from textpipe.classify.signals import load_signals
from textpipe.codebook import Codebook, load_codebook
from textpipe.columns import columns_of_document
from textpipe.labels import ORIGINS, LabelColumns
from textpipe.lexicon import load_lexicon
from textpipe.ranges import bounds_of
from textpipe.records import Document


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

    def probabilities(self, documents: Sequence[Document]) -> tuple[Batch, Values]:
        """The units of the documents and the probabilities of the codebook's labels for each (units x
        labels), below 0 where nothing speaks for a label."""
        batch, _, probabilities = self._predicted(documents)
        return batch, probabilities

    def _predicted(self, documents: Sequence[Document]) -> tuple[Batch, Words | None, Values]:
        codebook, model = self.loaded_codebook(), self.loaded_model()
        batch = make_batch(documents, load_signals(codebook))
        words = words_of(batch, model.encoder, load_lexicon()) if model else None
        return batch, words, _probabilities(batch, codebook, model, words)

    def __call__(self, documents: Sequence[Document]) -> list[Document]:
        """Label the body sentences and list items; each batch is predicted at once."""
        codebook, model = self.loaded_codebook(), self.loaded_model()
        batch, words, probabilities = self._predicted(documents)
        values, decisions = Decider(codebook, self.costs).decide(probabilities)
        units, labels = np.nonzero(decisions != NO)
        by_term, spans = Reasons(batch, codebook, model, words).find(units, labels)
        choice = np.array([axis.choose == "one" for axis, _ in codebook.pairs()], dtype=np.bool_)
        parties = np.where(choice[labels], parties_of(batch, codebook)[units] + 1, 0)
        columns = LabelColumns(
            pairs=codebook.names(),
            parties=["", *(party.id for party in codebook.parties)],
            reasons=REASONS,
            pair=labels,
            probability=values[units, labels].astype(np.float64).round(4),
            decision=decisions[units, labels].astype(np.int64),
            origin=np.where(by_term, ORIGINS.index("rule"), ORIGINS.index("model")),
            party=parties,
            evidence=np.searchsorted(spans.asked, np.arange(len(units) + 1)),
            **_in_raw(spans, batch.document[units], documents),
        )
        done = _labelled(documents, batch, columns, np.bincount(units, minlength=len(batch.row)))
        if self.corrections is None:
            return done
        corrections = load_corrections(self.corrections, codebook)
        return [corrected(d, codebook, corrections) for d in done]


def _in_raw(spans: Spans, document: Numbers, documents: Sequence[Document]) -> dict[str, Numbers]:
    """The places of the evidence in the raw texts; `document`: of each label."""
    start, end, of = spans.start.copy(), spans.end.copy(), document[spans.asked]
    for number, one in enumerate(documents):
        if one.alignment.starts is not None and one.alignment.ends is not None:
            own = slice(*np.searchsorted(of, [number, number + 1]))
            start[own] = np.asarray(one.alignment.starts)[start[own]]
            end[own] = np.asarray(one.alignment.ends)[end[own] - 1]
    return {"start": start, "end": end, "why": spans.why}


def _labelled(
    documents: Sequence[Document], batch: Batch, columns: LabelColumns, counts: Numbers
) -> list[Document]:
    """The documents with the labels of their sentences; `counts`: of each unit's among the columns."""
    each = [columns_of_document(document) for document in documents]
    of_rows = np.zeros(len(batch.start), dtype=np.int64)
    of_rows[batch.row] = counts
    bounds = bounds_of(of_rows)
    done, row = [], 0
    for document, own in zip(documents, each, strict=True):
        last = row + len(own)
        filled = replace(own, labels=columns, label_bounds=bounds[row : last + 1])
        done.append(document._replace(sentences=filled))
        row = last + bool(document.title)
    return done


def _reconciled(matrix: Floats, model: Model, codebook: Codebook) -> Floats:
    """The probabilities, where a label was likelier than the parent that it implies: both get the
    geometric mean of the two (micro-F1 on the development set: pillars .84 to .87, sections .80 to
    .83, against letting the label raise its parent)."""
    columns = [model.columns.get(name) for name in codebook.names()]
    pairs = [(columns[own], columns[implied]) for own, implied in codebook.implied()]
    children = [child for child, parent in pairs if child is not None and parent is not None]
    parents = [parent for child, parent in pairs if child is not None and parent is not None]
    result, own, implied = matrix.copy(), matrix[:, children], matrix[:, parents]
    above, mean = own > implied, np.sqrt(own * implied)
    result[:, children] = np.where(above, mean, own)
    mean[~above] = 0
    for parent in set(parents):
        of = [n for n, other in enumerate(parents) if other == parent]
        result[:, parent] = np.maximum(result[:, parent], mean[:, of].max(axis=1))
    return result


def _probabilities(
    batch: Batch, codebook: Codebook, model: Model | None, words: Words | None
) -> Values:
    """The probabilities of the codebook's labels for each unit, -1 where nothing speaks for one."""
    pairs = codebook.names()
    own = batch.hits.name < len(pairs)
    row, label, is_title = batch.hits.row[own], batch.hits.name[own], batch.hits.is_title[own]
    stands, title = (np.zeros((len(batch.start) + 1, len(pairs)), dtype=np.bool_) for _ in range(2))
    stands[row, label], title[row[is_title], label[is_title]] = True, True
    if model is None or words is None:
        return np.where(stands[batch.row], np.float32(RULE_PROBABILITY), np.float32(-1))
    result = np.full((len(batch.row), len(pairs)), -1, dtype=np.float32)
    if len(result):
        choice = [axis.id for axis in codebook.axes if axis.choose == "one"]
        scores = model.scores(batch, words)
        matrix = _reconciled(model.probabilities(scores, batch.document, choice), model, codebook)
        known = [n for n, pair in enumerate(pairs) if pair in model.columns]
        result[:, known] = matrix[:, [model.columns[pairs[n]] for n in known]]
    reading = np.array([axis.reads_headings for axis, _ in codebook.pairs()], dtype=np.bool_)
    both = stands[batch.row] & stands[batch.heading] & reading
    for least, where in ((HEADING_PROBABILITY, both), (TITLE_PROBABILITY, title[batch.row])):
        at = np.nonzero(where)
        result[at] = np.maximum(result[at], np.float32(least))
    return result
