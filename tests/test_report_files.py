"""The workbook, the figures and hostile text in every format that is written."""

import datetime
import io
import random
import signal
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

import textpipe
from conftest import collected, every, reported
from textpipe.processing import process
from textpipe.report import sentence_sheets, sheets, workbook
from textpipe.report.cells import Column, Link, day
from textpipe.report.charts import (
    FIGURES,
    draw,
    drawn,
    figures,
    look,
    network,
    page_charts,
    press,
    small,
    start_drawing,
)
from textpipe.report.charts.presses import Press, Presses
from textpipe.report.results import Results
from textpipe.report.sheets import SHEETS
from textpipe.report.tables import frames
from textpipe.report.workbook import LONGEST_TEXT, clean, render_xlsx
from textpipe.runner import run
from textpipe.settings import Report, Settings

FORMULAS = (
    "=1+1的出口管制。",
    "+2的晶片。",
    "@SUM(A1)的關稅。",
    "-3的電力。",
    '=HYPERLINK("http://x","y")。',
)
HOSTILE = [
    "<script>alert(1)</script>的出口管制。",
    *FORMULAS,
    "\u202e反向文字\u202c的半導體業者受惠。",
    "🚀🚀 AI伺服器訂單大增 👩‍💻。",
    "長" * 5000 + "。",
    "| 表 | 格 | [連](javascript:alert(1)) ![圖](http://x/y.png)。",
    "\x0b控制\x1f字元與輝達。",
]


def hostile_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for i, text in enumerate(HOSTILE):
        head = f"標題：{text[:60]}\n日期：2025-07-{i + 10}\n來源：{text[:20]}\n網址：javascript:alert(1)\n\n"
        (folder / f"{i}.txt").write_text(
            head + f"{text}\n輝達指出，{text}\n台積電受惠。\n", "utf-8"
        )
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("hostile")
    summary = run([hostile_folder(tmp_path)], Settings(report=Report(out=tmp_path / "out")))
    assert summary.read == len(HOSTILE)
    return tmp_path / "out"


@pytest.fixture(scope="module")
def results() -> Results:
    corpus = Path(__file__).parents[1] / "corpus"
    texts = [(p.name, p.read_text("utf-8")) for p in sorted(corpus.iterdir())[:12]]
    from textpipe.ingest.reader import document_of

    settings = Settings()
    documents, _ = process([document_of(t, n) for n, t in texts], settings.stages)
    return collected(documents, settings)


def test_no_text_becomes_a_formula_in_the_workbook(hostile: Path) -> None:
    book = openpyxl.load_workbook(hostile / "report.xlsx")
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert not [c.coordinate for c in cells if c.data_type == "f"]
    texts = {str(c.value) for c in cells}
    for formula in FORMULAS:
        assert any(text.startswith(formula[:8]) for text in texts), formula
    assert not [c for c in cells if c.hyperlink], "javascript: is no address to link"


