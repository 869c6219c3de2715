"""Addresses within the page: filters of its sentences, and the words that a term is written with."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, urlencode

from textpipe.folding import squeeze
from textpipe.lexicon import load_lexicon
from textpipe.report.results import Results
from textpipe.report.words import Words, date

Forms = Mapping[str, Sequence[str]]

MOST_PAIRS = 16


def to_sentences(*pairs: tuple[str, str]) -> str:
    """The address that filters the sentences: `#axis=label&…`."""
    return "#" + urlencode(pairs, quote_via=quote)


def search(forms: Iterable[str]) -> tuple[str, str]:
    """The filter for sentences that hold one of the forms."""
    return ("free-text", "|".join(forms))


def both(forms: Sequence[str], others: Sequence[str]) -> list[str]:
    """Search words for sentences that hold a form of each of two terms."""
    return [f"{a}&&{b}" for a in forms for b in others][:MOST_PAIRS]


def forms_of(results: Results) -> dict[str, list[str]]:
    """Every term that is shown with those of its aliases in the shipped lexicon that the corpus uses."""
    by_form = load_lexicon().by_form
    terms = [k.term for k in results.keywords] + [k.term for k in results.keyness]
    terms += [t for c in results.collocations for t in (c.term, c.other)]
    if results.news is not None:
        terms += [m.id for m in results.news.moves] + [m.term for m in results.news.mentions]
    forms = {term: {term} for term in terms}
    for token in {w for d in results.documents for s in d.sentences for w in s.tokens.words}:
        entry = by_form.get(squeeze(token))
        if entry is not None and entry.term in forms:
            forms[entry.term].add(token)
    return {term: sorted(found) for term, found in forms.items()}


def period_name(words: Words, period: str) -> str:
    """A period in words: a month, or a day (of a week, its first)."""
    return date(words, period)
