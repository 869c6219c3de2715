"""The store: what runs again, what does not, what is remembered."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as options
from hypothesis import strategies as st

from textpipe.classify import Classify
from textpipe.cli import cli
from textpipe.coding import update
from textpipe.engine import Dask, Engine, Serial
from textpipe.errors import StoreBusyError, StoreError, UsageError
from textpipe.findings import RunSummary
from textpipe.ingest import Ingest
from textpipe.ingest.reader import document_of
from textpipe.processing import process
from textpipe.records import Document
from textpipe.report import REPORTS
from textpipe.runner import Order, prune, run
from textpipe.segmentation import Segment
from textpipe.settings import Report, Settings, Storage
from textpipe.stage import Stage
from textpipe.store import Ledger, Store, locked
from textpipe.store.loading import from_table
from textpipe.store.shards import STAGES, to_table
from textpipe.store.status import explain, status
from textpipe.work import SHELF, doing, results


def into(out: Path, **sections: Any) -> Settings:
    return Settings(**{"report": Report(out=out, figures=False), **sections})


def tables(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((out / "tables").glob("*"))}


def value(out: Path, sql: str) -> Any:
    ledger = Ledger(out / "store")
    try:
        return ledger.value(sql)
    finally:
        ledger.close()


@pytest.fixture
def stages_run(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The stages that a run applies, with the number of documents."""
    seen: list[tuple[str, int]] = []

    def spy(documents: list[Document], stages: list[Stage], **more: float) -> Any:
        seen.extend((type(stage).__name__, len(documents)) for stage in stages)
        return process(documents, stages, **more)

    monkeypatch.setattr(doing, "process", spy)
    return seen


@pytest.fixture
def contents_given(monkeypatch: pytest.MonkeyPatch) -> dict[str, type]:
    """What the jobs of a run are given of each file, by its name."""
    seen: dict[str, type] = {}

    def spy(engine: Engine, jobs: Iterable[Any]) -> Iterator[Any]:
        for job, outcome in results(engine, jobs):
            seen.update((Path(file.name).name, type(file.content)) for file in job.files)
            yield job, outcome

    monkeypatch.setattr(update, "results", spy)
    return seen


def test_documents_come_back_from_columns_as_they_went_in(
    article: Document, settings: Settings
) -> None:
    other = document_of(
        "内存与芯片。\r\n\r\n〝人工智慧〞　ＡＩ。\n台積電表示，恐衝擊訂單。", "b.txt"
    )
    given_ = [document_of(article.raw, article.source), other]
    done, _ = process(given_, settings.stages)
    table = to_table(done, {d.id: d.title for d in given_})
    assert from_table(table) == done
    assert from_table(table, 0) == given_
    for stages in range(len(STAGES)):
        again, failures = process(from_table(table, stages), settings.stages[stages:])
        assert again == done and not failures, STAGES[stages]


@options(max_examples=40, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("台積電表示，恐衝擊。AI内存\n\r 　「」：12=\0\U00020000\u200b"),
        min_size=1,
    )
)
def test_any_text_comes_back_from_columns(text: str) -> None:
    given_ = [document_of(text, "a.txt")]
    done, _ = process(list(given_), Settings().stages)
    assert from_table(to_table(done, {d.id: d.title for d in given_})) == done


def test_stages_of_the_store_are_those_of_the_settings() -> None:
    assert tuple(type(s).__name__.lower() for s in Settings().stages) == STAGES


def test_an_unchanged_run_does_nothing(
    corpus: Path, tmp_path: Path, stages_run: list[tuple[str, int]]
) -> None:
    out = tmp_path / "out"
    first = run([corpus], into(out))
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*.html")}
    stages_run.clear()
    second = run([corpus], into(out))
    assert (first.coded, second.coded, second.read) == (3, 0, 3)
    assert first.reported and not second.reported and not stages_run
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*.html")} == before
    assert first.coded_sentences == second.coded_sentences > 0


def test_only_a_new_article_is_coded(
    corpus: Path, tmp_path: Path, stages_run: list[tuple[str, int]]
) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    run([corpus], into(out))
    (corpus / "d.txt").write_text("2025年9月9日\n\n高通憂心關稅。\n", "utf-8")
    stages_run.clear()
    summary = run([corpus], into(out))
    assert (summary.read, summary.coded) == (4, 1)
    assert stages_run == [(type(s).__name__, 1) for s in Settings().stages]
    run([corpus], into(whole))
    assert tables(out) == tables(whole)


