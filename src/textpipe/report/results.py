"""What every report is written from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from textpipe.codebook import Codebook
from textpipe.records import Document, Failure, Keyword, Overview, Scorecard


@dataclass(frozen=True)
class Results:
    """The results of a run.

    `keywords` are the corpus's, `document_keywords` each article's by document id; `versions`
    name the software, codebook, lexicon and model; `language` is that of the reports; `scorecard` tells
    how well segmentation knew the corpus.
    """

    documents: tuple[Document, ...]
    codebook: Codebook
    overview: Overview
    keywords: tuple[Keyword, ...]
    document_keywords: Mapping[str, tuple[Keyword, ...]]
    failures: tuple[Failure, ...]
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    language: str = "zh"
    scorecard: Scorecard | None = None
