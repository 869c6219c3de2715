"""What a process is held to: the time that one document may take, and whether cycles are collected."""

import gc
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TimeLimitError(BaseException):
    """The time is up. No Exception, lest a library that catches those should swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitError within, once the time is up: in a program's main thread, on systems with
    interval timers (not Windows); elsewhere there is no limit but those of size. Limits do not nest."""
    timed = hasattr(signal, "setitimer") and seconds > 0
    if not timed or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeLimitError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def cycles_collected(wanted: bool) -> Iterator[None]:
    """Python's cyclic garbage collector on or off meanwhile, then as it was."""
    was_on = gc.isenabled()
    (gc.enable if wanted else gc.disable)()
    try:
        yield
    finally:
        (gc.enable if was_on else gc.disable)()
