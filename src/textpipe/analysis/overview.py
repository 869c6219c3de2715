"""Counts over a corpus: labels, crossings of axes, months."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from textpipe.analysis.counts import Counts, Integers, Pair
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
    found = _found(counts, (rows, columns))
    certain, unsure = (dict(zip(counts.pairs, own.tolist(), strict=True)) for own in found.times)
    together = _by_pair(counts.pairs, found.together)
    return Overview(
        rows=rows,
        columns=columns,
        split=split.id if split else None,
        articles=len(documents),
        sentences=found.coded,
        labelled=found.labelled,
        unsure_sentences=found.unsure,
        duplicates=found.repeated,
        counts=_nested({pair: certain.get(pair, 0) for pair in holders}),
        unsure=_nested({pair: unsure.get(pair, 0) for pair in holders}),
        matrix=_cross(codebook, together, rows, columns),
        by_split=_cross(codebook, together, columns, split.id if split else None),
        timeline=_timeline(documents, of_articles, codebook, rows),
        stories=len(set(told)),
        articles_with=_nested({pair: len(own) for pair, own in holders.items()}),
        stories_with=_nested({pair: len({told[i] for i in own}) for pair, own in holders.items()}),
    )


class _Found(NamedTuple):
    """How many rows are coded, hold a certain label of some axes, hold an unsure one; how many sentences are
    repeated; how often each label stands (certain, unsure), and how often two certain ones stand in one row."""

    coded: int
    labelled: int
    unsure: int
    repeated: int
    times: Integers
    together: Integers


def _found(counts: Counts, axes: Sequence[str | None]) -> _Found:
    """The sums over all documents."""
    is_asked = np.array([axis in axes for axis, _ in counts.pairs], np.int64)
    each = (_found_in(part, is_asked) for part in counts.parts)
    return _Found(*(sum(own[1:], own[0]) for own in zip(*each, strict=True)))


def _found_in(part: Counts, is_asked: Integers) -> _Found:
    """Those of some documents; `is_asked`: of each label whether its axis is one of those asked for."""
    from scipy.sparse import csr_array

    places, shape = (part.label, bounds_of(part.labels)), (len(part.labels), len(part.pairs))
    is_unsure = part.is_unsure
    certain, unsure = (
        csr_array((own, *places), shape, np.int64) for own in (~is_unsure, is_unsure)
    )
    return _Found(
        int(part.is_coded.sum()),
        int(np.count_nonzero(certain @ is_asked)),
        int(np.count_nonzero(unsure.sum(axis=1))),
        int(part.repeated.sum()),
        np.stack([own.sum(axis=0) for own in (certain, unsure)]),
        (certain.T @ certain).toarray(),
    )


def _by_pair(pairs: Sequence[Pair], together: Integers) -> dict[tuple[Pair, Pair], int]:
    places = together.nonzero()
    each = zip(*(own.tolist() for own in (*places, together[places])), strict=True)
    return {(pairs[a], pairs[b]): n for a, b, n in each}


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
