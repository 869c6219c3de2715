"""What was coded before: a ledger, and the documents in Parquet files."""

from textpipe.store.ledger import Ledger, now
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
    data_file,
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
    "locked",
    "now",
    "open_ledger",
    "prune",
    "views",
]
