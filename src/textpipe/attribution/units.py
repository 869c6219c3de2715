"""The sentences of a batch of documents as columns: what attribution reads of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

import numpy as np

from textpipe.columns import Kinds, Numbers, SentenceColumns, of_one_vocabulary, together
from textpipe.ranges import bounds_of

NAMED = frozenset({"person", "company", "organization"})
Name = tuple[int, int, str]
"""A word of the lexicon that may speak: its start and end in its sentence, and its tag."""


@dataclass(frozen=True, slots=True)
class Units:
    """One entry a sentence in each column, one document after another; document i of `each` holds the
    sentences from number `borders[i]` on, before `borders[i + 1]`. `names`: of the sentences that have any
    the people, companies and organizations, in order."""

    each: Sequence[SentenceColumns]
    borders: Sequence[int]
    texts: Sequence[str]
    kinds: Kinds
    starts: Sequence[int]
    paragraphs: Sequence[int]
    names: Mapping[int, Sequence[Name]]


def units_of(each: Sequence[SentenceColumns]) -> Units:
    """The sentences of the documents."""
    return Units(
        each,
        list(accumulate(map(len, each), initial=0)),
        list(chain.from_iterable(own.texts() for own in each)),
        together(each, "kind"),
        together(each, "start").tolist(),
        together(each, "paragraph").tolist(),
        _names(each),
    )


def _names(each: Sequence[SentenceColumns]) -> dict[int, list[Name]]:
    """The names of each sentence, by its number. Documents that share their vocabulary are looked through
    at once (word by word where a source is looked for took a tenth more time of attribution)."""
    found, first = dict[int, list[Name]](), 0
    for documents in of_one_vocabulary(each):
        names, holders = _names_together(documents)
        numbers, bounds = np.unique(holders + first, return_index=True)
        spans = pairwise([*bounds.tolist(), len(names)])
        found |= {
            number: names[a:b] for number, (a, b) in zip(numbers.tolist(), spans, strict=True)
        }
        first += sum(map(len, documents))
    return found


def _names_together(each: Sequence[SentenceColumns]) -> tuple[list[Name], Numbers]:
    """The names in documents of one vocabulary, and the number of the sentence of each."""
    words, tag_of = each[0].vocabulary, each[0].tag_of
    tags = list(map(tag_of.__getitem__, words))
    numbers = together(each, "numbers")
    lengths = np.fromiter(map(len, words), np.int64, len(words)).take(numbers)
    begin, bounds = bounds_of(lengths), bounds_of(together(each, "word_counts"))
    is_name = np.array(list(map(NAMED.__contains__, tags)), dtype=np.bool_)
    at = np.flatnonzero(is_name.take(numbers))
    sentence = np.searchsorted(bounds, at, "right") - 1
    starts = begin[at] - begin[bounds[sentence]]
    named = map(tags.__getitem__, numbers[at].tolist())
    spans = zip(starts.tolist(), (starts + lengths[at]).tolist(), named, strict=True)
    return list(spans), sentence
