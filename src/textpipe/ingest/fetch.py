"""The content of sources, one after another; what lies on another machine is fetched ahead."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from textpipe.errors import DocumentError
from textpipe.places import is_remote
from textpipe.records import Source

AHEAD = 16
"""Remote files that are asked for at a time: each waits for its answer, whatever its size."""

Content = bytes | DocumentError
"""The bytes of a source, or why there are none."""


def contents(
    sources: Iterable[Source], read: Callable[[Source], bytes]
) -> Iterator[tuple[Source, Content]]:
    """Each source with its content, in order. `read` gives a source's bytes, or raises DocumentError."""

    def content(source: Source) -> Content:
        try:
            return read(source)
        except DocumentError as error:
            return error

    waiting = deque[tuple[Source, Future[Content] | None]]()
    pool = ThreadPoolExecutor(AHEAD)
    try:
        for source in sources:
            remote = is_remote(source.path)
            waiting.append((source, pool.submit(content, source) if remote else None))
            while waiting and (waiting[0][1] is None or len(waiting) > AHEAD):
                own, asked = waiting.popleft()
                yield own, asked.result() if asked else content(own)
        for own, asked in waiting:
            yield own, asked.result() if asked else content(own)
    finally:
        pool.shutdown(cancel_futures=True)
