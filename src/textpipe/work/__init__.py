"""What is done to a handful of articles at a time, wherever an engine does it: read, code, make rows.

A job is data and goes to any process; its outcome is an Arrow table and a few records, and comes back
to the one process that writes. The same job gives the same bytes everywhere. So it is with counting: what
comes back are the counts of some articles, which are merged.
"""

from textpipe.work.doing import BATCH, counted, counts_of, done, without_collector
from textpipe.work.jobs import File, Files, Held, Job, Outcome, Read, Stored
from textpipe.work.quarantine import results

__all__ = [
    "BATCH",
    "File",
    "Files",
    "Held",
    "Job",
    "Outcome",
    "Read",
    "Stored",
    "counted",
    "counts_of",
    "done",
    "results",
    "without_collector",
]
