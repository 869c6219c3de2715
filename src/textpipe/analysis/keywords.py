"""Keywords by TF-IDF and by TextRank, and key phrases.

TF-IDF in a document: count x (ln((1 + documents) / (1 + document count)) + 1), the smoothed form that
scikit-learn documents; a corpus keyword's score is the sum over its documents, each normalized to
length one so that long articles do not decide alone. TextRank (Mihalcea and Tarau 2004): PageRank
with damping .85 over the graph of terms that stand within four terms of each other in a sentence,
an edge weighing as often as it occurs; the scores sum to one. Key phrases are joined as there: highly
ranked terms that stand side by side.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from textpipe.analysis.grams import pairs_of, triples_of
from textpipe.analysis.usage import Usage
from textpipe.findings import DocumentKeywords, KeyPhrase, Keyword
from textpipe.ranges import bounds_of

WINDOW = 4
DAMPING = 0.85
TOLERANCE = 1e-10
MOST_ITERATIONS = 200
RANKED = 400
"""How many of the highest-ranked terms may join to key phrases."""
AT_ONCE = 2_000_000
"""Words whose neighbours are looked at at a time: 0.2 GB."""
MINIMUM_PHRASE = 3
MOSTLY = 0.8
"""The share of a phrase's places within a longer one from which only the longer one is shown."""

Floats = npt.NDArray[np.float64]


def keywords(
    usage: Usage, ranks: Floats, *, most: int = 100, most_a_document: int = 20
) -> tuple[tuple[Keyword, ...], DocumentKeywords]:
    """The highest-scoring terms of the corpus, and of each document; `ranks`: by TextRank."""
    from scipy.sparse import diags

    size, found = usage.documents, usage.document_counts
    idf = np.log((1 + size) / (1 + found)) + 1
    scores = usage.by_document.multiply(idf[None, :]).tocsr()
    norms = np.sqrt(np.asarray(scores.multiply(scores).sum(axis=1)).ravel())
    norms[norms == 0] = 1
    sums = np.round(np.asarray((diags(1 / norms) @ scores).sum(axis=0)).ravel(), 6)
    counts = usage.counts()
    of_corpus = tuple(
        Keyword(usage.terms[t], float(sums[t]), int(counts[t]), int(found[t]), float(ranks[t]))
        for t in _highest(np.arange(len(usage.terms)), sums, most)
    )
    rounded = np.round(scores.data, 6)
    each = [np.zeros(0, np.int64)]
    for first, last in pairwise(scores.indptr.tolist()):
        own = _highest(scores.indices[first:last], rounded[first:last], most_a_document)
        each.append(own + first)
    chosen, bounds = np.concatenate(each), bounds_of(list(map(len, each[1:])))
    term, count = scores.indices[chosen], usage.by_document.data[chosen]
    return of_corpus, DocumentKeywords(
        usage.terms, bounds, term, rounded[chosen], count, found, ranks
    )


def _highest(terms: Any, scores: Floats, most: int) -> Any:
    """The places of the highest scores, ties in the order of the terms."""
    chosen = np.arange(len(terms))
    if len(terms) > 4 * most:
        chosen = np.flatnonzero(scores >= np.partition(scores, -most)[-most])
    return chosen[np.lexsort((terms[chosen], -scores[chosen]))][:most]


def textrank(usage: Usage) -> Floats:
    """The TextRank of each term, to nine digits."""
    from scipy.sparse import coo_matrix, csr_matrix

    size = len(usage.terms)
    if not size:
        return np.zeros(0)
    graph = csr_matrix((size, size))
    for first in range(0, len(usage.term), AT_ONCE):
        last = first + AT_ONCE + WINDOW - 1
        term, row = usage.term[first:last], usage.row[first:last]
        pairs = []
        for k in range(1, WINDOW):
            one, other = slice(0, min(AT_ONCE, max(len(row) - k, 0))), slice(k, k + AT_ONCE)
            same = row[one] == row[other]
            pairs.append((term[one][same], term[other][same]))
        a, b = (np.concatenate([pair[i] for pair in pairs]) for i in (0, 1))
        a, b = a[a != b], b[a != b]
        graph += coo_matrix((np.ones(len(a)), (a, b)), shape=(size, size)).tocsr()
    graph = graph + graph.T
    return np.round(pagerank(graph), 9)


def pagerank(graph: Any) -> Floats:
    """PageRank over a symmetric sparse matrix of weights; nodes without edges share evenly."""
    size = graph.shape[0]
    degree = np.asarray(graph.sum(axis=1)).ravel()
    lonely = degree == 0
    share = np.divide(1, degree, where=~lonely, out=np.zeros(size))
    rank = np.full(size, 1 / size)
    for _ in range(MOST_ITERATIONS):
        flow = graph @ (rank * share) + rank[lonely].sum() / size
        after = (1 - DAMPING) / size + DAMPING * flow
        moved = np.abs(after - rank).sum()
        rank = after
        if moved < TOLERANCE:
            break
    return rank


def key_phrases(usage: Usage, ranks: Floats, *, most: int = 50) -> tuple[KeyPhrase, ...]:
    """Terms of high TextRank that stand side by side, the highest sum of ranks x count first."""
    top = np.zeros(len(ranks), bool)
    top[np.argsort(-ranks, kind="stable")[:RANKED]] = True
    good = top[usage.term]
    beside = (usage.row[1:] == usage.row[:-1]) & (usage.place[1:] == usage.place[:-1] + 1)
    pairs = pairs_of(usage.term, beside & good[1:] & good[:-1], MINIMUM_PHRASE)
    found: dict[tuple[int, ...], tuple[int, int]] = {}
    for grams in (pairs, triples_of(usage.term, pairs, MINIMUM_PHRASE)):
        terms = usage.term[grams.firsts[:, None] + np.arange(grams.size)].tolist()
        spread = grams.spread(usage.document[usage.row[grams.places]])
        each = zip(map(tuple, terms), grams.counts.tolist(), spread.tolist(), strict=True)
        found |= {gram: (n, held) for gram, n, held in each if len(set(gram)) > 1}
    longer: dict[tuple[int, ...], int] = {}
    for gram, (n, _) in found.items():
        for part in (gram[1:], gram[:-1]):
            longer[part] = max(n, longer.get(part, 0))
    own = [gram for gram, (n, _) in found.items() if longer.get(gram, 0) < MOSTLY * n]
    scored = [(round(float(ranks[list(g)].sum()) * found[g][0], 9), g) for g in own]
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    return tuple(
        KeyPhrase("".join(terms), terms, score, *found[gram])
        for score, gram in scored[:most]
        for terms in (tuple(usage.terms[t] for t in gram),)
    )
