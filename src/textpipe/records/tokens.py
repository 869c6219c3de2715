"""Words of a text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, overload

UNKNOWN = "unknown"
"""The tag of a Chinese word that stands in no dictionary."""


class Token(NamedTuple):
    """A word: its first character in `Document.text`, its text, and its tag.

    The tag is the lexicon's, `UNKNOWN`, or "" for a word of the general dictionary.
    """

    start: int
    text: str
    tag: str = ""


class Tokens(Sequence[Token]):
    """The tokens of a stretch of text, kept as words: a `Token` is made when it is asked for.

    `words` join to the text from `start` on; `tag_of` gives the tag of any of them.
    """

    __slots__ = ("start", "tag_of", "words")

    def __init__(
        self, start: int = 0, words: Sequence[str] = (), tags: Mapping[str, str] | None = None
    ) -> None:
        self.start = start
        self.words = words
        self.tag_of: Mapping[str, str] = {} if tags is None else tags

    @classmethod
    def of(cls, tokens: Iterable[Token]) -> "Tokens":
        """The same tokens as a `Tokens`; each must begin where the one before it ends."""
        tokens = list(tokens)
        tags = {token.text: token.tag for token in tokens}
        return cls(tokens[0].start if tokens else 0, [token.text for token in tokens], tags)

    @property
    def tags(self) -> list[str]:
        """The tag of each word."""
        return list(map(self.tag_of.__getitem__, self.words))

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[Token]:
        start, tags = self.start, self.tag_of
        for word in self.words:
            yield Token(start, word, tags[word])
            start += len(word)

    def tagged(self, wanted: frozenset[str]) -> list[Token]:
        """The tokens with one of the tags."""
        tags = self.tags
        if wanted.isdisjoint(tags):
            return []
        start, found = self.start, []
        for word, tag in zip(self.words, tags, strict=True):
            if tag in wanted:
                found.append(Token(start, word, tag))
            start += len(word)
        return found

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | Sequence[Token]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tokens) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash((self.start, tuple(self.words)))

    def __repr__(self) -> str:
        return f"Tokens({self.start}, {list(self.words)})"

    def __reduce__(self) -> tuple[type["Tokens"], tuple[int, Sequence[str], dict[str, str]]]:
        return Tokens, (self.start, self.words, {word: self.tag_of[word] for word in self.words})


NO_TOKENS = Tokens()
