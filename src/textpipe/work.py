"""What is done to a handful of articles at a time, wherever an engine does it: read, code, make rows.

A job is data and goes to any process; its outcome is an Arrow table and a few records, and comes back
to the one process that writes. The same job gives the same bytes everywhere. So it is with counting: what
comes back are the counts of some articles, which are merged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from textpipe.engine import Engine, Lost
from textpipe.findings import Failure
from textpipe.ingest import Ingest, documents_in
from textpipe.limits import cycles_collected
from textpipe.processing import process
from textpipe.records import Document
from textpipe.stage import Stage
from textpipe.store import Row, content_digest, data_file, rows_at

if TYPE_CHECKING:
    import pyarrow as pa
    from threadpoolctl import ThreadpoolController

    from textpipe.analysis import Counts

BATCH = 128
"""Documents in a batch: enough to make per-call costs of scikit-learn vanish."""
MOST_BYTES = 2_000_000
"""Bytes of the files of a job, beyond which it takes no further file."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: its name, its bytes, the digests of its articles that are coded already, by id, and
    which of its articles to code (first, one past the last), or None for all."""

    name: str
    data: bytes
    known: Mapping[str, str] = field(default_factory=dict)
    articles: tuple[int, int] | None = None


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


@dataclass(frozen=True, slots=True)
class Held:
    """The job to count stored articles: a data file's bytes, and the places of the articles in it."""

    content: bytes
    places: Sequence[int]


@dataclass(slots=True)
class Outcome:
    """What became of a job: coded articles as tables (or a data file's bytes) and as the ledger's rows, in
    one order; the ids of all articles of each file; failures, each with its file."""

    tables: list["pa.Table | bytes"] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    ids: list[tuple[str, ...]] = field(default_factory=list)
    failures: list[tuple[str, Failure]] = field(default_factory=list)


def without_collector() -> AbstractContextManager[None]:
    """No cyclic garbage collection meanwhile: records hold no cycles, and looking for them among
    millions takes a quarter of the time (classify: 4.2 → 3.2 ms an article)."""
    return cycles_collected(False)


def done(job: Job) -> Outcome:
    """Do a job. A document or file that breaks becomes a failure; the others go on.

    Linear algebra takes one thread: with more, sums differ in the last digit by how many there are."""
    with without_collector(), _thread_pools().limit(limits=1):
        outcome = _files(job) if isinstance(job, Files) else _stored(job)
        if job.shard and len(outcome.rows) >= job.shard:
            outcome.tables = [data_file(outcome.tables)]
        return outcome


@cache
def _thread_pools() -> "ThreadpoolController":
    """The linear algebra of this process; its stages are loaded when the first job comes."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def counted(job: Held) -> "Counts":
    """The counts of a job's articles."""
    from textpipe.analysis import COLUMNS, count

    with without_collector():
        return count(rows_at(job.content, job.places, COLUMNS))


def counts_of(engine: Engine, jobs: Iterable[Held]) -> Iterator[tuple[Held, "Counts"]]:
    """Jobs with their counts, in order. What takes its process with it is counted here."""
    for job, found in engine.map(counted, jobs):
        yield job, counted(job) if isinstance(found, Lost) else found


def _files(job: Files) -> Outcome:
    outcome = Outcome()
    waiting: list[tuple[str, Document]] = []
    for file in job.files:
        ids: dict[str, None] = {}
        for found in documents_in(file.data, file.name, job.ingest):
            if isinstance(found, Failure):
                outcome.failures.append((file.name, found))
            elif found.id not in ids:
                number, ids[found.id] = len(ids), None
                wanted = file.articles is None or file.articles[0] <= number < file.articles[1]
                if wanted and job.stages and not _is_known(found, file.known):
                    waiting.append((file.name, found))
            if len(waiting) >= BATCH:
                _code(waiting, job, outcome)
        outcome.ids.append(tuple(ids))
    _code(waiting, job, outcome)
    return outcome


def _is_known(document: Document, known: Mapping[str, str]) -> bool:
    return bool(known) and known.get(document.id) == content_digest(document)


