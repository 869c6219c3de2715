"""The whole order of a run: the only file that knows it."""

import gc
import logging
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from textpipe import __version__
from textpipe.analysis import (
    collocations,
    day_of,
    key_phrases,
    keyness,
    keywords,
    label_columns,
    news,
    overview,
    period_of,
    scorecard,
    slices,
    stories,
    term_columns,
    trends,
    unit_for,
    usage,
    voices,
)
from textpipe.errors import UsageError
from textpipe.findings import Failure, Overview, RunSummary
from textpipe.history import History, read_history
from textpipe.ingest import SUFFIXES, Source, find_sources, read_source
from textpipe.records import Document
from textpipe.report import Results, check_writable, manifest_bytes, report_files, write_files
from textpipe.settings import Settings
from textpipe.stage import Stage, check_order, fingerprint

logger = logging.getLogger("textpipe")

BATCH = 64
"""Documents in a batch: enough to make per-call costs of scikit-learn vanish."""

TREND_TERMS = 30
"""Keywords whose shares are followed over time."""

Progress = Callable[[int, int], None]


@contextmanager
def without_collector() -> Iterator[None]:
    """No cyclic garbage collection meanwhile: records hold no cycles, and looking for them among
    millions takes a quarter of the time (classify: 4.2 → 3.2 ms an article)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@without_collector()
def run(
    paths: Sequence[Path], settings: Settings | None = None, progress: Progress | None = None
) -> RunSummary:
    """Read the articles at the paths, code them, and write the reports to `[report] out`.

    `progress(done, total)` is called after each batch. Failures are collected; the other
    documents go on. Raises UsageError, with earlier outputs untouched, where nothing can be read.
    """
    began = time.perf_counter()
    settings = settings or Settings()
    check_order(settings.stages, given=("raw",))
    sources, failures = find_sources(paths, SUFFIXES)
    if not sources:
        raise UsageError(_nothing_found(paths, failures))
    check_writable(settings.report.out)
    settings.classify.loaded_codebook()
    documents: list[Document] = []
    for done, failed in _processed(sources, settings):
        documents += done
        failures += failed
        if progress:
            progress(len(documents) + len(failures), len(sources))
    if not documents:
        raise UsageError("no article could be processed:\n" + _listed(failures))
    history = read_history(settings.report.out)
    results = collect(documents, failures, settings, history)
    files = report_files(results, figures=settings.report.figures)
    seconds = round(time.perf_counter() - began, 3)
    files["manifest.json"] = manifest_bytes(_manifest(results, settings, history, seconds))
    write_files(settings.report.out, files)
    return _summary(results.overview, failures, settings, seconds)


def _nothing_found(paths: Sequence[Path], failures: Sequence[Failure]) -> str:
    known = ", ".join(SUFFIXES)
    if failures:
        return "no article to read:\n" + _listed(failures)
    names = ", ".join(map(str, paths))
    return f"{names}: no article found. Put {known} files there, or give another path."


def _listed(failures: Sequence[Failure]) -> str:
    return "\n".join(f"  {f.source}: {f.reason}" for f in failures)


def _processed(
    sources: Sequence[Source], settings: Settings
) -> Iterator[tuple[list[Document], list[Failure]]]:
    """The sources' documents through the stages, `BATCH` at a time, and what failed on the way."""
    documents: list[Document] = []
    failures: list[Failure] = []
    for source in sources:
        for found in read_source(source, settings.ingest):
            if isinstance(found, Failure):
                logger.info("%s: %s", found.source, found.reason)
                failures.append(found)
            else:
                documents.append(found)
            if len(documents) == BATCH:
                done, failed = process(documents, settings.stages)
                yield done, failures + failed
                documents, failures = [], []
    if documents or failures:
        done, failed = process(documents, settings.stages)
        yield done, failures + failed


def process(
    documents: list[Document], stages: Sequence[Stage]
) -> tuple[list[Document], list[Failure]]:
    """Pass a batch through the stages; a document that breaks one becomes a failure, alone."""
    failures: list[Failure] = []
    for stage in stages:
        try:
            documents = stage(documents)
        except UsageError:
            raise
        except Exception:
            documents, failed = _one_by_one(documents, stage)
            failures += failed
    return documents, failures


def _one_by_one(
    documents: Sequence[Document], stage: Stage
) -> tuple[list[Document], list[Failure]]:
    done: list[Document] = []
    failures: list[Failure] = []
    for document in documents:
        try:
            done += stage([document])
        except Exception as error:
            name = type(stage).__name__.lower()
            logger.debug("%s", traceback.format_exc())
            reason = f"{type(error).__name__}: {error}. Please report this with the file."
            logger.info("%s: %s failed: %s", document.source, name, reason)
            failures.append(Failure(document.source, name, reason))
    return done, failures


