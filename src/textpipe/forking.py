"""Workers forked from a process in which everything is loaded, where the system is fit for it (Linux).

Each worker that starts by itself takes 2.5 s of a core (imports, dictionaries, model); a forked one takes
.3 s, and shares the memory of what is loaded. Elsewhere forking is not safe beside the systems' own
libraries: workers start from nothing there.
"""

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import current_process, forkserver, resource_tracker

from textpipe.limits import deaf_to_interrupts

METHOD = "forkserver" if sys.platform == "linux" else "spawn"
"""How `multiprocessing` is to make the processes of workers."""
LOADED = "TEXTPIPE_PRELOAD"
"""The environment variable that tells the process what to load (settings in JSON)."""
_PRELOAD = ["distributed", "textpipe.preload"]


def leave_where_starting() -> None:
    """End this process where it is a worker that only starts, and reads a script that calls textpipe, but not below
    `if __name__ == "__main__":`. The run that it is to work for tells what to do."""
    if getattr(current_process(), "_inheriting", False):
        raise SystemExit(1)


class ForkServer:
    """This process's fork server, where it has none of another's making."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """`environment`: further variables that it has, and the workers with it."""
        self._environment = environment
        self._before: list[str] | None = None

    def start(self, loaded: str) -> None:
        """Start it; it loads what settings (JSON) name while this process goes on."""
        server = forkserver._forkserver
        if METHOD != "forkserver" or getattr(server, "_forkserver_pid", None) is not None:
            return
        self._before = list(getattr(server, "_preload_modules", ["__main__"]))
        forkserver.set_forkserver_preload(_PRELOAD)
        resource_tracker.ensure_running()  # Else it starts within, and ends what makes the server deaf.
        with _set({**self._environment, LOADED: loaded}), deaf_to_interrupts():
            forkserver.ensure_running()

    def stop(self) -> None:
        """End it, where it was started here."""
        if self._before is None:
            return
        server = forkserver._forkserver
        pid, stop = getattr(server, "_forkserver_pid", None), getattr(server, "_stop", None)
        if pid is not None and stop is not None:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)  # It may still be loading, for nobody.
                stop()
        forkserver.set_forkserver_preload(self._before)
        self._before = None


@contextmanager
def _set(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
