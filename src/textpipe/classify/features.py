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
from scipy import sparse

from textpipe.classify.context import NOWHERE, Batch
from textpipe.classify.signals import PARTY, Hits
from textpipe.codepoints import codes_of
from textpipe.folding import fold
from textpipe.lexicon import Lexicon, Memory, stop_words
from textpipe.matching import folded
from textpipe.records import Sentence

Floats = NDArray[np.float32]
Keys = NDArray[np.int64]
BLOCKS = ("words", "characters", "context", "heading", "signals")
WEIGHTS = {"words": 1.0, "characters": 1.0, "context": 0.4, "heading": 0.4, "signals": 0.5}
SIGNAL_PLACES = 5
"""The sentence, its heading, the title, the sentence before, the one after."""
LONGEST_RUN = 3
MINIMUM_COUNT = {"words": 2, "characters": 3}
_CODE_BITS = 21
_LENGTH_BITS = 32
_LENGTH_MASK = (1 << _LENGTH_BITS) - 1


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
    def signal_ids(self) -> dict[tuple[str, str], int]:
        """The number of each signal, by axis and id."""
        pairs = (name.split(":", 1) for name in self.signals)
        return {(axis, id): number for number, (axis, id) in enumerate(pairs)}

    @cached_property
    def run_numbers(self) -> "Hashed":
        """The number of each character run."""
        return Hashed(self.runs)

    @cached_property
    def offsets(self) -> dict[str, int]:
        """The first column of each block, and the number of columns under "end"."""
        words, runs = len(self.words), len(self.runs)
        sizes = [words, runs, words, words, len(self.signals) * SIGNAL_PLACES]
        starts = np.cumsum([0, *sizes]).tolist()
        return dict(zip((*BLOCKS, "end"), starts, strict=True))

    def blocks(self, batch: Batch, words: "Words") -> dict[str, Any]:
        """The features of the batch's units by block (units x columns each, sparse)."""
        counts = self._words(batch, words.numbers)
        signals = self._signals(batch.hits)
        near = _pick(batch.previous, counts) + _pick(batch.following, counts)
        places = (batch.row, batch.heading, batch.title, batch.previous, batch.following)
        weight = {name: np.float32(WEIGHTS[name]) for name in BLOCKS}
        return {
            "words": _weighted(_pick(batch.row, counts), self.word_idf, weight["words"]),
            "characters": _weighted(self._runs(batch.texts), self.run_idf, weight["characters"]),
            "context": _weighted(near, self.word_idf, weight["context"]),
            "heading": _weighted(_pick(batch.heading, counts), self.word_idf, weight["heading"]),
            "signals": sparse.hstack([_pick(place, signals) for place in places], format="csr")
            * weight["signals"],
        }

    def encode(self, batch: Batch, words: "Words") -> Any:
        """The features of the batch's units (units x columns, sparse)."""
        blocks = self.blocks(batch, words)
        return sparse.hstack([blocks[name] for name in BLOCKS], format="csr", dtype=np.float32)

    def _words(self, batch: Batch, numbers: Keys) -> Any:
        known = numbers >= 0
        bounds = np.concatenate([[0], np.cumsum(known)])[batch.word_bounds]
        return _matrix(numbers[known], bounds, len(self.words))

    def _signals(self, hits: Hits) -> Any:
        """Which signals stand in each row (rows x signals)."""
        ids = self.signal_ids
        columns = np.array([ids.get(name, -1) for name in hits.names], np.int32)[hits.name]
        again = np.zeros(len(hits.name), dtype=np.bool_)
        again[1:] = (hits.row[1:] == hits.row[:-1]) & (hits.name[1:] == hits.name[:-1])
        counts = (columns >= 0) & ~again
        bounds = np.searchsorted(hits.row[counts], np.arange(hits.rows + 1))
        return _matrix(columns[counts], bounds, len(self.signals))

    def _runs(self, texts: Sequence[str]) -> Any:
        rows, keys = character_runs(texts)
        columns = self.run_numbers.find(keys)
        known = columns >= 0
        bounds = np.searchsorted(rows[known], np.arange(len(texts) + 1))
        return _matrix(columns[known], bounds, len(self.runs))


def fit_encoder(batch: Batch, lexicon: Lexicon) -> Encoder:
    """The encoder for a training batch: what stands in enough of its units."""
    sentences = [batch.rows[row] for row in batch.row.tolist()]
    found = Counter(w for s in sentences for w in set(_words(s, lexicon)))
    words = sorted(w for w, count in found.items() if count >= MINIMUM_COUNT["words"])
    rows, keys = character_runs([s.text for s in sentences])
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


def _words(sentence: Sentence, lexicon: Lexicon) -> list[str]:
    feature = lexicon.feature_words
    return [feature[word] for word in sentence.tokens.words if not word.isspace()]


class Words(NamedTuple):
    """What is known of the words of a batch's rows, one after another: the number of each word's feature
    (-1 where the encoder does not know it), its length, and whether it says something."""

    numbers: Keys
    lengths: Keys
    is_content: NDArray[np.bool_]


