"""Evaluating the coding against a gold standard, beside baselines trained in the same run."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from textpipe.codebook import Axis, Codebook
from textpipe.collector import versions
from textpipe.errors import UsageError
from textpipe.evaluation import BASELINES, Coded, Evaluation, GoldDocument, figures, read_gold
from textpipe.evaluation.baselines import Task, best_threshold
from textpipe.evaluation.figures import Plain, plain
from textpipe.evaluation.metrics import Flags, Groups
from textpipe.ingest.reader import document_of
from textpipe.processing import process
from textpipe.records import Document
from textpipe.settings import Settings
from textpipe.trainer import labelled_articles

NOWHERE = -1


def evaluate(
    gold: Path,
    settings: Settings | None = None,
    *,
    labelled: Sequence[Path] = (),
    baselines: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Evaluation:
    """The figures of the pipeline on a gold standard; baselines learn from `labelled` (default:
    the labelled data that ships with textpipe). `progress` is told each baseline's name."""
    settings = settings or Settings()
    codebook = settings.classify.loaded_codebook()
    found = read_gold(gold, codebook)
    coded, documents, unmatched = code(found, settings, codebook)
    texts = [sentence.text for document in found for sentence in document.sentences]
    others: dict[str, dict[str, Plain]] = {}
    left_out: dict[str, str] = {}
    if baselines:
        others, left_out = _baselines(coded, documents, texts, settings, labelled, progress)
    return Evaluation(
        name=gold.name,
        documents=len(found),
        sentences=len(texts),
        unmatched=unmatched,
        axes=tuple(figures(one, documents) for one in coded),
        baselines=others,
        left_out=left_out,
        versions=versions(settings),
    )


def code(
    gold: Sequence[GoldDocument], settings: Settings, codebook: Codebook
) -> tuple[list[Coded], Groups, int]:
    """The gold sentences as the pipeline codes them, axis by axis, with the document of each, and
    how many of them the pipeline splits otherwise."""
    given = [document_of(document.text, document.name) for document in gold]
    documents, failures = process(given, settings.stages)
    if failures:
        raise UsageError(f"{failures[0].source}: {failures[0].reason}")
    batch, probabilities = settings.classify.probabilities(documents)
    row_of = {(unit.document, unit.place): row for row, unit in enumerate(batch.units)}
    column_of = {name: column for column, name in enumerate(codebook.names())}
    places = [
        (number, *_place(documents[number], sentence.start, sentence.end))
        for number, document in enumerate(gold)
        for sentence in document.sentences
    ]
    wanted = [sentence.codes for document in gold for sentence in document.sentences]
    coded = []
    for axis in codebook.axes:
        labels = tuple(label.id for label in axis.labels if label.id != axis.empty)
        truth = np.array([[id in codes[axis.id] for id in labels] for codes in wanted], np.bool_)
        own_columns = [column_of[axis.id, id] for id in labels]
        values = np.zeros((len(places), len(labels)))
        for place, (n, i, _) in enumerate(places):
            if (n, i) in row_of:
                values[place] = np.maximum(probabilities[row_of[n, i], own_columns], 0)
        ids = [_given(documents[n], i, axis) for n, i, _ in places]
        own = np.array([[id in one for id in labels] for one in ids], np.bool_)
        shape = (len(places), len(labels))
        coded.append(Coded(axis, labels, truth.reshape(shape), own.reshape(shape), values))
    groups = np.array([n for n, _, _ in places], dtype=np.int64)
    return coded, groups, sum(not exact for _, _, exact in places)


def _given(document: Document, index: int, axis: Axis) -> tuple[str, ...]:
    """The labels given: those decided yes; on an axis of one choice the chosen one, sure or not."""
    if index == NOWHERE:
        return ()
    sentence = document.sentences[index]
    return sentence.ids(axis.id, "yes", "unsure") if axis.choose == "one" else sentence.ids(axis.id)


def _place(document: Document, start: int, end: int) -> tuple[int, bool]:
    """The sentence that covers most of a raw span, and whether it is that very span; `NOWHERE`
    in a document without sentences."""
    spans = [document.raw_span(sentence) for sentence in document.sentences]
    if not spans:
        return NOWHERE, False
    best = max(range(len(spans)), key=lambda n: min(end, spans[n][1]) - max(start, spans[n][0]))
    return best, spans[best] == (start, end)


def _baselines(
    coded: Sequence[Coded],
    documents: Groups,
    texts: Sequence[str],
    settings: Settings,
    labelled: Sequence[Path],
    progress: Callable[[str], None] | None,
) -> tuple[dict[str, dict[str, Plain]], dict[str, str]]:
    articles = labelled_articles(settings, labelled)
    units = [
        (number, article.document.sentences[index].text, article.codes[index])
        for number, article in enumerate(articles)
        for index in range(len(article.codes))
        if article.document.sentences[index].is_coded
    ]
    pairs = [(one.axis, id) for one in coded for id in one.labels]
    known = {label.id: label for one in coded for label in one.axis.labels}
    task = Task(
        texts=[text for _, text, _ in units],
        targets=np.array([[id in c[axis.id] for axis, id in pairs] for _, _, c in units], np.bool_),
        documents=np.array([number for number, _, _ in units], dtype=np.int64),
        wanted=texts,
        definitions=[known[id].en for _, id in pairs],
        terms=[known[id].terms for _, id in pairs],
    )
    gold = {one.axis.id: one.gold for one in coded}
    others: dict[str, dict[str, Plain]] = {}
    left_out: dict[str, str] = {}
    for name, baseline in BASELINES.items():
        if progress:
            progress(name)
        try:
            own, wanted = baseline(task)
        except UsageError as error:
            left_out[name] = str(error)
            continue
        given: dict[str, Flags] = {}
        for axis_id in gold:
            columns = [n for n, (axis, _) in enumerate(pairs) if axis.id == axis_id]
            threshold = best_threshold(task.targets[:, columns], own[:, columns])
            flags = wanted[:, columns] >= threshold
            if pairs[columns[0]][0].choose == "one":
                flags &= wanted[:, columns] == wanted[:, columns].max(axis=1, keepdims=True)
            given[axis_id] = flags
        others[name] = plain(gold, given, documents)
    return others, left_out
