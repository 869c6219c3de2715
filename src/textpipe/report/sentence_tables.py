"""The tables that have a row a sentence or a piece of evidence, column by column.

Made of columns, not of records (all tables of 6,000 articles, under a profiler: 28 s by records, 6.5 s so)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from textpipe.codebook import Axis
from textpipe.columns import NO_ORIGINAL, Numbers, SentenceColumns
from textpipe.labels import DECISIONS, ORIGINS
from textpipe.records import KINDS
from textpipe.report.corpus import Corpus
from textpipe.report.results import Results

if TYPE_CHECKING:
    import pyarrow as pa


AT_ONCE = 1_000
"""Articles whose rows are made at a time."""


def sentences(results: Results) -> Iterator[list[Any]]:
    """The columns of the sentences table, some articles' after another's."""
    for corpus in _parts(results):
        yield _sentences(corpus, results.codebook.axes)


def labels(results: Results) -> Iterator[list[Any]]:
    """The columns of the labels table, a row a piece of evidence, some articles' after another's."""
    return map(_labels, _parts(results))


def _parts(results: Results) -> Iterator[Corpus]:
    for first in range(0, max(len(results.documents), 1), AT_ONCE):
        yield Corpus(results.documents[first : first + AT_ONCE])


def _sentences(corpus: Corpus, axes: Sequence[Axis]) -> list[Any]:
    start, end = corpus.spans
    given, unsure = _given(corpus, axes)
    speakers = [one for own in corpus.each for one in own.speaker or [None] * len(own)]
    cues = (one for own in corpus.each for one in own.modality or [()] * len(own))
    originals = corpus.original.tolist()
    return [
        _ids(corpus, corpus.document), corpus.number, _named(KINDS, corpus.kind), start, end,
        corpus.texts(corpus.document, start, end), *given, unsure,
        [one.name if one else "" for one in speakers],
        [one.role if one else "" for one in speakers],
        [";".join([cue.id for cue in own]) if own else "" for own in cues],
        [text for own in corpus.each for text in _joined_tokens(own)],
        [None if one == NO_ORIGINAL else one for one in originals],
    ]  # fmt: skip


def _labels(corpus: Corpus) -> list[Any]:
    own = corpus.labels
    of = np.repeat(np.arange(len(own.pair)), np.diff(own.evidence))
    sentence, pair = corpus.holder[of], own.pair[of]
    document = corpus.document[sentence]
    return [
        _ids(corpus, document), corpus.number[sentence],
        _named([axis for axis, _ in own.pairs], pair), _named([id for _, id in own.pairs], pair),
        own.probability[of], _named(DECISIONS, own.decision[of]), _named(ORIGINS, own.origin[of]),
        corpus.texts(document, own.start, own.end), own.start, own.end,
        _named(own.parties, own.party[of]),
    ]  # fmt: skip


def _given(corpus: Corpus, axes: Sequence[Axis]) -> tuple[list[list[str]], list[str]]:
    """For each axis of the codebook what each sentence is given on it, and what it is unsure of: ids joined
    by ";", the axis's empty one where a coded sentence has no other."""
    own = corpus.labels
    places = {axis.id: at for at, axis in enumerate(axes)}
    empty, choice = [axis.empty or "" for axis in axes], [axis.choose == "one" for axis in axes]
    is_coded = corpus.is_coded.tolist()
    given = [[none if coded else "" for coded in is_coded] for none in empty]
    unsure = [""] * len(is_coded)
    named = [(places[axis], id, f"{axis}:{id}") for axis, id in own.pairs]
    yes, not_sure = (DECISIONS.index(decision) for decision in ("yes", "unsure"))
    each = zip(corpus.holder.tolist(), own.pair.tolist(), own.decision.tolist(), strict=True)
    for sentence, pair, decision in each:
        at, id, name = named[pair]
        if decision == yes or choice[at]:
            before = given[at][sentence]
            given[at][sentence] = id if before == empty[at] else f"{before};{id}"
        if decision == not_sure:
            unsure[sentence] = f"{unsure[sentence]};{name}" if unsure[sentence] else name
    return given, unsure


def _joined_tokens(columns: SentenceColumns) -> Iterator[str]:
    """The tokens of each sentence separated by spaces, blanks between words left out."""
    if not len(columns.bounds):
        yield from [""] * len(columns)
        return
    words = columns.words
    for text, (a, b) in zip(columns.texts(), pairwise(columns.bounds.tolist()), strict=True):
        own = words[a:b]
        if " " in text:
            own = [word.strip().replace(" ", "\u00a0") for word in own if not word.isspace()]
        yield " ".join(own)


def _ids(corpus: Corpus, document: Numbers) -> "pa.Array":
    return _named([one.id for one in corpus.documents], document)


def _named(names: Sequence[str], numbers: NDArray[Any]) -> "pa.Array":
    """Names by their numbers."""
    import pyarrow as pa

    return pa.array(names, pa.large_string()).take(pa.array(numbers))
