"""The segmentation's own scorecard: what the dictionary knew, and words that it may lack.

A candidate is a word that only the HMM made, or two or three neighbouring words that stand together
more often than chance and with varied neighbours on both sides: cohesion is the least pointwise
mutual information of its cuts (Bouma 2009), freedom the lesser entropy of what stands left and right
of it (Jin and Tanaka-Ishii 2006), both in bits.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log2

from textpipe.lexicon import stop_words
from textpipe.records import CODED_KINDS, Document, NewWord, Scorecard, Token

UNKNOWN = "unknown"
"""The tag that segmentation gives to words that stand in no dictionary."""
MINIMUM_COUNT = 3
MINIMUM_COHESION = 3.0
MINIMUM_FREEDOM = 1.0
LONGEST_CANDIDATE = 10
MOST = 200
CONTEXT = 8

Ngram = tuple[str, ...]


def scorecard(documents: Sequence[Document]) -> Scorecard:
    """Coverage, words made by the HMM alone, suspicious splits, and new-word candidates."""
    runs = [run for document in documents for run in _runs(document)]
    words = [token for _, run in runs for token in run]
    unknown = Counter(token.text for token in words if token.tag == UNKNOWN)
    splits = sum(_suspicious(run) for _, run in runs)
    return Scorecard(
        words=len(words),
        known=sum(1 for token in words if token.tag != UNKNOWN),
        hmm_words=len(unknown),
        suspicious_splits=splits,
        candidates=tuple(_candidates(runs, unknown)),
    )


def _runs(document: Document) -> Iterator[tuple[Document, list[Token]]]:
    """Stretches of neighbouring Chinese words in the sentences that count."""
    for sentence in document.sentences:
        if sentence.kind not in CODED_KINDS or sentence.duplicate_of is not None:
            continue
        run: list[Token] = []
        for token in sentence.tokens:
            if "\u3400" <= token.text[0] <= "\u9fff":
                run.append(token)
            elif run:
                yield document, run
                run = []
        if run:
            yield document, run


def _suspicious(run: Sequence[Token]) -> int:
    """Stretches of three or more single characters that are no function words."""
    stop, length, found = stop_words(), 0, 0
    for token in run:
        single = len(token.text) == 1 and token.text not in stop
        length = length + 1 if single else 0
        found += length == 3
    return found


def _candidates(
    runs: Sequence[tuple[Document, list[Token]]], unknown: Counter[str]
) -> list[NewWord]:
    unigrams = Counter(token.text for _, run in runs for token in run)
    counts: Counter[Ngram] = Counter()
    for _, run in runs:
        texts = [token.text for token in run]
        counts.update(itertools.pairwise(texts))
        counts.update(zip(texts, texts[1:], texts[2:], strict=False))
    wanted = {gram for gram, n in counts.items() if n >= MINIMUM_COUNT and _plausible(gram)}
    wanted |= {(word,) for word, n in unknown.items() if n >= 2}
    left, right, places = _neighbours(runs, wanted)
    size = max(1, sum(unigrams.values()))
    found: list[NewWord] = []
    for gram in wanted:
        count = unigrams[gram[0]] if len(gram) == 1 else counts[gram]
        cohesion = _cohesion(gram, counts, unigrams, size)
        freedom = min(_entropy(left[gram]), _entropy(right[gram]))
        is_word = len(gram) == 1 or (cohesion >= MINIMUM_COHESION and freedom >= MINIMUM_FREEDOM)
        if is_word:
            documents, context = places[gram]
            origin = "hmm" if len(gram) == 1 else "+".join(gram)
            word = "".join(gram)
            line = f"{word},concept,,"
            found.append(
                NewWord(
                    word, count, len(documents), round(cohesion, 2), round(freedom, 2), origin,
                    context, line,
                )
            )  # fmt: skip
    return sorted(found, key=lambda w: (-w.count * max(w.freedom, 0.1), w.word))[:MOST]


def _plausible(gram: Ngram) -> bool:
    stop = stop_words()
    return len("".join(gram)) <= LONGEST_CANDIDATE and not any(
        word in stop or (len(word) == 1 and word in "的之在是於與") for word in gram
    )


def _neighbours(
    runs: Iterable[tuple[Document, list[Token]]], wanted: set[Ngram]
) -> tuple[dict[Ngram, Counter[str]], dict[Ngram, Counter[str]], dict[Ngram, tuple[set[str], str]]]:
    left: dict[Ngram, Counter[str]] = defaultdict(Counter)
    right: dict[Ngram, Counter[str]] = defaultdict(Counter)
    places: dict[Ngram, tuple[set[str], str]] = {}
    for document, run in runs:
        texts = [token.text for token in run]
        grams = (
            zip(texts, strict=True),
            itertools.pairwise(texts),
            zip(texts, texts[1:], texts[2:], strict=False),
        )
        found = [(at, gram) for own in grams for at, gram in enumerate(own) if gram in wanted]
        for at, gram in found:
            end = at + len(gram)
            left[gram][texts[at - 1] if at else "^"] += 1
            right[gram][texts[end] if end < len(texts) else "$"] += 1
            if gram not in places:
                places[gram] = (set(), _context(document, run[at].start, "".join(gram)))
            places[gram][0].add(document.id)
    return left, right, places


def _context(document: Document, start: int, word: str) -> str:
    context = document.text[max(0, start - CONTEXT) : start + len(word) + CONTEXT]
    return context.replace("\n", " ")


def _cohesion(gram: Ngram, counts: Counter[Ngram], unigrams: Counter[str], size: int) -> float:
    if len(gram) == 1:
        return 0.0

    def probability(part: Ngram) -> float:
        return (unigrams[part[0]] if len(part) == 1 else counts[part]) / size

    cuts = ((gram[:at], gram[at:]) for at in range(1, len(gram)))
    return min(log2(probability(gram) / (probability(a) * probability(b))) for a, b in cuts)


def _entropy(counts: Counter[str]) -> float:
    """In bits; each edge of a stretch counts as a neighbour of its own, so edges are free."""
    edges = counts.get("^", 0) + counts.get("$", 0)
    values = [n for word, n in counts.items() if word not in "^$"] + [1] * edges
    size = sum(values)
    return -sum(n / size * log2(n / size) for n in values) if size else 0.0
