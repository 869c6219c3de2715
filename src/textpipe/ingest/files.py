"""PDF and Word files."""

import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from textpipe.errors import DocumentError
from textpipe.ingest.article import Article, checked

REPEATED = 0.6
"""A first or last line that stands on this share of the pages is a header or footer."""
RADICALS = {
    c: unicodedata.normalize("NFKC", chr(c))
    for c in (*range(0x2E80, 0x2FD6), 0x3038, 0x3039, 0x303A)
}
"""Radicals that PDF writers put for the characters that look the same (⾸ for 首)."""
_NUMBER = re.compile(r"\d+")
_ENDS = re.compile(r"[。！？；：…」』）.!?]\s*$")
_HAN_END = re.compile(r"[\u3400-\u9fff，、（「]$")


def read_pdf(data: bytes, most_pages: int) -> Iterator[Article]:
    """The text of a PDF, headers and footers left out, lines joined to paragraphs."""
    from pypdf import PdfReader
    from pypdf.errors import PdfReadError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("the PDF asks for a password. Save it without one.")
        if not reader.pages:
            raise DocumentError("the PDF has no page. Check the file, or remove it.")
        if len(reader.pages) > most_pages:
            raise DocumentError(
                f"{len(reader.pages):,} pages are more than {most_pages:,}."
                " Split the PDF, or raise [ingest] most_pages."
            )
        pages = [(page.extract_text() or "").splitlines() for page in reader.pages]
        about = reader.metadata
    except DocumentError:
        raise
    except (
        PdfReadError,
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        RecursionError,
        NotImplementedError,
    ) as error:
        raise DocumentError(f"the PDF is damaged ({error}). Save it again, or its text.") from error
    text = joined_lines(without_running_lines(pages)).translate(RADICALS)
    if not text.strip():
        raise DocumentError(
            "the PDF holds pictures, no text. Run it through text recognition (OCR) first."
        )
    fields: dict[str, str] = {}
    if about:
        created = str(about.get("/CreationDate", ""))
        date = re.match(r"D:(\d{4})(\d{2})(\d{2})", created)
        fields = {
            "title": str(about.title or ""), "author": str(about.author or ""),
            "published": "-".join(date.groups()) if date else "",
        }  # fmt: skip
    yield Article(checked(text), {k: v for k, v in fields.items() if v})


def without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """The pages without the first and last lines that most of them share, page numbers aside."""
    stripped = [[line.strip() for line in page if line.strip()] for page in pages]
    if len(stripped) < 3:
        return stripped
    for at in (0, -1):
        seen: dict[str, int] = {}
        for page in stripped:
            if page:
                key = _NUMBER.sub("#", page[at])
                seen[key] = seen.get(key, 0) + 1
        running = {key for key, n in seen.items() if n >= REPEATED * len(stripped)}
        for page in stripped:
            if page and _NUMBER.sub("#", page[at]) in running:
                page.pop(at)
    return stripped


def joined_lines(pages: list[list[str]]) -> str:
    """Lines joined to paragraphs: a line that ends within a sentence goes on without a blank where
    Chinese meets Chinese, and a hyphen at its end is taken away."""
    paragraphs: list[str] = []
    for line in (line for page in pages for line in page):
        if paragraphs and not _ENDS.search(paragraphs[-1]) and len(paragraphs[-1]) >= 15:
            before = paragraphs[-1]
            if before.endswith("-") and line[:1].islower():
                paragraphs[-1] = before[:-1] + line
            else:
                glue = "" if _HAN_END.search(before) or not line[:1].isascii() else " "
                paragraphs[-1] = before + glue + line
        else:
            paragraphs.append(line)
    return "\n".join(paragraphs)


def read_docx(data: bytes) -> Iterator[Article]:
    """The paragraphs and tables of a Word file in order, with title, author and date."""
    from docx import Document as open_docx
    from docx.table import Table

    try:
        document: Any = open_docx(io.BytesIO(data))
        lines: list[str] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += [
                    "　".join(dict.fromkeys(c.text.strip() for c in row.cells))
                    for row in block.rows
                ]
            else:
                lines.append(block.text)
        about = document.core_properties
        fields = {
            "title": about.title, "author": about.author,
            "published": f"{about.created:%Y-%m-%d}" if about.created else "",
        }  # fmt: skip
    except (
        ValueError,
        KeyError,
        OSError,
        AttributeError,
        SyntaxError,
        IndexError,
        RuntimeError,
    ) as error:
        raise DocumentError(
            f"the Word file is damaged ({error}). Save it again, or its text."
        ) from error
    text = "\n".join(line for line in lines if line.strip())
    yield Article(checked(text), {k: v for k, v in fields.items() if v}, has_header=True)
