"""The sheets of the workbook that have a row a sentence or a label."""

from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter

import numpy as np

from textpipe.ranges import Numbers, runs
from textpipe.report.cells import Cell, Column, Link, Sheet, address, day
from textpipe.report.results import Results
from textpipe.report.words import name, wording

MOST_ROWS = 20_000
"""Rows of a sheet; the tables in CSV and Parquet hold them all."""
_SHOWN = ("text", "speaker", "role", "modality")


def _chosen(results: Results) -> tuple[Numbers, list[tuple[int, list[int]]]]:
    """Which coded sentences are shown, all or of a large corpus those with labels first, in their order; and
    the places of their articles with their numbers there."""
    corpus = results.corpus
    chosen = np.arange(len(corpus.document))
    if len(chosen) > MOST_ROWS:
        chosen = np.sort(np.argsort(~corpus.has_label, kind="stable")[:MOST_ROWS])
    places, firsts = np.unique(corpus.document[:][chosen], return_index=True)
    numbers = np.split(corpus.number[:][chosen], firsts[1:])
    return chosen, list(zip(places.tolist(), (own.tolist() for own in numbers), strict=True))


def _names(results: Results, chosen: Numbers) -> Iterator[list[str]]:
    """For each of some coded sentences the names of its labels, a text an axis, and at last of those it is
    unsure of."""
    corpus, axes, comma = results.corpus, results.codebook.axes, wording(results.language)["list"]
    known = {
        (axis.id, x.id): (at, name(x, results.language), x.id != axis.empty)
        for at, axis in enumerate(axes)
        for x in axis.labels
    }
    of_pair = [known.get(pair) for pair in corpus.pairs]
    sizes = np.bincount(corpus.holder[:], minlength=len(corpus.document))
    places = runs(sizes, chosen)
    labels = zip(*(own[:][places].tolist() for own in (corpus.pair, corpus.is_unsure)), strict=True)
    for size in sizes[chosen].tolist():
        given: list[list[str]] = [[] for _ in axes]
        unsure: list[tuple[int, str]] = []
        for pair, is_unsure in islice(labels, size):
            if (own := of_pair[pair]) is not None:
                at, called, is_shown = own
                if is_unsure:
                    unsure.append((at, called))
                elif is_shown:
                    given[at].append(called)
        unsure.sort(key=itemgetter(0))
        yield [*map(comma.join, given), comma.join([called for _, called in unsure])]


def sentences(results: Results) -> Sheet:
    """A row a coded sentence: its labels by axis, who speaks, and where it stands."""
    words, language, voices = wording(results.language), results.language, results.voices
    axes, english, comma = results.codebook.axes, results.language != "zh", words["list"]

    def rows() -> Iterator[Sequence[Cell | Link]]:
        chosen, articles = _chosen(results)
        names, row = _names(results, chosen), 0
        tables = results.corpus.articles.sentences([place for place, _ in articles])
        for (place, numbers), table in zip(articles, tables, strict=True):
            d = results.heads[place]
            about = (
                day(d.published), d.outlet or "", d.title or d.source,
                address(d, row, words["url"]), d.id,
            )  # fmt: skip
            row += len(numbers)
            texts, speakers, roles, cues = (table.column(own).to_pylist() for own in _SHOWN)
            for number in numbers:
                role = voices.roles.get(roles[number], ("", "")) if voices else ("", "")
                ids = filter(None, cues[number].split(";")) if voices else ()
                kinds = [voices.modalities[id][english] for id in ids] if voices else []
                yield (
                    texts[number], *next(names), speakers[number], role[english], comma.join(kinds),
                    *about, number,
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
        _, articles = _chosen(results)
        documents = results.corpus.articles.documents([place for place, _ in articles])
        for (_, numbers), d in zip(articles, documents, strict=True):
            for number in numbers:
                s = d.sentences[number]
                start, end = d.raw_span(s)
                shown = [x for x in s.labels if x.decision != "no" and (x.axis, x.id) in places]
                for x in sorted(shown, key=lambda x: places[x.axis, x.id]):
                    _, axis, label = places[x.axis, x.id]
                    evidence = dict.fromkeys(e.text for e in x.evidence)
                    yield (
                        axis, label, x.probability,
                        words["unsure"] if x.decision == "unsure" else words["decided"],
                        words[f"origin_{x.origin}"], words["list"].join(evidence),
                        d.raw[start:end], d.id, number,
                    )  # fmt: skip

    columns = [
        Column(words["axis"], 14), Column(words["label"], 28), Column(words["probability"], 10, "decimal", bars=True),
        Column(words["decision"], 10), Column(words["origin"], 10), Column(words["evidence_head"], 40, "long"),
        Column(words["sentence"], 70, "long"), Column(words["document_id"], 16), Column(words["sentence_number"], 10, "number"),
    ]  # fmt: skip
    return words["sheet_labels"], columns, islice(rows(), MOST_ROWS)
