"""What is new: what the newest articles bring that the earlier ones did not hold."""

from collections.abc import Mapping, Sequence

import numpy as np

from textpipe.analysis.counts import Counts, Integers, owners
from textpipe.analysis.significance import ALPHA, corrected, p_of_change
from textpipe.analysis.trends import MINIMUM_STORIES, Columns, interval
from textpipe.findings import Mention, Move, News, NewWord, Scorecard, Story
from textpipe.lexicon import Lexicon
from textpipe.records import Head

ENTITIES = ("organization", "company", "person", "law", "programme", "product", "place")
MOST_MENTIONS = 40
MOST_MOVES = 30


def news(
    documents: Sequence[Head],
    texts: Sequence[str],
    counts: Counts,
    stories: Sequence[Story],
    columns: Columns,
    lexicon: Lexicon,
    scorecard: Scorecard | None,
    *,
    first_seen: Mapping[str, str],
    removed: Sequence[str] = (),
) -> News:
    """What the documents first seen last bring. `texts`: of each document; `first_seen`: document id to the time of its first run;
    `columns`: for each (kind, id) a number of sentences for each document."""
    since = max(first_seen.values(), default="")
    fresh = {d.id for d in documents if first_seen.get(d.id) == since}
    earlier = [d for d in documents if d.id not in fresh]
    new_stories = tuple(s.id for s in stories if fresh.issuperset(s.documents))
    given = tuple(d.id for d in documents if d.id in fresh)
    if not earlier or not fresh:
        return News(since, given, new_stories, len(earlier), tuple(removed), (), (), ())
    return News(
        since, given, new_stories, len(earlier), tuple(removed),
        _moves(documents, counts.coded, stories, columns, fresh),
        _mentions(documents, texts, counts, fresh, lexicon),
        _words(documents, texts, fresh, scorecard),
    )  # fmt: skip


def _moves(
    documents: Sequence[Head], coded: Integers, stories: Sequence[Story], columns: Columns,
    fresh: set[str],
) -> tuple[Move, ...]:  # fmt: skip
    """Labels and terms whose share differs beyond noise, the surest first; none from few stories."""
    place = {d.id: i for i, d in enumerate(documents)}
    sizes = coded.astype(float)
    values = np.array(list(columns.values()), float).reshape(len(columns), len(documents)).T
    sides = []
    for is_new in (True, False):
        groups = [[place[i] for i in s.documents if (i in fresh) is is_new] for s in stories]
        groups = [g for g in groups if g]
        if len(groups) < MINIMUM_STORIES:
            return ()
        own = np.array([sizes[g].sum() for g in groups])
        counts = np.array([values[g].sum(axis=0) for g in groups])
        if not own.sum():
            return ()
        sides.append((counts.sum(axis=0), own.sum(), interval(counts, own)[2]))
    (count, size, _), (old_count, old_size, _) = sides
    share, old_share = count / size, old_count / old_size
    p = p_of_change(*sides[0], *sides[1])
    q = np.ones_like(p)
    kinds = np.array([kind for kind, _ in columns])
    for kind in dict.fromkeys(kinds.tolist()):
        q[kinds == kind] = corrected(p[kinds == kind])
    found = [
        Move(kind, id, int(count[i]), round(float(share[i]), 6), int(old_count[i]),
             round(float(old_share[i]), 6), float(f"{q[i]:.3g}"))
        for i, (kind, id) in enumerate(columns)
        if q[i] < ALPHA
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda m: (m.q, m.kind, m.id))[:MOST_MOVES])


def _mentions(
    documents: Sequence[Head],
    texts: Sequence[str],
    counts: Counts,
    fresh: set[str],
    lexicon: Lexicon,
) -> tuple[Mention, ...]:
    """Entities of the lexicon that only new articles name, the most frequent first."""
    entries = [lexicon.entry(word) for word in counts.vocabulary]
    names: dict[str, int] = {}
    number = [
        names.setdefault(x.term, len(names)) if x and x.tag in ENTITIES else -1 for x in entries
    ]
    table, old = np.array([*number, -1], np.int32), set[int]()
    document, sizes = counts.document, counts.words
    is_fresh = np.array([d.id in fresh for d in documents], np.bool_)[document]
    new: dict[int, tuple[int, int, int]] = {}
    for piece in counts.pieces:
        word, row = counts.word[piece.words], owners(sizes[piece.rows])
        named, is_new = table[word], is_fresh[piece.rows][row]
        old.update(named[~is_new].tolist())
        places = np.flatnonzero((named >= 0) & is_new)
        terms, firsts, times = np.unique(named[places], return_index=True, return_counts=True)
        firsts = places[firsts]
        each = (terms, times, piece.rows.start + row[firsts], word[firsts])
        for term, n, at, own in zip(*(column.tolist() for column in each), strict=True):
            before, *first = new.get(term, (0, at, own))
            new[term] = (before + n, first[0], first[1])
    given = list(names)
    found = [
        (-n, given[term], entry.tag, at)
        for term, (n, at, word) in new.items()
        if term not in old and (entry := entries[word])
    ]
    numbers, starts, lengths = counts.number, counts.start, counts.length
    return tuple(
        Mention(
            term, tag, -n, documents[document[at]].id, int(numbers[at]),
            texts[document[at]][starts[at] : starts[at] + lengths[at]],
        )
        for n, term, tag, at in sorted(found)[:MOST_MENTIONS]
    )  # fmt: skip


def _words(
    documents: Sequence[Head], texts: Sequence[str], fresh: set[str], scorecard: Scorecard | None
) -> tuple[NewWord, ...]:
    """New-word candidates that no earlier article holds."""
    left = list(scorecard.candidates if scorecard else ())
    for i, document in enumerate(documents):
        if left and document.id not in fresh:
            text = texts[i]
            left = [word for word in left if word.word not in text]
    return tuple(left)
