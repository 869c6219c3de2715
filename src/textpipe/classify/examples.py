"""The labelled sentence most like another one: what the model may have learned a label from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from textpipe.classify.context import Batch, make_batch
from textpipe.classify.features import words_of
from textpipe.classify.labelled import Labelled
from textpipe.classify.model import Model
from textpipe.classify.signals import load_signals
from textpipe.codebook import Codebook
from textpipe.lexicon import Lexicon

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled sentence, its article, and its similarity: the cosine over words and characters."""

    document: str
    text: str
    similarity: float


class Examples:
    """Labelled articles as vectors, to find the nearest sentence that holds a label."""

    def __init__(
        self, articles: Sequence[Labelled], codebook: Codebook, model: Model, lexicon: Lexicon
    ) -> None:
        self._model, self._lexicon = model, lexicon
        batch = make_batch([article.document for article in articles], load_signals(codebook))
        self._vectors = self._encode(batch)
        self._texts = [batch.text(unit.row) for unit in batch.units]
        self._documents = [articles[unit.document].document.id for unit in batch.units]
        self._codes = [articles[unit.document].codes[unit.place] for unit in batch.units]

    def _encode(self, batch: Batch) -> Any:
        """Words and characters of the units, each row of length one."""
        encoder = self._model.encoder
        features = encoder.encode(batch, words_of(batch, encoder, self._lexicon))
        vectors = features[:, : encoder.offsets["context"]]
        lengths = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
        return vectors.multiply(1 / np.maximum(lengths, 1e-9)[:, None]).tocsr()

    def nearest(self, batch: Batch, pairs: Sequence[Sequence[Pair]]) -> list[dict[Pair, Example]]:
        """For each unit of a batch and each of its labels, the nearest other sentence with it."""
        similar = np.asarray((self._encode(batch) @ self._vectors.T).todense())
        found: list[dict[Pair, Example]] = []
        for row, (unit, own) in enumerate(zip(batch.units, pairs, strict=True)):
            text, best = batch.text(unit.row), {}
            order = np.argsort(-similar[row], kind="stable").tolist()
            for axis, id in own:
                number = next(
                    (
                        n
                        for n in order
                        if id in self._codes[n].get(axis, ()) and self._texts[n] != text
                    ),
                    None,
                )
                if number is not None:
                    value = round(float(similar[row, number]), 2)
                    best[axis, id] = Example(self._documents[number], self._texts[number], value)
            found.append(best)
        return found
