"""One file to its documents. A reader a kind of content; the table at the end says which."""

import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files as resource_files
from pathlib import Path
from typing import ClassVar

from textpipe.errors import DocumentError, UnreachableError
from textpipe.findings import Failure
from textpipe.ingest import archives, files, pages, rows, web
from textpipe.ingest.article import Article, Unreadable, checked, document_from
from textpipe.ingest.detect import kind_of
from textpipe.ingest.encoding import decode
from textpipe.ingest.sources import STANDARD_INPUT
from textpipe.limits import TimeLimitError, time_limit
from textpipe.places import content_of, is_remote, reached
from textpipe.records import Document, Source
from textpipe.stage import digest

Found = Iterator[Article | Unreadable]


@dataclass(frozen=True)
class Ingest:
    """Which files are read. `largest_file`: bytes above which a file is refused; `largest_unpacked`:
    bytes that an archive may unpack to; `longest_text`: characters of an article; `columns`: the names
    of a table's columns for text, title, published, outlet, author, url, where they have others;
    `most_pages`: of a PDF; `seconds`: that reading a file, or one stage for one article, may take."""

    largest_file: int = 20_000_000
    largest_unpacked: int = 200_000_000
    longest_text: int = 2_000_000
    columns: Mapping[str, str] = field(default_factory=dict)
    most_pages: int = 2_000
    seconds: float = 60.0

    version: ClassVar[int] = 1

    def resources(self) -> dict[str, str]:
        """The digest of the characters by which encodings are told apart."""
        common = resource_files("textpipe").joinpath("resources/common_characters.txt")
        return {"common_characters": digest(common.read_bytes())}


def read_source(source: Source, settings: Ingest) -> Iterator[Document | Failure]:
    """The documents of a source, and what of it cannot be read, each with the mend."""
    try:
        data = bytes_of(source, settings)
    except DocumentError as error:
        yield Failure(source.name, "ingest", str(error))
    else:
        yield from documents_in(data, source.name, settings)


def documents_in(data: bytes, name: str, settings: Ingest) -> Iterator[Document | Failure]:
    """The documents of a file's content, and what of it cannot be read, each with the mend."""
    try:
        found = articles_in(data, name, settings)
        while True:
            with time_limit(settings.seconds):
                article = next(found, None)
            if article is None:
                return
            yield _checked(article, name, data, settings)
            if not article.part:
                return  # it is alone: to ask for another costs a limit more (.01 of .07 ms a file)
    except DocumentError as error:
        yield Failure(name, "ingest", str(error))
    except TimeLimitError:
        reason = f"reading it took more than {settings.seconds:g} seconds. Split the file, or raise [ingest] seconds."
        yield Failure(name, "ingest", reason)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}. Please report this with the file."
        yield Failure(name, "ingest", reason, traceback.format_exc())


def _checked(
    found: Article | Unreadable, name: str, data: bytes, settings: Ingest
) -> Document | Failure:
    if isinstance(found, Unreadable):
        return Failure(f"{name}#{found.part}", "ingest", found.reason)
    if len(found.text) > settings.longest_text:
        reason = (
            f"an article of {len(found.text):,} characters is more than {settings.longest_text:,}."
            " Split it, or raise [ingest] longest_text."
        )
        return Failure(f"{name}#{found.part}" if found.part else name, "ingest", reason)
    return document_from(found, name, data)


def bytes_of(source: Source, settings: Ingest) -> bytes:
    """The content of a source; raises DocumentError, or UnreachableError where it cannot be opened."""
    if source.path == STANDARD_INPUT:
        return _piped(settings)
    return bytes_at(source.path, settings, source.size)


def bytes_at(path: Path, settings: Ingest, size: int | None = None) -> bytes:
    """The content of a file; raises DocumentError, or UnreachableError where it cannot be opened. `size`:
    bytes, as far as another machine tells them."""
    try:
        if is_remote(path):
            _check_size(size, settings)
            with reached():
                data = content_of(path)
        else:
            data = _of_this_machine(path, settings)
    except OSError as error:
        raise UnreachableError(
            f"the file cannot be read ({error.strerror or error}). Check that it exists and its permissions."
        ) from error
    if not data.strip():
        raise DocumentError("the file is empty. Save the article in it, or remove it.")
    return data


