"""The sentences of a batch of documents as columns: what attribution reads of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np

from textpipe.columns import Kinds, SentenceColumns, of_one_vocabulary, together
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
    found = defaultdict[int, list[Name]](list)
    first = 0
    for documents in of_one_vocabulary(each):
        for number, name in _names_together(documents):
            found[first + number].append(name)
        first += sum(map(len, documents))
    return found


def _names_together(each: Sequence[SentenceColumns]) -> Iterator[tuple[int, Name]]:
    """The names in documents of one vocabulary, each with the number of its sentence."""
    words, tag_of = each[0].vocabulary, each[0].tag_of
    tags = [tag_of[word] for word in words]
    is_name = np.array([tag in NAMED for tag in tags], dtype=np.bool_)
    numbers = together(each, "numbers")
    lengths = np.fromiter(map(len, words), np.int64, len(words))[numbers]
    begin = bounds_of(lengths)
    bounds = bounds_of(together(each, "word_counts"))
    at = np.flatnonzero(is_name[numbers])
    sentence = np.searchsorted(bounds, at, "right") - 1
    starts = begin[at] - begin[bounds[sentence]]
    ends = starts + lengths[at]
    named = (tags[number] for number in numbers[at].tolist())
    return zip(
        sentence.tolist(), zip(starts.tolist(), ends.tolist(), named, strict=True), strict=True
    )
