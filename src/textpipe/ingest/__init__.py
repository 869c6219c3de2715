"""Files to documents: a reader a format, chosen by content."""

from textpipe.ingest.fetch import Content, contents
from textpipe.ingest.reader import (
    READERS,
    SUFFIXES,
    Ingest,
    bytes_at,
    bytes_of,
    documents_in,
    read_source,
)
from textpipe.ingest.sources import STANDARD_INPUT, find_sources

__all__ = [
    "READERS",
    "STANDARD_INPUT",
    "SUFFIXES",
    "Content",
    "Ingest",
    "bytes_at",
    "bytes_of",
    "contents",
    "documents_in",
    "find_sources",
    "read_source",
]
