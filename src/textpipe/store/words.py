"""The tags of stored words: bytes beside those of their lengths (`packed`), and back."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from textpipe.arrow import bytes_as_arrow, lists_as_arrow, strings_as_arrow
from textpipe.columns import SentenceColumns, of_one_vocabulary
from textpipe.packed import Codes, codes_in, kind_of_codes
from textpipe.ranges import bounds_of


def tag_columns(each: Sequence[SentenceColumns]) -> tuple[pa.ListArray, pa.BinaryArray]:
    """The different tags of each document's words, sorted, and the words' codes among them."""
    held = [own for documents in of_one_vocabulary(each) for own in _tags_of(documents)]
    names, codes = [names for names, _ in held], [codes.tobytes() for _, codes in held]
    flat = strings_as_arrow([name for own in names for name in own])
    data = np.frombuffer(b"".join(codes), dtype=np.uint8)
    return (
        lists_as_arrow(bounds_of(list(map(len, names))), flat),
        bytes_as_arrow(bounds_of(list(map(len, codes))), data),
    )


def _tags_of(each: Sequence[SentenceColumns]) -> Iterator[tuple[list[str], Codes]]:
    """Of documents of one vocabulary the tags of each, and its words' codes."""
    tags = list(map(each[0].tag_of.__getitem__, each[0].vocabulary))
    names = sorted({tag for tag in tags if tag})
    number = {name: n for n, name in enumerate(["", *names])}
    code = np.array(list(map(number.__getitem__, tags)), dtype=kind_of_codes(len(names)))
    for own in each:
        codes = code.take(own.numbers)
        held = np.flatnonzero(np.bincount(codes, minlength=len(number))[1:])
        among = np.zeros(len(number), dtype=kind_of_codes(len(held)))
        among[held + 1] = np.arange(1, len(held) + 1)
        yield [names[n] for n in held.tolist()], among.take(codes)


class Tags(Mapping[str, str]):
    """The tag of any word of a stored document, "" for others; found with the first question."""

    def __init__(
        self,
        vocabulary: Sequence[str],
        numbers: NDArray[np.int32],
        names: Sequence[str],
        codes: bytes,
    ) -> None:
        """`numbers`: its words in a vocabulary; `names`: its tags; `codes`: its words' codes among them."""
        self._given = vocabulary, numbers, names, codes

    @cached_property
    def _tags(self) -> dict[str, str]:
        vocabulary, numbers, names, packed = self._given
        codes = codes_in(packed, names)
        tagged = np.flatnonzero(codes)
        words, first = np.unique(numbers[tagged], return_index=True)
        tags = (names[code - 1] for code in codes[tagged[first]].tolist())
        return dict(zip(map(vocabulary.__getitem__, words.tolist()), tags, strict=True))

    def __getitem__(self, word: str) -> str:
        return self._tags.get(word, "")

    def __iter__(self) -> Iterator[str]:
        return iter(self._tags)

    def __len__(self) -> int:
        return len(self._tags)