def test_no_text_becomes_a_formula_in_csv_and_parquet_keeps_it(hostile: Path) -> None:
    for path in sorted((hostile / "tables").glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in frame.columns:
            values = frame[column]
            risky = values[
                values.str.match(r"^[=+@\t\r-]") & ~values.str.match(r"^-?[\d.]+(e[+-]?\d+)?$")
            ]
            assert risky.empty, (path.name, column, risky.iloc[0])
    assert textpipe.read_tables(hostile)["sentences"].text.str.startswith("=1+1").any()


def test_hostile_text_in_markdown_opens_nothing(hostile: Path) -> None:
    for name in ("report.md", "digest.md"):
        text = (hostile / name).read_text("utf-8")
        assert "<script" not in text and "](javascript" not in text and "![" not in text
        assert not [line for line in text.splitlines() if line.startswith("|") and "表" in line]


def test_hostile_text_runs_nothing_in_a_browser(hostile: Path) -> None:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    from test_report_html import _chromium

    if not _chromium():
        pytest.skip("no Chromium: set CHROMIUM to its path")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        problems: list[str] = []
        tab.on("dialog", lambda d: problems.append("dialog"))
        tab.on("console", lambda m: problems.append(m.text))
        tab.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else problems.append(r.url))  # fmt: skip
        tab.goto((hostile / "report.html").as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert tab.locator("article").count() == len(HOSTILE)
        browser.close()
    assert not problems


def test_the_workbook_can_be_sorted_and_filtered(results: Results) -> None:
    url = "https://example.org/a?b=1"
    first, *others = every(results)
    given = replace(results, corpus=reported([first._replace(url=url), *others]))
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(given)))
    assert book.sheetnames == ["總覽", "句子", "標籤", "關鍵詞", "影響主題 × 三大支柱", "趨勢", "文章", "發言者", "方法"]  # fmt: skip
    for sheet in book:
        assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref, sheet.title
        heads = [c.value for c in sheet[1]]
        assert all(heads) and len(heads) == len(set(heads)), heads
    sentences, articles = book["句子"], book["文章"]
    heads = {c.value: c.column for c in sentences[1]}
    assert isinstance(sentences.cell(2, heads["日期"]).value, datetime.datetime)
    assert isinstance(sentences.cell(2, heads["句序"]).value, int)
    assert sentences.max_row == 1 + given.overview.sentences
    assert [c.hyperlink.target for row in articles.iter_rows() for c in row if c.hyperlink] == [url]
    assert book["總覽"].conditional_formatting, "data bars"
    probability = next(c.column for c in book["標籤"][1] if c.value == "機率")
    assert 0 < book["標籤"].cell(2, probability).value <= 1


class PlainSheet(Worksheet):
    """The reference: every cell by xlsxwriter's own methods."""

    def fill(
        self, columns: Sequence[Column], rows: Iterable[Sequence[Any]], styles: dict[str, Any], places: Any
    ) -> int:  # fmt: skip
        for at, column in enumerate(columns):
            self.write_string(0, at, column.head, styles["head"])
        last = 0
        for last, row in enumerate(rows, 1):
            for at, (value, column) in enumerate(zip(row, columns, strict=True)):
                if isinstance(value, Link):
                    self.write_url(last, at, value.url, styles["link"], clean(value.text))
                elif isinstance(value, datetime.date):
                    self.write_datetime(last, at, value, styles["date"])
                elif isinstance(value, int | float):
                    style = "number" if column.style == "text" else column.style
                    self.write_number(last, at, value, styles[style])
                elif value:
                    self.write_string(last, at, clean(value), styles[column.style])
        return last


def test_the_rows_of_a_sheet_are_what_xlsxwriter_would_write(
    monkeypatch: pytest.MonkeyPatch, results: Results
) -> None:
    texts = [
        "",
        "=1",
        " 兩端 ",
        "<b>&'\"",
        "\x0b",
        "_x0041_",
        "長" * 40_000,
        "👩" * 30_000,
        "\ud800",
    ]
    days = [
        datetime.date(*day) for day in ((1900, 1, 1), (1900, 2, 28), (1900, 3, 1), (2026, 3, 7))
    ]
    links = [
        Link("https://example.org/a?b=1&c=2", "網址"),
        Link("https://e.org/" + " " * 1_000, "長"),
    ]
    values = [*texts, None, *days, *links, 0, -7, 10**17, True, 0.1, 1 / 3, 1e-9, 2.5e22]
    columns = [Column(f"欄{at}", 9, style) for at, style in enumerate(("text", "long", "decimal"))]
    columns += [Column(f"欄{at}", 9) for at in range(3, 30)]
    chance = random.Random(1)
    rows = [
        [chance.choice(values) if chance.random() < 0.1 else None for _ in columns]
        for _ in range(300)
    ]
    rows.append([None, links[1], *[None] * 28])
    made = [*SHEETS, lambda _: ("其他", columns, iter(rows))]
    monkeypatch.setattr(workbook, "SHEETS", made)
    with warnings.catch_warnings(action="ignore"):
        own = render_xlsx(results)
        monkeypatch.setattr(workbook, "FilledSheet", PlainSheet)
        assert own == render_xlsx(results)


