"""Archives: gzip and zip, with limits on what they unpack to."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator

from textpipe.errors import DocumentError
from textpipe.ingest.article import Unreadable

MOST_FILES = 100_000
GREATEST_RATIO = 200
"""How many times its size an archive may unpack to; text shrinks to a tenth at most."""
DEEPEST = 2
"""Archives within archives."""

Member = tuple[str, bytes]


def unpack_gzip(data: bytes, largest: int) -> bytes:
    """The content of a gzip file, no more than the limit. Raises DocumentError beyond it."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(largest + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DocumentError(f"the gzip file is damaged ({error}). Pack it again.") from error
    return _within(content, len(data), largest)


def _within(content: bytes, packed: int, largest: int) -> bytes:
    if len(content) > largest or len(content) > GREATEST_RATIO * max(packed, 5_000):
        raise DocumentError(
            f"it unpacks to more than {min(largest, GREATEST_RATIO * max(packed, 5_000)):,} bytes,"
            " which is refused. Unpack it by hand, or raise [ingest] largest_unpacked."
        )
    return content


def members(data: bytes, largest: int) -> Iterator[Member | Unreadable]:
    """The files of a zip archive by name; folders, links and hidden files are left out."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DocumentError(f"the zip archive is damaged ({error}). Pack it again.") from error
    infos = [i for i in archive.infolist() if not i.is_dir() and not _is_hidden(i.filename)]
    if len(infos) > MOST_FILES:
        raise DocumentError(
            f"{len(infos):,} files are more than {MOST_FILES:,}. Unpack it by hand."
        )
    if not infos:
        raise DocumentError("the zip archive is empty.")
    total = 0
    for info in infos:
        if info.flag_bits & 1:
            yield Unreadable(info.filename, "it asks for a password. Pack it without one.")
            continue
        try:
            with archive.open(info) as file:
                content = file.read(largest - total + 1)
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            zlib.error,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            yield Unreadable(
                info.filename, f"it is damaged in the archive ({error}). Pack it again."
            )
            continue
        total += len(content)
        _within(content, info.compress_size, largest - total + len(content))
        yield info.filename, content


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.replace("\\", "/").split("/"))
