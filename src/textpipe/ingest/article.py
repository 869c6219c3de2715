"""What a reader makes of a file: articles with their text and what the format tells of them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from textpipe.errors import DocumentError
from textpipe.ingest.metadata import find_date, published_date, read_metadata
from textpipe.records import Document

_UNSAFE = re.compile(r"[^\w.\-]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Halves of a character that no file can hold: JSON can name them."""
LONGEST_FIELD = 500


@dataclass(frozen=True, slots=True)
class Article:
    """A text, its metadata (title, published, outlet, author, url), and how it was decoded.

    `part`: what tells it from the others of one file (a row, a path in an archive), "" where it is
    alone. `has_header`: whether its text may begin with metadata lines.
    """

    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    encoding: str = ""
    confidence: float = 1.0
    has_header: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of a file that is no article: which, and why with the mend."""

    part: str
    reason: str


def document_from(article: Article, name: str, data: bytes) -> Document:
    """A document of an article; its id stands for the file's name and content and the part."""
    name = f"{name}#{article.part}" if article.part else name
    metadata = read_metadata(article.text) if article.has_header else None
    fields = {k: clean_field(v) for k, v in article.fields.items() if v and clean_field(v)}
    end = 0
    if metadata:
        fields, end = {**fields, **metadata.fields}, metadata.end
    if article.has_header:
        published = published_date(fields, article.text[end:], name.rsplit("/", 1)[-1])
    else:
        published = find_date(fields.get("published", "")) or find_date(name.rsplit("/", 1)[-1])
    digest = hashlib.sha256(
        data if not article.part else article.text.encode("utf-8", "surrogatepass")
    ).hexdigest()
    return Document(
        id=document_id(name, digest),
        source=name,
        raw=_without_surrogates(article.text),
        title=fields.get("title"),
        published=published,
        outlet=fields.get("outlet"),
        author=fields.get("author"),
        url=fields.get("url"),
        digest=digest,
        metadata_end=end,
        encoding=article.encoding,
        encoding_confidence=article.confidence,
    )


def clean_field(value: object) -> str:
    """A metadata value as one short line."""
    return _without_surrogates(" ".join(str(value).split())[:LONGEST_FIELD])


def _without_surrogates(text: str) -> str:
    """The text with U+FFFD for halves of a character; encoding finds them in a third of the time that
    searching takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def document_id(name: str, digest: str) -> str:
    """The file's own name and twelve digits that stand for its path and content."""
    stem = name.rsplit("/", 1)[-1].split("#")[0].rsplit(".", 1)[0]
    safe = _UNSAFE.sub("-", stem).strip("-.")[:40] or "document"
    key = "\0".join((name, digest)).encode("utf-8", "replace")
    return f"{safe}-{hashlib.sha256(key).hexdigest()[:12]}"


def checked(text: str) -> str:
    """The text of an article; raises DocumentError where there is none."""
    if not text.strip():
        raise DocumentError("no article text was found in it. Check the file, or remove it.")
    return text
