"""Counts over a corpus: labels, crossings of axes, months."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from textpipe.analysis.counts import Booleans, Counts, Pair, different
from textpipe.analysis.trends import Columns, label_columns
from textpipe.codebook import Codebook
from textpipe.findings import Overview, Story
from textpipe.ranges import bounds_of
from textpipe.records import Head


def overview(
    documents: Sequence[Head], counts: Counts, codebook: Codebook, stories: Sequence[Story] = ()
) -> Overview:
    """Count what a corpus says; repeated sentences count once. Without stories each article is one."""
    split = next((axis for axis in codebook.axes if axis.choose == "one"), None)
    rows = codebook.axes[0].id
    columns = split.empty_when_no if split else None
    of_articles = label_columns(counts, codebook)
    holders = {pair: np.flatnonzero(own) for pair, own in of_articles.items()}
    story_of = {id: story.id for story in stories for id in story.documents}
    told = [story_of.get(d.id, d.id) for d in documents]
    certain, unsure = (_times(counts, counts.is_unsure == is_unsure) for is_unsure in (False, True))
    together = _together(counts)
    return Overview(
        rows=rows,
        columns=columns,
        split=split.id if split else None,
        articles=len(documents),
        sentences=int(counts.is_coded.sum()),
        labelled=_labelled(counts, (rows, columns)),
        unsure_sentences=len(different(counts.holder[counts.is_unsure])),
        duplicates=int(counts.repeated.sum()),
        counts=_nested({pair: certain.get(pair, 0) for pair in holders}),
        unsure=_nested({pair: unsure.get(pair, 0) for pair in holders}),
        matrix=_cross(codebook, together, rows, columns),
        by_split=_cross(codebook, together, columns, split.id if split else None),
        timeline=_timeline(documents, of_articles, codebook, rows),
        stories=len(set(told)),
        articles_with=_nested({pair: len(own) for pair, own in holders.items()}),
        stories_with=_nested({pair: len({told[i] for i in own}) for pair, own in holders.items()}),
    )


def _times(counts: Counts, chosen: Booleans) -> dict[Pair, int]:
    """How often each label stands among the chosen ones."""
    times = np.bincount(counts.label[chosen], minlength=len(counts.pairs))
    return dict(zip(counts.pairs, times.tolist(), strict=True))


def _labelled(counts: Counts, axes: Sequence[str | None]) -> int:
    """How many rows hold a certain label of one of the axes."""
    is_asked = np.array([axis in axes for axis, _ in counts.pairs], np.bool_)
    return len(different(counts.holder[is_asked[counts.label] & ~counts.is_unsure]))


def _together(counts: Counts) -> dict[tuple[Pair, Pair], int]:
    """How often two certain labels stand in one row."""
    from scipy.sparse import csr_matrix

    size, of_rows = len(counts.pairs), bounds_of(counts.labels)
    found, label, is_unsure = np.zeros((size, size), np.int64), counts.label, counts.is_unsure
    for piece in counts.pieces:
        bounds = of_rows[piece.rows.start : piece.rows.stop + 1]
        own = slice(*bounds[[0, -1]].tolist())
        places = (label[own], bounds - bounds[0])
        held = csr_matrix((~is_unsure[own], *places), shape=(len(bounds) - 1, size), dtype=np.int32)
        found += (held.T @ held).toarray()
    each = zip(*(x.tolist() for x in (*found.nonzero(), found[found.nonzero()])), strict=True)
    return {(counts.pairs[a], counts.pairs[b]): n for a, b, n in each}


def _nested(flat: dict[Pair, int]) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = defaultdict(dict)
    for (outer, inner), count in flat.items():
        nested[outer][inner] = count
    return dict(nested)


def _cross(
    codebook: Codebook,
    together: dict[tuple[Pair, Pair], int],
    rows: str | None,
    columns: str | None,
) -> dict[str, dict[str, int]]:
    if rows is None or columns is None:
        return {}
    return {
        a.id: {
            b.id: together.get(((rows, a.id), (columns, b.id)), 0)
            for b in codebook.axis(columns).labels
        }
        for a in codebook.axis(rows).labels
    }


def _timeline(
    documents: Sequence[Head], of_articles: Columns, codebook: Codebook, rows: str
) -> dict[str, dict[str, int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for i, document in enumerate(documents):
        places[(document.published or "")[:7]].append(i)
    own = {x.id: np.array(of_articles[rows, x.id], np.int64) for x in codebook.axis(rows).labels}
    return {
        month: {"articles": len(at)} | {id: int(column[at].sum()) for id, column in own.items()}
        for month, at in sorted(places.items())
    }
