"""All sentences of a report's articles as columns, so that no record is made but of what is shown."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from textpipe.columns import (
    NO_ORIGINAL,
    Flags,
    Numbers,
    are_of,
    columns_of_document,
    of_one_vocabulary,
    together,
)
from textpipe.labels import DECISIONS, columns_of
from textpipe.ranges import bounds_of
from textpipe.records import CODED_KINDS, Decision, Document


class Corpus:
    """One entry a sentence, one article after another: the number of its `document`, its `number` there,
    `is_coded`; its `labels` (one after another, `holder`: the sentence of each), and `start` and `end` in
    the source's text. The sentences of article i are those from `bounds[i]` to one before `bounds[i + 1]`."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.each = [columns_of_document(document) for document in documents]
        counts = np.array(list(map(len, self.each)), dtype=np.int64)
        self.bounds = bounds_of(counts)
        self.document = np.repeat(np.arange(len(documents)), counts)
        self.number = np.arange(len(self.document)) - self.bounds[self.document]
        self.kind, self.original = together(self.each, "kind"), together(self.each, "original")
        self.is_coded = are_of(self.kind, *CODED_KINDS) & (self.original == NO_ORIGINAL)
        self.labels = columns_of([own.all_labels() for own in self.each])
        label_counts = together(self.each, "label_counts")
        self.holder = np.repeat(np.arange(len(self.document)), label_counts)

    @cached_property
    def is_labelled(self) -> Flags:
        """Which sentences have a label that is sure."""
        return self.holding(self.decided("yes"))

    @cached_property
    def is_unsure(self) -> Flags:
        """Which sentences have a label that is not."""
        return self.holding(self.decided("unsure"))

    def decided(self, decision: Decision) -> Flags:
        """Which labels are decided so."""
        found: Flags = self.labels.decision == DECISIONS.index(decision)
        return found

    def of_axes(self, axes: Sequence[str | None]) -> Flags:
        """Which labels are of one of some axes."""
        own = np.array([axis in axes for axis, _ in self.labels.pairs], dtype=np.bool_)
        return own[self.labels.pair]

    def holding(self, labels: Flags) -> Flags:
        """Which sentences hold one of some labels."""
        found = np.zeros(len(self.document), dtype=np.bool_)
        found[self.holder[labels]] = True
        return found

    def counts(self, sentences: Flags) -> list[int]:
        """How many of some sentences each article has."""
        counts = np.bincount(self.document[sentences], minlength=len(self.documents))
        return list(counts.tolist())

    @cached_property
    def spans(self) -> tuple[Numbers, Numbers]:
        """Where each sentence begins and ends in its source's text."""
        start, end = together(self.each, "start"), together(self.each, "end")
        for number, document in enumerate(self.documents):
            if document.alignment.starts is not None:
                own = slice(self.bounds[number], self.bounds[number + 1])
                each = zip(start[own].tolist(), end[own].tolist(), strict=True)
                found = [document.alignment.to_raw(*span) for span in each]
                start[own], end[own] = np.array(found, dtype=np.int64).reshape(-1, 2).T
        return start, end

    def texts(self, document: Numbers, start: Numbers, end: Numbers) -> list[str]:
        """What stands between places of articles' sources."""
        raws = [document.raw for document in self.documents]
        each = zip(document.tolist(), start.tolist(), end.tolist(), strict=True)
        return [raws[number][a:b] for number, a, b in each]

    def words(self) -> set[str]:
        """The different words."""
        found: set[str] = set()
        for own in of_one_vocabulary(self.each):
            numbers = np.unique(together(own, "numbers")).tolist()
            found.update(map(own[0].vocabulary.__getitem__, numbers))
        return found
