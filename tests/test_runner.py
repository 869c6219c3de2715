"""A whole run: outputs, failures, repeatability."""

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, cast

import pandas as pd
import pytest

import textpipe
from textpipe.errors import StoreError, UsageError
from textpipe.ingest import Ingest
from textpipe.processing import process
from textpipe.records import Document
from textpipe.report import write_files
from textpipe.runner import run
from textpipe.settings import Report, Settings
from textpipe.stage import Stage
from textpipe.work import BATCH, File, Files, done


def into(out: Path) -> Settings:
    return Settings(report=Report(out=out))


def contents(out: Path) -> dict[str, bytes]:
    """The reports and tables, without the store."""
    files = (p for p in sorted(out.rglob("*")) if p.is_file())
    found = {p.relative_to(out).as_posix(): p.read_bytes() for p in files}
    return {name: data for name, data in found.items() if not name.startswith("store/")}


def test_a_run_writes_every_output(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = run([corpus], into(out))
    names = {
        "articles", "sentences", "labels", "counts", "keywords", "new_words", "key_phrases", "keyness",
        "collocations", "trends", "speakers", "stories",
    }  # fmt: skip
    reports = {"report.html", "report.md", "report.xlsx", "digest.md", "manifest.json"}
    found = {name for name in contents(out) if not name.startswith("figures/")}
    assert found == reports | {
        f"tables/{name}.{kind}" for name in names for kind in ("csv", "parquet")
    }
    assert (summary.read, summary.failures) == (3, ())
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["counts"]["articles"] == len(manifest["inputs"]) == 3


def test_two_runs_give_the_same_bytes_but_for_the_manifest(corpus: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    run([corpus], into(first))
    run([corpus], into(second))
    one, two = contents(first), contents(second)
    one.pop("manifest.json"), two.pop("manifest.json")
    assert one == two


def test_a_second_run_tells_what_is_new(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    assert "先前沒有可比較的文章" in (out / "digest.md").read_text("utf-8")
    (corpus / "d.txt").write_text("2025年9月9日\n\n高通憂心關稅。\n", "utf-8")
    (corpus / "c.txt").unlink()
    run([corpus], into(out))
    digest = (out / "digest.md").read_text("utf-8")
    assert "本次新增 1 篇文章" in digest and "高通" in digest and "c.txt" in digest
    inputs = json.loads((out / "manifest.json").read_text("utf-8"))["inputs"]
    assert len({i["first_seen"] for i in inputs}) <= 2
    run([corpus], into(out))
    assert "本次新增 1 篇文章" in (out / "digest.md").read_text("utf-8"), "nothing newer came"


def test_processes_are_chosen_by_what_reports_read_too(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("textpipe.runner.READ_AS_ONE", 1)
    monkeypatch.setattr("textpipe.engine._sensible", lambda articles: asked.append(articles) or 1)
    files = len(list(corpus.iterdir()))
    for file in corpus.iterdir():
        os.utime(file, (1e9, 1e9))  # what is younger than a few seconds is looked at again
    settings = into(tmp_path / "out")
    run([corpus], settings)
    run([corpus], settings)  # nothing is due
    (tmp_path / "out" / "report.md").unlink()
    run([corpus], replace(settings, report=replace(settings.report, when="never")))
    run([corpus], settings)
    (corpus / "new.txt").write_text("標題：新文\n\n美國擬放寬晶片出口管制。", "utf-8")
    run([corpus], settings)
    assert asked == [files, 0, 0, files, files + 1]


def test_figures_can_be_left_out(corpus: Path, tmp_path: Path) -> None:
    run([corpus], Settings(report=Report(out=tmp_path / "out", figures=False)))
    assert not list((tmp_path / "out").glob("figures/*"))


def test_figures_of_an_earlier_run_do_not_stay(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "figures").mkdir(parents=True)
    (out / "figures" / "trends_rows.png").write_bytes(b"old")
    (out / "figures" / "mine.png").write_bytes(b"mine")
    write_files(out, [("report.md", b"x")])
    assert [p.name for p in (out / "figures").iterdir()] == ["mine.png"]


def test_tables_point_at_the_characters_of_the_source(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    tables = textpipe.read_tables(out)
    source = tables["articles"].set_index("document")["source"]
    raw = {d: (corpus.parent / s).read_bytes().decode("utf-8-sig") for d, s in source.items()}
    for row in tables["sentences"].itertuples():
        assert raw[row.document][row.start : row.end] == row.text
    for row in tables["labels"].itertuples():
        assert raw[row.document][row.evidence_start : row.evidence_end] == row.evidence
    assert list(tables["sentences"].columns) == [
        "document",
        "sentence",
        "kind",
        "start",
        "end",
        "text",
        "pillars",
        "sections",
        "themes",
        "stance",
        "unsure",
        "speaker",
        "role",
        "modality",
        "tokens",
        "duplicate_of",
    ]


def test_csv_opens_in_excel_with_chinese_and_without_formulas(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text('=HYPERLINK("http://x","y")的意思。\n\n+1的出口管制。\n', "utf-8")
    run([folder], into(out))
    data = (out / "tables" / "sentences.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(out / "tables" / "sentences.csv", dtype=str)
    assert not frame.text.str.startswith(("=", "+", "-", "@")).any()
    parquet = textpipe.read_tables(out)["sentences"]
    assert parquet.text[0].startswith("=HYPERLINK")


def test_bad_files_fail_alone_and_the_others_go_on(corpus: Path, tmp_path: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "binary.txt").write_bytes(b"\x89PNG\0\xff\xfe")
    out = tmp_path / "out"
    summary = run([corpus, tmp_path / "missing"], into(out))
    assert summary.read == 3
    assert len(summary.failures) == 3
    assert len(json.loads((out / "manifest.json").read_text())["failures"]) == 3


@pytest.mark.parametrize("content", [None, b""])
def test_nothing_to_read_leaves_earlier_outputs_alone(
    corpus: Path, tmp_path: Path, content: bytes | None
) -> None:
    out, empty = tmp_path / "out", tmp_path / "nothing"
    run([corpus], into(out))
    before = contents(out)
    empty.mkdir()
    if content is not None:
        (empty / "a.txt").write_bytes(content)
    with pytest.raises(UsageError):
        run([empty], into(out))
    assert contents(out) == before


@pytest.mark.parametrize(
    "refused", [(os, "fsync"), (tempfile, "mkstemp"), (tempfile, "TemporaryFile")]
)
def test_a_write_that_fails_leaves_earlier_outputs_alone(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: tuple[Any, str]
) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    before = contents(out)

    def full_disk(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*refused, full_disk)
    with pytest.raises(StoreError, match="No space left"):
        run([corpus], replace(into(out), report=Report(out=out, language="en")))
    assert contents(out) == before


def test_a_document_that_breaks_a_stage_is_a_failure_of_its_own() -> None:
    class Breaks:
        reads, writes, version = ("raw",), ("text",), 1

        def __call__(self, documents: list[Document]) -> list[Document]:
            if any(d.id == "bad" for d in documents):
                raise RuntimeError("boom")
            return list(documents)

    documents = [Document(name, name, "字") for name in ("good", "bad", "fine")]
    done, failures = process(documents, [Breaks()])
    assert [d.id for d in done] == ["good", "fine"]
    assert [(f.source, f.stage) for f in failures] == [("bad", "breaks")]
    assert "boom" in failures[0].reason


def test_read_tables_says_what_to_run_where_there_are_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Run: python -m textpipe run"):
        textpipe.read_tables(tmp_path)


def test_stages_are_not_called_where_there_is_nothing_to_code() -> None:
    class Sizes:
        found: ClassVar[list[int]] = []

        def __call__(self, documents: list[Document]) -> list[Document]:
            self.found.append(len(documents))
            return []

    stages, ingest = (cast(Stage, Sizes()),), Ingest()
    full = tuple(File(f"{n}.txt", f"第{n}則。".encode()) for n in range(BATCH))
    for files in (full, (File("bad.txt", b"\0\1\2"),)):
        assert len(done(Files(files, ingest, stages)).read) == len(files)
    assert Sizes.found == [BATCH]
