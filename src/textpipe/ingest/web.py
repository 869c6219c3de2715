"""RSS and Atom feeds, and WARC files."""

import io
import re
from collections.abc import Iterator
from html import unescape

from textpipe.errors import DocumentError
from textpipe.ingest.article import Article, Unreadable
from textpipe.ingest.pages import read_html

_TAG = re.compile(r"<[^>]{1,2000}>")
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


def read_feed(data: bytes) -> Iterator[Article | Unreadable]:
    """An article an entry, of its full content where the feed has it, else of its summary."""
    import feedparser

    if _MARKUP.search(data[:4096].decode("latin-1")) and b"<!ENTITY" in data[:4096]:
        raise DocumentError(
            "the feed defines entities of its own, which is refused. Save its articles."
        )
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries:
        why = f" ({feed.bozo_exception})" if feed.get("bozo") else ""
        raise DocumentError(f"the feed holds no entry{why}. Check the file, or remove it.")
    outlet = feed.feed.get("title", "")
    for number, entry in enumerate(feed.entries, 1):
        contents = [c.get("value", "") for c in entry.get("content", ())]
        text = plain(max([*contents, entry.get("summary", "")], key=len))
        if not text:
            yield Unreadable(
                str(number), "the entry has a title but no text. Save the article itself."
            )
            continue
        day = entry.get("published_parsed") or entry.get("updated_parsed")
        yield Article(
            text,
            {
                "title": plain(entry.get("title", "")), "url": entry.get("link", ""),
                "author": entry.get("author", ""), "outlet": outlet,
                "published": f"{day[0]:04}-{day[1]:02}-{day[2]:02}" if day else "",
            },
            str(number),
        )  # fmt: skip


def plain(markup: str) -> str:
    """The text of a piece of HTML, a line a paragraph."""
    lines = unescape(_TAG.sub("", _BREAK.sub("\n", markup))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def read_warc(data: bytes) -> Iterator[Article | Unreadable]:
    """An article a page that was fetched with success."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            if record.rec_type != "response" or record.http_headers is None:
                continue
            kind = record.http_headers.get_header("Content-Type") or ""
            if record.http_headers.get_statuscode() != "200" or "html" not in kind:
                continue
            number += 1
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            charset = re.search(r"charset=([\w-]+)", kind)
            try:
                for article in read_html(
                    record.content_stream().read(), charset[1] if charset else None
                ):
                    yield Article(
                        article.text,
                        {"url": url, **article.fields},
                        str(number),
                        article.encoding,
                        article.confidence,
                    )
            except DocumentError as error:
                yield Unreadable(str(number), str(error))
    except (ArchiveLoadFailed, OSError, ValueError, EOFError) as error:
        raise DocumentError(f"the WARC file is damaged after page {number} ({error}).") from error
    if not number:
        raise DocumentError("the WARC file holds no page that was fetched with success.")
