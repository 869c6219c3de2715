"""What kind of speaker a name is: by its title, its employer, its own name, or what was told before."""

from collections.abc import Callable

from textpipe.attribution.rules import Rules
from textpipe.attribution.words import longest_first
from textpipe.lexicon import Lexicon, Memory

LONGEST_NAME = 12
OTHER = "other"


class Roles:
    """Gives roles by the rules and the lexicon."""

    def __init__(self, rules: Rules, lexicon: Lexicon) -> None:
        self._rules, self._lexicon = rules, lexicon
        self.government: Memory[str] = Memory(self._government)
        """The role of the government that a name stands for, "" where it stands for none."""
        self._known: Memory[tuple[str, str, str | None]] = Memory(self._of_name)
        """What is known of a name alone (names recur: never to remember took 5 % more time of attribution)."""
        self._endings = tuple(longest_first(rules.role_of_ending))
        self._title_ends = frozenset(title[-1:] for title in rules.titles.words)

    def role(self, before: str, name: str, after: str, told: "Told") -> str:
        """The role of a name between the text before it in its clause and the text after it."""
        term, tag, known = self._known[name]
        if tag in ("company", "organization") or (known and not tag):
            found = self._expert(after) or known or self._organization(term, tag, told)
        else:
            own = self._titled(before, told) or self._after(after) or known or told.roles.get(name)
            found = own or self._organization(name, "", told)
        told.add(name, found, is_government=found in self._rules.governments)
        return found

    def _of_name(self, name: str) -> tuple[str, str, str | None]:
        """The lexicon's term and tag for a name, "" where it has none, and the role that the rules give it."""
        entry = self._lexicon.entry(name)
        term, tag = (entry.term, entry.tag) if entry else (name, "")
        names, titles = self._rules.role_of_name, self._rules.role_of_title
        return term, tag, names.get(term) or names.get(name) or titles.get(name)

    def _government(self, name: str) -> str:
        entry = self._lexicon.entry(name)
        role = self._rules.role_of_name.get(entry.term if entry else name)
        return role if role is not None and role in self._rules.governments else ""

    def _after(self, after: str) -> str | None:
        """The role of the title that follows a name."""
        titles = self._rules.titles
        found = titles.find(after)
        if not found or found[0][1] > 0:
            return None
        return self._rules.role_of_title.get(titles.words[found[0][0]])

    def _expert(self, after: str) -> str | None:
        """A company's analyst speaks as an analyst."""
        role = self._after(after)
        return role if role == "expert" else None

    def _titled(self, before: str, told: "Told") -> str | None:
        """The role of the title before a name, or of the employer before the title."""
        before = before.rstrip()
        if before[-1:] not in self._title_ends:
            return None
        titles = self._rules.titles.find(before)
        if not titles or titles[-1][2] < len(before):
            return None
        number, start, _ = titles[-1]
        title = self._rules.titles.words[number]
        role = self._rules.role_of_title.get(title)
        if role == "expert":
            return role
        employer = self._employer(before[:start], told)
        if employer or role:
            return employer or role
        return told.government() if title in self._rules.people.officials else None

    def _employer(self, text: str, told: "Told") -> str | None:
        """The role of the organization that a text names last."""
        for end in range(len(text), 0, -1):
            for start in range(max(0, end - LONGEST_NAME), end - 1):
                role = self._named(text[start:end], told)
                if role:
                    return role
        return self._ending(text)

    def _ending(self, name: str) -> str | None:
        """The role that an organization's name tells by its end."""
        if not name.endswith(self._endings):
            return None
        return self._rules.role_of_ending[next(filter(name.endswith, self._endings))]

    def _named(self, name: str, told: "Told") -> str | None:
        entry = self._lexicon.entry(name)
        known = self._rules.role_of_name.get(entry.term if entry else name)
        if known is None and entry and entry.tag in ("company", "organization"):
            known = self._organization(entry.term, entry.tag, told)
        return known if known != OTHER else None

    def _organization(self, name: str, tag: str, told: "Told") -> str:
        known = self._rules.role_of_name.get(name)
        if known or tag == "company":
            return known or "company"
        found = self._ending(name)
        if found is None and name.endswith(self._rules.people.offices):
            found = told.government()
        return found or OTHER


class Told:
    """What a document told up to the sentence `number`: its names with their roles, and the government
    that it named last. That one is looked for, backwards, only where it is asked for (to look at every
    sentence took a quarter more time of attribution).

    `named`: the role of the government that a sentence names last, "" where it names none.
    """

    def __init__(self, number: int, named: Callable[[int], str]) -> None:
        self.roles: dict[str, str] = {}
        self.number = number
        self._named = named
        self._government: str | None = None
        self._looked_to = number - 1

    def government(self) -> str | None:
        """The role of the government named last."""
        numbers = range(self.number, self._looked_to, -1)
        self._government = next(filter(None, map(self._named, numbers)), self._government)
        self._looked_to = self.number
        return self._government

    def add(self, name: str, role: str, *, is_government: bool) -> None:
        """Remember a speaker of the sentence."""
        if role != OTHER:
            self.roles.setdefault(name, role)
        if is_government:
            self._government, self._looked_to = role, self.number
