"""The segmentation's own scorecard: what the dictionary knew, and words that it may lack.

A candidate is a word that only the HMM made, a name in marks (《…》, 「…」), or two or three neighbouring words that stand together
more often than chance and with varied neighbours on both sides: cohesion is the least pointwise
mutual information of its cuts (Bouma 2009), freedom the lesser entropy of what stands left and right
of it (Jin and Tanaka-Ishii 2006), both in bits.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log2
from re import compile as pattern

from textpipe.findings import NewWord, Scorecard
from textpipe.lexicon import stop_words
from textpipe.records import CODED_KINDS, UNKNOWN, Document, Sentence

BREAK = ""
MINIMUM_COUNT = 3
MINIMUM_COHESION = 3.0
MINIMUM_FREEDOM = 1.0
LONGEST_CANDIDATE = 10
MOST = 200
CONTEXT = 8

Ngram = tuple[str, ...]
_MARKED = {
    "title": pattern(r"《([^《》，。；：！？\n]{2,30})》"),
    "quoted": pattern(r"「([\u3400-\u9fffA-Za-z0-9·\- ]{2,10})」"),
}
MINIMUM_MARKED = 2
"""How often a name must stand in book-title or quotation marks to be a candidate."""


def scorecard(documents: Sequence[Document]) -> Scorecard:
    """Coverage, words made by the HMM alone, suspicious splits, and new-word candidates."""
    unknown = Counter(
        word
        for document in documents
        for sentence in _counted(document)
        for word, tag in zip(sentence.tokens.words, sentence.tokens.tags, strict=True)
        if tag == UNKNOWN
    )
    places = [_words(document) for document in documents]
    texts = [words for words, _ in places]
    unigrams: Counter[str] = Counter()
    counts: Counter[Ngram] = Counter()
    for words in texts:
        unigrams.update(words)
        counts.update(itertools.pairwise(words))
        counts.update(zip(words, words[1:], words[2:], strict=False))
    unigrams.pop(BREAK, None)
    size = unigrams.total()
    found = _candidates(counts, unigrams, unknown)
    return Scorecard(
        words=size,
        known=size - unknown.total(),
        hmm_words=len(unknown),
        suspicious_splits=sum(_suspicious(words) for words in texts),
        candidates=tuple(
            _most_frequent(
                [*_described(documents, places, found, counts, unigrams), *_marked(documents)]
            )
        ),
    )


def _most_frequent(candidates: Sequence[NewWord]) -> list[NewWord]:
    """Each word once, the frequent ones with free borders first."""
    own = {candidate.word: candidate for candidate in reversed(candidates)}
    return sorted(own.values(), key=lambda w: (-w.count * max(w.freedom, 0.1), w.word))[:MOST]


def _marked(documents: Sequence[Document]) -> Iterator[NewWord]:
    """Names in book-title marks and short ones in quotation marks that are no word yet."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    words: set[str] = set()
    for number, document in enumerate(documents):
        for sentence in _counted(document):
            if "《" not in sentence.text and "「" not in sentence.text:
                continue
            words.update(t.text for t in sentence.tokens if t.tag != UNKNOWN)
            for origin, marks in _MARKED.items():
                for found in marks.finditer(sentence.text):
                    at = sentence.start + found.start(1)
                    places[found.group(1), origin].append((number, at))
    for (word, origin), own in places.items():
        if len(own) >= MINIMUM_MARKED and word not in words:
            number, at = own[0]
            yield NewWord(
                word=word,
                count=len(own),
                document_count=len({number for number, _ in own}),
                cohesion=0.0,
                freedom=0.0,
                origin=origin,
                context=_context(documents[number], at, word),
                lexicon_line=f"{word},{'law' if origin == 'title' else 'concept'},,",
            )


def _counted(document: Document) -> Iterator[Sentence]:
    for sentence in document.sentences:
        if sentence.kind in CODED_KINDS and sentence.duplicate_of is None:
            yield sentence


