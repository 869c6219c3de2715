"""The segmentation's own scorecard: what the dictionary knew, and words that it may lack.

A candidate is a word that only the HMM made, a name in marks (《…》, 「…」), or two or three neighbouring
words that stand together more often than chance and with varied neighbours on both sides: cohesion is the
least pointwise mutual information of its cuts (Bouma 2009), freedom the lesser entropy of what stands left
and right of it (Jin and Tanaka-Ishii 2006), both in bits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from textpipe.analysis.borders import Borders, Grams
from textpipe.analysis.counts import Counts, Integers, Numbers, owners
from textpipe.analysis.grams import Tally, beside, in_documents, number_in
from textpipe.analysis.stream import Stream
from textpipe.findings import NewWord, Scorecard

MINIMUM_COUNT = 3
MINIMUM_UNKNOWN = 2
MINIMUM_COHESION = 3.0
MINIMUM_FREEDOM = 1.0
LONGEST_CANDIDATE = 10
MOST = 200
CONTEXT = 8
MINIMUM_MARKED = 2
"""How often a name must stand in book-title or quotation marks to be a candidate."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible word with its figures; `document`, `place`: where it stands first, and in which text."""

    word: str
    count: int
    documents: int
    cohesion: float
    freedom: float
    origin: str
    document: int
    place: int


def scorecard(counts: Counts, texts: Sequence[str]) -> Scorecard:
    """Coverage, words made by the HMM alone, suspicious splits, and new-word candidates with
    their context in the documents' texts."""
    stream = Stream(counts)
    times, splits, pairs = np.zeros(stream.gap + 1, np.int64), 0, Tally()
    for own in stream:
        times += np.bincount(own.words, minlength=len(times))
        splits += _suspicious(stream, own.words)
        pairs.add(_pairs(stream, own.words)[1])
    times[stream.gap] = 0
    size = int(times.sum())
    known = _Known.of(pairs)
    grams = (_unknown(stream, times), *_neighbours(stream, known, times))
    found = [*_candidates(stream, known, grams), *_marked(counts)]
    return Scorecard(
        words=size,
        known=size - int(counts.unknown.sum()),
        hmm_words=int(np.count_nonzero(counts.unknown)),
        suspicious_splits=splits,
        candidates=tuple(_described(x, texts[x.document]) for x in _most_frequent(found)),
    )


