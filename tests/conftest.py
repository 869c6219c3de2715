"""Fixtures shared by the tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

from textpipe.analysis import Counts, count, merge
from textpipe.codebook import Axis, load_codebook
from textpipe.collector import collect, corpus_of
from textpipe.findings import DocumentKeywords, Keyword
from textpipe.ingest.reader import document_of
from textpipe.processing import process
from textpipe.ranges import bounds_of
from textpipe.records import Document
from textpipe.report import Corpus, Results
from textpipe.settings import Settings
from textpipe.store import Store
from textpipe.store.shards import to_table
from textpipe.work import Shelf, part_of

hypothesis.settings.register_profile("any machine", deadline=None)  # no test is about seconds
hypothesis.settings.load_profile("any machine")

ROOT = Path(__file__).parents[1]
ARTICLE = """標題：測試文章
日期：2025-08-01

（台北綜合報導）

第一支柱：加速人工智慧創新

美國《AI行動計畫》要求移除繁瑣的法規。台積電表示，出口管制恐衝擊訂單；業者憂心。

重點還包括：

發展電網： 強調恢復美國的半導體製造能力；

強調恢復美國的半導體製造能力； 建造高安全性資料中心： 供軍方使用。

圖1. 三大支柱；資料來源：測試
"""


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings()


@pytest.fixture(scope="session")
def article(settings: Settings) -> Document:
    documents, failures = process([document_of(ARTICLE, "folder/article.txt")], settings.stages)
    assert not failures
    return documents[0]


@pytest.fixture(scope="session")
def seed() -> str:
    path = ROOT.parent / "shared" / "seed" / "article-ai-action-plan.txt"
    if not path.is_file():
        pytest.skip("the real article is kept outside the project")
    return path.read_text("utf-8")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three small articles in a folder."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    (folder / "b.md").write_bytes(b"\xef\xbb\xbf" + "# 標題\n\n輝達的AI晶片出口受限。\n".encode())
    (folder / "c.txt").write_text("2025年9月2日\n\n電力不足，資料中心業者憂心。\n", "utf-8")
    return folder


def stored(out: Path) -> list[Document]:
    """The articles in the store of an output folder, by id."""
    opened = Store(out / "store")
    try:
        return sorted(opened.documents(), key=lambda d: d.id)
    finally:
        opened.close()


def counted(documents: Sequence[Document]) -> Counts:
    """The counts of some documents, in their order."""
    return count(to_table(documents, {d.id: d.title for d in documents}))


def shelved(documents: Sequence[Document], axes: Sequence[Axis] | None = None) -> Shelf:
    """Documents as reports are made of them, by source and id."""
    shelf = Shelf()
    file = shelf.file()
    table = to_table(documents, {d.id: d.title for d in documents})
    with file.open("wb") as opened:
        shelf.put(part_of(table, load_codebook().axes if axes is None else axes, opened), file)
    shelf.sort()
    return shelf


def collected(documents: Sequence[Document], settings: Settings, **given: Any) -> Results:
    """What reports of documents are written from."""
    return collect(shelved(documents), merge([counted(documents)]), [], settings, **given)


def reported(documents: Sequence[Document], axes: Sequence[Axis] | None = None) -> Corpus:
    """Documents, in order, as results hold them."""
    return corpus_of(shelved(documents, axes), counted(documents))


def keywords_of(*each: Sequence[Keyword]) -> DocumentKeywords:
    """Given keywords of each of some documents."""
    own = [k for keywords in each for k in keywords]
    columns = (
        [getattr(k, name) for k in own] for name in ("score", "count", "document_count", "textrank")
    )
    scores, counts, document_counts, ranks = map(np.array, columns)
    return DocumentKeywords(
        [k.term for k in own], bounds_of(list(map(len, each))), np.arange(len(own), dtype=np.int32),
        scores, counts, document_counts, ranks,
    )  # fmt: skip


def every(results: Results) -> list[Document]:
    """The articles of results."""
    return list(results.corpus.articles.documents(range(len(results.heads))))
