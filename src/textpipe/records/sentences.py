"""Sentences with their labels, speakers and cues."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from textpipe.records.tokens import NO_TOKENS, Tokens

Kind = Literal["body", "heading", "caption", "byline", "list_item", "boilerplate"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Decision = Literal["yes", "no", "unsure"]
Origin = Literal["rule", "model", "person"]

CODED_KINDS: tuple[Kind, ...] = ("body", "list_item")
"""The kinds of sentence that carry labels; the others are units of their own."""


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