def words_of(batch: Batch, encoder: Encoder, lexicon: Lexicon) -> Words:
    """The words of a batch, each looked up once: what a look-up gives is packed into one number."""
    look_up = _packed_words(encoder, lexicon).__getitem__
    packed = np.fromiter(map(look_up, batch.words), np.int64, count=len(batch.words))
    is_content = (packed & 1).astype(np.bool_)
    return Words((packed >> _LENGTH_BITS + 1) - 1, (packed >> 1) & _LENGTH_MASK, is_content)


@cache
def _packed_words(encoder: Encoder, lexicon: Lexicon) -> Memory[int]:
    """Any word to its feature's number (0 where there is none), length, and whether it says something."""
    ids, feature, stop = encoder.word_ids, lexicon.feature_words, stop_words()

    def packed(word: str) -> int:
        number, says = ids.get(feature[word], -1) + 1, len(word) > 1 and word not in stop
        return (number << _LENGTH_BITS + 1) | (len(word) << 1) | says

    return Memory(packed)


def _matrix(columns: NDArray[Any], bounds: NDArray[Any], size: int) -> Any:
    ones = np.ones(len(columns), dtype=np.float32)
    shape = (len(bounds) - 1, size)
    matrix = sparse.csr_matrix((ones, columns, bounds.astype(np.int32)), shape=shape)
    matrix.sum_duplicates()
    return matrix


def _pick(rows: Keys, matrix: Any) -> Any:
    """For each unit the matrix's row at its place; an empty row where there is none."""
    there = np.flatnonzero(rows != NOWHERE)
    ones = np.ones(len(there), dtype=np.float32)
    shape = (len(rows), matrix.shape[0])
    return sparse.csr_matrix((ones, (there, rows[there])), shape=shape) @ matrix


def _weighted(counts: Any, idf: Floats, weight: np.float32) -> Any:
    """1 + ln(count) times idf, each row of length `weight`."""
    values = sparse.csr_matrix(counts, dtype=np.float32)
    values.data = (1 + np.log(values.data)) * idf[values.indices]
    lengths = np.sqrt(np.add.reduceat(np.append(values.data**2, 0), values.indptr[:-1]))
    lengths[np.diff(values.indptr) == 0] = 1
    values.data *= np.repeat(weight / lengths, np.diff(values.indptr)).astype(np.float32)
    return values


def character_runs(texts: Sequence[str]) -> tuple[NDArray[np.int32], Keys]:
    """The runs of one to three characters in each text: rows, ascending, and keys.

    A key holds the folded code points of a run, 21 bits each.
    """
    codes: Keys = folded(codes_of("".join(texts))).astype(np.int64)
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in texts])
    keys = np.full((len(codes), LONGEST_RUN), -1, dtype=np.int64)
    run = keys[:, 0] = codes
    for length in range(2, LONGEST_RUN + 1):
        run = (run[:-1] << _CODE_BITS) | codes[length - 1 :]
        within = rows[: len(run)] == rows[length - 1 :]
        keys[: len(run), length - 1] = np.where(within, run, -1)
    there = keys >= 0
    return np.repeat(rows, there.sum(axis=1)), keys[there]


class Hashed:
    """Finds keys among known ones: a hash table in two arrays, open addressing, for many at once (a batch
    of 64 articles: 18 ms by binary search, 5 ms so)."""

    def __init__(self, keys: Keys) -> None:
        self._shift = 64 - max(4, 2 + len(keys).bit_length())
        size = 1 << (64 - self._shift)
        self._keys: Keys = np.full(size, -1, dtype=np.int64)
        self._numbers = np.full(size, -1, dtype=np.int32)
        numbers = np.arange(len(keys), dtype=np.int32)
        slots, self.most = self._slot(keys), 0
        while len(keys):
            free = self._keys[slots] == -1
            taken, first = np.unique(slots[free], return_index=True)
            self._keys[taken] = keys[free][first]
            self._numbers[taken] = numbers[free][first]
            left = self._keys[slots] != keys
            keys, numbers, slots = keys[left], numbers[left], (slots[left] + 1) % size
            self.most += 1

    def _slot(self, keys: Keys) -> NDArray[np.int64]:
        mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        return (mixed >> np.uint64(self._shift)).astype(np.int64)

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """The place of each key among the known ones, -1 where it is unknown."""
        slots = self._slot(keys)
        held = self._keys[slots]
        found = np.where(held == keys, self._numbers[slots], np.int32(-1))
        open_ = np.flatnonzero((held != keys) & (held != -1))
        for step in range(1, self.most):
            slot = (slots[open_] + step) % len(self._keys)
            held = self._keys[slot]
            same = held == keys[open_]
            found[open_[same]] = self._numbers[slot[same]]
            open_ = open_[~same & (held != -1)]
        return found


def run_key(text: str) -> int:
    """The key of one run of characters, folded."""
    key = 0
    for character in fold(text):
        key = (key << _CODE_BITS) | ord(character)
    return key
