"""Where jobs are done: in this process, in processes beside it, or on a cluster.

An engine has one method: it takes a function and a stream of jobs, keeps a bounded number under way, and
gives the results in the order of the jobs, so that what is made of them is the same on every engine.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Protocol, TypeVar

from pydantic import Field

from textpipe.cluster import WORKERS, joined, local
from textpipe.errors import StoreError, UsageError
from textpipe.forking import ForkServer
from textpipe.limits import cores, cycles_collected

if TYPE_CHECKING:
    from distributed import Client

logger = logging.getLogger("textpipe")

J = TypeVar("J")
R = TypeVar("R")
WORTH_IT = 2_000
"""Articles from which on more processes pay for their start (two seconds; 2,000: 5.5, 7.0 s in one, 5.4, 6.0 in two,
where the one had its dictionaries loaded before; 3,000: 9.4, 8.1 and 6.6, 7.4)."""
WINDOW = 4
"""Jobs under way for each worker: one that it does, and enough to go on with."""
PATIENCE = 5.0
"""Seconds to wait for a result before looking whether there are still workers, and between looks how many."""
ABANDONED = 600.0
"""Seconds without any worker after which a cluster counts as lost."""


class Lost(NamedTuple):
    """A job that took its process with it, again and again."""

    reason: str


class Engine(Protocol):
    """Does jobs. `is_here`: on this machine, where they can open its files."""

    is_here: bool

    def map(self, function: Callable[[J], R], jobs: Iterable[J]) -> Iterator[tuple[J, R | Lost]]:
        """Each job with its result, in order."""
        ...


class Serial:
    """Does the jobs here, one after another."""

    is_here = True

    def map(self, function: Callable[[J], R], jobs: Iterable[J]) -> Iterator[tuple[J, R | Lost]]:
        """Each job with its result, in order."""
        for job in jobs:
            yield job, function(job)


class Dask:
    """Does the jobs on the workers of a Dask cluster, each of one thread."""

    def __init__(
        self, connected: Callable[[], "Client"], workers: int = 0, *, or_alone: bool = False
    ) -> None:
        """`connected` gives a client when the first job comes; `workers`: how many its own cluster is to
        have; 0: the cluster is somebody else's; `or_alone`: whether this process does the jobs where they do
        not start."""
        self._connected, self._workers, self.is_here = connected, workers, workers > 0
        self._or_alone, self._is_alone = or_alone, False
        self._seen = time.monotonic()
        self._counted = (-PATIENCE, 0)

    @cached_property
    def _client(self) -> "Client":
        return self._connected()

    def map(self, function: Callable[[J], R], jobs: Iterable[J]) -> Iterator[tuple[J, R | Lost]]:
        """Each job with its result, in order. Raises StoreError where the cluster is lost."""
        from distributed import CancelledError, KilledWorker
        from distributed.comm.core import CommClosedError

        stream, waiting = iter(jobs), deque[tuple[J, Any]]()
        job = next(stream, None)
        if job is not None and not self._has_started():
            yield from Serial().map(function, chain([job], stream))
            return
        try:
            while True:
                while job is not None and len(waiting) < self._window():
                    future = self._client.submit(watched, function, job, pure=False)
                    waiting.append((job, future))
                    job = next(stream, None)
                if not waiting:
                    return
                done, future = waiting.popleft()
                try:
                    result: R | Lost = self._result(future)
                except KilledWorker:
                    result = Lost("the process that coded it died, or took too long")
                except (CancelledError, CommClosedError, OSError) as error:
                    raise StoreError(
                        f"the cluster is lost ({error}). What was stored is kept: run again to go on."
                    ) from error
                self._seen = time.monotonic()
                del future
                yield done, result
        finally:
            for _, future in waiting:
                future.cancel()

    def _has_started(self) -> bool:
        """Whether there are workers; raises UsageError where there are none, and this process is not to do
        their jobs."""
        if not self._is_alone:
            try:
                return self._client is not None
            except UsageError as error:
                if not self._or_alone:
                    raise
                logger.warning("%s This process goes on alone.", error, extra={"event": "engine"})
                self._is_alone = True
        return False

    def _result(self, future: Any) -> Any:
        while True:
            try:
                return future.result(timeout=PATIENCE)
            except TimeoutError:
                if future.done():
                    return future.result()
                self._mend()

    def _mend(self) -> None:
        """Replace workers that did not come back: a nanny whose worker dies while it starts gives up."""
        alive, cluster = self._alive(), self._client.cluster
        if alive:
            self._seen = time.monotonic()
        if cluster is not None and alive < self._workers:
            cluster.scale(self._workers)
        elif not alive:
            logger.warning("the scheduler has no workers: waiting", extra={"event": "engine"})
        waited = time.monotonic() - self._seen
        if waited > ABANDONED:
            raise StoreError(
                f"the cluster is lost (no workers for {waited:.0f} seconds). What was stored is kept:"
                " start workers (dask worker ADDRESS), then run again to go on."
            )

    def _alive(self) -> int:
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def _window(self) -> int:
        """Asked for with every job; the scheduler is asked once in a while only."""
        now = time.monotonic()
        if now - self._counted[0] >= PATIENCE:
            self._counted = (now, self._alive())
        return WINDOW * max(1, self._counted[1])


def watched(function: Callable[[J], R], job: J) -> R:
    """Do a job in a worker; one that takes longer than its `seconds` ends the process, which is replaced."""
    seconds = getattr(job, "seconds", 0)
    if not seconds:
        return function(job)
    timer = threading.Timer(seconds, os._exit, [1])
    timer.daemon = True
    timer.start()
    try:
        return function(job)
    finally:
        timer.cancel()


@dataclass(frozen=True)
class Engines:
    """Where articles are coded. `jobs`: processes on this machine; 0 takes one for each core where there is
    enough to do, and this one alone where they do not start. `scheduler`: the address of a Dask scheduler
    instead (tcp://host:8786)."""

    jobs: Annotated[int, Field(ge=0)] = 0
    scheduler: str = ""

    @contextmanager
    def prepared(self, loaded: str = "{}") -> Iterator["Start"]:
        """For a block in which an engine is started: gives the function that starts it for so many articles.

        Where more processes are asked for, what settings (JSON) name is loaded for them from here on. That
        function raises UsageError where Dask is needed and missing, or where no scheduler answers."""
        server = ForkServer(WORKERS)
        try:
            if self.jobs > 1 and not self.scheduler and find_spec("distributed"):
                server.start(loaded)
            yield lambda articles: self._started(articles, partial(server.start, loaded))
        finally:
            server.stop()

    @contextmanager
    def _started(self, articles: int, load: Callable[[], None]) -> Iterator[Engine]:
        jobs = self.jobs or _sensible(articles)
        if not self.scheduler and jobs == 1:
            yield Serial()
            return
        if find_spec("distributed") is None:
            raise UsageError(
                "more than one process needs Dask. Run: python -m pip install 'textpipe[dask]'"
            )
        with ExitStack() as stack:
            # A run goes without; Dask's messages hang in cycles (the process that writes, at 100,000 articles
            # in files of 2,000: 602 MB and growing, 432 MB so).
            stack.enter_context(cycles_collected(True))
            if self.scheduler:
                client = stack.enter_context(joined(self.scheduler))
                yield Dask(lambda: client)
            else:
                load()
                yield Dask(lambda: stack.enter_context(local(jobs)), jobs, or_alone=not self.jobs)


Start = Callable[[int], AbstractContextManager[Engine]]
"""Starts an engine for about so many articles."""


def _sensible(articles: int) -> int:
    enough = articles >= WORTH_IT and find_spec("distributed") is not None
    return cores(unknown=1) if enough else 1