def _code(waiting: list[tuple[str, Document]], job: Files, outcome: Outcome) -> None:
    about = {d.id: (name, d.title, content_digest(d)) for name, d in waiting}
    given = {d.id: d for _, d in waiting}
    _pass(list(given.values()), job.stages, about, job.ingest.seconds, outcome)
    waiting.clear()


def _stored(job: Stored) -> Outcome:
    from textpipe.store.loading import from_table

    outcome = Outcome()
    given = from_table(job.table, job.first)
    titles = job.table.column("given_title").to_pylist()
    each = zip(job.names, titles, job.contents, strict=True)
    about = {d.id: own for d, own in zip(given, each, strict=True)}
    _pass(given, job.stages[job.first :], about, job.ingest.seconds, outcome)
    return outcome


def _pass(
    given: list[Document],
    stages: Sequence[Stage],
    about: Mapping[str, tuple[str, str | None, str]],
    seconds: float,
    outcome: Outcome,
) -> None:
    """Pass documents through the stages into the outcome; `about`: for each id its file, the title that it
    was read with, and its content digest."""
    from textpipe.store.shards import rows_of, to_table

    if not given:
        return
    documents, failures = process(given, stages, seconds=seconds)
    files = {d.source: about[d.id][0] for d in given}
    outcome.failures += [(files[failure.source], failure) for failure in failures]
    if documents:
        titles = {id: title for id, (_, title, _) in about.items()}
        outcome.tables.append(to_table(documents, titles))
        named = {id: (file, content) for id, (file, _, content) in about.items()}
        outcome.rows += rows_of(documents, named)


def results(engine: Engine, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome]]:
    """Jobs with their outcomes, in order. What takes its process with it is found by halving the job, and
    becomes a failure, alone. The halves are done one by one: a process that dies takes with it what waits
    there, and that is to be nothing."""
    for job, found in engine.map(done, jobs):
        yield from _sound(engine, job, found)


def _sound(engine: Engine, job: Job, found: Outcome | Lost) -> Iterator[tuple[Job, Outcome]]:
    if not isinstance(found, Lost):
        yield job, found
    elif len(parts := job.halves()) > 1:
        for part in parts:
            yield from results(engine, [part])
    elif isinstance(job, Files):
        yield job, _without_the_lost(engine, job, found)
    else:
        ((_, again),) = engine.map(done, [job])
        if isinstance(again, Lost):
            failure = Failure(job.names[0], "coding", _reason(found, job))
            again = Outcome(failures=[(job.names[0], failure)])
        yield job, again


def _without_the_lost(engine: Engine, job: Files, lost: Lost) -> Outcome:
    """The outcome of a file with what is sound in it: where reading alone goes well, its articles are
    halved in turn."""
    (file,) = job.files
    ((_, read),) = engine.map(done, [replace(job, stages=())])
    if isinstance(read, Lost):
        failure = Failure(file.name, "ingest", _reason(lost, job))
        return Outcome(ids=[()], failures=[(file.name, failure)])
    outcome = Outcome(ids=read.ids)
    size = len(read.ids[0])
    spans = [(0, size)]
    while spans:
        start, end = spans.pop(0)
        part = replace(job, files=(replace(file, articles=(start, end)),))
        ((_, found),) = engine.map(done, [part])
        if not isinstance(found, Lost):
            outcome.tables += found.tables
            outcome.rows += found.rows
            outcome.failures += [f for f in found.failures if f not in outcome.failures]
        elif end - start > 1:
            middle = (start + end) // 2
            spans[:0] = [(start, middle), (middle, end)]
        else:
            name = file.name if size == 1 else f"{file.name}#{start + 1}"
            failure = Failure(name, "coding", _reason(lost, job))
            outcome.failures.append((file.name, failure))
    return outcome


def _reason(lost: Lost, job: Job) -> str:
    return (
        f"{lost.reason} (more than {job.seconds:g} seconds, or out of memory), more than once."
        " Split or remove the article, then run with --retry-failed."
    )
