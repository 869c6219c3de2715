"""The sheets of the workbook that have a row a sentence or a label."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice, pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from textpipe.records import Document, Sentence
from textpipe.report.cells import Cell, Column, Link, Sheet, address, day
from textpipe.report.results import Results
from textpipe.report.words import name, wording

MOST_ROWS = 20_000
"""Rows of a sheet; the tables in CSV and Parquet hold them all."""


class _Coded(NamedTuple):
    """A coded sentence, its article and its number there."""

    document: Document
    number: int
    sentence: Sentence


def _chosen(results: Results) -> Iterator[_Coded]:
    """The coded sentences, or of a large corpus those with labels first, in their order."""
    corpus = results.corpus
    places = np.arange(len(corpus.document))
    if len(places) > MOST_ROWS:
        places = np.sort(np.argsort(~corpus.has_label, kind="stable")[:MOST_ROWS])
    document, number = corpus.document[places], corpus.number[places].tolist()
    articles, firsts = np.unique(document, return_index=True)
    bounds = pairwise([*firsts.tolist(), len(places)])
    for own, (a, b) in zip(corpus.articles.documents(articles.tolist()), bounds, strict=True):
        for at in number[a:b]:
            yield _Coded(own, at, own.sentences[at])


def _names(results: Results) -> Callable[[Sentence], list[str]]:
    """What gives the names of a sentence's labels, a text an axis, and at last of those it is unsure of."""
    comma, axes = wording(results.language)["list"], results.codebook.axes
    places = {
        (axis.id, x.id): (at, name(x, results.language), x.id != axis.empty)
        for at, axis in enumerate(axes)
        for x in axis.labels
    }

    def names(sentence: Sentence) -> list[str]:
        given: list[list[str]] = [[] for _ in axes]
        unsure: list[tuple[int, str]] = []
        for x in sentence.labels:
            if x.decision != "no" and (x.axis, x.id) in places:
                at, called, is_shown = places[x.axis, x.id]
                if x.decision == "unsure":
                    unsure.append((at, called))
                elif is_shown:
                    given[at].append(called)
        unsure.sort(key=itemgetter(0))
        return [*map(comma.join, given), comma.join(called for _, called in unsure)]

    return names


def sentences(results: Results) -> Sheet:
    """A row a coded sentence: its labels by axis, who speaks, and where it stands."""
    words, language, voices = wording(results.language), results.language, results.voices
    axes, names = results.codebook.axes, _names(results)
    english = language != "zh"

    def rows() -> Iterator[Sequence[Cell | Link]]:
        row = 0
        for _, group in groupby(_chosen(results), lambda own: own.document.id):
            sentences = list(group)
            d = sentences[0].document
            about = (
                day(d.published), d.outlet or "", d.title or d.source,
                address(d, row, words["url"]), d.id,
            )  # fmt: skip
            row += len(sentences)
            for _, number, s in sentences:
                start, end = d.raw_span(s)
                role = (
                    voices.roles.get(s.speaker.role, ("", "")) if voices and s.speaker else ("", "")
                )
                kinds = [voices.modalities[c.id][english] for c in s.modality] if voices else []
                yield (
                    d.raw[start:end], *names(s), s.speaker.name if s.speaker else "", role[english],
                    words["list"].join(kinds), *about, number,
                )  # fmt: skip

    columns = [
        Column(words["sentence"], 70, "long"),
        *(Column(name(axis, language), 24, "long") for axis in axes),
        Column(words["unsure"], 20, "long"), Column(words["speaker"], 14), Column(words["role"], 14),
        Column(words["modality"], 12), Column(words["date"], 12, "date"), Column(words["outlet"], 14),
        Column(words["article"], 36, "long"), Column(words["url"], 12), Column(words["document_id"], 16),
        Column(words["sentence_number"], 10, "number"),
    ]  # fmt: skip
    return words["sheet_sentences"], columns, rows()


def labels(results: Results) -> Sheet:
    """A row a label that is not decided against, with its evidence."""
    words, language = wording(results.language), results.language
    places = {
        (axis.id, x.id): (at, name(axis, language), name(x, language))
        for at, (axis, x) in enumerate(results.codebook.pairs())
    }

    def rows() -> Iterator[Sequence[Cell | Link]]:
        for d, number, s in _chosen(results):
            start, end = d.raw_span(s)
            shown = [x for x in s.labels if x.decision != "no" and (x.axis, x.id) in places]
            for x in sorted(shown, key=lambda x: places[x.axis, x.id]):
                _, axis, label = places[x.axis, x.id]
                evidence = dict.fromkeys(e.text for e in x.evidence)
                yield (
                    axis, label, x.probability,
                    words["unsure"] if x.decision == "unsure" else words["decided"],
                    words[f"origin_{x.origin}"], words["list"].join(evidence), d.raw[start:end],
                    d.id, number,
                )  # fmt: skip

    columns = [
        Column(words["axis"], 14), Column(words["label"], 28), Column(words["probability"], 10, "decimal", bars=True),
        Column(words["decision"], 10), Column(words["origin"], 10), Column(words["evidence_head"], 40, "long"),
        Column(words["sentence"], 70, "long"), Column(words["document_id"], 16), Column(words["sentence_number"], 10, "number"),
    ]  # fmt: skip
    return words["sheet_labels"], columns, islice(rows(), MOST_ROWS)