def test_a_touched_file_is_not_coded_again_and_a_changed_one_is(
    corpus: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    os.utime(corpus / "c.txt", (1, 1))
    assert run([corpus], into(out)).coded == 0
    (corpus / "c.txt").write_text("2025年9月2日\n\n電力充足，資料中心業者安心。\n", "utf-8")
    assert run([corpus], into(out)).coded == 1
    assert value(out, "SELECT version FROM sources WHERE name = 'articles/c.txt'") == 2
    told = explain(out / "store", "c.txt")[0]
    assert [e["detail"] for e in told["events"] if e["what"] == "read"] == ["new", "changed"]


def test_what_a_killed_report_has_left_goes_with_the_next(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (left := out / "store" / f"{SHELF}left").mkdir(parents=True)
    (left / "000001").write_bytes(b"half a part")
    assert run([corpus], into(out)).reported
    assert not list((out / "store").glob(f"{SHELF}*"))


def test_a_change_within_the_clock_of_the_file_system_is_seen(corpus: Path, tmp_path: Path) -> None:
    out, file = tmp_path / "out", corpus / "c.txt"
    run([corpus], into(out))
    times = file.stat()
    content = file.read_bytes()
    file.write_bytes(content.replace("憂".encode(), "安".encode()))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert len(content) == file.stat().st_size
    assert run([corpus], into(out)).coded == 1


def changed_lexicon(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "mine.csv").write_text(
        "term,tag,english,aliases\n資料中心業者,company,,\n", "utf-8"
    )
    return {"segment": Segment(lexicons=(tmp_path / "mine.csv",))}


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (changed_lexicon, 2),
        (lambda _: {"classify": Classify(cost_missed=2.0)}, 3),
        (lambda _: {}, None),
    ],
)
def test_work_starts_again_at_the_first_changed_stage(
    corpus: Path, tmp_path: Path, stages_run: list[tuple[str, int]], change: Any, first: int | None
) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    run([corpus], into(out))
    stages_run.clear()
    changed = into(out, **change(tmp_path))
    if first is None:
        changed = replace(changed, report=replace(changed.report, language="en"))
    summary = run([corpus], changed)
    names = [type(s).__name__ for s in Settings().stages]
    assert stages_run == ([(name, 3) for name in names[first:]] if first else [])
    assert (summary.recoded, summary.reported) == (3 if first else 0, True)
    run([corpus], replace(changed, report=replace(changed.report, out=whole)))
    assert tables(out) == tables(whole)


