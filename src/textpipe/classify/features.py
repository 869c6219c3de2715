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
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textpipe.classify.context import Batch
from textpipe.classify.runs import Rows, Runs, character_runs
from textpipe.classify.signals import PARTY, Hits
from textpipe.lexicon import Lexicon, Memory, stop_words
from textpipe.matching import folded
from textpipe.ranges import groups_of, ranges

Floats = NDArray[np.float32]
Keys = NDArray[np.int64]
BLOCKS = ("words", "characters", "context", "heading", "signals")
WEIGHTS = {"words": 1.0, "characters": 1.0, "context": 0.4, "heading": 0.4, "signals": 0.5}
SIGNAL_PLACES = 5
"""The sentence, its heading, the title, the sentence before, the one after."""
MINIMUM_COUNT = {"words": 2, "characters": 3}
_LENGTH_BITS = 32
_LENGTH_MASK = (1 << _LENGTH_BITS) - 1


class Block(NamedTuple):
    """Features of some sentences (sparse), and for each unit which of them is its own; None where they are
    the units' own. The last one is empty where a unit may have none (`NOWHERE`)."""

    features: Any
    rows: Keys | None


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
    def run_ids(self) -> dict[int, int]:
        """The number of each run of characters, by its key."""
        return {key: number for number, key in enumerate(self.runs.tolist())}

    @cached_property
    def signal_ids(self) -> dict[tuple[str, str], int]:
        """The number of each signal, by axis and id."""
        pairs = (name.split(":", 1) for name in self.signals)
        return {(axis, id): number for number, (axis, id) in enumerate(pairs)}

    @cached_property
    def known_runs(self) -> Runs:
        """Finds the character runs."""
        return Runs(self.runs)

    @cached_property
    def offsets(self) -> dict[str, int]:
        """The first column of each block, and the number of columns under "end"."""
        words, runs = len(self.words), len(self.runs)
        sizes = [words, runs, words, words, len(self.signals) * SIGNAL_PLACES]
        starts = np.cumsum([0, *sizes]).tolist()
        return dict(zip((*BLOCKS, "end"), starts, strict=True))

    def blocks(self, batch: Batch, words: "Words") -> list[Block]:
        """The features of the batch's units by block, in the order of the columns; a block of what
        surrounds them is of sentences that many units share."""
        counts = self._words(batch, words.numbers)
        near = counts[batch.previous] + counts[batch.following]
        headings, heading = np.unique(batch.heading, return_inverse=True)
        signals = self._signals(batch.hits) * np.float32(WEIGHTS["signals"])
        around = (batch.row, batch.heading, batch.title, batch.previous, batch.following)
        return [
            self._block("words", counts[batch.row], self.word_idf),
            self._block("characters", self._runs(batch), self.run_idf),
            self._block("context", near, self.word_idf),
            self._block("heading", counts[headings], self.word_idf, heading),
            *(Block(signals, rows) for rows in around),
        ]

    def _block(self, name: str, counts: Any, idf: Floats, rows: Keys | None = None) -> Block:
        return Block(_weighted(counts, idf, np.float32(WEIGHTS[name])), rows)

    def encode(self, batch: Batch, words: "Words") -> Any:
        """The features of the batch's units (units x columns, sparse)."""
        from scipy import sparse

        parts = [m if rows is None else m[rows] for m, rows in self.blocks(batch, words)]
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def scores(self, batch: Batch, words: "Words", weights: Floats) -> Floats:
        """What `encode` gives times weights (columns x labels); a sentence that surrounds many units is
        multiplied once."""
        result: Floats = np.zeros((len(batch.row), weights.shape[1]), dtype=np.float32)
        first = 0
        for matrix, rows in self.blocks(batch, words):
            own = matrix @ weights[first : first + matrix.shape[1]]
            result += own if rows is None else own.take(rows, axis=0, mode="wrap")
            first += matrix.shape[1]
        return result

    def _words(self, batch: Batch, numbers: Rows) -> Any:
        """How often each word stands in each row, and in none (rows + 1 x words)."""
        rows = np.repeat(np.arange(len(batch.start), dtype=np.int32), np.diff(batch.word_bounds))
        known = np.flatnonzero(numbers >= 0)
        return _counted(rows[known], numbers[known], (len(batch.start) + 1, len(self.words)))

    def _signals(self, hits: Hits) -> Any:
        """Which signals stand in each row, and in none (rows + 1 x signals)."""
        ids = self.signal_ids
        columns = np.array([ids.get(name, -1) for name in hits.names], np.int64)[hits.name]
        known = columns >= 0
        found = _counted(hits.row[known], columns[known], (hits.rows + 1, len(self.signals)))
        found.data[:] = 1
        return found

    def _runs(self, batch: Batch) -> Any:
        rows, numbers = self.known_runs.find(batch.codes, *unit_spans(batch))
        return _counted(rows, numbers, (len(batch.row), len(self.runs)))