def test_the_sheet_of_sentences_names_the_labels_of_each_axis(results: Results) -> None:
    rows = list(sentence_sheets.sentences(results)[2])
    axes, shown = results.codebook.axes, 0
    coded = [(n, s) for d in every(results) for n, s in enumerate(d.sentences) if s.is_coded]
    for row, (number, s) in zip(rows, coded, strict=True):
        given = [[axis.label(x).zh for x in s.ids(axis.id) if x != axis.empty] for axis in axes]
        unsure = [axis.label(x).zh for axis in axes for x in s.ids(axis.id, "unsure")]
        assert list(row[1 : len(axes) + 2]) == ["、".join(own) for own in [*given, unsure]]
        assert row[-1] == number
        shown += bool(unsure) and any(given)
    assert shown


def test_articles_are_counted_alike_in_the_workbook_and_the_tables(results: Results) -> None:
    results = replace(results, overview=replace(results.overview, columns=None))
    axes = (results.overview.rows, results.overview.columns)
    rows, (frame,) = sheets._articles(results)[2], frames(results, "articles")
    for document, row, line in zip(every(results), rows, frame.itertuples(), strict=True):
        coded = [s for s in document.sentences if s.is_coded]
        sure = [{x.axis for x in s.labels if x.decision == "yes"} for s in coded]
        unsure = sum(any(x.decision == "unsure" for x in s.labels) for s in coded)
        assert row[4:7] == (len(coded), sum(map(bool, sure)), unsure)
        labelled = sum(not own.isdisjoint(axes) for own in sure)
        assert (line.sentences, line.labelled, line.unsure) == (len(coded), labelled, unsure)
    assert frame.unsure.sum()


def test_a_number_that_is_none_is_shown_as_an_error() -> None:
    book = xlsxwriter.Workbook(io.BytesIO())
    sheet = book.add_worksheet("a", workbook.FilledSheet)
    sheet.fill([Column("b", 9)], [[float("nan")]], workbook._styles(book), {})
    assert b't="e"><v>#NUM!</v>' in sheet.blocks[0][:].tobytes()


def test_the_same_results_give_the_same_workbook(results: Results) -> None:
    assert render_xlsx(results) == render_xlsx(results)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-07-23", datetime.date(2025, 7, 23)),
        ("2025-07", "2025-07"),
        ("soon", "soon"),
        (None, ""),
    ],
)
def test_only_whole_dates_are_dates(text: str | None, expected: Any) -> None:
    assert day(text) == expected


def test_a_cell_never_holds_more_than_excel_allows() -> None:
    assert len(clean("字" * 40_000)) == LONGEST_TEXT and clean("\ud800a") == "?a"


# Figures


@pytest.fixture(scope="module")
def presses() -> Iterator[Presses]:
    with Presses() as own:
        yield own


@pytest.mark.skipif(sys.platform == "win32", reason="needs signal masks")
def test_a_press_that_starts_does_not_end_by_ctrl_c() -> None:
    own = Press()
    assert own._process
    own._process.send_signal(signal.SIGINT)
    try:
        assert own.draw(press.FIRST, "").startswith("<svg")
    finally:
        own.kill()
        own.close()


def test_figures_show_chinese_and_not_boxes(results: Results, presses: Presses) -> None:
    if not press.has_chinese_font(draw.FONTS):
        pytest.skip("no font with Chinese characters here")
    files = start_drawing(results, presses).figures()
    names = {name.split("/")[1].split(".")[0] for name in files}
    assert {"matrix", "stance", "sections", "keywords", "trends_rows"} <= names
    for name, content in files.items():
        if name.endswith(".svg"):
            text = content.decode()
            assert "<a " not in text and "var(--" not in text and "篇文章" in text, name
        else:
            assert content.startswith(b"\x89PNG") and len(content) > 10_000, name


