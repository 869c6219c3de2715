"""What kind of speaker a name is: by its title, its employer, its own name, or what was told before."""

from textpipe.attribution.rules import Rules
from textpipe.lexicon import Lexicon, Memory

LONGEST_NAME = 12
OTHER = "other"
Told = dict[str, str]
"""Names of a document with their roles; under "" the government that it named last."""


class Roles:
    """Gives roles by the rules and the lexicon."""

    def __init__(self, rules: Rules, lexicon: Lexicon) -> None:
        self._rules, self._lexicon = rules, lexicon
        self.government: Memory[str] = Memory(self._government)
        """The role of the government that a name stands for, "" where it stands for none."""
        self._endings = sorted(rules.role_of_ending.items(), key=lambda pair: -len(pair[0]))

    def role(self, before: str, name: str, after: str, memory: Told) -> str:
        """The role of a name between the text before it in its clause and the text after it."""
        entry = self._lexicon.entry(name)
        term, tag = (entry.term, entry.tag) if entry else (name, "")
        known = (
            self._rules.role_of_name.get(term)
            or self._rules.role_of_name.get(name)
            or self._rules.role_of_title.get(name)
        )
        if tag in ("company", "organization") or (known and not entry):
            found = self._expert(after) or known or self._organization(term, tag, memory)
        else:
            told = self._titled(before, memory) or self._after(after) or known or memory.get(name)
            found = told or self._organization(name, "", memory)
        if found != OTHER:
            memory.setdefault(name, found)
        self.note(found, memory)
        return found

    def note(self, role: str | None, memory: Told) -> None:
        """Remember the government that a document names last."""
        if role in self._rules.governments:
            memory[""] = role

    def _government(self, name: str) -> str:
        entry = self._lexicon.entry(name)
        role = self._rules.role_of_name.get(entry.term if entry else name)
        return role if role is not None and role in self._rules.governments else ""

    def _after(self, after: str) -> str | None:
        """The role of the title that follows a name."""
        title = self._rules.title.match(after)
        return self._rules.role_of_title.get(title[0]) if title else None

    def _expert(self, after: str) -> str | None:
        """A company's analyst speaks as an analyst."""
        role = self._after(after)
        return role if role == "expert" else None

    def _titled(self, before: str, memory: Told) -> str | None:
        """The role of the title before a name, or of the employer before the title."""
        titles = list(self._rules.title.finditer(before))
        if not titles or titles[-1].end() < len(before.rstrip()):
            return None
        title = titles[-1][0]
        role = self._rules.role_of_title.get(title)
        if role == "expert":
            return role
        employer = self._employer(before[: titles[-1].start()], memory)
        if employer or role:
            return employer or role
        return memory.get("") if title in self._rules.people.officials else None

    def _employer(self, text: str, memory: Told) -> str | None:
        """The role of the organization that a text names last."""
        for end in range(len(text), 0, -1):
            for start in range(max(0, end - LONGEST_NAME), end - 1):
                role = self._named(text[start:end], memory)
                if role:
                    return role
        return next((role for end, role in self._endings if text.endswith(end)), None)

    def _named(self, name: str, memory: Told) -> str | None:
        entry = self._lexicon.entry(name)
        known = self._rules.role_of_name.get(entry.term if entry else name)
        if known is None and entry and entry.tag in ("company", "organization"):
            known = self._organization(entry.term, entry.tag, memory)
        return known if known != OTHER else None

    def _organization(self, name: str, tag: str, memory: Told) -> str:
        known = self._rules.role_of_name.get(name)
        if known or tag == "company":
            return known or "company"
        found = next((role for end, role in self._endings if name.endswith(end)), None)
        if found is None and name.endswith(self._rules.people.offices):
            found = memory.get("")
        return found or OTHER