def _most_frequent(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Each word once, as it came first, the frequent ones with free borders first."""
    own = {candidate.word: candidate for candidate in reversed(candidates)}
    return sorted(own.values(), key=lambda w: (-w.count * max(w.freedom, 0.1), w.word))[:MOST]


def _described(candidate: Candidate, text: str) -> NewWord:
    own, end = candidate, candidate.place + len(candidate.word)
    context = " ".join(text[max(0, own.place - CONTEXT) : end + CONTEXT].split())
    line = f"{own.word},{'law' if own.origin == 'title' else 'concept'},,"
    return NewWord(
        own.word, own.count, own.documents, own.cohesion, own.freedom, own.origin, context, line
    )


def _suspicious(stream: Stream, words: Numbers) -> int:
    """Stretches of three or more single characters that are no function words."""
    alone = (stream.is_plain & (stream.lengths == 1))[words]
    three = alone[:-2] & alone[1:-1] & alone[2:]
    return int(np.count_nonzero(three[:1]) + np.count_nonzero(three[1:] & ~three[:-1]))


class _Known(NamedTuple):
    """The sequences of words that stand often enough, by their keys, in order, and how often each does."""

    keys: Integers
    counts: Integers

    @classmethod
    def of(cls, tally: Tally) -> "_Known":
        keys, counts = tally.total()
        often = counts >= MINIMUM_COUNT
        return cls(keys[often], counts[often])


def _pairs(stream: Stream, words: Numbers) -> tuple[Integers, Integers]:
    """Where two words stand side by side that may be parts of one, and their keys."""
    is_plain = stream.is_plain[words]
    at = beside(is_plain[:-1] & is_plain[1:], 2)
    return at, words[at] * np.int64(stream.gap + 1) + words[at + 1]


def _triples(
    stream: Stream, words: Numbers, at: Integers, pairs: Integers
) -> tuple[Integers, Integers]:
    """Where three words stand side by side whose pairs are known, and their keys; `at`: where pairs stand,
    `pairs`: which known one each is (-1: none)."""
    at, pairs = at[pairs >= 0], pairs[pairs >= 0]
    goes_on = np.flatnonzero(at[1:] == at[:-1] + 1)
    at, pairs = at[goes_on], pairs[goes_on]
    return at, pairs * np.int64(stream.gap + 1) + words[at + 2]


def _unknown(stream: Stream, times: Integers) -> Grams:
    """The words of no dictionary; `times`: how often each word stands."""
    words = np.flatnonzero((stream.counts.unknown >= MINIMUM_UNKNOWN) & (times[:-1] > 0))
    return Grams(words, words[:, None], times[words], np.zeros(len(words)))


def _neighbours(stream: Stream, pairs: _Known, times: Integers) -> tuple[Grams, Grams]:
    """The pairs and the triples of words that cohere."""
    tally, base = Tally(), stream.gap + 1
    for own in stream:
        at, keys = _pairs(stream, own.words)
        tally.add(_triples(stream, own.words, at, number_in(pairs.keys, keys))[1])
    triples = _Known.of(tally)
    a, b = np.divmod(pairs.keys, base)
    first, c = np.divmod(triples.keys, base)
    second = number_in(pairs.keys, b[first] * base + c)
    cuts = [(times[a[first]], pairs.counts[second]), (pairs.counts[first], times[c])]
    return (
        _cohesive(stream, pairs, np.stack([a, b], 1), [(times[a], times[b])], int(times.sum())),
        _cohesive(stream, triples, np.stack([a[first], b[first], c], 1), cuts, int(times.sum())),
    )


def _cohesive(
    stream: Stream,
    known: _Known,
    words: Integers,
    cuts: Sequence[tuple[Integers, Integers]],
    size: int,
) -> Grams:
    """Those that cohere and are not too long; `words`: of each; `cuts`: for each way to cut them in two, how
    often the parts stand anywhere among `size` words."""
    counts = known.counts
    chances = np.min([counts / size / ((a / size) * (b / size)) for a, b in cuts], axis=0)
    cohesions = np.array([log2(chance) for chance in chances.tolist()])
    lengths = stream.lengths[words].sum(axis=1)
    chosen = (cohesions >= MINIMUM_COHESION) & (lengths <= LONGEST_CANDIDATE)
    return Grams(known.keys[chosen], words[chosen], counts[chosen], cohesions[chosen])


def _candidates(
    stream: Stream, pairs: _Known, grams: tuple[Grams, Grams, Grams]
) -> Iterator[Candidate]:
    """Single words, then pairs and triples document by document as they stand first there, pairs first;
    `pairs`: all that stand often."""
    one, two, three = (Borders(stream, own) for own in grams)
    is_asked = np.zeros(stream.gap + 1, np.bool_)
    is_asked[grams[0].keys] = True
    for own in stream:
        at = np.flatnonzero(is_asked[own.words])
        one.add(own, at, own.words[at].astype(np.int64))
        at, keys = _pairs(stream, own.words)
        two.add(own, at, keys)
        three.add(own, *_triples(stream, own.words, at, number_in(pairs.keys, keys)))
    ranked = sorted(
        (*_free(stream, grams[1], two), *_free(stream, grams[2], three)), key=itemgetter(0)
    )
    return (candidate for _, candidate in (*_free(stream, grams[0], one), *ranked))


def _free(
    stream: Stream, grams: Grams, borders: Borders
) -> Iterator[tuple[tuple[int, int, int], Candidate]]:
    """Those with free borders (single words in any case), each with its rank by where it stands first."""
    freedoms = borders.freedoms().tolist()
    for i, words in enumerate(grams.words.tolist()):
        if len(words) == 1 or freedoms[i] >= MINIMUM_FREEDOM:
            names = [stream.counts.vocabulary[word] for word in words]
            document, place, first = borders.place(i)
            yield (document, len(words), first), Candidate(
                "".join(names), int(grams.counts[i]), int(borders.spread[i]),
                round(float(grams.cohesions[i]), 2), round(freedoms[i], 2),
                "+".join(names) if len(words) > 1 else "hmm", document, place,
            )  # fmt: skip


def _marked(counts: Counts) -> list[Candidate]:
    """Names in book-title marks and short ones in quotation marks that are no word yet, as they came."""
    document, mark = owners(counts.marks), counts.mark.astype(np.int64)
    times = np.bincount(mark, minlength=len(counts.names))
    spread = np.bincount(in_documents(mark, document), minlength=len(counts.names))
    names, firsts = np.unique(mark, return_index=True)
    known = {counts.vocabulary[i] for i in np.flatnonzero(counts.is_known_by_marks)}
    places = counts.place
    found = []
    for i, first in sorted(zip(names.tolist(), firsts.tolist(), strict=True), key=itemgetter(1)):
        word, origin = counts.names[i]
        if times[i] >= MINIMUM_MARKED and word not in known:
            where = (int(document[first]), int(places[first]))
            own = (int(times[i]), int(spread[i]), 0.0, 0.0)
            found.append(Candidate(word, *own, origin, *where))
    return found
