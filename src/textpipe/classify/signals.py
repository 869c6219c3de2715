"""What the codebook's terms say of each sentence, by rule: term matches less excluded phrases."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

import numpy as np

from textpipe.codebook import Codebook
from textpipe.codepoints import codes_of
from textpipe.folding import squeeze
from textpipe.matching import Matcher
from textpipe.records import Sentence

PARTY = "@party"
"""The axis of hits that name a party; no axis of a codebook has such an id."""

_Kind = Literal["term", "title", "excluded"]


class Hit(NamedTuple):
    """A term of a label, of a cue (axis "") or of a party (axis `PARTY`), at `text[start:end]` of the document.

    `is_title`: the term is the very title of a part of the policy (a label with a parent).
    """

    axis: str
    id: str
    start: int
    end: int
    is_title: bool = False


class Signals:
    """Finds the codebook's terms in documents; built once a codebook (`load_signals`)."""

    def __init__(self, codebook: Codebook) -> None:
        owners: dict[str, list[tuple[str, str, _Kind]]] = defaultdict(list)
        for axis, label in codebook.pairs():
            titles = {squeeze(label.zh), squeeze(label.en)} if label.parent else set()
            for term in sorted({squeeze(term) for term in label.terms} | titles):
                owners[term].append((axis.id, label.id, "title" if term in titles else "term"))
            for phrase in label.excluded:
                owners[squeeze(phrase)].append((axis.id, label.id, "excluded"))
        for cue in codebook.cues:
            for term in cue.terms:
                owners[squeeze(term)].append(("", cue.id, "term"))
        for party in codebook.parties:
            for term in party.terms:
                owners[squeeze(term)].append((PARTY, party.id, "term"))
        self._owners = list(owners.values())
        self._matcher = Matcher(owners) if owners else None

    def find(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Sentence]]
    ) -> list[list[Hit]]:
        """The hits within each sentence of each text, in order; of overlapping hits of a label one.

        The texts are searched as one, a line end between them, which no term holds."""
        rows = [sentence for own in sentences for sentence in own]
        found: list[list[Hit]] = [[] for _ in rows]
        if self._matcher is None or not rows:
            return found
        lengths = np.array([len(text) + 1 for text in texts])
        offsets = np.repeat(np.cumsum(lengths) - lengths, [len(own) for own in sentences])
        starts = offsets + np.array([row.start for row in rows])
        ends = starts + np.array([len(row.text) for row in rows])
        terms, begin, end = self._matcher.spans(codes_of("\n".join(texts)))
        row = np.searchsorted(starts, begin, "right") - 1
        inside = (row >= 0) & (end <= ends[row])
        row, base = row[inside], offsets[row[inside]]
        columns = (row, terms[inside], begin[inside] - base, end[inside] - base)
        grouped: dict[tuple[int, str, str], tuple[list[Hit], list[Hit]]] = {}
        for index, term, *span in zip(*(column.tolist() for column in columns), strict=True):
            for axis, id, kind in self._owners[term]:
                pair = grouped.setdefault((index, axis, id), ([], []))
                hit = Hit(axis, id, span[0], span[1], kind == "title")
                pair[kind == "excluded"].append(hit)
        for (index, _, _), (hits, excluded) in grouped.items():
            found[index] += _longest(_not_excluded(hits, excluded))
        return found


def _not_excluded(hits: list[Hit], excluded: Sequence[Hit]) -> list[Hit]:
    """The hits that overlap no excluded phrase; both may be long, so the search is by halving."""
    if not excluded:
        return hits
    spans: list[list[int]] = []
    for hit in sorted(excluded, key=lambda h: h.start):
        if spans and hit.start <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], hit.end)
        else:
            spans.append([hit.start, hit.end])
    starts = [start for start, _ in spans]
    kept = []
    for hit in hits:
        at = bisect_left(starts, hit.end) - 1
        if at < 0 or spans[at][1] <= hit.start:
            kept.append(hit)
    return kept


def _longest(hits: list[Hit]) -> list[Hit]:
    """Of overlapping hits the first, and of those that begin together the longest, in order."""
    if len(hits) < 2:
        return hits
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


@cache
def load_signals(codebook: Codebook) -> Signals:
    """The term finder of a codebook, built once a process."""
    return Signals(codebook)
