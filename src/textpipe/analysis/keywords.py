"""Keywords by TF-IDF, over tokens that are there already.

A word's aliases count as the word (輝達, NVIDIA and 英偉達 are one term). Score in a document:
count x ln((1 + documents) / (1 + document count)) + count, the smoothed form that scikit-learn
documents; a corpus keyword's score is the sum over its documents, each normalized to length one
so that long articles do not decide alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from math import log, sqrt

from textpipe.lexicon import Lexicon
from textpipe.records import CODED_KINDS, Document, Keyword

_WORD = re.compile(r"[\u3400-\u9fffA-Za-z].*[\u3400-\u9fffA-Za-z0-9.+]$", re.DOTALL)


@cache
def stop_words() -> frozenset[str]:
    """The shipped stop words, one a line."""
    text = (files("textpipe") / "resources" / "stop_words.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip()[:1] not in ("", "#"))


def term_counts(document: Document, lexicon: Lexicon) -> Counter[str]:
    """How often each term stands in an article's title, headings and sentences, once each."""
    words = Counter(
        token.text
        for sentence in document.sentences
        if sentence.duplicate_of is None and sentence.kind in (*CODED_KINDS, "heading")
        for token in sentence.tokens
    )
    counts: Counter[str] = Counter()
    stop = stop_words()
    for word, count in words.items():
        if _WORD.fullmatch(word) and word.lower() not in stop:
            counts[lexicon.preferred(word)] += count
    return counts


def document_keywords(
    counts: Sequence[Counter[str]], *, most: int = 20
) -> list[tuple[Keyword, ...]]:
    """The highest-scoring terms of each document, in its order; ties by term."""
    frequency = _document_counts(counts)
    size = len(counts)
    return [
        _ranked(
            (
                Keyword(term, _score(count, frequency[term], size), count, frequency[term])
                for term, count in document.items()
            ),
            most,
        )
        for document in counts
    ]


def corpus_keywords(counts: Sequence[Counter[str]], *, most: int = 100) -> tuple[Keyword, ...]:
    """The highest-scoring terms of the corpus."""
    frequency = _document_counts(counts)
    size = len(counts)
    total: Counter[str] = Counter()
    scores: dict[str, float] = defaultdict(float)
    for document in counts:
        weights = {t: _score(n, frequency[t], size) for t, n in sorted(document.items())}
        norm = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        for term, weight in weights.items():
            scores[term] += weight / norm
            total[term] += document[term]
    found = (Keyword(t, round(s, 6), total[t], frequency[t]) for t, s in scores.items())
    return _ranked(found, most)


def _document_counts(counts: Sequence[Counter[str]]) -> Counter[str]:
    return Counter(term for document in counts for term in document)


def _score(count: int, document_count: int, documents: int) -> float:
    return round(count * (log((1 + documents) / (1 + document_count)) + 1), 6)


def _ranked(keywords: Iterable[Keyword], most: int) -> tuple[Keyword, ...]:
    return tuple(sorted(keywords, key=lambda k: (-k.score, k.term))[:most])
