"""Analysis of a whole corpus, over its own tokens, labels, speakers and dates."""

from textpipe.analysis.concordance import Line, Sort, concordance
from textpipe.analysis.cooccurrence import collocations
from textpipe.analysis.counting import COLUMNS, count
from textpipe.analysis.counts import Counts
from textpipe.analysis.keyness import compare, keyness
from textpipe.analysis.keywords import key_phrases, keywords, textrank
from textpipe.analysis.merging import Merger, merge
from textpipe.analysis.new_words import scorecard
from textpipe.analysis.news import news
from textpipe.analysis.overview import overview
from textpipe.analysis.slices import slices
from textpipe.analysis.stories import stories
from textpipe.analysis.trends import (
    day_of,
    label_columns,
    period_of,
    term_columns,
    trends,
    unit_for,
)
from textpipe.analysis.usage import Usage, usage
from textpipe.analysis.voices import voices

__all__ = [
    "COLUMNS",
    "Counts",
    "Line",
    "Merger",
    "Sort",
    "Usage",
    "collocations",
    "compare",
    "concordance",
    "count",
    "day_of",
    "key_phrases",
    "keyness",
    "keywords",
    "label_columns",
    "merge",
    "news",
    "overview",
    "period_of",
    "scorecard",
    "slices",
    "stories",
    "term_columns",
    "textrank",
    "trends",
    "unit_for",
    "usage",
    "voices",
]
