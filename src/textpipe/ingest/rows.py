"""Tables of articles, one a row: JSON Lines, CSV, Excel, Parquet."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from textpipe.errors import DocumentError
from textpipe.ingest.article import Article, Unreadable
from textpipe.ingest.encoding import Decoded, decode

NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "content", "body", "article", "fulltext", "內文", "全文", "內容", "本文", "正文"),
    "title": ("title", "headline", "標題", "篇名", "新聞標題"),
    "published": ("published", "date", "publish_date", "pubdate", "published_at", "datetime", "日期", "發布日期", "刊登日期", "時間"),
    "outlet": ("outlet", "source", "publisher", "media", "sitename", "媒體", "來源", "報別", "出處"),
    "author": ("author", "byline", "reporter", "作者", "記者"),
    "url": ("url", "link", "href", "網址", "連結"),
}  # fmt: skip
"""The names under which tables hold a field; `[ingest] columns` adds to them."""
MOST_ROWS = 1_000_000
csv.field_size_limit(10_000_000)


def articles_of(
    rows: Iterable[tuple[str, Mapping[str, Any]]],
    columns: Mapping[str, str],
    decoded: Decoded | None = None,
) -> Iterator[Article | Unreadable]:
    """An article a row, by the columns' names. Raises DocumentError where no column holds a text."""
    found: dict[str, str] | None = None
    for part, row in rows:
        if found is None:
            found = _columns(row, columns)
        text = _plain(row.get(found["text"]))
        if not text.strip():
            yield Unreadable(
                part, f"the column {found['text']!r} is empty. Fill it, or remove the row."
            )
            continue
        fields = {name: _plain(row.get(column)) for name, column in found.items() if name != "text"}
        encoding, confidence = (decoded.encoding, decoded.confidence) if decoded else ("", 1.0)
        yield Article(text, fields, part, encoding, confidence)


def _plain(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _columns(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    given = {str(key).strip().lower(): str(key) for key in row}
    found = {
        name: given[known.lower()]
        for name, names in NAMES.items()
        for known in reversed((columns[name], *names) if name in columns else names)
        if known.lower() in given
    }
    if "text" not in found:
        raise DocumentError(
            f"no column holds the text (columns: {', '.join(map(str, row))}). Name it in the settings:"
            ' [ingest] columns = {text = "…"}.'
        )
    return found


def read_jsonl(data: bytes, columns: Mapping[str, str]) -> Iterator[Article | Unreadable]:
    """One JSON object a line; a broken line is a failure of its own."""
    decoded = decode(data)
    for number, line in enumerate(decoded.text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("not an object")
            own = list(articles_of([(str(number), row)], columns, decoded))
        except (ValueError, RecursionError) as error:
            yield Unreadable(
                str(number), f"line {number} is no JSON object ({error}). Mend or remove it."
            )
            continue
        except DocumentError as error:
            yield Unreadable(str(number), f"line {number}: {error}")
            continue
        yield from own


def read_csv(data: bytes, columns: Mapping[str, str]) -> Iterator[Article | Unreadable]:
    """A row an article under a row of names; commas, semicolons or tabs between."""
    decoded = decode(data)
    head = decoded.text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(decoded.text), delimiter=delimiter)
    try:
        yield from articles_of(((str(reader.line_num), row) for row in reader), columns, decoded)
    except csv.Error as error:
        raise DocumentError(
            f"line {reader.line_num} is no CSV ({error}). Mend the line."
        ) from error


def read_xlsx(data: bytes, columns: Mapping[str, str]) -> Iterator[Article | Unreadable]:
    """The rows of the first sheet under a row of names."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(values_only=True, max_row=MOST_ROWS)
        names = [str(x or "") for x in next(lines, ())]
        rows = [(str(n), dict(zip(names, line, strict=False))) for n, line in enumerate(lines, 2)]
    except (
        ValueError,
        KeyError,
        OSError,
        IndexError,
        TypeError,
        SyntaxError,
        RuntimeError,
    ) as error:
        raise DocumentError(
            f"the workbook is damaged ({error}). Save it again, or as CSV."
        ) from error
    if not names or not rows:
        raise DocumentError(
            "the first sheet holds no articles. Put names in its first row, articles below."
        )
    yield from articles_of(((n, row) for n, row in rows if any(row.values())), columns)


def read_parquet(data: bytes, columns: Mapping[str, str]) -> Iterator[Article | Unreadable]:
    """The rows of a Parquet file."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        rows = (row for batch in file.iter_batches(512) for row in batch.to_pylist())
        yield from articles_of(((str(n), row) for n, row in enumerate(rows, 1)), columns)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DocumentError(f"the Parquet file is damaged ({error}). Write it again.") from error
