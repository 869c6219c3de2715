"""What every report is written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from textpipe.codebook import Codebook
from textpipe.findings import (
    Collocation,
    DocumentKeywords,
    Failure,
    Keyness,
    KeyPhrase,
    Keyword,
    News,
    Overview,
    Scorecard,
    Story,
    Trend,
    Voices,
)
from textpipe.folding import squeeze
from textpipe.lexicon import load_lexicon
from textpipe.records import Head
from textpipe.report.corpus import Corpus


@dataclass(frozen=True)
class Results:
    """The results of a run.

    `keywords` are the corpus's, `document_keywords` each article's; `versions`
    name the software, codebook, lexicon and model; `language` is that of the reports; `scorecard` tells
    how well segmentation knew the corpus. `unit`: the period of the trends; `periods`:
    that of each document by id, "" without a date; `model_quality`: out-of-fold F1 by axis id.
    """

    corpus: Corpus
    codebook: Codebook
    overview: Overview
    keywords: tuple[Keyword, ...]
    document_keywords: DocumentKeywords
    failures: tuple[Failure, ...]
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    language: str = "zh"
    scorecard: Scorecard | None = None
    key_phrases: tuple[KeyPhrase, ...] = ()
    keyness: tuple[Keyness, ...] = ()
    collocations: tuple[Collocation, ...] = ()
    stories: tuple[Story, ...] = ()
    trends: tuple[Trend, ...] = ()
    unit: str = "month"
    periods: Mapping[str, str] = field(default_factory=dict)
    voices: Voices | None = None
    news: News | None = None
    model_quality: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def forms(self) -> Mapping[str, Sequence[str]]:
        """Every term that is shown with those of its aliases in the shipped lexicon that the corpus uses."""
        by_form = load_lexicon().by_form
        terms = [k.term for k in self.keywords] + [k.term for k in self.keyness]
        terms += [t for c in self.collocations for t in (c.term, c.other)]
        if self.news is not None:
            terms += [m.id for m in self.news.moves] + [m.term for m in self.news.mentions]
        forms = {term: {term} for term in terms}
        for token in self.corpus.words:
            entry = by_form.get(squeeze(token))
            if entry is not None and entry.term in forms:
                forms[entry.term].add(token)
        return {term: sorted(found) for term, found in forms.items()}

    @property
    def heads(self) -> Sequence[Head]:
        """What is known of each article."""
        return self.corpus.heads
