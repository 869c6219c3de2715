"""Speakers of quotations and reported speech, found by the words around reporting verbs.

For each sentence: the first reporting verb outside quotations whose clause names a source before it
(「…」，劉佩真指出), a source after 根據 or 據, or, where a sentence speaks on (他說, a quotation alone),
the speaker before it.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise

from textpipe.attribution.quotations import HIDDEN, is_quotation, masked_quotations
from textpipe.attribution.roles import Roles, Told
from textpipe.attribution.rules import Rules
from textpipe.attribution.sources import CLAUSE_ENDS, Said, Sources, clause_start
from textpipe.attribution.units import Units
from textpipe.attribution.words import Lines, Word, Words
from textpipe.columns import are_of
from textpipe.lexicon import Lexicon
from textpipe.records import Kind, Speaker

_SPEAKING: tuple[Kind, ...] = ("body", "list_item", "caption")
_PAUSES = frozenset(CLAUSE_ENDS + "「" + HIDDEN)
_FARTHEST = 40
"""How many characters before a name are read for its role."""
_LONGEST_TITLE = 6
"""How many characters after it."""


class Attribution:
    """Finds the speakers of one document after another."""

    def __init__(self, rules: Rules, lexicon: Lexicon) -> None:
        self._rules, self._roles, self._sources = rules, Roles(rules, lexicon), Sources(rules)
        self._according = Words(rules.speech.according)
        verbs, pause = rules.verbs.words, frozenset(rules.speech.pause)
        self._pauses = {number for number, verb in enumerate(verbs) if verb in pause}

    def speakers(self, units: Units) -> list[Speaker | None]:
        """The speaker of each sentence of each document, in order; None where a sentence reports nobody's
        words."""
        speaking = are_of(units.kinds, *_SPEAKING).tolist()
        masked = [
            masked_quotations(text) if speaks else ""
            for text, speaks in zip(units.texts, speaking, strict=True)
        ]
        said = self._said(units, masked)
        quotations = {n for n, text in enumerate(masked) if HIDDEN in text and is_quotation(text)}
        found: list[Speaker | None] = [None] * len(masked)
        for first, end in pairwise(units.borders):
            own = range(first, end)
            self._find(found, units, own, said)
            for number in filter(quotations.__contains__, own):
                if not found[number]:
                    found[number] = _neighbour(found, units.paragraphs, number, own)
        return found

    def _said(self, units: Units, masked: Sequence[str]) -> dict[int, Said]:
        """The sentences that may name a source, by number."""
        rules, lines = self._rules, Lines(masked)
        verbs = lines.each(self._verbs(lines.text))
        according = self._according.find_each(lines)
        numbers = [number for number, own in enumerate(verbs) if own or according[number]]
        lines = Lines([units.texts[number] for number in numbers])
        people = zip(rules.nouns.find_each(lines), rules.titles.find_each(lines), strict=True)
        return {
            number: Said(
                units.texts[number],
                masked[number],
                verbs[number],
                bool(according[number]),
                nouns,
                titles,
                units.names.get(number, ()),
            )
            for number, (nouns, titles) in zip(numbers, people, strict=True)
        }

    def _verbs(self, text: str) -> list[Word]:
        """The reporting verbs in sentences, each with a line break after it and its quotations masked."""
        first, pauses = self._rules.first_verb, self._pauses
        return [
            verb
            for verb in self._rules.verbs.find(text)
            if verb[0] >= first and (verb[0] not in pauses or text[verb[2]] in _PAUSES)
        ]

    def _find(
        self, found: list[Speaker | None], units: Units, numbers: range, said: Mapping[int, Said]
    ) -> None:
        """Fill in the speakers of the sentences of a document that name one, or that speak on."""
        told = Told(numbers.start, partial(self._government, units))
        last: Speaker | None = None
        spoke = 0
        for number in filter(said.__contains__, numbers):
            told.number = number
            paragraph = units.paragraphs[number]
            speaker = self._own(said[number], units.starts[number], told)
            if not speaker and spoke >= paragraph - 1 and self._sources.speaks_on(said[number]):
                speaker = last
            if speaker:
                found[number] = last = speaker
                spoke = paragraph

    def _own(self, said: Said, at: int, told: Told) -> Speaker | None:
        """The source that a sentence itself names, and its role, remembered for later."""
        span = self._sources.own(said)
        if not span:
            return None
        text, (start, end) = said.text, span
        before = text[max(clause_start(text, start), start - _FARTHEST) : start]
        name = text[start:end]
        role = self._roles.role(before, name, text[end : end + _LONGEST_TITLE], told)
        return Speaker(name, role, at + start, at + end)

    def _government(self, units: Units, number: int) -> str:
        """The role of the government that a sentence names last, "" where it names none."""
        text, role = units.texts[number], self._roles.government
        named = (text[a:b] for a, b, _ in reversed(units.names.get(number, ())))
        return next(filter(None, map(role.__getitem__, named)), "")


def _neighbour(
    found: Sequence[Speaker | None], paragraphs: Sequence[int], number: int, own: range
) -> Speaker | None:
    """The speaker of the sentence before or after, in the same paragraph of a document."""
    for other in (number - 1, number + 1):
        if other in own and paragraphs[other] == paragraphs[number] and found[other]:
            return found[other]
    return None
