"""Jobs and their outcomes: data that goes to any process and comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from textpipe.errors import DocumentError
from textpipe.findings import Failure
from textpipe.ingest import Content, Ingest, bytes_at
from textpipe.stage import Stage
from textpipe.store import Row

if TYPE_CHECKING:
    import pyarrow as pa


class File(NamedTuple):
    """A file to read: its name, its content, the digests of its articles that are coded already, by id, or
    None, and which of its articles to code (first, one past the last), or None for all."""

    name: str
    content: Content
    known: Mapping[str, str] | None = None
    articles: tuple[int, int] | None = None

    def data(self, ingest: Ingest) -> bytes:
        """Its bytes; raises DocumentError, or UnreachableError where it cannot be opened."""
        if isinstance(self.content, DocumentError):
            raise self.content
        return self.content if isinstance(self.content, bytes) else bytes_at(self.content, ingest)


class Read(NamedTuple):
    """What was read of a file: the SHA-256 of its bytes ("" where they are refused, None where it cannot be
    opened), and the ids of its articles."""

    sha256: str | None
    ids: tuple[str, ...] = ()


def _patience(ingest: Ingest, count: int) -> float:
    return ingest.seconds * 2 + count if ingest.seconds else 0


@dataclass(frozen=True, slots=True)
class Files:
    """The job to read some files and to code their articles by the stages; from `shard` articles on (0:
    never) they are made a data file where they are coded."""

    files: tuple[File, ...]
    ingest: Ingest
    stages: tuple[Stage, ...]
    shard: int = 0

    @property
    def seconds(self) -> float:
        """How long the job may take before its process counts as stuck; 0: any time."""
        return _patience(self.ingest, len(self.files))

    @property
    def names(self) -> tuple[str, ...]:
        """The files' names."""
        return tuple(file.name for file in self.files)

    def halves(self) -> list["Files"]:
        """The job in two; itself where it has one file."""
        middle = len(self.files) // 2
        parts = (self.files[:middle], self.files[middle:])
        return [replace(self, files=part) for part in parts if part]


@dataclass(frozen=True, slots=True)
class Stored:
    """The job to code stored articles again from a stage on: rows of a data file, with the source and the
    content digest of each; `shard` as for `Files`."""

    table: "pa.Table"
    names: tuple[str, ...]
    contents: tuple[str, ...]
    ingest: Ingest
    stages: tuple[Stage, ...]
    first: int
    shard: int = 0

    @property
    def seconds(self) -> float:
        """How long the job may take before its process counts as stuck; 0: any time."""
        return _patience(self.ingest, len(self.names))

    def halves(self) -> list["Stored"]:
        """The job in two; itself where it has one article."""
        middle, end = len(self.names) // 2, len(self.names)
        spans = [(a, b) for a, b in ((0, middle), (middle, end)) if a < b]
        return [
            replace(
                self,
                table=self.table.slice(a, b - a),
                names=self.names[a:b],
                contents=self.contents[a:b],
            )
            for a, b in spans
        ]


Job = Files | Stored


@dataclass(slots=True)
class Outcome:
    """What became of a job: coded articles as tables (or a data file's bytes) and as the ledger's rows, in
    one order; what was read of each file; failures, each with its file."""

    tables: list["pa.Table | bytes"] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    read: list[Read] = field(default_factory=list)
    failures: list[tuple[str, Failure]] = field(default_factory=list)
