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

from textpipe.analysis.counts import Integers, owners
from textpipe.analysis.grams import Tally, beside, in_documents
from textpipe.analysis.usage import Pairs, Usage
from textpipe.findings import DocumentKeywords, KeyPhrase, Keyword
from textpipe.ranges import bounds_of

WINDOW = 4
DAMPING = 0.85
TOLERANCE = 1e-10
MOST_ITERATIONS = 200
RANKED = 400
"""How many of the highest-ranked terms may join to key phrases."""
MINIMUM_PHRASE = 3
MOSTLY = 0.8
"""The share of a phrase's places within a longer one from which only the longer one is shown."""

Floats = npt.NDArray[np.float64]


def keywords(
    usage: Usage, ranks: Floats, *, most: int = 100, most_a_document: int = 20
) -> tuple[tuple[Keyword, ...], DocumentKeywords]:
    """The highest-scoring terms of the corpus, and of each document; `ranks`: by TextRank."""
    size, found = usage.documents, usage.document_counts
    idf = np.log((1 + size) / (1 + found)) + 1
    sums, columns = np.zeros(len(usage.terms)), list[tuple[Any, ...]]()
    for pairs in usage.by_document():
        document, scores = owners(pairs.sizes), pairs.counts * idf[pairs.term]
        norms = np.sqrt(np.bincount(document, scores * scores, len(pairs.sizes)))
        norms[norms == 0] = 1
        np.add.at(sums, pairs.term, (1 / norms)[document] * scores)
        rounded = np.round(scores, 6)
        chosen, sizes = _of_documents(pairs, rounded, most_a_document)
        times = pairs.counts[chosen].astype(np.int32)
        columns.append((sizes, pairs.term[chosen], rounded[chosen], times))
    sums, counts = np.round(sums, 6), usage.counts()
    of_corpus = tuple(
        Keyword(usage.terms[t], float(sums[t]), int(counts[t]), int(found[t]), float(ranks[t]))
        for t in _highest(np.arange(len(usage.terms)), sums, most)
    )
    sizes, term, scores, times = map(np.concatenate, zip(*columns, strict=True))
    return of_corpus, DocumentKeywords(
        usage.terms, bounds_of(sizes), term, scores, times, found, ranks
    )


def _of_documents(pairs: Pairs, scores: Floats, most: int) -> tuple[Integers, Integers]:
    """The places of each document's highest scores, and how many they are."""
    found = [
        first + _highest(pairs.term[first:last], scores[first:last], most)
        for first, last in pairwise(bounds_of(pairs.sizes).tolist())
    ]
    return np.concatenate([np.zeros(0, np.int64), *found]), np.array([*map(len, found)], np.int64)


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
    graph, waiting = csr_matrix((size, size)), list[Any]()
    for piece in usage.pieces:
        term, row = usage.term[piece.words], owners(usage.words[piece.rows])
        pairs = []
        for k in range(1, WINDOW):
            same = row[:-k] == row[k:]
            pairs.append((term[:-k][same], term[k:][same]))
        a, b = (np.concatenate([pair[i] for pair in pairs]) for i in (0, 1))
        a, b = a[a != b], b[a != b]
        waiting.append(coo_matrix((np.ones(len(a)), (a, b)), shape=(size, size)).tocsr())
        if sum(own.nnz for own in waiting) > graph.nnz:  # so that a large graph is seldom copied
            graph, waiting = sum(waiting, graph), []
    graph = sum(waiting, graph)
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
    found = _phrases(usage, np.sort(np.argsort(-ranks, kind="stable")[:RANKED]))
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


def _phrases(usage: Usage, top: Integers) -> dict[tuple[int, ...], tuple[int, int]]:
    """Two and three of the top terms that stand side by side often enough: how often, and in how many
    documents. Of one term again and again there is none."""
    number = np.full(len(usage.terms), -1, np.int64)
    number[top] = np.arange(len(top))
    tallies = {size: (Tally(), Tally()) for size in (2, 3)}
    for piece in usage.pieces:
        own, place = number[usage.term[piece.words]], usage.place[piece.words]
        row = owners(usage.words[piece.rows])
        joined = (row[1:] == row[:-1]) & (place[1:] == place[:-1] + 1)
        joined &= (own[1:] >= 0) & (own[:-1] >= 0)
        for size, (times, spread) in tallies.items():
            at = beside(joined, size)
            keys = own[at[:, None] + np.arange(size)] @ RANKED ** np.arange(size)
            times.add(keys)
            spread.add(in_documents(keys, usage.document[piece.rows][row[at]]))
    found: dict[tuple[int, ...], tuple[int, int]] = {}
    for size, (times, spread) in tallies.items():
        (keys, counts), (_, held) = times.total(), spread.total()
        often = np.flatnonzero(counts >= MINIMUM_PHRASE)
        terms = top[keys[often, None] // RANKED ** np.arange(size) % RANKED].tolist()
        each = zip(map(tuple, terms), counts[often].tolist(), held[often].tolist(), strict=True)
        found |= {gram: (n, documents) for gram, n, documents in each if len(set(gram)) > 1}
    return found
