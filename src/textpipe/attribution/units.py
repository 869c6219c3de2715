"""The sentences of a batch of documents as columns: what attribution reads of them."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from textpipe.columns import SentenceColumns
from textpipe.records import Kind


@dataclass(frozen=True, slots=True)
class Units:
    """One entry a sentence in each column, one document after another; document i of `each` holds the
    sentences from number `borders[i]` on, before `borders[i + 1]`."""

    each: Sequence[SentenceColumns]
    borders: Sequence[int]
    texts: Sequence[str]
    kinds: Sequence[Kind]
    starts: Sequence[int]
    paragraphs: Sequence[int]

    def words(self, number: int) -> tuple[list[str], Mapping[str, str]]:
        """The words of a sentence, and what gives the tag of any of them."""
        document = bisect_right(self.borders, number) - 1
        own = self.each[document]
        return own.words_of(number - self.borders[document]), own.tag_of


def units_of(each: Sequence[SentenceColumns]) -> Units:
    """The sentences of the documents."""
    return Units(
        each,
        list(accumulate(map(len, each), initial=0)),
        list(chain.from_iterable(own.texts() for own in each)),
        list(chain.from_iterable(own.kind for own in each)),
        list(chain.from_iterable(own.start for own in each)),
        list(chain.from_iterable(own.paragraph for own in each)),
    )
