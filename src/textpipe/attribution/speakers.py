"""Speakers of quotations and reported speech, found by the words around reporting verbs.

For each sentence: the first reporting verb outside quotations whose clause names a source before it
(「…」，劉佩真指出), a source after 根據 or 據, or, where a sentence speaks on (他說, a quotation alone),
the speaker before it. Names are the lexicon's people and organizations, names after a title, and
words that stand for a speaker.
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from textpipe.attribution.quotations import HIDDEN, is_quotation, masked_quotations
from textpipe.attribution.roles import LONGEST_NAME, Roles, Told
from textpipe.attribution.rules import Rules
from textpipe.attribution.words import Word, Words
from textpipe.lexicon import Lexicon
from textpipe.records import Document, Sentence, Speaker, Tokens

NAMED = frozenset({"person", "company", "organization"})
_SPEAKING = ("body", "list_item", "caption")
CLAUSE_ENDS = "，。；！？：,;!?:\n"
_CLAUSE_BORDERS = frozenset(CLAUSE_ENDS + "」』”「")
_HAN_NAME = re.compile(
    r"[\u3400-\u9fff]{2,5}(?:[·‧．－—-][\u3400-\u9fff]{1,5})?|[A-Z][A-Za-z.\- ]{2,30}"
)
_NO_NAME = re.compile(r"[的在與和及是了將已於對向被把等這那並但因而有也都年前後幾各些名位間]")
_LEAD = re.compile(r"(?:但|不過|而|且|並|然而|因此|此外|另外|同時|至於|其中|尤其|最後|首先|接著)*")


class Said(NamedTuple):
    """A sentence on the search for its source: its text with quotations masked, the reporting verbs outside
    them, and whether it holds a word as 根據."""

    sentence: Sentence
    masked: str
    verbs: Sequence[Word]
    according: bool

    @property
    def text(self) -> str:
        """The sentence's text."""
        return self.sentence.text

    def entities(self) -> list[tuple[int, int, str]]:
        """Start, end (in the sentence) and tag of each of the lexicon's people, companies and organizations
        in it."""
        at = self.sentence.start
        names = self.sentence.tokens.tagged(NAMED)
        return [(t.start - at, t.start - at + len(t.text), t.tag) for t in names]


