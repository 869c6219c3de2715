"""The source that a sentence names itself, found by the words around its reporting verbs.

It stands in a verb's clause (台經院總監劉佩真指出), or at the end of the clause before it, or after 根據 or 據.
It is one of the lexicon's people and organizations, a name after a title or alone in its clause, or a
word that stands for a speaker.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textpipe.attribution.quotations import HIDDEN
from textpipe.attribution.roles import LONGEST_NAME
from textpipe.attribution.rules import Rules, any_of
from textpipe.attribution.units import Name
from textpipe.attribution.words import Word, longest_first

CLAUSE_ENDS = "，。；！？：,;!?:\n"
_CLAUSE_BORDER = re.compile(f"[{CLAUSE_ENDS}」』”「]")
_CLAUSE = 64
"""Characters that are looked through first for where a clause begins; most do within them."""
_HAN_NAME = re.compile(
    r"[\u3400-\u9fff]{2,5}(?:[·‧．－—-][\u3400-\u9fff]{1,5})?|[A-Z][A-Za-z.\- ]{2,30}"
)
_NO_NAME = re.compile(r"[的在與和及是了將已於對向被把等這那並但因而有也都年前後幾各些名位間]")
_LEAD = re.compile(r"(?:但|不過|而|且|並|然而|因此|此外|另外|同時|至於|其中|尤其|最後|首先|接著)*")
_GOES_ON = ("的", "與", "和", "及", "、", "概念股", "股價")
"""What stands after a name that is not the one who speaks."""

Span = tuple[int, int]


class Said(NamedTuple):
    """A sentence on the search for its source: its text, the same with quotations masked, what was found in
    it, each with start and end in the sentence.

    `verbs`: reporting verbs outside quotations; `is_according`: whether it holds a word as 根據;
    `nouns`: words that stand for a speaker; `titles`; `named`: people, companies and organizations.
    """

    text: str
    masked: str
    verbs: Sequence[Word]
    is_according: bool
    nouns: Sequence[Word]
    titles: Sequence[Word]
    named: Sequence[Name]

    def names(self, start: int, end: int) -> list[Name]:
        """The people, companies and organizations in text[start:end]."""
        return [name for name in self.named if start <= name[0] and name[1] <= end]


class Sources:
    """Finds the sources that sentences name, as spans in them."""

    def __init__(self, rules: Rules) -> None:
        self._rules, self._nouns, self._titles = rules, rules.nouns, rules.titles
        speech, people = rules.speech, rules.people
        self._strip = _before_a_verb(speech.between)
        self._close = {n for n, verb in enumerate(rules.verbs.words) if verb in speech.close}
        self._pronouns = frozenset(speech.pronouns)
        self._not_speaker = speech.not_speaker
        self._title_words, self._after_name = frozenset(rules.titles.words), people.after_name
        self._offices = (*rules.role_of_ending, *people.offices)
        self._families = frozenset(people.family_names)
        self._according = re.compile(
            rf"(?:{any_of(speech.according)})(?P<source>[^，。；]{{2,40}}?)的?(?:{any_of(speech.reports)})"
        )

    def own(self, said: Said) -> Span | None:
        """The source before the first verb that has one, else after 根據 or its like."""
        for verb in said.verbs:
            source = self._before(said, verb)
            if source:
                return source
        for match in self._according.finditer(said.masked) if said.is_according else ():
            source = self._named(said, *match.span("source"), is_close=False)
            if source:
                return source
        return None

    def speaks_on(self, said: Said) -> bool:
        """True where the first verb's clause names nobody, or a pronoun, at the head of a sentence."""
        if not said.verbs:
            return False
        masked, (number, verb, _) = said.masked, said.verbs[0]
        start = clause_start(masked, verb)
        if masked[:start].strip(HIDDEN + CLAUSE_ENDS + "「」『』 "):
            return False
        at = _lead_end(masked, start, verb)
        if masked[at:verb] in self._pronouns:
            return True
        rest = masked[at : self._stripped(masked, at, verb)].strip(HIDDEN + " ")
        return rest in self._pronouns or not (rest or number in self._close)

    def _before(self, said: Said, verb: Word) -> Span | None:
        """The source in the verb's clause, or one with which the clause before it ends."""
        masked, (number, end, _) = said.masked, verb
        start, is_close = clause_start(masked, end), number in self._close
        source = self._named(said, start, end, is_close=is_close)
        if source or is_close or start == 0:
            return source
        rest = masked[start:end]
        at = start + len(rest) - len(rest.lstrip())
        if self._stripped(masked, at, end) > at:
            return None
        return self._named(said, clause_start(masked, start - 1), start - 1, is_close=True)

    def _stripped(self, text: str, start: int, end: int) -> int:
        """Where text[start:end] ends without what may stand between a source and its verb."""
        while end > start:
            match = self._strip.search(text[start:end])
            if match is None:
                return end
            end = start + match.start()
        return end

    def _named(self, said: Said, start: int, end: int, *, is_close: bool) -> Span | None:
        """The source in text[start:end]: the last one that nothing speaks against."""
        if start == end:
            return None
        text = said.text
        stop = self._stripped(text, start, end)
        names = said.names(start, end)
        titles = self._titles.within(said.titles, text, start, stop)
        candidates = [name[:2] for name in names]
        candidates += [noun[1:] for noun in self._nouns.within(said.nouns, text, start, end)]
        candidates += self._titled(text, titles, stop)
        starts = [start] + [b for _, b, tag in names if tag != "person"]
        candidates += self._family(text, starts, stop)
        standing = [c for c in candidates if self._stands(text, start, c, stop, is_close=is_close)]
        if not standing:
            return self._last_resort(text, start, stop, titles)
        people = [(a, b) for a, b, tag in names if tag == "person"]
        return max(standing, key=lambda c: (c[1] == stop, c in people, c[1], c[1] - c[0]))

    def _stands(self, text: str, start: int, span: Span, stop: int, *, is_close: bool) -> bool:
        """Whether nothing around a candidate speaks against it."""
        if text.endswith(self._not_speaker, start, span[0]):
            return False
        rest = text[span[1] : stop]
        if is_close and rest and rest not in self._title_words:
            return False
        return len(rest) <= 2 * LONGEST_NAME and not rest.startswith(_GOES_ON)

    def _titled(self, text: str, titles: Sequence[Word], stop: int) -> list[Span]:
        """What stands between the last title and the end, where it looks like a name."""
        if not titles or titles[-1][2] == stop:
            return []
        rest = text[titles[-1][2] : stop]
        name = rest.strip()
        at = stop - len(rest.lstrip())
        return [(at, at + len(name))] if self._is_name(name) else []

    def _family(self, text: str, starts: Sequence[int], stop: int) -> list[Span]:
        """A name of three characters with nothing before it but one of the starts (劉佩真指出)."""
        at = stop - 3
        if at < starts[0] or text[at] not in self._families:
            return []
        follows = any(_lead_end(text, start, stop) == at for start in starts)
        return [(at, stop)] if follows and self._is_name(text[at:stop]) else []

    def _is_name(self, name: str) -> bool:
        """Whether a text could be a name: no function word, no verb or modal word in it."""
        words = self._rules
        return bool(_HAN_NAME.fullmatch(name)) and not (
            _NO_NAME.search(name) or words.verbs.find(name) or words.modals.find(name)
        )

    def _last_resort(self, text: str, start: int, stop: int, titles: Sequence[Word]) -> Span | None:
        """A name before its title, an organization by the end of its name, or a title alone."""
        if text.endswith(self._after_name, start, stop):
            named = self._rules.name_and_title.search(text[start:stop])
            if named and self._is_name(named[1]):
                return start + named.start(1), start + named.end(1)
        if text.endswith(self._offices, start, stop):
            office = self._rules.office.fullmatch(text, _lead_end(text, start, stop), stop)
            if office and not _NO_NAME.search(office[0]):
                return office.span()
        return titles[-1][1:] if titles and titles[-1][2] == stop else None


