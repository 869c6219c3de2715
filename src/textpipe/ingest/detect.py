"""Which format a file is in, by its content; its name decides only among kinds of plain text."""

import io
import re
import zipfile

ARCHIVE_SUFFIXES = (".gz", ".zip")
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED = re.compile(rb"<\s*(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_MIME = re.compile(rb"^(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*MIME-Version:", re.IGNORECASE)
HEAD = 4096


def kind_of(data: bytes, name: str) -> str:
    """The kind of a file's content: a key of `READERS`."""
    for mark, kind in (
        (b"%PDF-", "pdf"), (b"\x1f\x8b", "gz"), (b"PAR1", "parquet"), (b"WARC/", "warc"),
        (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"),
    ):  # fmt: skip
        if data.startswith(mark):
            return _zipped(data) if kind == "zip" else kind
    head = _narrow(data[:HEAD]).lstrip()
    suffix = name.lower().rsplit(".", 1)[-1] if "." in name else ""
    if suffix in ("csv", "tsv", "jsonl", "ndjson"):
        return "jsonl" if suffix == "ndjson" else "csv" if suffix == "tsv" else suffix
    if _MIME.match(head) or suffix in ("mhtml", "mht"):
        return "mhtml"
    if _FEED.search(head[:1000]):
        return "feed"
    if _HTML.search(head) or suffix in ("html", "htm", "xhtml"):
        return "html"
    return "xml" if head.startswith(b"<?xml") else "text"


def _narrow(head: bytes) -> bytes:
    """The head of a file without the null bytes of UTF-16 and without a mark."""
    return head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").replace(b"\0", b"")


def _zipped(data: bytes) -> str:
    """Word and Excel files are zip archives of their own."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()[:2000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip"
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else "zip"
