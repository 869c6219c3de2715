"""The records that travel through the pipeline: frozen, slotted, checking nothing but themselves.

Two texts exist for a document: `raw`, as decoded from the file, and `text`, after normalization.
Sentence and token offsets refer to `text`; evidence refers to `raw`; `alignment` leads back.
"""

from textpipe.records.alignment import Alignment, Change
from textpipe.records.documents import Document, Head, Source
from textpipe.records.made import Made
from textpipe.records.sentences import (
    CODED_KINDS,
    KINDS,
    Cue,
    Decision,
    Evidence,
    Kind,
    Label,
    Origin,
    Sentence,
    Speaker,
)
from textpipe.records.tokens import NO_TOKENS, UNKNOWN, Token, Tokens

__all__ = [
    "CODED_KINDS",
    "KINDS",
    "NO_TOKENS",
    "UNKNOWN",
    "Alignment",
    "Change",
    "Cue",
    "Decision",
    "Document",
    "Evidence",
    "Head",
    "Kind",
    "Label",
    "Made",
    "Origin",
    "Sentence",
    "Source",
    "Speaker",
    "Token",
    "Tokens",
]
