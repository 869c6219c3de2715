"""What reports need of stored articles: made by jobs, put on a shelf, and given in order."""

import errno
import io
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from conftest import counted
from test_counts import assert_equal
from textpipe.codebook import load_codebook
from textpipe.engine import Lost
from textpipe.errors import StoreError
from textpipe.ingest.reader import document_of
from textpipe.processing import process
from textpipe.records import Document, Head
from textpipe.runner import run
from textpipe.sentence_tables import label_rows, sentence_rows
from textpipe.settings import Report, Settings
from textpipe.store import data_file
from textpipe.store.shards import to_table
from textpipe.work import SHELF, Held, Part, Shelf, part, part_of, parts_of, shelf

AXES = load_codebook().axes
CHANGED = "标题：内存涨价\n\n台积电表示，内存价格上涨。美国出口管制冲击供应链，业者忧心订单流失。\n"


@pytest.fixture(scope="module")
def articles() -> list[Document]:
    """The articles of the corpus, coded; one changed by normalization, one of nothing."""
    paths = sorted((Path(__file__).parents[1] / "corpus").iterdir())[:20]
    given = [document_of(path.read_text("utf-8"), path.name) for path in paths]
    given += [document_of(CHANGED, "03.txt"), document_of("記者王小明／台北報導", "04.txt")]
    return process(given, Settings().stages)[0]


def content_of(documents: Sequence[Document]) -> bytes:
    return data_file([to_table(documents, {d.id: d.title for d in documents})])


def put(own: Shelf, found: Part) -> None:
    own.put(found, own.file())


@pytest.mark.parametrize("seed", range(4))
def test_a_shelf_gives_articles_in_order_whatever_the_parts(
    articles: list[Document], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, own = random.Random(seed), Shelf()
    monkeypatch.setattr("textpipe.work.parts.AT_ONCE", chance.choice((1, 3, 64)))
    monkeypatch.setattr(shelf, "AT_ONCE", chance.choice((1, 4, 1_000)))
    mixed = chance.sample(articles, len(articles))
    cuts = sorted(chance.choices(range(len(mixed) + 1), k=3))
    for a, b in zip([0, *cuts], [*cuts, len(mixed)], strict=True):
        put(own, part(Held(content_of(mixed[a:b]), range(b - a), AXES, None)))
    own.sort()
    ordered = sorted(articles, key=lambda d: (d.source, d.id))
    assert [head.id for head in own.heads] == [d.id for d in ordered]
    assert list(own.texts) == [d.text for d in ordered] and own.texts[1:3] == list(own.texts)[1:3]
    places = sorted(chance.sample(range(len(ordered)), 9))
    assert list(own.documents(places)) == [ordered[place] for place in places]
    place = next(i for i in places if ordered[i].sentences)
    spans = [ordered[place].raw_span(s) for s in ordered[place].sentences]
    found = [own.sentence(place, number) for number in range(len(spans))]
    (rows,) = own.sentences([place])
    assert rows.column("text").to_pylist() == found
    assert found == [ordered[place].raw[a:b] for a, b in spans]
    whole = to_table(ordered, {d.id: d.title for d in ordered})
    for name, rows in (("sentences", sentence_rows(whole, AXES)), ("labels", label_rows(whole))):
        given = [row for table in own.rows(name) for row in table.to_pylist()]
        assert given == rows.to_pylist()


def test_a_head_says_of_an_article_what_its_record_says(articles: list[Document]) -> None:
    for head, d in zip(
        part_of(to_table(articles, {d.id: d.title for d in articles}), AXES, io.BytesIO()).heads,
        articles,
        strict=True,
    ):
        same = set(Head._fields) - {"characters", "sentences"}
        assert all(getattr(head, name) == getattr(d, name) for name in same)
        assert (head.characters, head.sentences) == (len(d.raw), len(d.sentences))


def test_a_part_is_the_same_in_a_file_and_in_memory(
    articles: list[Document], tmp_path: Path
) -> None:
    content = content_of(articles)
    here = part(Held(content, [1, 4, 5], AXES, tmp_path / "part"))
    there = part(Held(content, [1, 4, 5], AXES, None))
    assert (tmp_path / "part").read_bytes() == there.content and not here.content
    assert (here.heads, here.blocks) == (there.heads, there.blocks)
    assert_equal(here.counts, there.counts)
    assert_equal(here.counts, counted([articles[i] for i in (1, 4, 5)]))


def test_a_file_whose_process_dies_is_done_here(articles: list[Document]) -> None:
    class Dying:
        def map(self, function: Any, jobs: Any) -> Any:
            for i, job in enumerate(jobs):
                yield job, Lost("it died") if i else function(job)

    content = content_of(articles)
    jobs = [Held(content, [3, 5], AXES, None), Held(content, [0, 1, 2], AXES, None)]
    found = list(parts_of(Dying(), jobs))
    assert_equal(found[1].counts, part(jobs[1]).counts)
    assert [head.id for head in found[0].heads] == [articles[i].id for i in (3, 5)]


def test_a_disk_that_refuses_a_part_is_told_with_the_mend(
    articles: list[Document], tmp_path: Path
) -> None:
    refused = r"store: No such file.*What was stored before is kept"
    # the temporary folder's own name tells nobody anything
    with pytest.raises(StoreError, match=refused):
        part(Held(content_of(articles[:1]), [0], AXES, tmp_path / "store" / ".report-x" / "part"))


def test_a_report_that_fails_leaves_no_files_and_is_written_later(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Shelf, found: Part, file: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(file))

    settings = Settings(report=Report(out=tmp_path / "out", figures=False))
    with monkeypatch.context() as patched:
        patched.setattr(Shelf, "put", full)
        with pytest.raises(StoreError, match="No space left on device"):
            run([corpus], settings)
    assert not list((tmp_path / "out" / "store").glob(f"{SHELF}*"))
    assert run([corpus], settings).reported


def test_a_shelf_s_files_go_with_it(tmp_path: Path, articles: list[Document]) -> None:
    own = Shelf(tmp_path)
    put(own, part(Held(content_of(articles[:2]), [0, 1], AXES, None)))
    assert list(tmp_path.iterdir())
    own.close()
    assert not list(tmp_path.iterdir())


def test_a_report_s_part_is_made_without_pandas_and_scikit_learn(articles: list[Document]) -> None:
    code = (
        "import sys; from textpipe.work import Held, part; from textpipe.codebook import load_codebook;"
        "part(Held(sys.stdin.buffer.read(), [1, 2], load_codebook().axes, None));"
        "print(sorted({'sklearn', 'pandas', 'scipy'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, input=content_of(articles)
    )
    assert found.stdout.decode().strip() == "[]", found.stderr.decode()
