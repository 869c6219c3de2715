"""Sentences to numbers: own words and characters, what surrounds them, what the codebook says.

Blocks, in the order of the columns, each of L2 length one before its weight: `words` of the
sentence (by their preferred term), `characters` (runs of one to three), `context` (words of the
neighbouring sentences), `heading` (words of the heading above), and `signals`: the labels and cues
whose terms stand in the sentence, its heading, the title, the sentence before, the one after.
Everything is computed for a whole batch at once; words are looked up once a sentence.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from textpipe.classify.context import NOWHERE, Batch
from textpipe.classify.signals import PARTY
from textpipe.folding import fold
from textpipe.lexicon import Lexicon, Memory
from textpipe.records import Sentence

Floats = NDArray[np.float32]
Keys = NDArray[np.int64]
BLOCKS = ("words", "characters", "context", "heading", "signals")
WEIGHTS = {"words": 1.0, "characters": 1.0, "context": 0.4, "heading": 0.4, "signals": 0.5}
SIGNAL_PLACES = ("row", "heading", "title", "previous", "following")
LONGEST_RUN = 3
MINIMUM_COUNT = {"words": 2, "characters": 3}
_CODE_BITS = 21


@dataclass(frozen=True, eq=False)
class Encoder:
    """Turns batches into feature matrices, with the vocabularies that training fixed.

    `words`, `signals`: the features' names; `runs`: sorted keys of the character runs;
    `word_idf`, `run_idf`: their inverse document frequencies.
    """

    words: list[str]
    runs: Keys
    signals: list[str]
    word_idf: Floats
    run_idf: Floats

    @cached_property
    def word_ids(self) -> dict[str, int]:
        """The number of each word."""
        return {word: number for number, word in enumerate(self.words)}

    @cached_property
    def signal_ids(self) -> dict[str, int]:
        """The number of each signal."""
        return {name: number for number, name in enumerate(self.signals)}

    @cached_property
    def offsets(self) -> dict[str, int]:
        """The first column of each block, and the number of columns under "end"."""
        words, runs = len(self.words), len(self.runs)
        sizes = [words, runs, words, words, len(self.signals) * len(SIGNAL_PLACES)]
        starts = np.cumsum([0, *sizes]).tolist()
        return dict(zip((*BLOCKS, "end"), starts, strict=True))

    def encode(self, batch: Batch, lexicon: Lexicon) -> Any:
        """The features of the batch's units (units x columns, sparse)."""
        counts = self._words(batch.rows, lexicon)
        signals = _counts(
            [{self.signal_ids[n] for n in _names(hits)} for hits in batch.hits], len(self.signals)
        )
        near = _pick(batch, "previous", counts) + _pick(batch, "following", counts)
        texts = [batch.rows[unit.row].text for unit in batch.units]
        blocks = {
            "words": _weighted(_pick(batch, "row", counts), self.word_idf),
            "characters": _weighted(self._runs(texts), self.run_idf),
            "context": _weighted(near, self.word_idf),
            "heading": _weighted(_pick(batch, "heading", counts), self.word_idf),
            "signals": sparse.hstack([_pick(batch, p, signals) for p in SIGNAL_PLACES]),
        }
        weighted = [blocks[name] * np.float32(WEIGHTS[name]) for name in BLOCKS]
        return sparse.hstack(weighted, format="csr", dtype=np.float32)

    def _words(self, rows: Sequence[Sentence], lexicon: Lexicon) -> Any:
        number = word_numbers(self, lexicon).__getitem__
        lengths = np.array([len(row.tokens.words) for row in rows], dtype=np.int64)
        words = chain.from_iterable(row.tokens.words for row in rows)
        numbers = np.fromiter(map(number, words), np.int32, count=int(lengths.sum()))
        known = numbers >= 0
        bounds = np.concatenate([[0], np.cumsum(known)])[np.concatenate([[0], np.cumsum(lengths)])]
        return _matrix(numbers[known], bounds, len(self.words))

    def _runs(self, texts: Sequence[str]) -> Any:
        rows, keys = character_runs(texts)
        columns = np.searchsorted(self.runs, keys)
        columns[columns == len(self.runs)] = 0
        known = self.runs[columns] == keys if len(self.runs) else np.zeros(len(keys), dtype=bool)
        rows, columns = rows[known], columns[known]
        ones = np.ones(len(rows), dtype=np.float32)
        matrix = sparse.coo_matrix((ones, (rows, columns)), shape=(len(texts), len(self.runs)))
        return matrix.tocsr()


