"""The tables, made column by column, against rows made of records; and files taken piece by piece."""

import gc
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from conftest import ARTICLE, collected, every, reported
from textpipe import disk
from textpipe.ingest.reader import document_of
from textpipe.labels import columns_of
from textpipe.processing import process
from textpipe.records import Document
from textpipe.report import write_files
from textpipe.report.formats import Parquet, as_csv
from textpipe.report.results import Results
from textpipe.report.tables import frames, long_table_files
from textpipe.settings import Settings
from textpipe.work import shelf

CORPUS = sorted((Path(__file__).parents[1] / "corpus").glob("2*"))
SIMPLIFIED = "标题：内存涨价\n\n台积电表示，内存价格上涨。美国出口管制冲击供应链，业者忧心订单流失。\n内存价格上涨，业者说。\n"
SPACED = "# AI 與電力\n\n輝達 (NVIDIA) 指出， H20 晶片 可望 出貨。\n美國放寬出口管制，台廠受惠。\n美國放寬出口管制，台廠受惠。\n"


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Articles of three batches: with changes by normalization, blanks, repetitions, and one of nothing."""
    texts = [path.read_text("utf-8") for path in CORPUS[:6]]
    batches = [texts[:4], [SIMPLIFIED, SPACED, ARTICLE], ["記者王小明／台北報導", *texts[4:]]]
    done: list[Document] = []
    for batch in batches:
        given = [document_of(text, f"{len(done) + n:02}.txt") for n, text in enumerate(batch)]
        done += process(given, Settings().stages)[0]
    assert any(d.alignment.starts is not None for d in done)
    assert any(s.duplicate_of is not None for d in done for s in d.sentences)
    return done


@pytest.fixture(scope="module")
def results(documents: list[Document]) -> Results:
    return collected(documents, Settings())


def plain_sentences(results: Results) -> Iterator[tuple[Any, ...]]:
    empty = {axis.id: axis.empty or "" for axis in results.codebook.axes}
    choice = {axis.id for axis in results.codebook.axes if axis.choose == "one"}
    for document in every(results):
        for number, s in enumerate(document.sentences):
            given = {
                axis: [
                    x.id
                    for x in s.labels
                    if x.axis == axis and (x.decision == "yes" or axis in choice)
                ]
                for axis in empty
            }
            shown = (
                ";".join(x for x in own if x != empty[axis] or own == [x])
                or (empty[axis] if s.is_coded else "")
                for axis, own in given.items()
            )
            unsure = ";".join(f"{x.axis}:{x.id}" for x in s.labels if x.decision == "unsure")
            words = [token.text for token in s.tokens]
            if " " in s.text:
                words = [w.strip().replace(" ", "\u00a0") for w in words if not w.isspace()]
            start, end = document.raw_span(s)
            yield (
                document.id, number, s.kind, start, end, document.raw[start:end], *shown, unsure,
                s.speaker.name if s.speaker else "", s.speaker.role if s.speaker else "",
                ";".join(cue.id for cue in s.modality), " ".join(words), s.duplicate_of,
            )  # fmt: skip


def plain_labels(results: Results) -> Iterator[tuple[Any, ...]]:
    for document in every(results):
        for number, sentence in enumerate(document.sentences):
            for x in sentence.labels:
                for e in x.evidence:
                    yield (
                        document.id, number, x.axis, x.id, x.probability, x.decision, x.origin,
                        document.raw[e.start : e.end], e.start, e.end, x.party,
                    )  # fmt: skip


@pytest.mark.parametrize("at_once", [1, 4, 1_000])
@pytest.mark.parametrize(
    ("name", "plain"), [("sentences", plain_sentences), ("labels", plain_labels)]
)
def test_long_tables_are_the_records_row_by_row(
    results: Results, monkeypatch: pytest.MonkeyPatch, name: str, plain: Any, at_once: int
) -> None:
    monkeypatch.setattr(shelf, "AT_ONCE", at_once)
    parts = list(frames(results, name))
    assert len(parts) == -(-len(results.heads) // at_once)
    rows = [
        tuple(None if value is pd.NA else value for value in row)
        for part in parts
        for row in part.itertuples(index=False, name=None)
    ]
    assert rows == list(plain(results))


def test_the_corpus_tells_of_each_sentence_what_its_record_tells(results: Results) -> None:
    corpus = results.corpus
    coded = [
        (i, n, s)
        for i, d in enumerate(every(results))
        for n, s in enumerate(d.sentences)
        if s.is_coded
    ]
    assert list(zip(corpus.document[:], corpus.number[:], strict=True)) == [
        own[:2] for own in coded
    ]
    assert corpus.length[:].tolist() == [len(s.text) for *_, s in coded]
    roles = [corpus.roles[role] if role >= 0 else None for role in corpus.role[:].tolist()]
    assert roles == [s.speaker.role if s.speaker else None for *_, s in coded]
    for flags, decision in ((corpus.has_label, "yes"), (corpus.has_unsure, "unsure")):
        assert flags.tolist() == [any(x.decision == decision for x in s.labels) for *_, s in coded]
    labels = [
        (i, (x.axis, x.id), x.probability, x.decision == "unsure")
        for i, (*_, s) in enumerate(coded)
        for x in s.labels
        if x.decision != "no"
    ]
    pairs = map(corpus.pairs.__getitem__, corpus.pair[:])
    held = zip(corpus.holder[:], pairs, corpus.probability[:], corpus.is_unsure[:], strict=True)
    assert list(held) == labels
    sentences = [s for d in every(results) for s in d.sentences]
    assert corpus.repeated.sum() == sum(s.duplicate_of is not None for s in sentences)


def test_labels_of_many_batches_are_joined_in_any_order(documents: list[Document]) -> None:
    labels = [s.labels for d in documents[::-2] for s in d.sentences]
    columns, records = columns_of(labels), [x for own in labels for x in own]
    assert [columns.pairs[n] for n in columns.pair.tolist()] == [(x.axis, x.id) for x in records]
    assert [columns.parties[n] for n in columns.party.tolist()] == [x.party for x in records]
    evidence = [(e.start, e.end, e.why) for x in records for e in x.evidence]
    whys = map(columns.reasons.__getitem__, columns.why.tolist())
    assert list(zip(columns.start.tolist(), columns.end.tolist(), whys, strict=True)) == evidence
    assert np.diff(columns.evidence).tolist() == [len(x.evidence) for x in records]


def test_a_report_of_nothing_has_its_columns(results: Results) -> None:
    none = replace(results, corpus=reported([]))
    for name in ("sentences", "labels"):
        (frame,) = frames(none, name)
        assert len(frame) == 0
        assert list(frame.columns) == list(next(frames(results, name)).columns)


def test_files_in_parts_are_the_whole_tables(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made() -> dict[str, bytes]:
        given = long_table_files(results.corpus.articles, results.codebook)
        return {name: b"".join(content) for name, content in given}

    whole = made()
    monkeypatch.setattr(shelf, "AT_ONCE", 2)
    parts = made()
    assert whole.keys() == parts.keys()
    for name, content in whole.items():
        if name.endswith(".csv"):
            assert parts[name] == content
        else:
            own = pd.read_parquet(io.BytesIO(content))
            pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(parts[name])), own)


def test_a_guarded_text_in_a_later_part_stays_guarded() -> None:
    parts = [pa.table({"a": pa.array([text], pa.large_string())}) for text in ("甲", "=1+1")]
    assert b"".join(as_csv(parts)).decode("utf-8-sig").splitlines() == [
        '"a"',
        '"甲"',
        '"\'=1+1"',
    ]


@pytest.mark.parametrize("links", [True, False])
def test_what_a_failed_report_replaces_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    write_files(tmp_path, [("a.txt", b"old a"), ("b.txt", [b"old", b" b"])])
    if not links:
        monkeypatch.setattr("os.link", refuse)

    def rename(old: Path, new: Path) -> None:
        if new.name == "b.txt":
            raise OSError(28, "No space left on device")
        disk.rename(old, new)

    monkeypatch.setattr("textpipe.report.write.rename", rename)
    with pytest.raises(Exception, match="No space left"):
        write_files(tmp_path, [("a.txt", b"new a"), ("b.txt", b"new b")])
    assert [(tmp_path / f"{n}.txt").read_bytes() for n in "ab"] == [b"old a", b"old b"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def test_a_parquet_file_that_nobody_asks_for_ends_quietly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parquet = Parquet(tmp_path)
    parquet.taken(pa.table({"a": [1]}))
    del parquet
    gc.collect()
    assert capsys.readouterr() == ("", "")
    assert not list(tmp_path.iterdir())
