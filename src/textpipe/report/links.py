"""Addresses within the page: filters of its sentences, and the words that a term is written with."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, urlencode

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


def period_name(words: Words, period: str) -> str:
    """A period in words: a month, or a day (of a week, its first)."""
    return date(words, period)