def unit_codes(batch: Batch) -> tuple[Keys, Keys]:
    """The folded code points of the batch's units, one after another, and the unit of each."""
    starts, ends = unit_spans(batch)
    codes = folded(batch.codes[ranges(starts, ends - starts)]).astype(np.int64)
    return codes, np.repeat(np.arange(len(starts)), ends - starts)


def unit_spans(batch: Batch) -> tuple[Keys, Keys]:
    """The starts and the ends of the batch's units in its code points."""
    offset = batch.offset[batch.row]
    return offset + batch.start[batch.row], offset + batch.end[batch.row]


def fit_encoder(batch: Batch, lexicon: Lexicon) -> Encoder:
    """The encoder for a training batch: what stands in enough of its units."""
    sentences = [batch.words_of(row) for row in batch.row.tolist()]
    found = Counter(word for own in sentences for word in set(_words(own, lexicon)))
    words = sorted(w for w, count in found.items() if count >= MINIMUM_COUNT["words"])
    rows, keys = character_runs(*unit_codes(batch))
    pairs = np.unique(np.stack([keys, rows.astype(np.int64)]), axis=1)
    runs, run_counts = np.unique(pairs[0], return_counts=True)
    common = run_counts >= MINIMUM_COUNT["characters"]
    found_names = (batch.hits.names[n] for n in np.unique(batch.hits.name).tolist())
    names = sorted(f"{axis}:{id}" for axis, id in found_names if axis != PARTY)
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


def _words(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    feature = lexicon.feature_words
    return [feature[word] for word in words if not word.isspace()]


class Words(NamedTuple):
    """What is known of the words of a batch's rows, one after another: the number of each word's feature
    (-1 where the encoder does not know it), its length, and whether it says something."""

    numbers: Rows
    lengths: Rows
    is_content: NDArray[np.bool_]


def words_of(batch: Batch, encoder: Encoder, lexicon: Lexicon) -> Words:
    """The words of a batch, each different one looked up once: what that gives is packed into one number."""
    look_up = _packed_words(encoder, lexicon).__getitem__
    packed = np.fromiter(map(look_up, batch.vocabulary), np.int64, len(batch.vocabulary))
    numbers = (packed >> _LENGTH_BITS + 1).astype(np.int32) - np.int32(1)
    lengths = ((packed >> 1) & _LENGTH_MASK).astype(np.int32)
    is_content = (packed & 1).astype(np.bool_)
    return Words._make(column.take(batch.word) for column in (numbers, lengths, is_content))


@cache
def _packed_words(encoder: Encoder, lexicon: Lexicon) -> Memory[int]:
    """Any word to its feature's number (0 where there is none), length, and whether it says something."""
    ids, feature, stop = encoder.word_ids, lexicon.feature_words, stop_words()

    def packed(word: str) -> int:
        number, says = ids.get(feature[word], -1) + 1, len(word) > 1 and word not in stop
        return (number << _LENGTH_BITS + 1) | (len(word) << 1) | says

    return Memory(packed)


def _counted(rows: NDArray[Any], columns: NDArray[Any], shape: tuple[int, int]) -> Any:
    """How often each column stands in each row, as a sparse matrix: row and column are sorted as one
    number (a batch of 64 articles' runs: 9 ms by scipy, 3 ms so)."""
    from scipy import sparse

    bits = shape[1].bit_length()
    kind: Any = np.uint32 if shape[0].bit_length() + bits <= 32 else np.uint64
    pairs: NDArray[Any] = np.sort((rows.astype(kind) << kind(bits)) | columns.astype(kind))
    first, times = groups_of(pairs)
    pairs = pairs[first]
    bounds = np.searchsorted(pairs >> kind(bits), np.arange(shape[0] + 1, dtype=kind))
    found = (
        times.astype(np.float32),
        (pairs & kind((1 << bits) - 1)).astype(np.int32),
        bounds.astype(np.int32),
    )
    return sparse.csr_matrix(found, shape=shape)


def _weighted(counts: Any, idf: Floats, weight: np.float32) -> Any:
    """1 + ln(count) times idf, each row of length `weight`."""
    from scipy import sparse

    values = sparse.csr_matrix(counts, dtype=np.float32)
    values.data = (1 + np.log(values.data)) * idf[values.indices]
    lengths = np.sqrt(np.add.reduceat(np.append(values.data**2, 0), values.indptr[:-1]))
    lengths[np.diff(values.indptr) == 0] = 1
    values.data *= np.repeat(weight / lengths, np.diff(values.indptr)).astype(np.float32)
    return values
