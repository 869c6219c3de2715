"""What is done to a handful of articles at a time, wherever an engine does it: read, code, make rows.

A job is data and goes to any process; its outcome is an Arrow table and a few records, and comes back
to the one process that writes. The same job gives the same bytes everywhere. So it is with a report: what
each data file gives to it is made by a job, too.
"""

from textpipe.work.doing import BATCH, done, without_collector
from textpipe.work.jobs import File, Files, Job, Outcome, Read, Stored
from textpipe.work.parts import Held, Part, part, part_of, parts_of
from textpipe.work.quarantine import results
from textpipe.work.shelf import SHELF, Shelf

__all__ = [
    "BATCH",
    "SHELF",
    "File",
    "Files",
    "Held",
    "Job",
    "Outcome",
    "Part",
    "Read",
    "Shelf",
    "Stored",
    "done",
    "part",
    "part_of",
    "parts_of",
    "results",
    "without_collector",
]
