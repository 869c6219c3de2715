"""The words by which attribution works: a TOML file of verbs, titles, names and markers."""

import re
from collections.abc import Iterable
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from textpipe.attribution.words import Words, longest_first
from textpipe.errors import SettingsError
from textpipe.stage import digest
from textpipe.toml import read_toml

Text = Annotated[str, StringConstraints(pattern=r"^[^\n]+$")]
"""A word of the rules: within a line, and not empty."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


class Speech(_Table):
    """Verbs and the words around them; each list is explained in the shipped file."""

    verbs: tuple[Text, ...]
    close: tuple[Text, ...]
    pause: tuple[Text, ...]
    excluded: tuple[Text, ...] = ()
    between: tuple[Text, ...]
    according: tuple[Text, ...]
    reports: tuple[Text, ...]
    pronouns: tuple[Text, ...]
    not_speaker: tuple[Text, ...]


class People(_Table):
    """How a person's name is known where the lexicon does not hold it."""

    family_names: str
    titles: tuple[Text, ...] = ()
    officials: tuple[Text, ...] = ()
    after_name: tuple[Text, ...] = ()
    offices: tuple[Text, ...] = ()


class Future(_Table):
    """How the word of the future (將) is read, by what follows it."""

    word: str
    plan: str
    forecast: str
    objects: tuple[Text, ...]
    forecasts: tuple[Text, ...]
    between: tuple[Text, ...]

    @cached_property
    def object_marker(self) -> re.Pattern[str]:
        """Matches the word where it marks an object."""
        return re.compile(f"{re.escape(self.word)}[^，。；]{{1,14}}?{any_of(self.objects)}")

    @cached_property
    def forecast_marker(self) -> re.Pattern[str]:
        """Matches the word where it makes a forecast."""
        after = f"{any_of(self.between)}{{0,2}}{any_of(self.forecasts)}"
        return re.compile(re.escape(self.word) + after)


class Role(_Table):
    """A kind of speaker: words that stand for one, titles, names by the lexicon's terms."""

    id: str
    zh: str
    en: str
    nouns: tuple[Text, ...] = ()
    titles: tuple[Text, ...] = ()
    names: tuple[Text, ...] = ()
    endings: tuple[Text, ...] = ()
    is_government: bool = False
    people: tuple[Text, ...] = ()


class Modality(_Table):
    """A way of holding something to be so: its words, and words that hold one by chance."""

    id: str
    zh: str
    en: str
    words: tuple[Text, ...]
    excluded: tuple[Text, ...] = ()


class Rules(_Table):
    """The whole file, and what is compiled from it."""

    speech: Speech
    people: People
    future: Future
    roles: tuple[Role, ...]
    modality: tuple[Modality, ...]
    digest: str = ""

    @cached_property
    def role_of_name(self) -> dict[str, str]:
        """Organizations and people by name, and nouns, each with its role; the first role wins."""
        own = [(n, r.id) for r in reversed(self.roles) for n in (*r.names, *r.people, *r.nouns)]
        return dict(own)

    @cached_property
    def governments(self) -> frozenset[str]:
        """The roles that are governments."""
        return frozenset(role.id for role in self.roles if role.is_government)

    @cached_property
    def role_of_title(self) -> dict[str, str]:
        """Each title with its role."""
        return {title: role.id for role in reversed(self.roles) for title in role.titles}

    @cached_property
    def role_of_ending(self) -> dict[str, str]:
        """How an organization's name ends, with its role."""
        return {end: role.id for role in reversed(self.roles) for end in role.endings}

    @cached_property
    def verbs(self) -> Words:
        """Finds the reporting verbs, after those words that only hold one."""
        return Words(longest_first(self.speech.excluded) + longest_first(self.speech.verbs))

    @cached_property
    def first_verb(self) -> int:
        """The number of the first reporting verb in `verbs`; the words before only hold one."""
        return len(set(self.speech.excluded))

    @cached_property
    def nouns(self) -> Words:
        """Finds words that stand for a speaker (分析師, 業者)."""
        return Words(longest_first(noun for role in self.roles for noun in role.nouns))

    @cached_property
    def titles(self) -> Words:
        """Finds titles (執行長, 部長)."""
        people = self.people
        return Words(longest_first({*self.role_of_title, *people.titles, *people.officials}))

    @cached_property
    def name_and_title(self) -> re.Pattern[str]:
        """Finds a name as group 1 before a title that ends the text (的格羅斯曼教授)."""
        titles = any_of(self.people.after_name)
        return re.compile(rf"(?:^|[的、]|之一)([\u3400-\u9fff]{{2,5}}?){titles}$")

    @cached_property
    def office(self) -> re.Pattern[str]:
        """Finds an organization that the lexicon lacks, by how its name ends, at the end of a text."""
        endings = any_of({*self.role_of_ending, *self.people.offices})
        return re.compile(rf"[\u3400-\u9fffA-Za-z0-9]{{2,14}}{endings}$")

    @cached_property
    def modals(self) -> Words:
        """Finds modal words, after those that only hold one."""
        return Words([word for word, _ in self._modals])

    @cached_property
    def kind_of_modal(self) -> list[str | None]:
        """The id of the modality of each word of `modals`, None where it only holds one."""
        return [kind for _, kind in self._modals]

    @property
    def _modals(self) -> list[tuple[str, str | None]]:
        held = longest_first(word for m in self.modality for word in m.excluded)
        own = [(word, m.id) for m in self.modality for word in longest_first(m.words)]
        return [*((word, None) for word in held), *own]


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; it matches nothing where there is none."""
    ordered = longest_first(words)
    return "(?:" + "|".join(map(re.escape, ordered)) + ")" if ordered else "(?!)"


@cache
def load_rules(path: Path | None = None) -> Rules:
    """The rules of a file, or those that ship. Raises SettingsError naming the file and place."""
    file = path or files("textpipe") / "resources" / "attribution.toml"
    source = str(path or "attribution.toml")
    table, data = read_toml(file, source, SettingsError)
    try:
        return Rules.model_validate({**table, "digest": digest(data)})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{source}: {place}: {first['msg']}.") from error
