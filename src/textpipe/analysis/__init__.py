"""Analysis of a whole corpus, over its own tokens and labels."""

from textpipe.analysis.keywords import corpus_keywords, document_keywords
from textpipe.analysis.overview import overview

__all__ = ["corpus_keywords", "document_keywords", "overview"]
