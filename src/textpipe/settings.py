"""Settings: the stages themselves, from defaults, then `textpipe.toml`, then options."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import Field, PlainValidator, TypeAdapter, ValidationError

from textpipe.attribution import Attribute
from textpipe.classify import Classify
from textpipe.engine import Engines
from textpipe.errors import SettingsError, UsageError
from textpipe.ingest import Ingest
from textpipe.normalization import Normalize
from textpipe.places import is_remote, place
from textpipe.segmentation import Segment
from textpipe.sentences import Sentences
from textpipe.stage import Stage
from textpipe.toml import read_toml


@dataclass(frozen=True)
class Report:
    """Where and how results are written. `language`: of the reports; `keywords`: how many;
    `figures`: whether charts are also drawn as files;
    `period`: of the trends, chosen by the span of the dates where it is "auto"; `when`: whether a run
    writes the reports: where anything changed ("always"), "never", or ("auto") also not where a corpus of
    more than `large` articles changed by less than a hundredth."""

    out: Annotated[Path, PlainValidator(place)] = Path("outputs")
    language: Literal["zh", "en"] = "zh"
    keywords: int = 100
    figures: bool = True
    period: Literal["auto", "day", "week", "month"] = "auto"
    when: Literal["auto", "always", "never"] = "auto"
    large: int = 2_000


@dataclass(frozen=True)
class Storage:
    """Where coded articles are kept: `folder` (default: `store` in the output folder), and how many
    articles go into a file, which is what a killed run loses at most."""

    folder: Annotated[Path | None, PlainValidator(place)] = None
    shard: Annotated[int, Field(gt=0)] = 256


@dataclass(frozen=True)
class Settings:
    """All settings; each field is a section of `textpipe.toml`."""

    ingest: Ingest = field(default_factory=Ingest)
    normalize: Normalize = field(default_factory=Normalize)
    sentences: Sentences = field(default_factory=Sentences)
    segment: Segment = field(default_factory=Segment)
    classify: Classify = field(default_factory=Classify)
    attribute: Attribute = field(default_factory=Attribute)
    report: Report = field(default_factory=Report)
    store: Storage = field(default_factory=Storage)
    engine: Engines = field(default_factory=Engines)

    @property
    def store_folder(self) -> Path:
        """Where the store is. Raises UsageError where that is not on this machine."""
        folder = self.store.folder or self.report.out / "store"
        if is_remote(folder):
            raise UsageError(
                f"{folder}: a store needs a disk of this machine. Give one: --store FOLDER"
            )
        return folder

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that every document passes, in order."""
        return (self.normalize, self.sentences, self.segment, self.classify, self.attribute)


DEFAULT_FILE = Path("textpipe.toml")


def load_settings(
    path: Path | None = None, options: Mapping[str, Mapping[str, Any]] | None = None
) -> Settings:
    """Defaults, then the file (`textpipe.toml` in the working folder where none is named), then
    the options, by section and key. Paths in the file count from the file's own folder.

    Raises SettingsError naming the file, the section and the known keys.
    """
    tables: Mapping[str, Any] = {}
    if path is not None or DEFAULT_FILE.is_file():
        file = path or DEFAULT_FILE
        tables, _ = read_toml(file, str(file), SettingsError)
    settings = _merged(Settings(), tables, str(path or DEFAULT_FILE), (path or DEFAULT_FILE).parent)
    return _merged(settings, options or {}, "options", Path())


def stages_as_json(settings: Settings) -> str:
    """The sections of the stages as JSON, which gives settings with the same stages; one of somebody's own
    counts as the one whose place it takes."""
    others = {"report", "store", "engine"}
    return TypeAdapter(Settings).dump_json(settings, exclude=others, warnings=False).decode()


def from_json(stages: str) -> Settings:
    """Settings with the stages that `stages_as_json` wrote, else the defaults."""
    return TypeAdapter(Settings).validate_json(stages)


def _merged(settings: Settings, tables: Mapping[str, Any], source: str, folder: Path) -> Settings:
    sections = {f.name for f in fields(Settings)}
    for name, table in tables.items():
        if name not in sections:
            raise SettingsError(f"{source}: unknown section [{name}]. {_known(sections)}")
        if not isinstance(table, Mapping):
            raise SettingsError(
                f"{source}: {name} must be a section: write [{name}] above its keys."
            )
        section = _section(getattr(settings, name), table, f"{source}: [{name}]", folder)
        settings = replace(settings, **{name: section})
    return settings


def _section(current: Any, table: Mapping[str, Any], place: str, folder: Path) -> Any:
    known = {f.name for f in fields(current)}
    hints = get_type_hints(type(current), include_extras=True)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise SettingsError(f"{place}: unknown key {key!r}. {_known(known)}")
        try:
            checked = TypeAdapter(hints[key]).validate_python(value)
        except ValidationError as error:
            problem = error.errors()[0]["msg"]
            raise SettingsError(f"{place}: {key} = {value!r}: {problem}.") from error
        values[key] = _from_folder(checked, folder)
    return replace(current, **values)


def _from_folder(value: Any, folder: Path) -> Any:
    if isinstance(value, Path):
        return folder / value
    if isinstance(value, tuple):
        return tuple(_from_folder(item, folder) for item in value)
    return value


def _known(names: set[str]) -> str:
    return f"Known: {', '.join(sorted(names))}." if names else "It has no keys."
