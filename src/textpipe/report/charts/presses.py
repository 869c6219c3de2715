"""The processes that draw (`press`), and what is asked of them."""

import json
import subprocess
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, Self

from textpipe.limits import cores, deaf_to_interrupts
from textpipe.report.charts import press
from textpipe.report.charts.look import Spec

MOST = 4
"""Presses at the most."""


class PressError(Exception):
    """A press has failed; the message is for the log."""


class Press:
    """A process that draws one thing after another."""

    def __init__(self) -> None:
        self._told = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            with deaf_to_interrupts():
                self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
                    [sys.executable, "-I", press.__file__],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._told,
                )  # fmt: skip
        except OSError as error:
            self._process = None
            self._told.write(str(error).encode())

    def draw(self, spec: Spec, family: str) -> Any:
        """What `press.pressed` gives. Raises PressError where the process has ended, or gives no answer."""
        try:
            return json.loads(self._answer(json.dumps({"spec": spec, "family": family})))
        except (OSError, ValueError) as error:
            self._told.seek(0)
            told = self._told.read().decode(errors="replace").strip()
            raise PressError(told or str(error)) from error

    def _answer(self, task: str) -> bytes:
        own = self._process
        if own is None or own.stdin is None or own.stdout is None:
            return b""
        own.stdin.write(task.encode() + b"\n")
        own.stdin.flush()
        return own.stdout.readline()

    def kill(self) -> None:
        """End it, whatever it is at."""
        if self._process:
            self._process.kill()

    def close(self) -> None:
        """Let go of what one that has ended held."""
        if self._process:
            self._process.communicate()
        self._told.close()


class Presses:
    """As many as there are cores, up to four (each takes some 100 MB); a context that ends them.

    They start at once, since that takes half a second of each, and do what is asked for in its order (39
    articles, two cores: 6.0 s; 6.6 s with one for the page and one for the figures, started when these were known).
    """

    def __init__(self) -> None:
        number = min(cores(unknown=2), MOST)
        self._all = [Press() for _ in range(number)]
        self._idle: SimpleQueue[Press] = SimpleQueue()
        for one in self._all:
            self._idle.put(one)
        self._pool = ThreadPoolExecutor(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._all:
            one.kill()
        self._pool.shutdown(cancel_futures=True)
        for one in self._all:
            one.close()

    def draw(self, spec: Spec, family: str = "") -> Future[Any]:
        """What `press.pressed` gives, when it is drawn."""
        return self._pool.submit(self._drawn, spec, family)

    def _drawn(self, spec: Spec, family: str) -> Any:
        one = self._idle.get()
        try:
            return one.draw(spec, family)
        finally:
            self._idle.put(one)
