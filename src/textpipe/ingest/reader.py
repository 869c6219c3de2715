"""One file to one document. A reader a format; the table at the end says which."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from textpipe.errors import DocumentError
from textpipe.ingest.metadata import published_date, read_metadata
from textpipe.ingest.sources import Source
from textpipe.records import Document

_UNSAFE = re.compile(r"[^\w.\-]+")


@dataclass(frozen=True)
class Ingest:
    """Which files are read. `largest_file`: bytes above which a file is refused."""

    largest_file: int = 20_000_000


def read_source(source: Source, settings: Ingest) -> Document:
    """Read one source; raises DocumentError with the mend where it is not a readable article."""
    try:
        size = source.path.stat().st_size
        if size > settings.largest_file:
            raise DocumentError(
                f"{size:,} bytes are more than the limit of {settings.largest_file:,}."
                " Split the file, or raise [ingest] largest_file."
            )
        data = source.path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"the file cannot be read ({error.strerror}). Check that it exists and its permissions."
        ) from error
    if not data.strip():
        raise DocumentError("the file is empty. Save the article in it, or remove it.")
    return READERS[source.path.suffix.lower()](data, source.name)


def document_of(raw: str, name: str, *, data: bytes | None = None) -> Document:
    """A document of a text as it stands in its source."""
    content = data if data is not None else raw.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(content).hexdigest()
    metadata = read_metadata(raw)
    fields = metadata.fields
    return Document(
        id=document_id(name, digest),
        source=name,
        raw=raw,
        title=fields.get("title"),
        published=published_date(fields, raw[metadata.end :], name.rsplit("/", 1)[-1]),
        outlet=fields.get("outlet"),
        author=fields.get("author"),
        url=fields.get("url"),
        digest=digest,
        metadata_end=metadata.end,
    )


def document_id(name: str, digest: str) -> str:
    """The file's own name and eight digits that stand for its path and content."""
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    safe = _UNSAFE.sub("-", stem).strip("-.")[:40] or "document"
    key = "\0".join((name, digest)).encode("utf-8", "replace")
    return f"{safe}-{hashlib.sha256(key).hexdigest()[:8]}"


def _read_text(data: bytes, name: str) -> Document:
    """UTF-8, with or without a byte order mark; line ends are kept as they are."""
    try:
        raw = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        kind = "a binary file" if b"\0" in data[:4096] else "another encoding (Big5, perhaps)"
        raise DocumentError(
            f"not UTF-8 text: byte {data[error.start]:#04x} at position {error.start} looks like"
            f" {kind}. Save it as UTF-8 text, or remove it."
        ) from error
    if "\0" in raw:
        raise DocumentError(
            f"not a text file: a null byte at character {raw.index(chr(0))}. Remove the file."
        )
    if not raw.strip():
        raise DocumentError("the file holds blanks only. Save the article in it, or remove it.")
    return document_of(raw, name, data=data)


READERS: dict[str, Callable[[bytes, str], Document]] = {
    ".md": _read_text,
    ".txt": _read_text,
}
