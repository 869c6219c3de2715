"""Stories: articles that tell nearly the same text, as wire copies do, counted as one.

Equal texts are one story. Others are compared by MinHash (Broder 1997) over shingles of five
characters, letters and Chinese characters only: 96 hash functions in 24 bands of four, so that two
articles that share 60 % of their shingles meet with 96 % probability; pairs that meet are compared
exactly and joined from `THRESHOLD` on. Written in numpy over code points: a published package hashes
each shingle in Python.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from textpipe.analysis.counts import different
from textpipe.findings import Story
from textpipe.records import Document

SHINGLE = 5
BANDS, ROWS = 24, 4
THRESHOLD = 0.5
"""Jaccard similarity from which two articles tell one story: a copy with a new head and some
sentences left out stays above it, two articles on one event by two desks stay far below."""
_KEPT = re.compile(r"[^\u3400-\u9fffA-Za-z0-9]+")

BLOCK = 1_024
"""Shingles hashed at once, by all functions: 0.45 ms an article, one function after another 1.0 ms."""
KEPT = 1_000
"""Texts whose shingles are kept while pairs are compared (12 MB)."""

Hashes = npt.NDArray[np.uint64]


def stories(documents: Sequence[Document], signatures: Hashes) -> tuple[Story, ...]:
    """Every story with its articles, in the order of their first dates (no date last) and sources.

    The first article of a story is its earliest; the story has its id and title. `signatures`: of each
    document's text, by `bands`.
    """
    shingles = lru_cache(KEPT)(lambda i: different(_shingles(documents[i].text)))
    parent = list(range(len(documents)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for b, a in sorted({(b, a) for a, b in _meetings(signatures) if a != b}):
        if root(a) != root(b) and similarity(shingles(a), shingles(b)) >= THRESHOLD:
            parent[max(root(a), root(b))] = min(root(a), root(b))
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(documents)):
        groups[root(i)].append(i)
    found = []
    for group in groups.values():
        own = sorted((documents[i] for i in group), key=_order)
        found.append((_order(own[0]), own))
    found.sort(key=lambda pair: pair[0])
    return tuple(
        Story(
            own[0].id,
            own[0].title or own[0].source,
            own[0].published or "",
            tuple(d.id for d in own),
        )
        for _, own in found
    )


def _order(document: Document) -> tuple[str, str, str]:
    return (document.published or "9999", document.source, document.id)


def similarity(a: Hashes, b: Hashes) -> float:
    """The Jaccard similarity of two sets of shingles; empty texts are like nothing."""
    if not len(a) or not len(b):
        return 0.0
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared)


def _shingles(text: str) -> Hashes:
    """The shingles of a text as numbers of 64 bits."""
    kept = _KEPT.sub("", text).lower()
    points = np.frombuffer(kept.encode("utf-32-le"), np.uint32).astype(np.uint64)
    mixed = np.zeros(max(len(points) - SHINGLE + 1, 0), np.uint64)
    for k in range(SHINGLE if len(mixed) else 0):
        mixed = _mixed(mixed, points[k : len(mixed) + k])
    return mixed


def bands(texts: Sequence[str]) -> Hashes:
    """The MinHash signature of each text, each band as one number; zeros where it has no shingles."""
    random = np.random.default_rng(20250723)
    factors, shifts = (random.integers(0, 2**63, (BANDS * ROWS, 1), dtype=np.uint64) for _ in "ab")
    factors = factors * np.uint64(2) + np.uint64(1)
    room = np.empty((BANDS * ROWS, BLOCK), np.uint64)
    found = np.zeros((len(texts), BANDS), np.uint64)
    for i, text in enumerate(texts):
        shingles = _shingles(text)
        if not len(shingles):
            continue
        least = np.full(BANDS * ROWS, 2**64 - 1, np.uint64)
        for first in range(0, len(shingles), BLOCK):
            own = shingles[first : first + BLOCK]
            hashes = np.multiply(own, factors, out=room[:, : len(own)])
            least = np.minimum(least, np.add(hashes, shifts, out=hashes).min(axis=1))
        for column in least.reshape(BANDS, ROWS).T:
            found[i] = _mixed(found[i], column)
    return found


def _mixed(hashes: Hashes, values: Hashes) -> Hashes:
    """Hashes of what was hashed so far and one value more each."""
    mixed = hashes * np.uint64(0x9E3779B97F4A7C15) + values
    return mixed ^ (mixed >> np.uint64(29))


def _meetings(signatures: Hashes) -> Iterator[tuple[int, int]]:
    """Pairs that share a band of their signatures: each text with the first and the latest so far."""
    buckets: dict[tuple[int, int], tuple[int, int]] = {}
    for i, signature in enumerate(signatures.tolist()):
        if not any(signature):
            continue
        for key in enumerate(signature):
            first, latest = buckets.get(key, (i, i))
            buckets[key] = (first, i)
            if first != i:
                yield first, i
                yield latest, i