def test_a_new_reader_reads_again_but_codes_only_what_it_reads_otherwise(
    corpus: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    summary = run([corpus], into(out, ingest=Ingest(longest_text=100_000)))
    assert (summary.read, summary.coded) == (3, 0)


def test_rows_added_to_a_table_are_the_only_ones_coded(tmp_path: Path) -> None:
    file, out = tmp_path / "a.jsonl", tmp_path / "out"
    rows = [{"text": f"台積電表示，第{i}座廠房動工。"} for i in range(5)]
    file.write_text("\n".join(json.dumps(row) for row in rows[:3]), "utf-8")
    run([file], into(out))
    file.write_text("\n".join(json.dumps(row) for row in rows[1:]), "utf-8")
    summary = run([file], into(out))
    assert (summary.read, summary.coded) == (4, 4), "a row's number is part of its name"
    file.write_text("\n".join(json.dumps(row) for row in [*rows[1:], rows[0]]), "utf-8")
    summary = run([file], into(out))
    assert (summary.read, summary.coded) == (5, 1)


def test_rebuild_codes_everything(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    before = tables(out)
    assert run([corpus], into(out), Order(rebuild=True)).coded == 3
    assert tables(out) == before
    assert value(out, "SELECT count(*) FROM documents") == 3


def test_what_is_gone_leaves_the_corpus_and_comes_back_uncoded(
    corpus: Path, tmp_path: Path
) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept.txt"
    run([corpus], into(out))
    before = tables(out)
    shutil.move(corpus / "c.txt", kept)
    summary = run([corpus], into(out))
    assert (summary.read, summary.removed, summary.coded) == (2, 1, 0)
    assert tables(out) != before
    shutil.move(kept, corpus / "c.txt")
    summary = run([corpus], into(out))
    assert (summary.read, summary.removed, summary.coded) == (3, 0, 0)
    assert tables(out) == before
    events = [e["what"] for e in explain(out / "store", "c.txt")[0]["events"]]
    assert events[-2:] == ["removed", "returned"]


def test_a_vanished_folder_takes_nothing_away(corpus: Path, tmp_path: Path) -> None:
    other, out = tmp_path / "other", tmp_path / "out"
    other.mkdir()
    (other / "x.txt").write_text("高通憂心關稅。", "utf-8")
    run([corpus, other], into(out))
    shutil.rmtree(corpus)
    summary = run([corpus, other], into(out))
    assert (summary.read, summary.removed) == (4, 0)
    assert "does not exist" in summary.failures[0].reason
    with pytest.raises(UsageError):
        run([corpus], into(out))
    assert value(out, "SELECT count(*) FROM sources WHERE live") == 4


def test_a_failure_is_set_aside_until_its_file_changes_or_it_is_asked_for(
    corpus: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (corpus / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    first, second = run([corpus], into(out)), run([corpus], into(out))
    assert len(first.failures) == 1 and not first.quarantined
    assert not second.failures and len(second.quarantined) == 1 and second.read == 3
    assert not second.reported
    third = run([corpus], into(out), Order(retry_failed=True))
    assert len(third.failures) == 1 and third.coded == 0
    (corpus / "bad.pdf").unlink()
    fourth = run([corpus], into(out))
    assert not fourth.failures and not fourth.quarantined
    assert json.loads((out / "manifest.json").read_text())["failures"] == []


def test_a_failure_of_the_program_leaves_a_traceback_and_is_tried_again_when_it_changes(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, real = tmp_path / "out", Segment.__call__

    def breaks(self: Segment, documents: list[Document]) -> list[Document]:
        if any("輝達" in d.raw for d in documents):
            raise RuntimeError("boom")
        return real(self, documents)

    monkeypatch.setattr(Segment, "__call__", breaks)
    summary = run([corpus], into(out))
    assert (summary.read, len(summary.failures)) == (2, 1)
    trace = Path(status(out / "store")["failures"][0]["traceback"])
    assert "RuntimeError: boom" in trace.read_text("utf-8")
    assert len(run([corpus], into(out)).quarantined) == 1
    monkeypatch.setattr(Segment, "__call__", real)
    summary = run([corpus], into(out, classify=Classify(cost_missed=2.0)))
    assert (summary.read, summary.failures, summary.quarantined) == (3, (), ())


def test_a_document_that_fails_when_coded_again_is_not_shown_as_it_was(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, real = tmp_path / "out", Classify.__call__
    run([corpus], into(out))

    def breaks(self: Classify, documents: list[Document]) -> list[Document]:
        if any("輝達" in d.raw for d in documents):
            raise RuntimeError("boom")
        return real(self, documents)

    monkeypatch.setattr(Classify, "__call__", breaks)
    new = into(out, classify=Classify(cost_missed=2.0))
    summary = run([corpus], new)
    assert (summary.read, len(summary.failures)) == (2, 1)
    monkeypatch.setattr(Classify, "__call__", real)
    summary = run([corpus], new, Order(retry_failed=True))
    assert (summary.read, summary.failures, summary.quarantined) == (3, (), ())


def test_a_document_that_takes_too_long_fails_alone(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Segment.__call__

    def slow(self: Segment, documents: list[Document]) -> list[Document]:
        while any("輝達" in d.raw for d in documents):
            pass
        return real(self, documents)

    monkeypatch.setattr(Segment, "__call__", slow)
    summary = run([corpus], into(tmp_path / "out", ingest=Ingest(seconds=0.3)))
    assert summary.read == 2
    assert "took more than 0.3 seconds" in summary.failures[0].reason


def test_a_new_file_is_read_with_its_job_and_one_that_is_known_before(
    corpus: Path, tmp_path: Path, contents_given: dict[str, type]
) -> None:
    names, out = sorted(path.name for path in corpus.iterdir()), tmp_path / "out"
    run([corpus], into(out))
    assert sorted(contents_given) == names
    assert all(issubclass(kind, Path) for kind in contents_given.values())
    (corpus / names[0]).write_text("記憶體漲價。", "utf-8")
    contents_given.clear()
    run([corpus], into(out))
    assert contents_given == {names[0]: bytes}


def test_a_cluster_of_other_machines_gets_bytes(
    corpus: Path,
    tmp_path: Path,
    contents_given: dict[str, type],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Serial, "is_here", False)
    assert run([corpus], into(tmp_path / "out")).coded
    assert set(contents_given.values()) == {bytes}
    assert not Dask(lambda: None).is_here and Dask(lambda: None, workers=2).is_here  # type: ignore[arg-type, return-value]


def test_a_file_that_goes_between_its_finding_and_its_job_is_told_and_tried_again(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, last = tmp_path / "out", sorted(corpus.iterdir())[-1]
    text = last.read_bytes()

    def late(engine: Engine, jobs: Iterable[Any]) -> Iterator[Any]:
        waiting = list(jobs)
        last.unlink(missing_ok=True)
        return results(engine, waiting)

    monkeypatch.setattr(update, "results", late)
    first = run([corpus], into(out))
    assert [f.source for f in first.failures] == [f"{corpus.name}/{last.name}"]
    assert "cannot be read" in first.failures[0].reason and first.coded == first.read
    monkeypatch.undo()
    last.write_bytes(text)
    second = run([corpus], into(out))
    assert (second.coded, second.read) == (1, 3) and not second.failures


def test_two_files_of_one_name_are_two_articles(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place / "in").mkdir(parents=True)
        (tmp_path / place / "in" / "a.txt").write_text("輝達的AI晶片出口受限。", "utf-8")
    folders, out = [tmp_path / place / "in" for place in ("one", "two")], tmp_path / "out"
    assert run(folders, into(out)).read == 2
    assert run([*reversed(folders), folders[0]], into(out)).coded == 0
    assert value(out, "SELECT count(DISTINCT id) FROM documents") == 2


def test_a_stopped_run_keeps_what_it_did_and_the_next_goes_on(corpus: Path, tmp_path: Path) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    for number in range(9):
        (corpus / f"e{number}.txt").write_text(f"第{number}座資料中心動工。", "utf-8")
    asked = iter([False] * 5 + [True] * 99)
    summary = run([corpus], into(out, store=Storage(shard=2)), Order(stop=lambda: next(asked)))
    assert summary.stopped and summary.coded == 4 and not summary.reported
    assert value(out, "SELECT state FROM runs") == "stopped"
    assert run([corpus], into(out)).coded == 8
    run([corpus], into(whole))
    assert tables(out) == tables(whole)


def test_a_lost_or_damaged_data_file_is_found(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    before = tables(out)
    data = next((out / "store" / "data").iterdir())
    data.unlink()
    assert run([corpus], into(out)).coded == 3
    assert tables(out) == before
    data = next((out / "store" / "data").iterdir())
    content = data.read_bytes()
    data.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    (out / "report.html").unlink()
    with pytest.raises(StoreError, match="not what was written"):
        run([corpus], into(out))
    run([corpus], into(out), Order(rebuild=True))
    assert tables(out) == before


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_ledger_gets_a_message_with_the_mend(
    corpus: Path, tmp_path: Path, content: bytes
) -> None:
    store = tmp_path / "out" / "store"
    store.mkdir(parents=True)
    (store / "ledger.sqlite").write_bytes(content)
    with pytest.raises(StoreError, match="move the store away"):
        run([corpus], into(tmp_path / "out"))


def test_a_store_of_another_form_is_left_alone(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    ledger = Ledger(out / "store")
    ledger.do("UPDATE meta SET value = '99' WHERE key = 'schema'")
    ledger.close()
    with pytest.raises(StoreError, match="form 99"):
        run([corpus], into(out))


def test_a_second_run_is_told_who_holds_the_store(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "store").mkdir(parents=True)
    with locked(out / "store"):
        with pytest.raises(StoreBusyError, match=f"process {os.getpid()} "):
            run([corpus], into(out))
        result = CliRunner().invoke(cli, ["run", str(corpus), "--out", str(out)])
        assert result.exit_code == 75 and "--wait" in result.stderr
    assert run([corpus], into(out), wait=5).coded == 3


def test_a_large_corpus_keeps_its_reports_for_a_small_change(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    settings = into(out, report=Report(out=out, figures=False, large=100))
    for number in range(120):
        (corpus / f"e{number}.txt").write_text(f"第{number}座資料中心動工。", "utf-8")
    assert run([corpus], settings).reported
    (corpus / "new.txt").write_text("高通憂心關稅。", "utf-8")
    summary = run([corpus], settings)
    assert not summary.reported and summary.newer == 1 and summary.report_from
    always = replace(settings, report=replace(settings.report, when="always"))
    summary = run([corpus], always)
    assert summary.reported and summary.newer == 0
    assert "本次新增 1 篇文章" in (out / "digest.md").read_text("utf-8")
    for number in range(3):
        (corpus / f"f{number}.txt").write_text(f"第{number}座電廠動工。", "utf-8")
    assert run([corpus], settings).reported
    never = replace(settings, report=replace(settings.report, when="never"))
    (corpus / "last.txt").write_text("聯發科期待訂單。", "utf-8")
    assert not run([corpus], never).reported


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_a_report_that_was_deleted_is_written_again(
    corpus: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    (out / name).unlink()
    assert run([corpus], into(out)).reported and (out / name).is_file()


def test_prune_clears_what_nothing_names_and_merges_small_files(
    corpus: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    for number in range(4):
        (corpus / f"e{number}.txt").write_text(f"第{number}座資料中心動工。", "utf-8")
        run([corpus], into(out))
    (corpus / "a.txt").write_text("輝達的AI晶片出口受限。", "utf-8")
    (corpus / "c.txt").unlink()
    (out / "store" / "data" / "left-by-a-killed-run.parquet").write_bytes(b"x")
    run([corpus], into(out))
    before = tables(out)
    would = prune(into(out), dry_run=True)
    assert (would.documents, would.sources) == (2, 1)
    done = prune(into(out))
    assert (done.documents, done.sources, done.into) == (2, 1, 1)
    assert len(list((out / "store" / "data").iterdir())) == 1
    (out / "report.html").unlink()
    summary = run([corpus], into(out))
    assert summary.coded == 0 and summary.reported
    assert tables(out) == before
    assert prune(into(out)).files == 0
    with pytest.raises(UsageError, match="no store"):
        prune(into(tmp_path / "none"))


def test_a_store_of_its_own_serves_two_output_folders(corpus: Path, tmp_path: Path) -> None:
    storage = Storage(folder=tmp_path / "store")
    one, two = into(tmp_path / "one", store=storage), into(tmp_path / "two", store=storage)
    assert run([corpus], one).coded == 3
    second = run([corpus], two)
    assert second.coded == 0 and second.reported
    assert tables(tmp_path / "one") == tables(tmp_path / "two")
    assert not (tmp_path / "one" / "store").exists()


def test_data_files_open_without_textpipe(corpus: Path, tmp_path: Path) -> None:
    run([corpus], into(tmp_path / "out"))
    frame = pq.read_table(next((tmp_path / "out" / "store" / "data").iterdir())).to_pandas()
    assert len(frame) == 3 and "輝達的AI晶片出口受限。" in frame["raw"].iloc[1]


def test_status_and_explain_tell_it_in_chinese(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (corpus / "bad.txt").write_bytes(b"")
    run([corpus], into(out))
    run([corpus], into(out, classify=Classify(cost_missed=2.0)))
    call = CliRunner().invoke
    shown = call(cli, ["status", "--out", str(out)])
    assert shown.exit_code == 0 and "文章 3 篇" in shown.stdout and "bad.txt" in shown.stdout
    told = call(cli, ["status", "--out", str(out), "--explain", str(corpus / "c.txt")])
    assert "新文章" in told.stdout and "編碼簿、模型或修正檔變更" in told.stdout
    about = json.loads(call(cli, ["status", "--out", str(out), "--json"]).stdout)
    assert [r["state"] for r in about["runs"]] == ["done", "done"] and about["articles"] == 3
    none = call(cli, ["status", "--out", str(tmp_path / "none")])
    assert none.exit_code == 2 and "Run: python -m textpipe run" in none.stderr
    assert call(cli, ["status", "--out", str(out), "--explain", "x.txt"]).exit_code == 2
    pruned = call(cli, ["prune", "--out", str(out)])
    assert pruned.exit_code == 0 and "已清除" in pruned.stdout


def test_summaries_of_all_kinds_read_well() -> None:
    from textpipe.cli.run import summary_text

    usual = RunSummary(4, 9, 1, 0, (), "outputs", "outputs/report.html", 0.5, coded=2, recoded=1)
    assert "其中 1 篇因設定變更而重編" in summary_text(usual, "zh")
    older = replace(usual, reported=False, report_from="2026-11-22T07:00:01.000+0800", newer=2)
    assert "2026-11-22 07:00 的版本" in summary_text(older, "zh")
    assert "2 articles changed since" in summary_text(older, "en")
    assert "再執行一次即可接續" in summary_text(replace(usual, stopped=True), "zh")
    assert "--report" in summary_text(replace(usual, reported=False), "zh")


def test_json_log_lines_carry_the_run(corpus: Path, tmp_path: Path) -> None:
    (corpus / "bad.txt").write_bytes(b"")
    result = CliRunner().invoke(
        cli, ["run", str(corpus), "--out", str(tmp_path / "out"), "--log-format", "json"]
    )
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    events = [line.get("event") for line in lines]
    assert {"began", "failed", "stored", "reported", "ended"} <= set(events)
    assert len({line["run"] for line in lines}) == 1 and lines[0]["run"]
    assert {"time", "level", "message"} <= set(lines[0])


def test_store_rows_are_read_by_the_ledger_alone(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([corpus], into(out))
    data = out / "store" / "data"
    shutil.copy(next(data.iterdir()), data / "zz-not-named.parquet")
    store = Store(out / "store")
    assert len(list(store.documents())) == 3
    store.close()