def collect(
    documents: Sequence[Document],
    failures: Sequence[Failure],
    settings: Settings,
    history: History | None = None,
) -> Results:
    """What the reports are written from: documents in order, and all that analysis finds in them."""
    ordered = sorted(documents, key=lambda d: (d.source, d.id))
    lexicon = settings.segment.loaded_lexicon()
    codebook, rules = settings.classify.loaded_codebook(), settings.attribute.loaded_rules()
    told, model = stories(ordered), settings.classify.loaded_model()
    words = usage(ordered, lexicon)
    of_corpus, of_documents = keywords(words, most=settings.report.keywords)
    unit = unit_for(ordered) if settings.report.period == "auto" else settings.report.period
    names = [k.term for k in of_corpus]
    columns = label_columns(ordered, codebook) | term_columns(words, names[:TREND_TERMS])
    card = scorecard(ordered)
    history = history or History()
    return Results(
        documents=tuple(ordered),
        codebook=codebook,
        overview=overview(ordered, codebook, told),
        keywords=of_corpus,
        document_keywords={d.id: own for d, own in zip(ordered, of_documents, strict=True)},
        failures=tuple(sorted(failures, key=lambda f: (f.source, f.stage))),
        versions=versions(settings),
        settings=_plain_settings(settings),
        language=settings.report.language,
        scorecard=card,
        key_phrases=key_phrases(words),
        keyness=keyness(words, list(slices(ordered, words, codebook, unit))),
        collocations=collocations(words, names),
        stories=told,
        trends=trends(ordered, told, columns, unit),
        unit=unit,
        periods={d.id: period_of(day, unit) if (day := day_of(d)) else "" for d in ordered},
        voices=voices(
            ordered, told, codebook, lexicon,
            roles={r.id: (r.zh, r.en) for r in rules.roles},
            modalities={m.id: (m.zh, m.en) for m in rules.modality},
        ),
        model_quality=dict(model.about.get("out_of_fold_f1", {})) if model else {},
        news=news(
            ordered, told, columns, lexicon, card,
            first_seen=history.first_seen(ordered), removed=history.removed(ordered),
        ),
    )  # fmt: skip


def versions(settings: Settings) -> dict[str, str]:
    """What a run is made with: codebook, lexicon and model with their digests, libraries."""
    from importlib.metadata import version

    codebook, model = settings.classify.loaded_codebook(), settings.classify.loaded_model()
    lexicon = settings.segment.loaded_lexicon()
    libraries = ("jieba", "rjieba", "opencc", "scikit-learn", "pandas")
    return {
        "textpipe": __version__,
        "codebook": f"{codebook.id} {codebook.version} ({codebook.digest[:12]})",
        "lexicon": f"{len(lexicon.entries):,} ({lexicon.digest[:12]})",
        "model": f"{model.about['sentences']:,} ({model.about['data_digest'][:12]})"
        if model
        else "-",
        **{name: version(name) for name in libraries},
    }


def _plain_settings(settings: Settings) -> dict[str, Any]:
    """The settings that decide results, as JSON can hold them, without the output folder."""
    plain = asdict(settings)
    plain["report"].pop("out")
    plain["fingerprints"] = {type(s).__name__.lower(): fingerprint(s) for s in settings.stages}
    return _as_json(plain)  # type: ignore[no-any-return]


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_as_json(item) for item in value]
    return value.name if isinstance(value, Path) else value


def _manifest(
    results: Results, settings: Settings, history: History, seconds: float
) -> dict[str, Any]:
    o, first_seen = results.overview, history.first_seen(results.documents)
    return {
        "versions": dict(results.versions),
        "settings": dict(results.settings),
        "codebook_digest": results.codebook.digest,
        "lexicon_digest": settings.segment.loaded_lexicon().digest,
        "inputs": [
            {
                "document": d.id,
                "source": d.source,
                "sha256": d.digest,
                "first_seen": first_seen[d.id],
            }
            for d in results.documents
        ],
        "counts": {
            "articles": o.articles,
            "stories": o.stories,
            "sentences": o.sentences,
            "labelled": o.labelled,
            "unsure": o.unsure_sentences,
            "duplicates": o.duplicates,
            "failures": len(results.failures),
        },
        "failures": [asdict(failure) for failure in results.failures],
        "finished_at": history.now,
        "seconds": seconds,
    }


def _summary(
    o: Overview, failures: Sequence[Failure], settings: Settings, seconds: float
) -> RunSummary:
    out = settings.report.out
    return RunSummary(
        read=o.articles,
        coded_sentences=o.sentences,
        unsure_sentences=o.unsure_sentences,
        duplicate_sentences=o.duplicates,
        failures=tuple(failures),
        out=str(out),
        report=str(out / "report.html"),
        seconds=seconds,
    )
