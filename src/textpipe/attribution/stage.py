"""The stage `attribute`: fills the speaker and the modality of every sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

from textpipe.attribution.modality import modalities
from textpipe.attribution.rules import Rules, load_rules
from textpipe.attribution.speakers import Attribution
from textpipe.attribution.units import units_of
from textpipe.columns import columns_of_document
from textpipe.lexicon import load_lexicon
from textpipe.records import Document


@dataclass(frozen=True)
class Attribute:
    """Tells whose words a sentence reports, and how it holds them to be so.

    `rules`: a TOML file of verbs, titles, names and modal words instead of the shipped one.
    """

    rules: Path | None = None

    reads: ClassVar[tuple[str, ...]] = ("text", "sentences", "tokens")
    writes: ClassVar[tuple[str, ...]] = ("speaker", "modality")
    version: ClassVar[int] = 1

    def loaded_rules(self) -> Rules:
        """The rules that these settings stand for."""
        return load_rules(self.rules)

    def resources(self) -> dict[str, str]:
        """The digest of the rules."""
        return {"rules": self.loaded_rules().digest}

    def __call__(self, documents: Sequence[Document]) -> list[Document]:
        """Give each body sentence and list item its speaker and its modal words."""
        units = units_of([columns_of_document(document) for document in documents])
        speakers = _attribution(self.rules).speakers(units)
        cues = modalities(units, self.loaded_rules())
        each = zip(documents, units.each, pairwise(units.borders), strict=True)
        return [
            document._replace(
                sentences=replace(own, speaker=speakers[first:end], modality=cues[first:end]),
            )
            for document, own, (first, end) in each
        ]


@cache
def _attribution(path: Path | None) -> Attribution:
    return Attribution(load_rules(path), load_lexicon())
