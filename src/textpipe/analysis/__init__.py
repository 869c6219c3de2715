"""Analysis of a whole corpus, over its own tokens and labels."""

from textpipe.analysis.keywords import Terms, keywords, term_counts
from textpipe.analysis.new_words import scorecard
from textpipe.analysis.overview import overview

__all__ = ["Terms", "keywords", "overview", "scorecard", "term_counts"]
