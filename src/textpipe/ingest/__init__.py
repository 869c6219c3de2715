"""Files to documents."""

from textpipe.ingest.reader import READERS, Ingest, read_source
from textpipe.ingest.sources import Source, find_sources

__all__ = ["READERS", "Ingest", "Source", "find_sources", "read_source"]
