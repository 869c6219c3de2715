"""The lexicon: terms of the field that stay whole, with tag, English name and aliases.

A lexicon is a CSV file (UTF-8, opens in Excel) with the columns `term,tag,english,aliases`;
aliases are separated by semicolons. Later files add to and override earlier ones.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Generic, TypeVar

from textpipe.errors import LexiconError
from textpipe.folding import fold, squeeze
from textpipe.stage import digest

V = TypeVar("V")

COLUMNS = ("term", "tag", "english", "aliases")
TAGS = (
    "organization", "law", "programme", "person", "company",
    "technology", "product", "measure", "place", "concept",
)  # fmt: skip

KINDS = {
    "company": ("公司", "集團", "企業", "控股"),
    "product": ("晶片",),
    "organization": ("峰會",),
    "programme": ("計畫",),
    "law": ("法案",),
}
"""The word for what it is that may follow a name without making it another one; it follows names in
Chinese characters where they are companies, and Latin names where they are anything else."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the world: its preferred term, what it is, its other names."""

    term: str
    tag: str
    english: str = ""
    aliases: tuple[str, ...] = ()
    place: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The preferred term and its aliases."""
        return (self.term, *self.aliases)

    @property
    def derived_forms(self) -> tuple[str, ...]:
        """The names with the word for what they are after them (鴻海集團, H20晶片, APEC峰會)."""
        kinds = KINDS.get(self.tag, ())
        names = (f for f in self.forms if f.isascii() != (self.tag == "company"))
        return tuple(f + kind for f in names if not f.endswith(kinds) for kind in kinds)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The entries of one or more lexicon files, and a digest of their content."""

    entries: tuple[Entry, ...]
    digest: str

    @cached_property
    def by_form(self) -> dict[str, Entry]:
        """Every form, squeezed as it is compared, with its entry; a later entry wins, and a form
        that is written wins over one that is derived."""
        derived = {squeeze(form): entry for form, entry in self._derived}
        return derived | {squeeze(form): entry for entry in self.entries for form in entry.forms}

    @cached_property
    def forms(self) -> list[str]:
        """Every form as it is written, in order."""
        own = {form for entry in self.entries for form in entry.forms}
        return sorted(own.union(form for form, _ in self._derived))

    @cached_property
    def _derived(self) -> list[tuple[str, Entry]]:
        return [(form, entry) for entry in self.entries for form in entry.derived_forms]

    @cached_property
    def feature_words(self) -> dict[str, str]:
        """Any word to the folded preferred term, or to the folded word itself; a growing memory."""
        return Memory(lambda word: fold(self.preferred(word)))

    def entry(self, word: str) -> Entry | None:
        """The entry that a word is a form of, or None."""
        return self.by_form.get(squeeze(word))

    def preferred(self, word: str) -> str:
        """The preferred term for a word, or the word itself where the lexicon lacks it."""
        entry = self.entry(word)
        return entry.term if entry else word


class Memory(dict[str, V], Generic[V]):
    """Remembers a function of words; emptied when it grows beyond any vocabulary."""

    _MOST = 500_000

    def __init__(self, function: Callable[[str], V]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, word: str) -> V:
        if len(self) >= self._MOST:
            self.clear()
        self[word] = value = self._function(word)
        return value


def load_lexicon(paths: tuple[Path, ...] = (), *, with_default: bool = True) -> Lexicon:
    """The shipped lexicon, then the files given; the same ones are read once a process.

    Raises LexiconError naming file, line and mend where a file is not a lexicon.
    """
    return _loaded(paths, with_default)


@cache
def _loaded(paths: tuple[Path, ...], with_default: bool) -> Lexicon:
    default = files("textpipe") / "resources" / "lexicon.csv"
    sources = [("lexicon.csv", default.read_text("utf-8"))] if with_default else []
    for path in paths:
        try:
            sources.append((str(path), path.read_text("utf-8-sig")))
        except (OSError, UnicodeDecodeError) as error:
            raise LexiconError(
                f"{path}: the lexicon cannot be read ({error}). Give a UTF-8 CSV file."
            ) from error
    entries = [entry for name, text in sources for entry in parse_lexicon(text, name)]
    return Lexicon(tuple(entries), digest("\x1f".join(text for _, text in sources)))


@cache
def stop_words() -> frozenset[str]:
    """The shipped stop words."""
    return _words_in("stop_words.txt")


@cache
def compound_heads() -> frozenset[str]:
    """The shipped heads of compounds that begin with a Latin name (H20|晶片 is one token)."""
    return _words_in("compound_heads.txt")


def _words_in(name: str) -> frozenset[str]:
    """A resource of one word a line, with # before comments."""
    text = (files("textpipe") / "resources" / name).read_text("utf-8")
    return frozenset(
        line.strip() for line in text.splitlines() if line.strip()[:1] not in ("", "#")
    )


def parse_lexicon(text: str, name: str) -> list[Entry]:
    """The entries of one lexicon file's text; raises LexiconError with the line."""
    rows = csv.DictReader(text.splitlines())
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise LexiconError(f"{name}: line 1: the columns must be {','.join(COLUMNS)}")
    entries: list[Entry] = []
    for row in rows:
        place = f"{name}: line {rows.line_num}"
        if None in row or None in row.values():
            raise LexiconError(f'{place}: expected {len(COLUMNS)} columns. Quote commas with "".')
        term, tag = row["term"].strip(), row["tag"].strip()
        if not term:
            raise LexiconError(f"{place}: the term is empty. Fill it in or delete the line.")
        if tag not in TAGS:
            raise LexiconError(f"{place}: unknown tag {tag!r}. Use one of {', '.join(TAGS)}.")
        aliases = tuple(x.strip() for x in row["aliases"].split(";") if x.strip())
        entries.append(Entry(term, tag, row["english"].strip(), aliases, place))
    return entries


def check_lexicon(entries: Sequence[Entry], normalized: Callable[[str], str]) -> list[str]:
    """What is wrong with the entries, one message each: a form claimed twice, too short, or that no
    text can match, because `normalized` (what the pipeline does to a text) changes it."""
    problems: list[str] = []
    owners: dict[str, Entry] = {}
    for entry in entries:
        for form in entry.forms:
            key, changed = squeeze(form), normalized(form)
            if changed != form:
                problems.append(
                    f"{entry.place}: no text can match {form!r} after normalization;"
                    f" write {changed!r}"
                )
            if len(key) < 2:
                problems.append(f"{entry.place}: {form!r} is shorter than two characters")
            elif key in owners and owners[key] is not entry:
                problems.append(
                    f"{entry.place}: {form!r} of {entry.term!r} already belongs to"
                    f" {owners[key].term!r} ({owners[key].place})"
                )
            else:
                owners[key] = entry
    return problems