def test_without_a_chinese_font_there_are_no_figures_but_a_word_on_how_to_mend_it(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    results: Results,
    presses: Presses,
) -> None:
    caplog.set_level("WARNING", "textpipe")
    monkeypatch.setattr(press, "has_chinese_font", lambda family: False)
    assert press.pressed({}, draw.FONTS) is None
    monkeypatch.setattr(Press, "draw", lambda self, spec, family: press.pressed(spec, family))
    assert start_drawing(results, presses).figures() == {}
    assert "Install one" in caplog.text


@pytest.mark.parametrize(
    "program", ["raise SystemExit('out of ink')", "print('a line that is no answer')"]
)
def test_a_press_that_fails_costs_the_figures_only(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    results: Results,
    program: str,
) -> None:
    caplog.set_level("WARNING", "textpipe")
    broken = tmp_path / "press.py"
    broken.write_text(program, "utf-8")
    monkeypatch.setattr(press, "__file__", str(broken))
    with Presses() as presses:
        drawing = start_drawing(results, presses, figures=False)
        assert drawing.charts() == drawn(page_charts(results)) and drawing.figures() == {}
        assert not caplog.text
        assert start_drawing(results, presses).figures() == {}
    assert "figures/ is not written" in caplog.text
    assert "SystemExit" not in program or "out of ink" in caplog.text


def test_without_a_python_to_start_the_page_has_its_charts(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, results: Results
) -> None:
    caplog.set_level("WARNING", "textpipe")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with Presses() as presses:
        drawing = start_drawing(results, presses)
        assert drawing.charts() == drawn(page_charts(results)) and drawing.figures() == {}
    assert "/nowhere/python" in caplog.text


def test_a_press_that_never_answers_is_not_waited_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    results: Results,
) -> None:
    caplog.set_level("WARNING", "textpipe")
    slow = tmp_path / "press.py"
    slow.write_text("import time\ntime.sleep(600)", "utf-8")
    monkeypatch.setattr(press, "__file__", str(slow))
    monkeypatch.setattr(draw, "SECONDS", 0.01)
    with Presses() as presses:
        assert start_drawing(results, presses).figures() == {}
    assert "0.01 s" in caplog.text


def every_chart(results: Results) -> dict[str, str]:
    """The page's charts and the figures as they are measured and drawn."""
    specs = {str(key): spec for key, spec in page_charts(results).items()}
    specs |= {id: spec for id, make in FIGURES.items() if (spec := make(results, look.PRINT))}
    return {key: press.svg_of(spec) for key, spec in specs.items()}


def test_a_limit_is_left_out_only_where_no_label_is_cut(
    monkeypatch: pytest.MonkeyPatch, results: Results
) -> None:
    assert [look.limit_of(own, 36) for own in ([], ["一", "二二"], ["一", "三三三"])] == [0, 0, 36]
    without = every_chart(results)
    for module in (look, small, network, figures):
        monkeypatch.setattr(module, "limit_of", lambda texts, pixels: pixels)
    assert without == every_chart(results)
    long = replace(results, keywords=(replace(results.keywords[0], term="長" * 60),))
    assert "…" in every_chart(long)["keywords"]


def test_charts_are_the_same_from_the_press_and_drawn_here(
    monkeypatch: pytest.MonkeyPatch, results: Results, presses: Presses
) -> None:
    specs = page_charts(results)
    assert {what for what, _, _ in specs} == {"stance", "trend", "keyness", "network"}
    here = drawn(specs)
    drawing = start_drawing(results, presses, figures=False)
    monkeypatch.setattr(press, "svg_of", lambda spec: "")
    assert drawing.charts() == here and drawing.figures() == {}
    assert all(chart.startswith("<svg") for chart in here.values())