class Attribution:
    """Finds the speakers of one document after another."""

    def __init__(self, rules: Rules, lexicon: Lexicon) -> None:
        self._rules, self._roles = rules, Roles(rules, lexicon)
        speech = rules.speech
        between = "|".join(
            sorted(map(re.escape, speech.between), key=lambda word: (-len(word), word))
        )
        self._strip = re.compile(
            rf"(?:{between}|\d+日|（[^（）]*）|\([^()]*\)|[在於][^，]{{1,18}}?(?:上|中|時|後|裡|期間|間|內)"
            rf"|在[^，的]{{1,8}}"
            rf"|(?:面對|談到|談及|被問|回應|提到|提及|問及|回顧)[^，]{{1,18}}?(?:時|後)"
            rf"|(?:接受|出席|參加)[^，]{{1,18}}?(?:訪問|專訪|採訪|論壇|會議|活動|聽證會|記者會)?(?:時|後)?|[對向][^，]{{1,10}}|[》〉]|\s)$"
        )
        self._close, self._pause = frozenset(speech.close), frozenset(speech.pause)
        reports = "|".join(map(re.escape, speech.reports))
        according = "|".join(map(re.escape, speech.according))
        self._according = re.compile(
            rf"(?:{according})(?P<source>[^，。；]{{2,40}}?)的?(?:{reports})"
        )
        self._according_words = Words(speech.according)
        self._pronoun = re.compile(
            rf"(?:{'|'.join(map(re.escape, sorted(speech.pronouns, key=len, reverse=True)))})$"
        )
        self._not_speaker = re.compile(f"(?:{'|'.join(map(re.escape, speech.not_speaker))})$")

    def speakers(self, documents: Sequence[Document]) -> list[Speaker | None]:
        """The speaker of each sentence of each document, in order; None where a sentence reports nobody's
        words."""
        sentences = [sentence for document in documents for sentence in document.sentences]
        masked = [masked_quotations(s.text) if s.kind in _SPEAKING else "" for s in sentences]
        verbs = map(self._verbs, masked, self._rules.verbs.find_each(masked))
        according = self._according_words.find_each(masked)
        each = map(Said, sentences, masked, verbs, map(bool, according))
        found: list[Speaker | None] = []
        for document in documents:
            found += self._speakers(list(islice(each, len(document.sentences))))
        return found

    def _speakers(self, each: Sequence[Said]) -> list[Speaker | None]:
        """The speakers of the sentences of a document."""
        memory: Told = {}
        found: list[Speaker | None] = []
        wholly: list[int] = []
        last: Speaker | None = None
        governments = self._governments([said.sentence.tokens for said in each])
        for number, said in enumerate(each):
            if number in governments:
                self._roles.note(governments[number], memory)
            speaker = None
            if said.verbs or said.according:
                speaker = self._own(said, memory)
                if not speaker and self._speaks_on(said) and _near(each, number, found):
                    speaker = last
            if not speaker and is_quotation(said.masked):
                wholly.append(number)
            found.append(speaker)
            last = speaker or last
        for number in wholly:
            found[number] = _neighbour(each, number, found)
        return found

    def _governments(self, tokens: Sequence[Tokens]) -> dict[int, str]:
        """For sentences that name a government the role of the one that they name last."""
        found: dict[int, str] = {}
        role = self._roles.government.__getitem__
        for number, own in enumerate(tokens):
            for word in filter(role, own.words):
                if own.tag_of[word] in NAMED:
                    found[number] = role(word)
        return found

    def _own(self, said: Said, memory: Told) -> Speaker | None:
        """The source that a sentence itself names, and its role, remembered for later."""
        for verb in said.verbs:
            source = self._before(said, verb)
            if source:
                return self._found(said, source, memory)
        for match in self._according.finditer(said.masked) if said.according else ():
            source = self._named(said, match.start("source"), match.end("source"), close=False)
            if source:
                return self._found(said, source, memory)
        return None

    def _found(self, said: Said, span: tuple[int, int], memory: Told) -> Speaker:
        text, at = said.text, said.sentence.start
        start = max(_clause_start(text, span[0]), span[0] - 40)
        name, after = text[slice(*span)], text[span[1] : span[1] + 6]
        role = self._roles.role(text[start : span[0]], name, after, memory)
        return Speaker(name, role, at + span[0], at + span[1])

    def _verbs(self, masked: str, found: Sequence[Word]) -> Sequence[Word]:
        """Of the words that a sentence holds the reporting verbs; its quotations are masked."""
        if not found:
            return ()
        return [
            verb
            for verb in found
            if verb.number >= self._rules.first_verb
            and (
                self._word(verb) not in self._pause
                or masked[verb.end : verb.end + 1] in ("", *CLAUSE_ENDS, "「", HIDDEN)
            )
        ]

    def _word(self, verb: Word) -> str:
        return self._rules.verbs.words[verb.number]

    def _before(self, said: Said, verb: Word) -> tuple[int, int] | None:
        """The source in the verb's clause, or one with which the clause before it ends."""
        masked = said.masked
        start = _clause_start(masked, verb.start)
        close = self._word(verb) in self._close
        source = self._named(said, start, verb.start, close=close)
        if source or close or start == 0:
            return source
        rest = masked[start : verb.start]
        at = start + len(rest) - len(rest.lstrip())
        if self._stripped(masked, at, verb.start) > at:
            return None
        before = _clause_start(masked, start - 1)
        return self._named(said, before, start - 1, close=True)

    def _stripped(self, text: str, start: int, end: int) -> int:
        """Where text[start:end] ends without what may stand between a source and its verb."""
        while end > start:
            match = self._strip.search(text[start:end])
            if match is None:
                return end
            end = start + match.start()
        return end

    def _named(self, said: Said, start: int, end: int, *, close: bool) -> tuple[int, int] | None:
        """The source in text[start:end]: the last one that nothing speaks against."""
        text = said.text
        candidates: list[tuple[int, int]] = []
        stop = self._stripped(text, start, end)
        candidates += self._titled(text, start, stop)
        entities = [x for x in said.entities() if start <= x[0] and x[1] <= end]
        nouns = [(start + a, start + b) for _, a, b in self._rules.nouns.find(text[start:end])]
        candidates += [(a, b) for a, b, _ in entities] + nouns + self._family(text, start, stop)
        candidates += [
            found
            for a, b, tag in entities
            if tag != "person"
            for found in self._family(text, b, stop)
        ]
        candidates = [c for c in candidates if self._stands(text, start, c, stop, close=close)]
        if not candidates:
            return self._last_resort(text, start, stop)
        people = {(a, b) for a, b, tag in entities if tag == "person"}
        return max(candidates, key=lambda c: (c[1] == stop, c in people, c[1], c[1] - c[0]))

    def _last_resort(self, text: str, start: int, stop: int) -> tuple[int, int] | None:
        """A name before its title, an organization by the end of its name, or a title alone."""
        named = self._rules.name_and_title.search(text[start:stop])
        if named and self._is_name(named[1]):
            return start + named.start(1), start + named.end(1)
        lead = _LEAD.match(text, start, stop)
        office = self._rules.office.fullmatch(text, lead.end() if lead else start, stop)
        if office and not _NO_NAME.search(office[0]):
            return office.span()
        titles = [(m.start(), m.end()) for m in self._rules.title.finditer(text, start, stop)]
        return titles[-1] if titles and titles[-1][1] == stop else None

    def _stands(
        self, text: str, start: int, span: tuple[int, int], stop: int, *, close: bool
    ) -> bool:
        if self._not_speaker.search(text[start : span[0]]):
            return False
        rest = text[span[1] : stop]
        if close and rest and not self._rules.title.fullmatch(rest):
            return False
        return (
            not rest.startswith(("的", "與", "和", "及", "、", "概念股", "股價"))
            and len(rest) <= 2 * LONGEST_NAME
        )

    def _titled(self, text: str, start: int, stop: int) -> list[tuple[int, int]]:
        """What stands between the last title and the end, where it looks like a name."""
        titles = list(self._rules.title.finditer(text, start, stop))
        if not titles or titles[-1].end() == stop:
            return []
        at = titles[-1].end()
        name = text[at:stop].strip()
        at += len(text[at:stop]) - len(text[at:stop].lstrip())
        if self._is_name(name):
            return [(at, at + len(name))]
        return []

    def _is_name(self, name: str) -> bool:
        """Whether a text could be a name: no function word, no verb or modal word in it."""
        words = self._rules
        return bool(_HAN_NAME.fullmatch(name)) and not (
            _NO_NAME.search(name) or words.verbs.find(name) or words.modals.find(name)
        )

    def _family(self, text: str, start: int, stop: int) -> list[tuple[int, int]]:
        """A clause that is nothing but a name of three characters (劉佩真指出)."""
        lead = _LEAD.match(text, start, stop)
        at = lead.end() if lead else start
        name = text[at:stop]
        is_name = (
            len(name) == 3 and name[0] in self._rules.people.family_names and self._is_name(name)
        )
        return [(at, stop)] if is_name else []

    def _speaks_on(self, said: Said) -> bool:
        """True where a verb's clause names nobody, or a pronoun, at the head of a sentence."""
        masked = said.masked
        for verb in said.verbs:
            start = _clause_start(masked, verb.start)
            if masked[:start].strip(HIDDEN + CLAUSE_ENDS + "「」『』 "):
                return False
            lead = _LEAD.match(masked, start, verb.start)
            at = lead.end() if lead else start
            end = self._stripped(masked, at, verb.start)
            rest = masked[at:end].strip(HIDDEN + " ")
            pronoun = self._pronoun.fullmatch(rest) or self._pronoun.fullmatch(
                masked[at : verb.start]
            )
            return bool(pronoun) or (not rest and self._word(verb) not in self._close)
        return False


def _clause_start(text: str, at: int) -> int:
    """Where the clause begins that holds the character before `at`."""
    while at > 0 and text[at - 1] not in _CLAUSE_BORDERS:
        at -= 1
    return at


def _near(each: Sequence[Said], number: int, found: Sequence[Speaker | None]) -> bool:
    """True where somebody spoke in the sentence's paragraph or the one before it."""
    here = each[number].sentence.paragraph
    return any(
        found[i] is not None
        for i in range(number - 1, -1, -1)
        if each[i].sentence.paragraph >= here - 1
    )


def _neighbour(
    each: Sequence[Said], number: int, found: Sequence[Speaker | None]
) -> Speaker | None:
    """The speaker of the sentence before or after, in the same paragraph."""
    here = each[number].sentence.paragraph
    for other in (number - 1, number + 1):
        if 0 <= other < len(found) and each[other].sentence.paragraph == here and found[other]:
            return found[other]
    return None