def _before_a_verb(between: Iterable[str]) -> re.Pattern[str]:
    """Finds at the end of a text what may stand between a source and its verb.

    The first group only looks whether anything can begin at a place (without it attribution took a tenth
    more time).
    """
    words = longest_first(between)
    firsts = re.escape("".join(sorted({word[0] for word in words})))
    return re.compile(
        rf"(?=[{firsts}\d（(在於面談被回提問接出參對向》〉\s])"
        rf"(?:{any_of(words)}|\d+日|（[^（）]*）|\([^()]*\)|[在於][^，]{{1,18}}?(?:上|中|時|後|裡|期間|間|內)"
        rf"|在[^，的]{{1,8}}"
        rf"|(?:面對|談到|談及|被問|回應|提到|提及|問及|回顧)[^，]{{1,18}}?(?:時|後)"
        rf"|(?:接受|出席|參加)[^，]{{1,18}}?(?:訪問|專訪|採訪|論壇|會議|活動|聽證會|記者會)?(?:時|後)?|[對向][^，]{{1,10}}|[》〉]|\s)$"
    )


def clause_start(text: str, at: int) -> int:
    """Where the clause begins that holds the character before `at`."""
    reach = _CLAUSE
    while True:
        border = _CLAUSE_BORDER.search(text[max(0, at - reach) : at][::-1])
        if border:
            return at - border.start()
        if reach >= at:
            return 0
        reach *= 4


def _lead_end(text: str, start: int, stop: int) -> int:
    """Where the words end that lead into text[start:stop] (不過, 此外)."""
    lead = _LEAD.match(text, start, stop)
    return lead.end() if lead else start