def _words(document: Document) -> tuple[list[str], list[int]]:
    """The Chinese words that count and where they stand; `BREAK` stands for anything between."""
    words, starts = [BREAK], [0]
    for sentence in _counted(document):
        own = sentence.tokens.words
        words += [word if "\u3400" <= word[0] <= "\u9fff" else BREAK for word in own]
        words.append(BREAK)
        starts += itertools.accumulate(map(len, own), initial=sentence.start)
    return words, starts


def _suspicious(words: Sequence[str]) -> int:
    """Stretches of three or more single characters that are no function words."""
    stop, length, found = stop_words(), 0, 0
    for word in words:
        length = length + 1 if len(word) == 1 and word not in stop else 0
        found += length == 3
    return found


def _candidates(
    counts: Counter[Ngram], unigrams: Counter[str], unknown: Counter[str]
) -> dict[Ngram, float]:
    """Possible words with their cohesion: neighbours that cohere, and words of no dictionary."""
    found: dict[Ngram, float] = {(word,): 0.0 for word, n in unknown.items() if n >= 2}
    size = unigrams.total()
    for gram, count in counts.items():
        if count >= MINIMUM_COUNT and _plausible(gram):
            cohesion = _cohesion(gram, counts, unigrams, size)
            if cohesion >= MINIMUM_COHESION:
                found[gram] = cohesion
    return found


def _plausible(gram: Ngram) -> bool:
    stop = stop_words()
    return len("".join(gram)) <= LONGEST_CANDIDATE and not any(
        word == BREAK or word in stop for word in gram
    )


def _cohesion(gram: Ngram, counts: Counter[Ngram], unigrams: Counter[str], size: int) -> float:
    def probability(part: Ngram) -> float:
        return (unigrams[part[0]] if len(part) == 1 else counts[part]) / size

    cuts = ((gram[:at], gram[at:]) for at in range(1, len(gram)))
    return min(log2(probability(gram) / (probability(a) * probability(b))) for a, b in cuts)


def _described(
    documents: Sequence[Document],
    texts: Sequence[tuple[Sequence[str], Sequence[int]]],
    cohesions: dict[Ngram, float],
    counts: Counter[Ngram],
    unigrams: Counter[str],
) -> list[NewWord]:
    """The candidates whose borders are free (words of the HMM are kept in any case)."""
    left: dict[Ngram, Counter[str]] = defaultdict(Counter)
    right: dict[Ngram, Counter[str]] = defaultdict(Counter)
    places: dict[Ngram, list[tuple[int, int]]] = defaultdict(list)
    for number, (words, _) in enumerate(texts):
        grams = (
            zip(words, strict=True),
            itertools.pairwise(words),
            zip(words, words[1:], words[2:], strict=False),
        )
        for at, gram in [x for own in grams for x in enumerate(own) if x[1] in cohesions]:
            left[gram][words[at - 1]] += 1
            right[gram][words[at + len(gram)]] += 1
            if not places[gram] or places[gram][-1][0] != number:
                places[gram].append((number, at))
    found = []
    for gram, cohesion in cohesions.items():
        freedom = min(_entropy(left[gram]), _entropy(right[gram]))
        if len(gram) > 1 and freedom < MINIMUM_FREEDOM:
            continue
        word, (number, at) = "".join(gram), places[gram][0]
        found.append(
            NewWord(
                word=word,
                count=unigrams[word] if len(gram) == 1 else counts[gram],
                document_count=len(places[gram]),
                cohesion=round(cohesion, 2),
                freedom=round(freedom, 2),
                origin="hmm" if len(gram) == 1 else "+".join(gram),
                context=_context(documents[number], texts[number][1][at], word),
                lexicon_line=f"{word},concept,,",
            )
        )
    return found


def _context(document: Document, start: int, word: str) -> str:
    context = document.text[max(0, start - CONTEXT) : start + len(word) + CONTEXT]
    return " ".join(context.split())


def _entropy(counts: Counter[str]) -> float:
    """In bits; each break counts as a neighbour of its own, because a break is a free border."""
    breaks = counts.get(BREAK, 0)
    values = [n for word, n in counts.items() if word != BREAK] + [1] * breaks
    size = sum(values)
    return -sum(n / size * log2(n / size) for n in values) if size else 0.0
