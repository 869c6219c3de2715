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
from typing import Any

import numpy as np

from textpipe.analysis.counts import Counts, Floats, Integers, Numbers, looked_up, owners
from textpipe.analysis.grams import Grams, pairs_of, singles_of, triples_of
from textpipe.analysis.stream import Stream
from textpipe.findings import NewWord, Scorecard
from textpipe.ranges import groups_of

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
    found = [*_unknown(stream), *_neighbours(stream), *_marked(counts)]
    return Scorecard(
        words=stream.size,
        known=stream.size - int(counts.unknown.sum()),
        hmm_words=int(np.count_nonzero(counts.unknown)),
        suspicious_splits=_suspicious(stream),
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


def _suspicious(stream: Stream) -> int:
    """Stretches of three or more single characters that are no function words."""
    alone = (stream.is_plain & (stream.lengths == 1))[stream.words]
    three = alone[:-2] & alone[1:-1] & alone[2:]
    return int(np.count_nonzero(three[:1]) + np.count_nonzero(three[1:] & ~three[:-1]))


def _unknown(stream: Stream) -> Iterator[Candidate]:
    """The words of no dictionary."""
    often = np.append(stream.counts.unknown >= MINIMUM_UNKNOWN, False)
    grams = singles_of(stream.words, often[stream.words])
    return (found for _, found in _candidates(stream, grams, np.zeros(len(grams.counts))))


def _neighbours(stream: Stream) -> list[Candidate]:
    """The neighbours that cohere and have free borders, document by document as they stand first there,
    pairs before triples."""
    plain = looked_up(stream.is_plain, stream.words)
    pairs = pairs_of(stream.words, plain[:-1] & plain[1:], MINIMUM_COUNT)
    triples = triples_of(stream.words, pairs, MINIMUM_COUNT)
    a, b = pairs.firsts, triples.firsts

    def alone(places: Integers) -> Any:
        return stream.times[stream.words[places]]

    def together(places: Integers) -> Any:
        return pairs.counts[pairs.number[np.searchsorted(pairs.places, places)]]

    found = [
        *_cohesive(stream, pairs, [(alone(a), alone(a + 1))]),
        *_cohesive(stream, triples, [(alone(b), together(b + 1)), (together(b), alone(b + 2))]),
    ]
    return [candidate for _, candidate in sorted(found, key=itemgetter(0))]


def _cohesive(
    stream: Stream, grams: Grams, cuts: Sequence[tuple[Integers, Integers]]
) -> Iterator[tuple[tuple[int, int, int], Candidate]]:
    """Those that cohere; `cuts`: for each way to cut them in two, how often the parts stand anywhere."""
    size, counts = stream.size, grams.counts
    chances = np.min([counts / size / ((a / size) * (b / size)) for a, b in cuts], axis=0)
    cohesions = np.array([log2(chance) for chance in chances.tolist()])
    lengths = sum(stream.lengths[stream.words[grams.firsts + k]] for k in range(grams.size))
    chosen = (cohesions >= MINIMUM_COHESION) & (lengths <= LONGEST_CANDIDATE)
    return _candidates(stream, grams.only(chosen), cohesions[chosen])


def _candidates(
    stream: Stream, grams: Grams, cohesions: Floats
) -> Iterator[tuple[tuple[int, int, int], Candidate]]:
    """Those with free borders (single words in any case), each with its rank by where it stands first."""
    spread = grams.spread(stream.document(grams.places)).tolist()
    left, right = (
        _entropies(grams.number, stream.words[grams.places + step], stream.gap)
        for step in (-1, grams.size)
    )
    freedoms = np.minimum(left, right).tolist()
    each = zip(grams.firsts.tolist(), grams.counts.tolist(), cohesions.tolist(), strict=True)
    for i, (first, count, cohesion) in enumerate(each):
        freedom = freedoms[i]
        if grams.size == 1 or freedom >= MINIMUM_FREEDOM:
            own = stream.words[first : first + grams.size].tolist()
            words = [stream.counts.vocabulary[word] for word in own]
            origin = "+".join(words) if grams.size > 1 else "hmm"
            document, place = stream.place(first)
            yield (document, grams.size, first), Candidate(
                "".join(words), count, spread[i], round(cohesion, 2), round(freedom, 2), origin,
                document, place,
            )  # fmt: skip


def _entropies(number: Any, neighbours: Numbers, gap: int) -> Floats:
    """For each number the entropy of what stands beside it, in bits; each gap counts as a neighbour of its
    own, because a gap is a free border."""
    sizes = np.bincount(number)
    is_word = neighbours != gap
    keys = np.sort(number[is_word].astype(np.int64) * gap + neighbours[is_word])
    firsts, times = groups_of(keys)
    repeated = np.bincount(keys[firsts] // gap, times * np.log2(times), len(sizes))
    found: Floats = np.maximum(np.log2(sizes) - repeated / sizes, 0)
    return found


def _marked(counts: Counts) -> list[Candidate]:
    """Names in book-title marks and short ones in quotation marks that are no word yet, as they came."""
    document = owners(counts.marks)
    marks = Grams(1, np.arange(len(counts.mark)), counts.mark.astype(np.int64))
    spread = marks.spread(document)
    known = {counts.vocabulary[i] for i in np.flatnonzero(counts.is_known_by_marks)}
    found = []
    for i in np.argsort(marks.firsts).tolist():
        (word, origin), times, first = counts.names[i], int(marks.counts[i]), int(marks.firsts[i])
        if times >= MINIMUM_MARKED and word not in known:
            where = (int(document[first]), int(counts.place[first]))
            found.append(Candidate(word, times, int(spread[i]), 0.0, 0.0, origin, *where))
    return found
