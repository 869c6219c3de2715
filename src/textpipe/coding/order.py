"""What a run is asked for."""

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Order:
    """What a run is asked for: to read everything anew (`rebuild`), to try failures again, and when to
    stop early (asked after each job)."""

    rebuild: bool = False
    retry_failed: bool = False
    stop: Callable[[], bool] = lambda: False
    progress: Progress | None = None
