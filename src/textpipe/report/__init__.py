"""Results to files: one writer a format."""

from textpipe.report.charts import Presses
from textpipe.report.corpus import Corpus
from textpipe.report.results import Results
from textpipe.report.tables import long_table_files
from textpipe.report.write import (
    REPORTS,
    Files,
    check_writable,
    manifest_bytes,
    report_files,
    write_files,
)

__all__ = [
    "REPORTS",
    "Corpus",
    "Files",
    "Presses",
    "Results",
    "check_writable",
    "long_table_files",
    "manifest_bytes",
    "report_files",
    "write_files",
]