def _of_this_machine(path: Path, settings: Ingest) -> bytes:
    """The bytes of a local file, with as few calls of the system as there can be: while other threads work,
    each may wait for its turn (beside a busy thread 16 µs of a core a file by `Path`'s own calls, 12 so)."""
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        _check_size(size, settings)
        data = file.read(size + 1)
        return data if len(data) == size else data + file.readall()


def _check_size(size: int | None, settings: Ingest) -> None:
    if size is not None and size > settings.largest_file:
        raise DocumentError(
            f"{size:,} bytes are more than the limit of {settings.largest_file:,}."
            " Split the file, or raise [ingest] largest_file."
        )


def _piped(settings: Ingest) -> bytes:
    data = sys.stdin.buffer.read(settings.largest_file + 1)
    if len(data) > settings.largest_file:
        raise DocumentError(
            f"more than {settings.largest_file:,} bytes were piped in. Raise [ingest] largest_file."
        )
    if not data.strip():
        raise DocumentError("nothing was piped in. Pipe an article in, or give its path.")
    return data


def articles_in(data: bytes, name: str, settings: Ingest, depth: int = 0) -> Found:
    """The articles of some content, by what it is."""
    kind = kind_of(data, name)
    if kind in ("gz", "zip"):
        if depth >= archives.DEEPEST:
            raise DocumentError(
                "archives within archives within archives are refused. Unpack them."
            )
        yield from _unpacked(data, name, settings, depth)
    else:
        yield from READERS[kind](data, settings)


def _unpacked(data: bytes, name: str, settings: Ingest, depth: int) -> Found:
    if data[:2] == b"\x1f\x8b":
        content = archives.unpack_gzip(data, settings.largest_unpacked)
        yield from articles_in(content, name.removesuffix(".gz"), settings, depth + 1)
        return
    for member in archives.members(data, settings.largest_unpacked):
        if isinstance(member, Unreadable):
            yield member
            continue
        path, content = member
        try:
            for found in articles_in(content, path, settings, depth + 1):
                part = f"{path}#{found.part}" if found.part else path
                if isinstance(found, Unreadable):
                    yield Unreadable(part, found.reason)
                else:
                    yield Article(
                        found.text,
                        found.fields,
                        part,
                        found.encoding,
                        found.confidence,
                        found.has_header,
                    )
        except DocumentError as error:
            yield Unreadable(path, str(error))


def document_of(raw: str, name: str) -> Document:
    """A document of a text as it stands in its source."""
    data = raw.encode("utf-8", "surrogatepass")
    return document_from(Article(raw, has_header=True), name, data)


def _read_text(data: bytes) -> Found:
    """Plain text in whatever encoding; line ends are kept as they are."""
    decoded = decode(data)
    if "\0" in decoded.text:
        raise DocumentError(
            f"not a text file: a null byte at character {decoded.text.index(chr(0))}. Remove the file."
        )
    yield Article(
        checked(decoded.text), {}, "", decoded.encoding, decoded.confidence, has_header=True
    )


def _refuse_xml() -> Found:
    raise DocumentError("an XML file that is no feed. Save the article as text or HTML.")
    yield


READERS: dict[str, Callable[[bytes, Ingest], Found]] = {
    "text": lambda data, settings: _read_text(data),
    "html": lambda data, settings: pages.read_html(data),
    "mhtml": lambda data, settings: pages.read_mhtml(data),
    "pdf": lambda data, settings: files.read_pdf(data, settings.most_pages),
    "docx": lambda data, settings: files.read_docx(data),
    "jsonl": lambda data, settings: rows.read_jsonl(data, settings.columns),
    "csv": lambda data, settings: rows.read_csv(data, settings.columns),
    "xlsx": lambda data, settings: rows.read_xlsx(data, settings.columns),
    "parquet": lambda data, settings: rows.read_parquet(data, settings.columns),
    "feed": lambda data, settings: web.read_feed(data),
    "xml": lambda data, settings: _refuse_xml(),
    "warc": lambda data, settings: web.read_warc(data),
}
SUFFIXES = (
    ".txt", ".md", ".html", ".htm", ".xhtml", ".mhtml", ".mht", ".pdf", ".docx", ".jsonl", ".ndjson",
    ".csv", ".tsv", ".xlsx", ".parquet", ".rss", ".atom", ".xml", ".warc", ".gz", ".zip",
)  # fmt: skip
"""Names of files that are read from a folder; a file given by name is read whatever its name."""