def fit_encoder(batch: Batch, lexicon: Lexicon) -> Encoder:
    """The encoder for a training batch: what stands in enough of its units."""
    sentences = [batch.rows[unit.row] for unit in batch.units]
    found = Counter(w for s in sentences for w in set(_words(s, lexicon)))
    words = sorted(w for w, count in found.items() if count >= MINIMUM_COUNT["words"])
    rows, keys = character_runs([s.text for s in sentences])
    pairs = np.unique(np.stack([keys, rows.astype(np.int64)]), axis=1)
    runs, run_counts = np.unique(pairs[0], return_counts=True)
    common = run_counts >= MINIMUM_COUNT["characters"]
    names = sorted({name for hits in batch.hits for name in _names(hits)})
    size = len(sentences)
    return Encoder(
        words,
        runs[common],
        names,
        _idf(np.array([found[w] for w in words]), size),
        _idf(run_counts[common], size),
    )


def _idf(document_counts: NDArray[Any], size: int) -> Floats:
    return (np.log((1 + size) / (1 + document_counts)) + 1).astype(np.float32)


def _words(sentence: Sentence, lexicon: Lexicon) -> list[str]:
    feature = lexicon.feature_words
    return [feature[word] for word in sentence.tokens.words if not word.isspace()]


@cache
def word_numbers(encoder: Encoder, lexicon: Lexicon) -> Memory[int]:
    """Any word to the number of its feature, -1 where the encoder does not know it."""
    ids, feature = encoder.word_ids, lexicon.feature_words
    return Memory(lambda word: ids.get(feature[word], -1))


def _names(hits: Sequence[Any]) -> set[str]:
    return {f"{hit.axis}:{hit.id}" for hit in hits if hit.axis != PARTY}


def _counts(features: Sequence[Any], size: int) -> Any:
    """A matrix of counts from the feature numbers of each row."""
    lengths = [len(row) for row in features]
    columns = np.fromiter(chain.from_iterable(features), dtype=np.int32, count=sum(lengths))
    return _matrix(columns, np.concatenate([[0], np.cumsum(lengths)]), size)


def _matrix(columns: NDArray[np.int32], bounds: NDArray[Any], size: int) -> Any:
    ones = np.ones(len(columns), dtype=np.float32)
    shape = (len(bounds) - 1, size)
    matrix = sparse.csr_matrix((ones, columns, bounds.astype(np.int32)), shape=shape)
    matrix.sum_duplicates()
    return matrix


def _pick(batch: Batch, place: str, matrix: Any) -> Any:
    """For each unit the matrix's row of a place; an empty row where there is none."""
    rows = np.array([getattr(unit, place) for unit in batch.units], dtype=np.int64)
    there = np.flatnonzero(rows != NOWHERE)
    ones = np.ones(len(there), dtype=np.float32)
    shape = (len(rows), matrix.shape[0])
    return sparse.csr_matrix((ones, (there, rows[there])), shape=shape) @ matrix


def _weighted(counts: Any, idf: Floats) -> Any:
    """1 + ln(count) times idf, each row of length one."""
    values = sparse.csr_matrix(counts, dtype=np.float32)
    values.data = (1 + np.log(values.data)) * idf[values.indices]
    lengths = np.sqrt(np.add.reduceat(np.append(values.data**2, 0), values.indptr[:-1]))
    lengths[np.diff(values.indptr) == 0] = 1
    values.data /= np.repeat(lengths, np.diff(values.indptr)).astype(np.float32)
    return values


def character_runs(texts: Sequence[str]) -> tuple[NDArray[np.int32], Keys]:
    """The runs of one to three characters in each text: rows and keys, in no special order.

    A key holds the folded code points of a run, 21 bits each.
    """
    folded = [fold(text) for text in texts]
    points = np.frombuffer("".join(folded).encode("utf-32-le", "replace"), dtype=np.uint32)
    codes: Keys = points.astype(np.int64)
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in folded])
    keys, found_rows, found_keys = codes, [rows], [codes]
    for length in range(2, LONGEST_RUN + 1):
        keys = (keys[:-1] << _CODE_BITS) | codes[length - 1 :]
        within = rows[: len(keys)] == rows[length - 1 :]
        found_rows.append(rows[: len(keys)][within])
        found_keys.append(keys[within])
    return np.concatenate(found_rows), np.concatenate(found_keys)


def run_key(text: str) -> int:
    """The key of one run of characters, folded."""
    key = 0
    for character in fold(text):
        key = (key << _CODE_BITS) | ord(character)
    return key
