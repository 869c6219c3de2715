"""Stories: articles that tell nearly the same text, as wire copies do, counted as one.

Equal texts are one story. Of the others those are compared exactly whose signatures meet (`shingles`), and
joined from `THRESHOLD` on.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from textpipe.analysis.shingles import Hashes, meetings, shingles, similarity
from textpipe.findings import Story
from textpipe.records import Head

THRESHOLD = 0.5
"""Jaccard similarity from which two articles tell one story: a copy with a new head and some
sentences left out stays above it, two articles on one event by two desks stay far below."""
KEPT = 2_000
"""Texts whose shingles are kept while pairs are compared (14 MB)."""
AT_ONCE = 10_000
"""Pairs that are looked at at a time."""


def stories(
    documents: Sequence[Head], texts: Sequence[str], signatures: Hashes
) -> tuple[Story, ...]:
    """Every story with its articles, in the order of their first dates (no date last) and sources.

    The first article of a story is its earliest; the story has its id and title. `texts`: of each document,
    asked only where signatures meet; `signatures`: of each text, by `bands`.
    """
    own_shingles = lru_cache(KEPT)(lambda i: shingles(texts[i]))
    parent = list(range(len(documents)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    pairs = meetings(signatures)
    for first in range(0, len(pairs), AT_ONCE):
        for b, a in pairs[first : first + AT_ONCE].tolist():
            if root(a) != root(b) and similarity(own_shingles(a), own_shingles(b)) >= THRESHOLD:
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


def _order(document: Head) -> tuple[str, str, str]:
    return (document.published or "9999", document.source, document.id)
