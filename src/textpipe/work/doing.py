"""Doing a job: read, code, make rows."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from textpipe.errors import DocumentError, UnreachableError
from textpipe.findings import Failure
from textpipe.ingest import Ingest, documents_in
from textpipe.limits import cycles_collected, time_limits
from textpipe.processing import process
from textpipe.records import Document
from textpipe.stage import Stage
from textpipe.store import content_digest, data_file
from textpipe.work.jobs import File, Files, Job, Outcome, Read, Stored

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

BATCH = 128
"""Documents in a batch: enough to make per-call costs of scikit-learn vanish."""


def without_collector() -> AbstractContextManager[None]:
    """No cyclic garbage collection meanwhile: records hold no cycles, and looking for them among
    millions takes a quarter of the time (classify: 4.2 → 3.2 ms an article)."""
    return cycles_collected(False)


def done(job: Job) -> Outcome:
    """Do a job. A document or file that breaks becomes a failure; the others go on.

    Linear algebra takes one thread: with more, sums differ in the last digit by how many there are."""
    with without_collector(), time_limits(), _thread_pools().limit(limits=1):
        outcome = _files(job) if isinstance(job, Files) else _stored(job)
        if job.shard and len(outcome.rows) >= job.shard:
            outcome.tables = [data_file(outcome.tables)]
        return outcome


@cache
def _thread_pools() -> "ThreadpoolController":
    """The linear algebra of this process; its stages are loaded when the first job comes."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _files(job: Files) -> Outcome:
    outcome = Outcome()
    waiting: list[tuple[str, Document]] = []
    for file in job.files:
        data = opened(file, job.ingest, outcome)
        if data is None:
            continue
        ids: dict[str, None] = {}
        for found in documents_in(data, file.name, job.ingest):
            if isinstance(found, Failure):
                outcome.failures.append((file.name, found))
            elif found.id not in ids:
                number, ids[found.id] = len(ids), None
                wanted = file.articles is None or file.articles[0] <= number < file.articles[1]
                if wanted and job.stages and not _is_known(found, file.known):
                    waiting.append((file.name, found))
            if len(waiting) >= BATCH:
                _code(waiting, job, outcome)
        outcome.read[-1] = outcome.read[-1]._replace(ids=tuple(ids))
    _code(waiting, job, outcome)
    return outcome


def opened(file: File, ingest: Ingest, outcome: Outcome) -> bytes | None:
    """The bytes of a file, which the outcome notes as read, with no articles yet; None, and a failure there,
    where it has none to give."""
    try:
        data = file.data(ingest)
    except DocumentError as error:
        outcome.failures.append((file.name, Failure(file.name, "ingest", str(error))))
        outcome.read.append(Read(None if isinstance(error, UnreachableError) else ""))
        return None
    outcome.read.append(Read(sha256(data).hexdigest()))
    return data


def _is_known(document: Document, known: Mapping[str, str] | None) -> bool:
    return known is not None and known.get(document.id) == content_digest(document)


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
