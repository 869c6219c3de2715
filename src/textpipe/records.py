"""The records that travel through the pipeline: frozen, slotted, checking nothing but themselves.

Two texts exist for a document: `raw`, as decoded from the file, and `text`, after normalization.
Sentence and token offsets refer to `text`; evidence refers to `raw`; `alignment` leads back.
"""

from abc import abstractmethod
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar, get_args, overload

Kind = Literal["body", "heading", "caption", "byline", "list_item", "boilerplate"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Decision = Literal["yes", "no", "unsure"]
Origin = Literal["rule", "model", "person"]

CODED_KINDS: tuple[Kind, ...] = ("body", "list_item")
"""The kinds of sentence that carry labels; the others are units of their own."""


UNKNOWN = "unknown"
"""The tag of a Chinese word that stands in no dictionary."""

R = TypeVar("R")


class Made(Sequence[R]):
    """Records that are held in another form and made when they are asked for: equal to the tuple of them,
    and pickled as such."""

    __slots__ = ()

    @abstractmethod
    def _records(self) -> tuple[R, ...]:
        """The records, made once."""

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[R]: ...
    def __getitem__(self, index: int | slice) -> R | Sequence[R]:
        return self._records()[index]

    def __iter__(self) -> Iterator[R]:
        return iter(self._records())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Made | tuple) and self._records() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._records())

    def __repr__(self) -> str:
        return repr(self._records())

    def __reduce__(self) -> tuple[type[tuple[R, ...]], tuple[tuple[R, ...]]]:
        return tuple, (self._records(),)


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


class Change(NamedTuple):
    """One replacement made by normalization: `raw[start:end]` became `text`, and why."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """Maps spans of `text` to the spans of `raw` that they came from, monotonically.

    `starts[i]`, `ends[i]` bound the raw characters behind character i of the text. Both are
    None where the two texts agree position by position, which most documents do.
    """

    text_length: int
    raw_length: int
    starts: "array[int] | None" = None
    ends: "array[int] | None" = None

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw span behind `text[start:end]`; an empty span maps to an empty span."""
        if not 0 <= start <= end <= self.text_length:
            raise ValueError(f"span {start}:{end} is outside a text of {self.text_length}")
        if self.starts is None or self.ends is None:
            return start, end
        if start == end:
            at = self.starts[start] if start < self.text_length else self.raw_length
            return at, at
        return self.starts[start], self.ends[end - 1]

    def to_text(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the text that holds every character made from `raw[start:end]`.

        An empty span where those characters left none (a control character, say).
        """
        if not 0 <= start <= end <= self.raw_length:
            raise ValueError(f"span {start}:{end} is outside a raw text of {self.raw_length}")
        if self.starts is None or self.ends is None:
            return start, end
        first = bisect_right(self.ends, start)
        return first, max(first, bisect_left(self.starts, end))

    def cuts(self, positions: list[int]) -> list[int]:
        """Raw positions at which to cut `raw` where `text` is cut, so that the pieces tile it."""
        if self.starts is None:
            return positions
        starts, size = self.starts, self.text_length
        return [0 if p == 0 else starts[p] if p < size else self.raw_length for p in positions]


class Evidence(NamedTuple):
    """The characters `raw[start:end]` that speak for a label, and why they do."""

    start: int
    end: int
    text: str
    why: str


class Label(NamedTuple):
    """A code given to a sentence on one axis of the codebook.

    `party`: for whom it is, on an axis of one choice: the id of the codebook's party that the
    sentence, its heading or the title names, "" where none does.
    """

    axis: str
    id: str
    probability: float
    decision: Decision
    origin: Origin
    evidence: tuple[Evidence, ...] = ()
    party: str = ""


class Speaker(NamedTuple):
    """Whose words a sentence reports: the name as written at `Document.text[start:end]`, which may be
    another sentence's, and the role by the attribution's rules (company, expert, …)."""

    name: str
    role: str
    start: int
    end: int


class Cue(NamedTuple):
    """A word at `Document.text[start:end]` that tells a modality (planned, feared, …)."""

    id: str
    start: int
    end: int


class Sentence(NamedTuple):
    """A unit of the text: `Document.text[start:start + len(text)] == text`.

    `paragraph` counts from 1; `duplicate_of` is the index, in the same document, of the
    sentence whose text this one repeats. `speaker` and `modality` are filled by attribution.
    """

    start: int
    text: str
    kind: Kind = "body"
    paragraph: int = 1
    tokens: Tokens = NO_TOKENS
    labels: Sequence[Label] = ()
    speaker: Speaker | None = None
    modality: tuple[Cue, ...] = ()
    duplicate_of: int | None = None

    @property
    def end(self) -> int:
        """One past the last character in `Document.text`."""
        return self.start + len(self.text)

    @property
    def is_coded(self) -> bool:
        """True for body sentences and list items that do not repeat an earlier sentence."""
        return self.kind in CODED_KINDS and self.duplicate_of is None

    def ids(self, axis: str, *decisions: Decision) -> tuple[str, ...]:
        """The label ids on an axis with one of the decisions (yes where none is named)."""
        wanted = decisions or ("yes",)
        return tuple(x.id for x in self.labels if x.axis == axis and x.decision in wanted)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and its name in the results (from the folder that was given).

    `root`: the path that was given; `real`: its own path without links; size (bytes) and `modified`
    (nanoseconds) are None for what is piped in.
    """

    path: Path
    name: str
    root: str = ""
    real: str = ""
    size: int | None = None
    modified: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One article on its way from bytes to rows."""

    id: str
    source: str
    raw: str
    title: str | None = None
    published: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    digest: str = ""
    encoding: str = ""
    encoding_confidence: float = 1.0
    metadata_end: int = 0
    text: str = ""
    alignment: Alignment = field(default_factory=lambda: Alignment(0, 0))
    script: str = ""
    changes: tuple[Change, ...] = ()
    sentences: Sequence[Sentence] = ()

    def raw_span(self, sentence: Sentence) -> tuple[int, int]:
        """Where a sentence stands in `raw`."""
        return self.alignment.to_raw(sentence.start, sentence.end)
