"""The content of sources, one after another; what lies on another machine is fetched ahead."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from textpipe.errors import DocumentError
from textpipe.places import is_remote
from textpipe.records import Source

AHEAD = 16
"""Remote files that are asked for at a time: each waits for its answer, whatever its size."""

Content = bytes | Path | DocumentError
"""The bytes of a source, where they are to be read, or why there are none."""


def contents(
    sources: Iterable[Source], read: Callable[[Source], bytes | Path]
) -> Iterator[tuple[Source, Content]]:
    """Each source with its content, in order. `read` gives a source's bytes, or their path where they are
    not wanted here, or raises DocumentError."""

    def content(source: Source) -> Content:
        try:
            return read(source)
        except DocumentError as error:
            return error

    waiting = deque[tuple[Source, Callable[[], Content]]]()
    pool = ThreadPoolExecutor(AHEAD)
    try:
        for source in sources:
            given: Callable[[], Content] = partial(content, source)
            if is_remote(source.path):
                given = pool.submit(given).result
            waiting.append((source, given))
            while waiting and (len(waiting) > AHEAD or not is_remote(waiting[0][0].path)):
                own, given = waiting.popleft()
                yield own, given()
        for own, given in waiting:
            yield own, given()
    finally:
        pool.shutdown(cancel_futures=True)
