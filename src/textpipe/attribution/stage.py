"""The stage `attribute`: fills the speaker and the modality of every sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import ClassVar

from textpipe.attribution.modality import modality
from textpipe.attribution.rules import Rules, load_rules
from textpipe.attribution.speakers import Attribution
from textpipe.attribution.words import Word
from textpipe.lexicon import load_lexicon
from textpipe.records import CODED_KINDS, Document, Sentence, Speaker


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
        rules = self.loaded_rules()
        attribution = _attribution(self.rules)
        texts = [s.text for d in documents for s in d.sentences]
        speakers = iter(attribution.speakers(documents))
        modals = iter(rules.modals.find_each(texts))
        return [
            replace(
                document,
                sentences=tuple(
                    _attributed(sentence, next(speakers), next(modals), rules)
                    for sentence in document.sentences
                ),
            )
            for document in documents
        ]


@cache
def _attribution(path: Path | None) -> Attribution:
    return Attribution(load_rules(path), load_lexicon())


def _attributed(
    sentence: Sentence, speaker: Speaker | None, modals: Sequence[Word], rules: Rules
) -> Sentence:
    is_coded = modals and sentence.kind in CODED_KINDS
    cues = modality(sentence.text, modals, rules, sentence.start) if is_coded else ()
    if speaker is sentence.speaker and cues == sentence.modality:
        return sentence
    return sentence._replace(speaker=speaker, modality=cues)
