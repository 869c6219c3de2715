"""What a process is held to: its cores, its memory, the time that one document may take, whether cycles are
collected, and whether it hears Ctrl-C."""

import ctypes
import gc
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_SELDOM = (20_000, 20, 20)
"""Containers made before cycles are looked for among the new ones, and how many such looks before one among the
older ones."""
PLAIN_MEMORY = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
"""What a process starts with whose Arrow takes memory from the C library: the allocator of its own keeps more
(coding by one process: 308 MB, 266 MB so, in the same time but for a hundredth)."""


def with_plain_memory() -> None:
    """Have this process take `PLAIN_MEMORY`, where Arrow is not loaded and nobody chose."""
    for name, value in PLAIN_MEMORY.items():
        os.environ.setdefault(name, value)


def give_back_memory() -> None:
    """Give the system back what the C library holds and nobody uses, where it can (glibc): a run of 20,000
    articles with reports takes 589 MB without, 537 MB with fifty of these, 0.1 s in all."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def cores(unknown: int) -> int:
    """How many cores this process may use; `unknown`: where the system does not say."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else unknown


class TimeLimitError(BaseException):
    """The time is up. No Exception, lest a library that catches those should swallow it."""


@contextmanager
def time_limits() -> Iterator[None]:
    """Prepares what time limits need for a block in which there are many (one takes 10 µs, 3 within)."""
    if not _possible():
        yield
        return
    before = signal.signal(signal.SIGALRM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitError within, once the time is up: in a program's main thread, on systems with
    interval timers (not Windows); elsewhere there is no limit but those of size. Limits do not nest."""
    if seconds <= 0 or not _possible():
        yield
        return
    if signal.getsignal(signal.SIGALRM) is not _stop:
        with time_limits(), time_limit(seconds):
            yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _possible() -> bool:
    main = threading.main_thread()
    return hasattr(signal, "setitimer") and threading.current_thread() is main


def _stop(number: int, frame: FrameType | None) -> None:
    raise TimeLimitError


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """What is started within never hears Ctrl-C, which a terminal tells to all its processes, though it is for the
    one that started them; that one hears it afterwards. Needs signal masks (not on Windows)."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def cycles_collected(wanted: bool) -> Iterator[None]:
    """Python's cyclic garbage collector on or off meanwhile, then as it was; on, it looks seldom (the process that
    writes, at 20,000 articles: 5.9 s of a core when as often as usual, 5.5 so)."""
    was_on, often = gc.isenabled(), gc.get_threshold()
    if wanted:
        gc.set_threshold(*_SELDOM)
    (gc.enable if wanted else gc.disable)()
    try:
        yield
    finally:
        (gc.enable if was_on else gc.disable)()
        gc.set_threshold(*often)
