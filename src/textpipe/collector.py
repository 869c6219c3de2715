"""What the reports are written from: every analysis over the coded documents, and the manifest."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from textpipe import __version__
from textpipe.analysis import (
    Counts,
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
    textrank,
    trends,
    unit_for,
    usage,
    voices,
)
from textpipe.findings import Failure
from textpipe.limits import give_back_memory
from textpipe.report import Corpus, Results
from textpipe.settings import Settings
from textpipe.spill import Spill
from textpipe.stage import fingerprint
from textpipe.work import Shelf

T = TypeVar("T")
TREND_TERMS = 30
"""Keywords whose shares are followed over time."""


@dataclass(frozen=True)
class History:
    """For each document id the time of the report that first told of it, and the sources that are gone
    since the last one; `now`: the time of this one (ISO 8601, local, with its zone)."""

    first_seen: Mapping[str, str] = field(default_factory=dict)
    removed: Sequence[str] = ()
    now: str = ""


def collect(
    articles: Shelf,
    counts: Counts,
    failures: Sequence[Failure],
    settings: Settings,
    history: History | None = None,
) -> Results:
    """What the reports are written from: articles in order, and all that analysis finds in them.
    `counts`: of all of them, as `merge` gives them."""
    heads, texts = articles.heads, articles.texts
    lexicon = settings.segment.loaded_lexicon()
    codebook, rules = settings.classify.loaded_codebook(), settings.attribute.loaded_rules()
    model = settings.classify.loaded_model()
    unit = unit_for(heads) if settings.report.period == "auto" else settings.report.period
    with ThreadPoolExecutor(1) as beside:  # numpy lets other threads work
        found = beside.submit(stories, heads, texts, counts.bands)
        card = _lean(scorecard(counts, texts))
        words = _lean(usage(counts, lexicon))
        ranks = _lean(textrank(words))
        of_corpus, of_documents = _lean(keywords(words, ranks, most=settings.report.keywords))
        key = keyness(words, slices(heads, counts, codebook, unit))
        told = _lean(found.result())
    names = [k.term for k in of_corpus]
    columns = _lean(label_columns(counts, codebook) | term_columns(words, names[:TREND_TERMS]))
    history = history or History()
    return Results(
        corpus=_lean(corpus_of(articles, counts)),
        codebook=codebook,
        overview=_lean(overview(heads, counts, codebook, told)),
        keywords=of_corpus,
        document_keywords=of_documents,
        failures=tuple(sorted(failures, key=lambda f: (f.source, f.stage))),
        versions=versions(settings),
        settings=_plain_settings(settings),
        language=settings.report.language,
        scorecard=card,
        key_phrases=key_phrases(words, ranks),
        keyness=key,
        collocations=collocations(words, names),
        stories=told,
        trends=trends(heads, told, counts.coded, columns, unit),
        unit=unit,
        periods={d.id: period_of(day, unit) if (day := day_of(d)) else "" for d in heads},
        voices=voices(
            counts, told, codebook, lexicon,
            roles={r.id: (r.zh, r.en) for r in rules.roles},
            modalities={m.id: (m.zh, m.en) for m in rules.modality},
        ),
        model_quality=dict(model.about.get("out_of_fold_f1", {})) if model else {},
        news=news(
            heads, texts, counts, told, columns, lexicon, card,
            first_seen={d.id: history.first_seen.get(d.id, history.now) for d in heads},
            removed=history.removed,
        ),
    )  # fmt: skip


def _lean(found: T) -> T:
    """What a step of analysis found, after which the memory that it took for itself goes back."""
    give_back_memory()
    return found


def corpus_of(articles: Shelf, counts: Counts) -> Corpus:
    """The coded sentences of what is counted in the articles; their columns go to a file one by one."""
    kept, is_coded = Spill(articles.folder).add, counts.is_coded
    rows, place = np.flatnonzero(is_coded), np.cumsum(is_coded, dtype=np.int32) - 1
    roles = sorted({role for _, role in counts.speakers})
    of_speaker = np.array([*(roles.index(role) for _, role in counts.speakers), -1], np.int32)
    return Corpus(
        articles, kept(counts.document[rows]), kept(counts.number[rows]), kept(counts.length[rows]),
        kept(of_speaker[counts.speaker[rows]]), roles, kept(place[counts.holder]), kept(counts.label),
        counts.pairs, kept(counts.probability), kept(counts.is_unsure), counts.repeated, counts.vocabulary,
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
    """The settings that decide results, as JSON can hold them, without places and occasions."""
    plain = asdict(settings)
    for section in ("store", "engine"):
        plain.pop(section)
    for name in ("out", "when", "large"):
        plain["report"].pop(name)
    plain["fingerprints"] = {type(s).__name__.lower(): fingerprint(s) for s in settings.stages}
    return _as_json(plain)  # type: ignore[no-any-return]


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_as_json(item) for item in value]
    return value.name if isinstance(value, Path) else value


def manifest(
    results: Results, settings: Settings, history: History, seconds: float, run: str = ""
) -> dict[str, Any]:
    """What the reports were made with and of, as JSON can hold it."""
    o = results.overview
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
                "first_seen": history.first_seen.get(d.id, history.now),
            }
            for d in results.heads
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
        "failures": [
            {"source": f.source, "stage": f.stage, "reason": f.reason} for f in results.failures
        ],
        "run": run,
        "finished_at": history.now,
        "seconds": seconds,
    }
