"""Every format in, and what is damaged, hostile or not what its name says."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pypdf import PdfWriter

from textpipe.findings import Failure
from textpipe.ingest import Ingest, read_source
from textpipe.ingest.detect import kind_of
from textpipe.ingest.encoding import decode
from textpipe.ingest.files import joined_lines, without_running_lines
from textpipe.records import Document, Source
from textpipe.runner import run
from textpipe.settings import Report, Settings

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::DeprecationWarning",
)
"""The writers of test files, and some readers, leave temporary files to the garbage collector."""

TITLE = "白宮公布人工智慧行動計畫"
TEXT = (
    "美國白宮公布人工智慧行動計畫，主張加速資料中心許可並強化出口管制。\n"
    "台灣伺服器業者認為訂單可望增加，但關稅與電力仍是變數。"
)


def found_in(tmp_path: Path, data: bytes, name: str, **settings: Any) -> list[Document | Failure]:
    path = tmp_path / Path(name).name
    path.write_bytes(data)
    return list(read_source(Source(path, name), Ingest(**settings)))


# What is written here is read there


def html(charset: str = "utf-8", declared: str | None = None) -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in TEXT.splitlines() * 3)
    page = (
        f'<!DOCTYPE html><html lang="zh-Hant"><head><meta charset="{declared or charset}"><title>{TITLE}</title>'
        '<meta property="og:site_name" content="示例新聞"><meta property="article:published_time" content="2025-07-24T08:00:00+08:00">'
        '<meta name="author" content="王小明"><link rel="canonical" href="https://example.org/a"></head>'
        f"<body><nav><a href='/'>首頁</a><a href='/b'>訂閱電子報</a></nav><article><h1>{TITLE}</h1>{paragraphs}</article>"
        "<footer>版權所有 不得轉載</footer></body></html>"
    )
    return page.encode(charset)


def mhtml() -> bytes:
    body = html().decode()
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/a\r\nSubject: x\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"{body}\r\n--b--\r\n"
    ).encode()


def docx() -> bytes:
    from docx import Document as new_docx

    document = new_docx()
    document.core_properties.title = TITLE
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "出口額", "一百億"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


ROWS = [
    {
        "標題": TITLE,
        "日期": "2025-07-24",
        "媒體": "示例新聞",
        "內文": TEXT,
        "網址": "https://example.org/a",
    },
    {"標題": "第二篇", "日期": "114年7月25日", "媒體": "示例新聞", "內文": TEXT[:30], "網址": ""},
]


def xlsx() -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame(ROWS).to_excel(buffer, index=False)
    return buffer.getvalue()


def parquet() -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame(ROWS).to_parquet(buffer)
    return buffer.getvalue()


def feed() -> bytes:
    items = "".join(
        f"<item><title>{r['標題']}</title><link>https://example.org/{i}</link>"
        f"<pubDate>Thu, 24 Jul 2025 08:00:00 +0800</pubDate><description>&lt;p&gt;{r['內文']}&lt;/p&gt;</description></item>"
        for i, r in enumerate(ROWS)
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>示例新聞</title>{items}</channel></rss>'.encode()


def warc() -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    for status, kind in (
        ("200 OK", "text/html; charset=utf-8"),
        ("404 Not Found", "text/html"),
        ("200 OK", "image/png"),
    ):
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            "https://example.org/a", "response", payload=io.BytesIO(html()), http_headers=headers
        )
        writer.write_record(record)
    return buffer.getvalue()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def jsonl() -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode()


def csv(charset: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    return pd.DataFrame(ROWS).to_csv(index=False, sep=delimiter).encode(charset)


FORMATS: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "txt": ("a.txt", TEXT.encode, 1),
    "txt in big5": ("a.txt", lambda: TEXT.encode("big5hkscs"), 1),
    "txt in utf-16 without mark": ("a.txt", lambda: TEXT.encode("utf-16-le"), 1),
    "md": ("a.md", lambda: f"# {TITLE}\n\n{TEXT}".encode(), 1),
    "html": ("a.html", html, 1),
    "html in big5": ("a.htm", lambda: html("big5"), 1),
    "html that declares another charset": ("a.html", lambda: html("big5", "utf-8"), 1),
    "mhtml": ("a.mhtml", mhtml, 1),
    "docx": ("a.docx", docx, 1),
    "jsonl": ("a.jsonl", jsonl, 2),
    "csv": ("a.csv", csv, 2),
    "csv in big5 with semicolons": ("a.csv", lambda: csv("big5hkscs", ";"), 2),
    "tsv": ("a.tsv", lambda: csv(delimiter="\t"), 2),
    "xlsx": ("a.xlsx", xlsx, 2),
    "parquet": ("a.parquet", parquet, 2),
    "rss": ("a.rss", feed, 2),
    "warc": ("a.warc", warc, 1),
    "warc.gz": ("a.warc.gz", lambda: gzip.compress(warc()), 1),
    "txt.gz": ("a.txt.gz", lambda: gzip.compress(TEXT.encode()), 1),
    "zip": (
        "a.zip",
        lambda: zipped(**{"x/a.txt": TEXT.encode(), "b.html": html(), ".hidden": b"x"}),
        2,
    ),
    "zip in zip": ("a.zip", lambda: zipped(**{"in.zip": zipped(**{"a.txt": TEXT.encode()})}), 1),
    "html named txt": ("a.txt", html, 1),
    "docx named doc.bin": ("a.bin", docx, 1),
    "text named html": ("a.html", lambda: f"<p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p>".encode(), 1),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read(tmp_path: Path, name: str) -> None:
    file, make, count = FORMATS[name]
    found = found_in(tmp_path, make(), file)
    assert len(found) == count and all(isinstance(d, Document) for d in found), found
    first = found[0]
    assert isinstance(first, Document) and "強化出口管制" in first.raw
    assert "訂閱電子報" not in first.raw and "版權所有" not in first.raw
    assert len({d.id for d in found if isinstance(d, Document)}) == count


@pytest.mark.parametrize(
    "name", ["html", "mhtml", "jsonl", "csv", "xlsx", "parquet", "rss", "warc"]
)
def test_metadata_comes_with_the_formats_that_have_it(tmp_path: Path, name: str) -> None:
    file, make, _ = FORMATS[name]
    first = found_in(tmp_path, make(), file)[0]
    assert isinstance(first, Document)
    assert (first.title, first.published, first.outlet) == (TITLE, "2025-07-24", "示例新聞")
    assert (first.url or "").startswith("https://example.org/")


def test_every_format_goes_through_one_run(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for i, (file, make, _) in enumerate(FORMATS.values()):
        if not file.endswith(".bin"):
            (folder / f"{i:02}{file}").write_bytes(make())
    for i, (file, data) in enumerate(MALFORMED.values()):
        if data is not None:
            (folder / f"bad{i:02}{file}").write_bytes(data)
    summary = run([folder], Settings(report=Report(out=tmp_path / "out")))
    assert (
        summary.read
        == sum(n for f, _, n in FORMATS.values() if not f.endswith(".bin")) + GOOD_PARTS
    )
    assert len(summary.failures) >= 45
    assert all(f.reason and not f.reason.startswith("Traceback") for f in summary.failures)


def test_a_table_with_other_columns_is_mapped_by_the_settings(tmp_path: Path) -> None:
    data = pd.DataFrame([{"主文": TEXT, "題": TITLE}]).to_csv(index=False).encode()
    (failed,) = found_in(tmp_path, data, "a.csv")
    assert isinstance(failed, Failure) and "[ingest] columns" in failed.reason
    (read,) = found_in(tmp_path, data, "a.csv", columns={"text": "主文", "title": "題"})
    assert isinstance(read, Document) and read.title == TITLE


def test_lines_of_a_pdf_are_joined_and_running_heads_left_out() -> None:
    pages = [["示例新聞 第 1 頁", "美國白宮公布人工智慧行動計畫並強調", "出口管制。", "1"],
             ["示例新聞 第 2 頁", "Export controls on semicon-", "ductors will be tightened in the coming", "months.", "2"],
             ["示例新聞 第 3 頁", "台廠認為訂單可望增加。", "3"]]  # fmt: skip
    text = joined_lines(without_running_lines(pages))
    assert text.splitlines() == [
        "美國白宮公布人工智慧行動計畫並強調出口管制。",
        "Export controls on semiconductors will be tightened in the coming months.",
        "台廠認為訂單可望增加。",
    ]


def test_a_pdf_from_a_browser_is_read(tmp_path: Path) -> None:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    from test_report_html import _chromium

    if not _chromium():
        pytest.skip("no Chromium: set CHROMIUM to its path")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_content(html().decode())
        data = tab.pdf()
        browser.close()
    (read,) = found_in(tmp_path, data, "a.pdf")
    assert isinstance(read, Document) and "強化出口管制" in read.raw.replace("\n", "")


# Damaged, hostile, misnamed


def pdf(*, pages: int = 1, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def bomb(size: int) -> bytes:
    return zipped(**{"a.txt": b"0" * size})


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b']><rss version="2.0"><channel><title>&j;</title><item><description>&j;</description></item></channel></rss>'
)
ENCRYPTED = bytearray(zipped(**{"a.txt": TEXT.encode()}))
for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
    ENCRYPTED[ENCRYPTED.index(mark) + at] |= 1

MALFORMED: dict[str, tuple[str, bytes | None]] = {
    "empty txt": ("a.txt", b""),
    "blanks": ("a.txt", "　\n　".encode()),
    "png named txt": ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\xff\xfe\xfd"),
    "null byte": ("a.txt", b"abc\0def"),
    "two encodings": ("a.txt", TEXT.encode() + TEXT.encode("big5") + b"\xff\xff"),
    "truncated utf-16 with mark": ("a.txt", TEXT.encode("utf-16")[:-1]),
    "random": ("a.txt", bytes(range(128, 256)) * 3 + b"\0\xff"),
    "exe": ("a.txt", b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff"),
    "jpeg": ("a.md", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    "empty html": ("a.html", b"<html></html>"),
    "html without text": ("a.html", b"<!DOCTYPE html><html><body><script>1</script></body></html>"),
    "html of null bytes": ("a.html", b"<html>\0\0\0\0\0\0</html>"),
    "deep html": ("a.html", b"<div>" * 60_000 + b"</div>" * 60_000),
    "huge html": ("a.html", b"<html><body>" + b"<p>x</p>" * 700_000),
    "html in broken utf-8": ("a.html", b"<html><body><p>" + b"\xe7\xe7\xff" * 200),
    "html with a wrong charset": ("a.html", html("utf-8", "utf-99")[:180]),
    "mhtml without page": (
        "a.mhtml",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b--",
    ),
    "mhtml cut": ("a.mhtml", mhtml()[:200]),
    "mhtml empty": ("a.mhtml", b"MIME-Version: 1.0\r\n\r\n"),
    "pdf of nothing": ("a.pdf", b"%PDF-1.7\n"),
    "pdf cut": ("a.pdf", pdf()[:120]),
    "pdf without text": ("a.pdf", pdf()),
    "pdf with password": ("a.pdf", pdf(password="secret")),
    "pdf without pages": ("a.pdf", pdf(pages=0)),
    "text named pdf": ("a.pdf", b"\0\1\2not a pdf"),
    "pdf of zeros": ("a.pdf", b"%PDF-1.4" + b"\0" * 500),
    "pdf with a broken table": (
        "a.pdf",
        pdf().replace(b"xref", b"xxxx").replace(b"endobj", b"endxxx"),
    ),
    "docx cut": ("a.docx", docx()[:900]),
    "docx of nothing": ("a.docx", zipped(**{"word/document.xml": b""})),
    "docx of broken xml": (
        "a.docx",
        zipped(**{"word/document.xml": b"<w:document", "[Content_Types].xml": b"<x"}),
    ),
    "docx without text": (
        "a.docx",
        zipped(**{"word/document.xml": b"<x/>", "[Content_Types].xml": b"<Types/>"}),
    ),
    "docx with entities": (
        "a.docx",
        zipped(**{"word/document.xml": LAUGHS, "[Content_Types].xml": LAUGHS}),
    ),
    "xlsx cut": ("a.xlsx", xlsx()[:700]),
    "xlsx of nothing": ("a.xlsx", zipped(**{"xl/workbook.xml": b""})),
    "xlsx of broken xml": (
        "a.xlsx",
        zipped(**{"xl/workbook.xml": b"<a", "[Content_Types].xml": b"<"}),
    ),
    "jsonl of nothing good": ("a.jsonl", b"{broken\n[1,2]\n3\nnull"),
    "jsonl without text": ("a.jsonl", b'{"a": 1}'),
    "jsonl with empty text": ("a.jsonl", b'{"text": ""}'),
    "jsonl deep": ("a.jsonl", b"[" * 100_000),
    "jsonl in broken bytes": ("a.jsonl", b"\xff\xfe{\0"),
    "csv without text": ("a.csv", b"a,b\n1,2\n"),
    "csv with empty text": ("a.csv", b"text,title\n,x\n"),
    "csv of null bytes": ("a.csv", b"text\n\0\0\n"),
    "csv with a binary field": ("a.csv", b"text\n\x81\x82\xff\xff\xfe\n"),
    "parquet cut": ("a.parquet", parquet()[:200]),
    "parquet of nothing": ("a.parquet", b"PAR1PAR1"),
    "parquet without text": ("a.parquet", None),
    "feed without entries": (
        "a.rss",
        b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>',
    ),
    "feed cut": ("a.rss", b'<?xml version="1.0"?><rss version="2.0"><chan'),
    "feed of laughs": ("a.xml", LAUGHS),
    "feed with empty entries": (
        "a.rss",
        b'<rss version="2.0"><channel><item><title>x</title></item></channel></rss>',
    ),
    "xml that is no feed": ("a.xml", b'<?xml version="1.0"?><root><a/></root>'),
    "xml with an outer entity": (
        "a.xml",
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<rss version="2.0"><channel><item><description>&x;</description></item></channel></rss>',
    ),
    "warc of nothing": ("a.warc", b"WARC/1.0\r\n\r\n"),
    "warc cut": ("a.warc", warc()[:300]),
    "warc without pages": (
        "a.warc",
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
    ),
    "gzip cut": ("a.txt.gz", gzip.compress(TEXT.encode())[:20]),
    "gzip of nothing": ("a.gz", b"\x1f\x8b"),
    "gzip bomb": ("a.txt.gz", gzip.compress(b"0" * 30_000_000)),
    "gzip of gzip of gzip": ("a.gz", gzip.compress(gzip.compress(gzip.compress(b"x")))),
    "zip cut": ("a.zip", zipped(**{"a.txt": TEXT.encode()})[:60]),
    "zip of nothing": ("a.zip", zipped()),
    "zip bomb": ("a.zip", bomb(30_000_000)),
    "zip with password": ("a.zip", bytes(ENCRYPTED)),
    "zip of damaged members": ("a.zip", zipped(**{"a.pdf": b"%PDF-", "b.docx": b"PK\x03\x04"})),
    "zip of zip of zip": ("a.zip", zipped(a=zipped(a=zipped(**{"a.txt": b"x"})))),
    "zip in itself, nearly": ("a.zip", zipped(**{"../../evil.txt": b"", "/etc/passwd": b""})),
}
GOOD_PARTS = 0


@pytest.mark.parametrize("name", MALFORMED)
def test_what_cannot_be_read_gets_a_message_with_the_mend(tmp_path: Path, name: str) -> None:
    file, data = MALFORMED[name]
    if data is None:
        buffer = io.BytesIO()
        pd.DataFrame([{"a": 1}]).to_parquet(buffer)
        data = buffer.getvalue()
    found = found_in(tmp_path, data, file)
    assert found and all(isinstance(f, Failure) for f in found), found
    for failed in found:
        assert isinstance(failed, Failure) and len(failed.reason) > 15
        assert "Traceback" not in failed.reason and failed.source.startswith(file)


def test_there_are_sixty_malformed_inputs() -> None:
    assert len(MALFORMED) >= 60


def test_names_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    data = zipped(**{"/etc/evil.txt": TEXT.encode(), "C:\\up.txt": TEXT.encode()})
    found = found_in(tmp_path, data, "a.zip")
    assert all(isinstance(d, Document) and "/" not in d.id and ".." not in d.id for d in found)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip"]


def test_a_broken_line_does_not_stop_the_others(tmp_path: Path) -> None:
    lines = [jsonl().splitlines()[0], b"{broken", jsonl().splitlines()[1]]
    found = found_in(tmp_path, b"\n".join(lines), "a.jsonl")
    assert [type(f).__name__ for f in found] == ["Document", "Failure", "Document"]
    assert isinstance(found[1], Failure) and found[1].source == "a.jsonl#2"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (html(), "a.txt", "html"), (docx(), "a.zip", "docx"), (xlsx(), "x", "xlsx"), (feed(), "a.xml", "feed"), (TEXT.encode(), "a.pdf", "text"),
        (gzip.compress(b"x"), "a.txt", "gz"), (warc(), "a", "warc"), (mhtml(), "a.html", "mhtml"), (jsonl(), "a.jsonl", "jsonl"),
    ],
    ids=lambda value: "data" if isinstance(value, bytes) else value,  # bytes hold the time at which they were made
)  # fmt: skip
def test_the_kind_goes_by_content(data: bytes, name: str, kind: str) -> None:
    assert kind_of(data, name) == kind


# Encodings


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("行動計畫與出口管制", "big5hkscs"), ("半導體、伺服器", "cp950"), ("人工智能行动计划", "gb18030"), ("出口管制", "utf-16-le"),
        ("資料中心", "utf-16-be"), ("佢哋喺香港嘅公司", "big5hkscs"), ("人工知能の行動計画について発表した", "cp932"), ("経済産業省は規制を強化する", "euc_jp"),
        ("미국의 인공지능 행동 계획", "cp949"), ("Les États-Unis accélèrent la règle", "cp1252"),
    ],
)  # fmt: skip
def test_short_texts_are_decoded_without_any_declaration(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_decoding_says_how_sure_it_is_and_never_leaves_characters_out(tmp_path: Path) -> None:
    (read,) = found_in(tmp_path, TEXT.encode("big5hkscs"), "a.txt")
    assert (
        isinstance(read, Document)
        and read.encoding == "big5hkscs"
        and 0.5 < read.encoding_confidence <= 1
    )
    assert decode(TEXT.encode()).confidence == 1
