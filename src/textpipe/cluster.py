"""Dask clusters: one of this machine's processes, or somebody's, as textpipe uses them."""

import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from textpipe.errors import UsageError
from textpipe.forking import METHOD
from textpipe.limits import PLAIN_MEMORY

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

logger = logging.getLogger("textpipe")

WORKERS = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", **PLAIN_MEMORY,
}  # fmt: skip
"""What worker processes start with. Dask's own choice also has malloc give memory back at once, which costs
a third of the time where batches allocate and free."""
DEATHS = 1
"""How many processes a job may take with it; with one more it counts as lost."""
QUIET = {
    "distributed.admin.tick.interval": "2s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "500ms",
    "distributed.worker.profile.enabled": False,
}
"""Dask looks after itself fifty times a second, in each process: two workers and the process that writes
then take a tenth more of two cores (6,000 articles: 33 against 30 s), and get in the way of what they do."""
STARTS = 3
"""How often to try to start the processes of this machine."""


def dask_setup(worker: Any) -> None:
    """Called by Dask in each worker of this machine as it starts: Ctrl-C on the terminal, which all processes
    hear, is for the one that writes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _configured() -> Iterator[None]:
    import dask

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    own = {
        **QUIET,
        "distributed.scheduler.allowed-failures": DEATHS,
        "distributed.admin.large-graph-warning-threshold": "100MB",
        "distributed.comm.timeouts.connect": "10s",
        "distributed.worker.preload": [__name__],
        "distributed.worker.multiprocessing-method": METHOD,
        "distributed.nanny.pre-spawn-environ": WORKERS,
    }
    with dask.config.set(own):
        yield


@contextmanager
def joined(scheduler: str) -> Iterator["Client"]:
    """A client of somebody's cluster."""
    from distributed import Client

    with _configured():
        try:
            client = Client(scheduler, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"{scheduler}: no Dask scheduler answers ({error}). Start one: dask scheduler"
            ) from error
        with client:
            logger.info("scheduler %s", scheduler, extra={"event": "engine"})
            yield client


@contextmanager
def local(jobs: int) -> Iterator["Client"]:
    """A client of a cluster of so many processes, which ends with it."""
    import distributed

    # Dask would import pandas here to find out what a fork server is to load; ours has its list.
    distributed.utils._forkserver_preload_set = True
    with (
        _configured(),
        _up(jobs) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        logger.info("%d processes", jobs, extra={"event": "engine"})
        yield client


def _up(jobs: int) -> "LocalCluster":
    """The processes of this machine; where one is killed while it starts, they are started again."""
    from distributed import LocalCluster

    main = sys.modules["__main__"]
    program = getattr(main, "__file__", None)
    if program and main.__spec__ is None and not os.path.exists(program):
        raise UsageError(
            f"{jobs} processes cannot start from a program that is no file ({program}). Save it as one, with"
            ' textpipe called below `if __name__ == "__main__":`, or take one process (--jobs 1).'
        )
    failure: Exception | None = None
    for _ in range(STARTS):
        try:
            return LocalCluster(
                n_workers=jobs, threads_per_worker=1, dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL, security=True,
            )  # fmt: skip
        except (RuntimeError, OSError) as error:
            failure = error
    raise UsageError(
        f'{jobs} processes did not start ({failure}). A script calls textpipe below `if __name__ == "__main__":`;'
        " else run again, or take one process (--jobs 1)."
    ) from failure
