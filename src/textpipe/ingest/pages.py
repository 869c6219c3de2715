"""HTML and MHTML: the main text of a page and what it says of itself, by trafilatura."""

import logging
import re
from collections.abc import Iterator
from typing import Any

from textpipe.errors import DocumentError
from textpipe.ingest.article import Article, checked
from textpipe.ingest.encoding import decode

LONGEST_PAGE = 5_000_000
"""Bytes of a page: beyond these, finding the main text takes longer than all articles of a day."""
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)


def read_html(data: bytes, declared: str | None = None) -> Iterator[Article]:
    """The main text of a page with title, author, date, outlet and address."""
    if len(data) > LONGEST_PAGE:
        raise DocumentError(
            f"a page of {len(data):,} bytes is more than {LONGEST_PAGE:,}. Save the article alone."
        )
    found = _CHARSET.search(data[:4096])
    decoded = decode(data, declared or (found[1].decode("ascii", "replace") if found else None))
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        page: Any = trafilatura.bare_extraction(
            decoded.text, include_comments=False, include_tables=True, favor_recall=True,
            with_metadata=True, deduplicate=False,
        )  # fmt: skip
    except (ValueError, RecursionError, AssertionError) as error:
        raise DocumentError(f"the page cannot be read ({error}). Save its text instead.") from error
    if page is None or not (page.text or "").strip():
        raise DocumentError("no main text was found in the page. Save the article's text instead.")
    fields = {
        "title": page.title, "author": page.author, "published": page.date,
        "outlet": page.sitename or page.hostname, "url": page.url,
    }  # fmt: skip
    yield Article(
        checked(page.text),
        {k: v for k, v in fields.items() if v},
        "",
        decoded.encoding,
        decoded.confidence,
    )


def read_mhtml(data: bytes) -> Iterator[Article]:
    """The first page of a web archive as a browser saves it."""
    from email import policy
    from email.parser import BytesParser

    message = BytesParser(policy=policy.default).parsebytes(data)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body.strip():
                place = part.get("Content-Location") or message.get("Snapshot-Content-Location")
                for article in read_html(body, part.get_content_charset()):
                    url = {"url": str(place)} if place else {}
                    yield Article(
                        article.text,
                        {**url, **article.fields},
                        "",
                        article.encoding,
                        article.confidence,
                    )
                return
    raise DocumentError("a web archive without a page. Save the page again, as HTML or text.")
