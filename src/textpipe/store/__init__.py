"""What was coded before: a ledger, and the documents in Parquet files."""

from textpipe.store.files import data_file, documents_of, rows_at
from textpipe.store.ledger import Ledger, now, store_error
from textpipe.store.lock import locked
from textpipe.store.prune import Pruned, prune
from textpipe.store.status import open_ledger
from textpipe.store.store import (
    LIVE,
    LIVE_FAILURES,
    Coded,
    Commit,
    Reading,
    Row,
    Store,
    content_digest,
)
from textpipe.store.survey import Survey
from textpipe.store.views import views

__all__ = [
    "LIVE",
    "LIVE_FAILURES",
    "Coded",
    "Commit",
    "Ledger",
    "Pruned",
    "Reading",
    "Row",
    "Store",
    "Survey",
    "content_digest",
    "data_file",
    "documents_of",
    "locked",
    "now",
    "open_ledger",
    "prune",
    "rows_at",
    "store_error",
    "views",
]
