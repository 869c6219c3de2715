"""Keywords by TF-IDF, over tokens that are there already.

A word's aliases count as the word (輝達, NVIDIA and 英偉達 are one term). Score in a document:
count x ln((1 + documents) / (1 + document count)) + count, the smoothed form that scikit-learn
documents; a corpus keyword's score is the sum over its documents, each normalized to length one
so that long articles do not decide alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from heapq import nsmallest
from math import log, sqrt

from textpipe.lexicon import Lexicon, stop_words
from textpipe.records import CODED_KINDS, UNKNOWN, Document, Keyword

COUNTED_KINDS = (*CODED_KINDS, "heading")
_NUMBER = re.compile(
    r"[一二三四五六七八九十百千萬億兩數幾第之分零〇]+[個年月日天次名位家項元成倍度底初]*"
)
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z].*[\u3400-\u9fffA-Za-z0-9.+]$", re.DOTALL)


MINIMUM_UNKNOWN = 2
"""How often a word of no dictionary must stand in an article to count: once, it is mostly a wrong
cut of the statistical model (凡產自, 依黨)."""


def term_counts(document: Document, terms: "Terms") -> Counter[str]:
    """How often each term stands in an article's headings and sentences; repetitions not."""
    words = Counter(
        [
            (token.text, token.tag)
            for sentence in document.sentences
            if sentence.duplicate_of is None and sentence.kind in COUNTED_KINDS
            for token in sentence.tokens
        ]
    )
    counts: Counter[str] = Counter()
    for (word, tag), count in words.items():
        term = terms[word]
        if term and (tag != UNKNOWN or count >= MINIMUM_UNKNOWN):
            counts[term] += count
    return counts


class Terms(dict[str, str]):
    """Any word to the term that it counts as, "" where it does not count; a growing memory."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, word: str) -> str:
        counts = (
            _WORD.fullmatch(word)
            and word.lower() not in stop_words()
            and not _NUMBER.fullmatch(word)
        )
        self[word] = term = self._lexicon.preferred(word) if counts else ""
        return term


def keywords(
    counts: Sequence[Counter[str]], *, most: int = 100, most_a_document: int = 20
) -> tuple[tuple[Keyword, ...], list[tuple[Keyword, ...]]]:
    """The highest-scoring terms of the corpus, and of each document in its order."""
    frequency: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for document in counts:
        frequency.update(document.keys())
        total.update(document)
    size = len(counts)
    idf = {term: log((1 + size) / (1 + n)) + 1 for term, n in frequency.items()}
    sums: dict[str, float] = defaultdict(float)
    documents: list[tuple[Keyword, ...]] = []
    for document in counts:
        scores = {term: count * idf[term] for term, count in document.items()}
        norm = sqrt(sum(sorted(score * score for score in scores.values()))) or 1.0
        for term, score in scores.items():
            sums[term] += score / norm
        documents.append(_ranked(scores, document, frequency, most_a_document))
    return _ranked(sums, total, frequency, most), documents


def _ranked(
    scores: Mapping[str, float], counts: Counter[str], frequency: Counter[str], most: int
) -> tuple[Keyword, ...]:
    """The terms of the highest scores (to six digits), ties by term."""
    best = nsmallest(most, ((-round(score, 6), term) for term, score in scores.items()))
    return tuple(Keyword(t, -score, counts[t], frequency[t]) for score, t in best)
