"""Files to documents: a reader a format, chosen by content."""

from textpipe.ingest.reader import READERS, SUFFIXES, Ingest, read_source
from textpipe.ingest.sources import Source, find_sources

__all__ = ["READERS", "SUFFIXES", "Ingest", "Source", "find_sources", "read_source"]
