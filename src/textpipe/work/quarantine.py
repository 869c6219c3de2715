"""Jobs on an engine: what takes its process with it is found by halving, and set aside alone."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from textpipe.engine import Engine, Lost
from textpipe.findings import Failure
from textpipe.work.doing import done, opened
from textpipe.work.jobs import Files, Job, Outcome


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
        outcome = Outcome()
        if opened(file, job.ingest, outcome) is not None:
            failure = Failure(file.name, "ingest", _reason(lost, job))
            outcome.failures.append((file.name, failure))
        return outcome
    outcome = Outcome(read=read.read)
    size = len(read.read[0].ids)
    spans = [(0, size)]
    while spans:
        start, end = spans.pop(0)
        part = replace(job, files=(file._replace(articles=(start, end)),))
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
