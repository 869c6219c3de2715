"""The codebook: axes, labels and terms, read from a TOML file. It is data, never code."""

from collections.abc import Callable, Iterator
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from textpipe.errors import CodebookError
from textpipe.folding import squeeze
from textpipe.stage import digest
from textpipe.toml import read_toml

_ID = Field(pattern=r"^[a-z][a-z0-9_]*$")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class CodebookLabel(_Record):
    """A code: what it means, the terms that speak for it, and the phrases that do not.

    `polarity`: 1 where the code speaks for its subject, -1 where against; charts set them apart.
    """

    id: str = _ID
    zh: str
    en: str
    parent: str | None = None
    definition: str = ""
    borders: str = ""
    terms: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    polarity: Literal[-1, 0, 1] = 0


class Axis(_Record):
    """A question asked of every sentence. `choose`: any number of labels, or exactly one.

    A label's `parent` stands on `parent_axis` and is implied by it. An axis of one choice is
    `empty` where the axis `empty_when_no` has no label. `reads_headings`: a heading's terms hold for
    the sentences below it that hold one too.
    """

    id: str = _ID
    zh: str
    en: str
    choose: Literal["any", "one"] = "any"
    parent_axis: str | None = None
    reads_headings: bool = False
    empty: str | None = None
    empty_when_no: str | None = None
    labels: tuple[CodebookLabel, ...]

    def label(self, id: str) -> CodebookLabel:
        """The label of an id; KeyError where there is none."""
        for label in self.labels:
            if label.id == id:
                return label
        raise KeyError(id)


class Cue(_Record):
    """Words that show who acts or how something is said: a feature of sentences, not a label."""

    id: str = _ID
    zh: str
    en: str
    terms: tuple[str, ...]


class Party(_Record):
    """Somebody whom a label of one choice may be for (a gain for whom), told by words that name it."""

    id: str = _ID
    zh: str
    en: str
    terms: tuple[str, ...]


class Codebook(_Record):
    """A policy's codebook. Of the `parties` that a sentence names the first one counts."""

    id: str
    version: str
    policy_zh: str
    policy_en: str
    cues: tuple[Cue, ...] = ()
    parties: tuple[Party, ...] = ()
    axes: tuple[Axis, ...]
    _digest: str = PrivateAttr(default="")

    def __hash__(self) -> int:
        return hash((self.id, self.version, self._digest))

    @property
    def digest(self) -> str:
        """The SHA-256 of the file that this codebook was read from."""
        return self._digest

    def axis(self, id: str) -> Axis:
        """The axis of an id; KeyError where there is none."""
        for axis in self.axes:
            if axis.id == id:
                return axis
        raise KeyError(id)

    def pairs(self) -> Iterator[tuple[Axis, CodebookLabel]]:
        """Every label with its axis, in the order of the file."""
        return ((axis, label) for axis in self.axes for label in axis.labels)

    def names(self) -> list[tuple[str, str]]:
        """Axis and id of every label, in the order of the file: the columns of the classifier's tables."""
        return [(axis.id, label.id) for axis, label in self.pairs()]

    def implied(self) -> list[tuple[int, int]]:
        """The labels that imply another, each with the other one, as they count in `names`."""
        number = {name: n for n, name in enumerate(self.names())}
        return [
            (n, number[axis.parent_axis, label.parent])
            for n, (axis, label) in enumerate(self.pairs())
            if axis.parent_axis is not None and label.parent is not None
        ]


@cache
def load_codebook(path: Path | None = None) -> Codebook:
    """Read a codebook file, or the shipped one.

    Raises CodebookError, naming the file, the place and the mend, where the file is not TOML,
    lacks or misnames a key, repeats an id, or names a parent or an axis that does not exist.
    """
    name = str(path or "codebook.toml")
    resource = path or files("textpipe") / "resources" / "codebook.toml"
    tables, data = read_toml(resource, name, CodebookError)
    try:
        codebook = Codebook.model_validate(tables)
    except ValidationError as error:
        raise CodebookError(f"{name}: {_first_problem(error)}") from error
    codebook._digest = digest(data)
    wrong = structure_problems(codebook)
    if wrong:
        raise CodebookError("\n".join(f"{name}: {problem}" for problem in wrong))
    return codebook


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{place}: unknown key. See the shipped codebook.toml for the known ones."
    return f"{place}: {problem['msg']}"


def structure_problems(codebook: Codebook) -> list[str]:
    """Repeated ids, unknown parents and unknown axes."""
    problems = _repeated([axis.id for axis in codebook.axes], "axis")
    problems += _repeated([cue.id for cue in codebook.cues], "cue")
    problems += _repeated([party.id for party in codebook.parties], "party")
    known = {axis.id: {label.id for label in axis.labels} for axis in codebook.axes}
    for axis in codebook.axes:
        problems += _repeated([label.id for label in axis.labels], f"label of {axis.id}")
        for key in ("parent_axis", "empty_when_no"):
            other = getattr(axis, key)
            if other is not None and other not in known:
                problems.append(f"axis {axis.id}: {key} {other!r} is no axis of this codebook")
        if axis.empty is not None and axis.empty not in known[axis.id]:
            problems.append(f"axis {axis.id}: empty {axis.empty!r} is no label of this axis")
        parents = known.get(axis.parent_axis or "", set())
        for label in axis.labels:
            if label.parent is not None and label.parent not in parents:
                problems.append(
                    f"axis {axis.id}, label {label.id}: unknown parent {label.parent!r};"
                    f" {axis.parent_axis or 'no parent_axis'} has: {', '.join(sorted(parents))}"
                )
    return problems


def _repeated(ids: list[str], what: str) -> list[str]:
    return [f"{what} {id!r} stands twice" for id in sorted({i for i in ids if ids.count(i) > 1})]


def term_problems(codebook: Codebook, normalized: Callable[[str], str]) -> list[str]:
    """Terms that contradict each other or can never match, one message each.

    `normalized` is what the pipeline does to a text: a term that it changes matches no text.
    """
    problems: list[str] = []
    for axis in codebook.axes:
        owners: dict[str, str] = {}
        for label in axis.labels:
            place = f"axis {axis.id}, label {label.id}"
            excluded = {squeeze(phrase) for phrase in label.excluded}
            for term in (*label.terms, *label.excluded):
                problems += _unmatchable(term, normalized, place)
            for term in label.terms:
                key = squeeze(term)
                if key in excluded:
                    problems.append(f"{place}: {term!r} is both a term and excluded")
                if owners.setdefault(key, label.id) != label.id:
                    problems.append(f"{place}: {term!r} is already a term of {owners[key]}")
            terms = [squeeze(term) for term in label.terms]
            problems += [
                f"{place}: excluded {phrase!r} holds none of the label's terms: it excludes nothing"
                for phrase in label.excluded
                if not any(term in squeeze(phrase) for term in terms)
            ]
    for cue in codebook.cues:
        for term in cue.terms:
            problems += _unmatchable(term, normalized, f"cue {cue.id}")
    for party in codebook.parties:
        for term in party.terms:
            problems += _unmatchable(term, normalized, f"party {party.id}")
    return problems


def _unmatchable(term: str, normalized: Callable[[str], str], place: str) -> list[str]:
    if not squeeze(term):
        return [f"{place}: a term is empty"]
    if any(mark in term for mark in "。！？\n"):
        return [f"{place}: {term!r} holds a sentence end: no sentence can match it"]
    changed = normalized(term)
    if changed != term:
        return [f"{place}: no text can match {term!r} after normalization; write {changed!r}"]
    return []
