"""The report page and its Markdown twin: safe, traceable, the same every time, usable."""

import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from conftest import counted, keywords_of, reported
from textpipe.analysis import label_columns, overview, stories, trends, voices
from textpipe.codebook import Codebook
from textpipe.findings import Collocation, Failure, Keyness, Keyword, Mention, Move, News, Story
from textpipe.lexicon import Lexicon
from textpipe.records import (
    Alignment,
    Cue,
    Document,
    Evidence,
    Label,
    Sentence,
    Speaker,
    Tokens,
)
from textpipe.report import articles
from textpipe.report.articles import Reason, marked, merged, safe_url
from textpipe.report.brief import render_brief
from textpipe.report.digest import render_digest
from textpipe.report.html import render_html
from textpipe.report.markdown import escaped
from textpipe.report.results import Results
from textpipe.report.words import LANGUAGES, findings, nice_top, share, wording

HOSTILE = "<script>alert('壞')</script> & \"引號\" </script> | *星* _底_ `碼` [連](結)"

AXES: list[dict[str, Any]] = [
    {"id": "areas", "zh": "領域", "en": "Areas", "labels": [
        {"id": "power", "zh": "電力", "en": "Power"},
        {"id": "chips", "zh": "晶片", "en": "Chips"}]},
    {"id": "parts", "zh": "細目", "en": "Parts", "parent_axis": "areas", "labels": [
        {"id": "grid", "zh": "電網", "en": "Grid", "parent": "power"},
        {"id": "fabs", "zh": "晶圓廠", "en": "Fabs", "parent": "chips"}]},
    {"id": "effects", "zh": "影響", "en": "Effects", "labels": [
        {"id": "jobs", "zh": "就業", "en": "Jobs"}, {"id": "trade", "zh": "貿易", "en": "Trade"}]},
    {"id": "tone", "zh": "語氣", "en": "Tone", "choose": "one", "empty": "none",
     "empty_when_no": "effects", "labels": [
        {"id": "good", "zh": "利多", "en": "Good", "polarity": 1},
        {"id": "bad", "zh": "利空", "en": "Bad", "polarity": -1},
        {"id": "none", "zh": "無", "en": "None"}]},
]  # fmt: skip
"""Axes that share no name with the shipped codebook: the reports must not know any."""

CODEBOOK = Codebook.model_validate(
    {
        "id": "test",
        "version": "3",
        "policy_zh": "測試政策",
        "policy_en": "Test policy",
        "axes": AXES,
    }
)


def label(axis: str, id: str, *spans: Evidence, unsure: bool = False) -> Label:
    return Label(axis, id, 0.4 if unsure else 0.87, "unsure" if unsure else "yes", "model", spans)


def document(
    number: int, sentences: list[tuple[str, str, list[tuple[str, str, str, bool]]]], **more: Any
) -> Document:
    """Sentences as (text, kind, labels as (axis, id, evidence, unsure)); a repeated text is a
    repetition."""
    raw, made = "", list[Sentence]()
    for text, kind, codes in sentences:
        start = len(raw)
        first = next((i for i, s in enumerate(made) if s.text == text), None)
        labels = []
        for axis, id, words, unsure in codes:
            at = start + text.index(words)
            evidence = Evidence(at, at + len(words), words, "codebook term")
            labels.append(label(axis, id, evidence, unsure=unsure))
        tokens = Tokens(start, list(text), dict.fromkeys(text, ""))
        made.append(
            Sentence(start, text, kind, 1, tokens, tuple(labels), duplicate_of=first)  # type: ignore[arg-type]
        )
        raw += text + "\n"
    return Document(
        f"d{number}", f"news/{number}.txt", raw, text=raw, script="hant", sentences=tuple(made),
        alignment=Alignment(len(raw), len(raw)), **more,
    )  # fmt: skip


def results(language: str = "zh") -> Results:
    one = document(
        1,
        [
            ("本報訊", "byline", []),
            ("電網吃緊", "heading", []),
            ("擴建電網可創造就業。", "body",
             [("areas", "power", "電網", False), ("parts", "grid", "擴建電網", False),
              ("effects", "jobs", "就業", False), ("tone", "good", "創造就業", False)]),
            ("晶圓廠缺工，貿易受挫。", "list_item",
             [("areas", "chips", "晶圓廠", False), ("effects", "jobs", "缺工", False),
              ("effects", "trade", "貿易", True), ("tone", "bad", "受挫", True)]),
            ("晶圓廠缺工，貿易受挫。", "list_item", []),
            (HOSTILE, "body", []),
        ],
        title=HOSTILE, published="2025-07-23", outlet="<b>社</b>", url="https://example.org/a?b=1&c=2",
    )  # fmt: skip
    two = document(
        2,
        [("晶片出口增加 1. AI 訂單。", "body",
          [("areas", "chips", "晶片", False), ("effects", "trade", "出口", False),
           ("tone", "good", "增加", False)]),
         ("說明 said 一詞。", "body", [])],
        title="第二篇", published="2025-10-02", url="javascript:alert(1)",
    )  # fmt: skip
    first = one.sentences[2]._replace(
        speaker=Speaker("<b>甲</b>", "boss", 0, 2), modality=(Cue("planned", 14, 16),)
    )
    one = one._replace(sentences=(*one.sentences[:2], first, *one.sentences[3:]))
    documents = (one, two)
    counts = counted(documents)
    told = stories(documents, [d.text for d in documents], counts.bands)
    names = {"boss": ("老闆", "Bosses")}
    return Results(
        reported(documents, CODEBOOK.axes), CODEBOOK, overview(documents, counts, CODEBOOK, told),
        (Keyword("晶片", 1.5, 3, 2), Keyword("<i>", 0.5, 1, 1)),
        keywords_of([Keyword("電網", 1.0, 2, 1)], []),
        (Failure("news/<x>.txt", "ingest", "cannot be read"),),
        {"textpipe": "9.9", "model": "<m>"},
        {"classify": {"cost_wrong": 1.0, "cost_missed": 2.5, "cost_review": 0.6}, "other": "</script>"},
        language,
        keyness=(Keyness("areas", "chips", "<i>", 9, 1, 90, 90, 8.1, 2.0, 0.004, 0.01, 2),),
        collocations=tuple(
            Collocation(a, b, 3, 4, 5, 9.0, 12.5, 0.01)
            for a, b in (("晶片", "<i>"), ("晶片", "訂單"), ("訂單", "<i>"))
        ),
        stories=told,
        trends=trends(documents, told, counts.coded, label_columns(counts, CODEBOOK), "month"),
        unit="month",
        periods={"d1": "2025-07", "d2": "2025-10"},
        voices=voices(
            counts, told, CODEBOOK, Lexicon((), ""),
            roles=names, modalities={"planned": ("計畫", "planned")},
        ),
        news=News(
            "2026-01-01T08:00:00", ("d2",), ("d2",), 1, ("gone/<x>.txt",),
            (Move("areas", "chips", 1, 0.5, 1, 0.01, 0.02),),
            (Mention("訂單", "concept", 2, "d2", 0, HOSTILE),), (),
        ),
        model_quality={"areas": 0.5},
    )  # fmt: skip


@pytest.fixture(scope="module")
def page() -> str:
    return render_html(results())


def sentence_of(page: str, id: str) -> str:
    found = re.search(rf'<(\w+)[^>]* id="{id}".*?</\1>', page, re.DOTALL)
    assert found, id
    return found[0]


# The words


def test_both_languages_have_the_same_words_with_the_same_figures() -> None:
    zh, en = (wording(language) for language in LANGUAGES)
    assert zh.keys() == en.keys()
    for key in zh.keys() - {"find_scope", "find_part"}:
        figures = [set(re.findall(r"{(\w+)", words[key])) for words in (zh, en)]
        assert figures[0] == figures[1], key


def test_the_wording_is_readable_toml() -> None:
    for language in LANGUAGES:
        path = files("textpipe.report") / "templates" / f"words.{language}.toml"
        assert tomllib.loads(path.read_text("utf-8")) == wording(language)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 9, "0%"), (1, 200, "<1%"), (1, 3, "33%"), (199, 200, ">99%"), (2, 2, "100%"), (0, 0, "–")],
)
def test_a_share_is_never_rounded_to_all_or_none(part: int, whole: int, expected: str) -> None:
    assert share(part, whole) == expected


def test_findings_give_the_counts_and_tell_ties() -> None:
    found = findings(results())
    assert "2 篇文章" in found[0] and "2025 年 7 月 23 日至 2025 年 10 月 2 日" in found[0]
    assert "「晶片」最多，共 2 句" in found[1] and "其次為「電力」（1 句）" in found[1]
    assert "「就業」最多，共 2 句" in found[2]
    assert "2 句中，利多 2 句（100%）" in found[3]
    tied = replace(
        results().overview, counts={**results().overview.counts, "areas": {"power": 2, "chips": 2}}
    )
    assert "並列最多，各 2 句" in findings(replace(results(), overview=tied))[1]


def test_findings_of_a_corpus_without_labels_claim_nothing() -> None:
    bare = document(1, [("天氣很好。", "body", [])])._replace(published="unknown")
    empty = Results(
        reported([bare], CODEBOOK.axes),
        CODEBOOK,
        overview([bare], counted([bare]), CODEBOOK),
        (),
        keywords_of([]),
        (),
    )
    for language in LANGUAGES:
        given = replace(empty, language=language)
        assert len(findings(given)) == 5 and "晶片" not in "".join(findings(given))
        assert render_html(given) and render_brief(given)


# The page


def test_hostile_text_is_shown_and_never_run(page: str) -> None:
    assert "alert(" in page and "<script>alert" not in page and "<b>社" not in page
    assert page.count("<script>") == page.count("</script>") == 1
    assert "<b>甲" not in page and page.count("&lt;b&gt;甲") > 2 and "gone/<x>" not in page
    assert "&lt;script&gt;alert(&#39;壞&#39;)&lt;/script&gt;" in page
    assert "<i>&lt;" not in page and 'href="javascript:' not in page


def test_the_page_asks_nothing_of_any_network(page: str) -> None:
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    )
    assert f'http-equiv="Content-Security-Policy" content="{policy}"' in page
    addresses = re.findall(r'(?:href|src|action|srcset|poster)="([^"]*)"', page)
    outside = [a for a in addresses if not a.startswith(("#", "data:"))]
    assert outside == ["https://example.org/a?b=1&amp;c=2"]
    assert 'rel="noopener noreferrer">' in page
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|sendBeacon", page)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//host/a",
        "/etc/passwd",
        "http://",
        "http://[",
        "",
        None,
    ],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert safe_url(url) is None
    assert safe_url("https://example.org/a") == "https://example.org/a"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_results_give_the_same_bytes(language: str) -> None:
    assert render_html(results(language)) == render_html(results(language))
    assert render_brief(results(language)) == render_brief(results(language))


def test_evidence_is_marked_at_its_characters(page: str) -> None:
    shown = sentence_of(page, "s-1-2")
    assert re.findall(r"<mark[^>]*>(.*?)</mark>", shown) == ["擴建電網", "創造就業"]
    assert re.sub("<[^>]+>", "", shown).startswith("擴建電網可創造就業。")
    assert 'title="細目' not in shown and "電網（編碼簿用詞）" in shown


def test_evidence_that_overlaps_is_marked_once() -> None:
    reasons = [Reason(2, 5, "a"), Reason(4, 7, "b"), Reason(7, 8, "c")]
    assert merged(reasons) == [(2, 7, ["a", "b"]), (7, 8, ["c"])]
    assert marked("01<345678", (1, 8), reasons) == (
        '1<mark title="a\nb">&lt;3456</mark><mark title="c">7</mark>'
    )


def test_evidence_for_the_whole_sentence_surrounds_the_narrower() -> None:
    shown = marked("0123", (0, 4), [Reason(0, 4, "all"), Reason(1, 2, "one")])
    assert shown == '<mark class=w title="all">0<mark title="one">1</mark>23</mark>'


def test_evidence_is_marked_in_the_raw_text_where_normalization_changed_it() -> None:
    from array import array

    raw, text = "ab  電網", "ab電網"
    alignment = Alignment(4, 6, array("i", [0, 1, 4, 5]), array("i", [1, 2, 5, 6]))
    code = label("areas", "power", Evidence(4, 6, "電網", "heading above"))
    d = Document(
        "d",
        "s",
        raw,
        text=text,
        alignment=alignment,
        sentences=(Sentence(0, text, labels=(code,)),),
    )
    shown = render_html(
        replace(
            results(),
            corpus=reported([d], CODEBOOK.axes),
            overview=overview([d], counted([d]), CODEBOOK),
        )
    )
    assert 'ab  <mark title="電力（上方標題）">電網</mark>' in shown


def test_repetitions_are_greyed_and_lead_to_the_original(page: str) -> None:
    shown = sentence_of(page, "s-1-4")
    assert 'class="o dup"' in shown and 'href="#s-1-3"' in shown and "重複" in shown
    assert "data-k" not in shown


def test_unsure_labels_are_dashed_and_named(page: str) -> None:
    shown = sentence_of(page, "s-1-3")
    assert 'data-k="0.1 2.0" data-u="2.1 3.1"' in shown
    assert re.search(r'class="c x2 u">貿易 <b>0.40</b> <i>模型 待確認', shown)
    assert re.search(r'class="c x0">晶片 <b>0.87</b> <i>模型</i>', shown)


def test_units_without_codes_keep_their_place(page: str) -> None:
    assert sentence_of(page, "s-1-0").startswith('<p class="o aside"')
    assert sentence_of(page, "s-1-1").startswith('<h4 class="o"')
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_page_speaks_both_languages(page: str) -> None:
    english = render_html(results("en"))
    assert '<html lang="zh-Hant-TW">' in page and '<html lang="en">' in english
    assert "一眼看懂" in page and "At a glance" in english and "一眼看懂" not in english
    assert "Test policy" in english and "擴建電網" in english
    shown = re.sub(r"<(script|style|pre).*?</\1>|<[^>]*>", "", english, flags=re.DOTALL)
    assert "{" not in shown and not re.search(r"[a-z]+_[a-z]+", shown)


def test_failures_and_methods_are_told(page: str) -> None:
    assert "news/&lt;x&gt;.txt" in page and "讀取" in page and "9.9" in page
    assert "漏掉一個為 2.5" in page
    assert 'id="failures"' not in render_html(replace(results(), failures=()))


def test_a_very_large_corpus_lists_the_articles_with_the_most_labels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(articles, "MOST_SENTENCES", 1)
    shown = render_html(results())
    assert 'id="a-1"' in shown and 'id="a-2"' not in shown and "只列有標籤句數最多的 1 篇" in shown


def test_a_codebook_of_one_axis_is_enough() -> None:
    book = Codebook.model_validate({**CODEBOOK.model_dump(), "axes": AXES[:1]})
    d = document(1, [("電力不足。", "body", [("areas", "power", "電力", False)])])
    for language in LANGUAGES:
        one = Results(
            reported([d], book.axes),
            book,
            overview([d], counted([d]), book),
            (),
            keywords_of([]),
            (),
            language=language,
        )
        assert 'id="matrix"' not in render_html(one) and 'id="axis-areas"' in render_html(one)
        assert render_brief(one)


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 1), (1, 1), (3, 4), (7, 8), (9, 10), (11, 20), (99, 100), (100, 100), (101, 200)],
)
def test_the_scale_of_a_chart_is_round(value: int, top: int) -> None:
    assert nice_top(value) == top


# Markdown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 標題", r"\# 標題"), ("- 項", r"\- 項"), ("+ 項", r"\+ 項"), ("1. 項", r"1\. 項"),
        ("12) 項", r"12\) 項"), ("=== x", r"\=== x"), ("a|b", r"a\|b"), ("*_`[]", r"\*\_\`\[\]"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"), ("a\n# b", r"a \# b"), ("2025年7月", "2025年7月"),
    ],
)  # fmt: skip
def test_markdown_shows_foreign_signs_as_they_are(text: str, expected: str) -> None:
    assert escaped(text) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_tells_what_the_page_tells_with_examples(language: str) -> None:
    text = render_brief(results(language))
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert "<script" not in text and "<b>" not in text
    for finding in findings(results(language)):
        assert f"- {escaped(finding)}" in text
    assert text.count("擴建電網可創造就業。") == 1, "an example is used once"
    assert wording(language)["news"] in text and "0.50" in text


def test_a_story_of_many_articles_lists_the_first_and_says_how_many_more_there_are() -> None:
    copies = [
        document(n, [("同一則通訊社稿。", "body", [])])._replace(title=f"稿{n:03}")
        for n in range(100, 1_300)
    ]
    told = (Story(copies[0].id, "稿", "", tuple(d.id for d in copies)),)
    given = Results(
        reported(copies, CODEBOOK.axes), CODEBOOK, overview(copies, counted(copies), CODEBOOK, told), (),
        keywords_of(*([] for _ in copies)), (), stories=told,
    )  # fmt: skip
    for language, more in (
        ("zh", "另有 1,140 篇，全部見 tables/stories.csv"),
        ("en", "1,140 more; all of"),
    ):
        listed = render_html(replace(given, language=language)).split('id="stories"')[1]
        listed = listed.split("</section>")[0]
        assert more in listed and listed.count("<li>") == 60 and "1,200" in listed


def test_the_brief_claims_no_more_than_the_counts() -> None:
    text = render_brief(results())
    o = results().overview
    for label, called in (("power", "電力"), ("chips", "晶片")):
        n, articles = o.counts["areas"][label], o.articles_with["areas"][label]
        told = o.stories_with["areas"][label]
        assert re.search(
            rf"「{called}」{n} 句（占編碼句數 \d+%），見於 {articles} 篇、{told} 則故事", text
        )
    bare = document(1, [("天氣很好。", "body", [])])._replace(published="2025-07-23")
    empty = Results(
        reported([bare], CODEBOOK.axes),
        CODEBOOK,
        overview([bare], counted([bare]), CODEBOOK),
        (),
        keywords_of([]),
        (),
    )
    shown = render_brief(empty)
    assert "沒有句子判定為「晶片」。" in shown and "天氣很好" not in shown


def test_the_digest_tells_what_is_new_or_that_nothing_is_older() -> None:
    text = render_digest(results())
    assert "本次新增 1 篇文章" in text and "第二篇" in text and "gone/&lt;x&gt;.txt" in text
    assert "晶片：新增文章 50%，先前 1%" in text and "<script" not in text
    first = replace(results(), news=News("now", ("d1", "d2"), (), 0, (), (), (), ()))
    assert "先前沒有可比較的文章" in render_digest(first)
    assert wording("zh")["news"] not in render_brief(first)
    assert 'id="news"' not in render_html(first)


def test_every_mark_of_a_chart_leads_to_sentences_and_says_what_it_is(page: str) -> None:
    marks = re.findall(r'<a href="(#[^"]+)"><path aria-label="([^"]+)"', page)
    assert len(marks) >= 10
    assert "page.invalid" not in page and "vega.github.io" not in page
    assert any("2025 年 7 月" in said for _, said in marks)
    assert any("G²" in said for _, said in marks)


def test_charts_take_their_colours_from_the_page(page: str) -> None:
    charts = re.findall(r'<svg [^>]*class="marks".*?</svg>', page, re.DOTALL)
    assert len(charts) >= 5
    for chart in charts:
        assert "font-family" not in chart and 'fill="white"' not in chart
        assert not re.search(r'fill="#(?!000")', chart.replace('fill="#000"', ""))


# The page in a browser


def _chromium() -> str:
    known = (os.environ.get("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser")
    return next((path for path in known if path and shutil.which(path)), "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not _chromium():
        pytest.skip("no Chromium: set CHROMIUM to its path")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    arguments += [f"--disable-{x}" for x in ("background-networking", "component-update", "sync")]
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=_chromium(), args=arguments)
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path, page: str) -> Iterator[Any]:
    """The page at 390 px; fails where the page reports any error or asks for another address."""
    path = tmp_path / "report.html"
    path.write_text(page, "utf-8")
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    problems: list[str] = []
    tab.on("console", lambda message: problems.append(message.text))
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on(
        "request",
        lambda r: None if r.url.startswith(("file:", "data:")) else problems.append(r.url),
    )
    tab.goto(path.as_uri())
    yield tab
    tab.close()
    assert not problems


def visible(tab: Any) -> list[str]:
    ids: list[str] = tab.eval_on_selector_all(
        ".s", "all => all.filter(x => x.offsetParent).map(x => x.id)"
    )
    return ids


def go(tab: Any, hash: str) -> None:
    """Follow a link within the page, and wait until its script has done so too."""
    tab.evaluate(
        """hash => new Promise(done => {
             addEventListener('hashchange', () => done(), {once: true});
             location.hash = hash; })""",
        hash,
    )


def told(tab: Any, text: str) -> None:
    """Wait until the number of hits reads so."""
    tab.locator("#hits", has_text=text).wait_for(timeout=5000)


def test_clicking_a_cell_filters_the_sentences_and_goes_there(opened: Any) -> None:
    opened.click("#matrix tbody tr:nth-child(2) td:nth-child(2) a")
    told(opened, "符合 1 句，出自 1 篇")
    assert visible(opened) == ["s-1-3"]
    assert opened.input_value("[name=areas]") == "chips"
    assert opened.locator("#filter").bounding_box()["y"] < 800


def test_every_figure_leads_to_as_many_sentences_as_it_says(opened: Any) -> None:
    figures = opened.locator(
        "#matrix td a, #split td.n a, #axis-parts a, #timeline td:nth-child(n+5) a,"
        " #voices table.split td.n a"
    )
    said = {
        a.get_attribute("href"): int(re.search(r"^\D*(\d+)", a.text_content())[1])  # type: ignore[index]
        for a in figures.all()
    }
    assert len(said) > 10
    for href, count in said.items():
        go(opened, href)
        assert len(visible(opened)) == count, href
        assert f"符合 {count} 句" in opened.text_content("#hits")


def test_the_undecided_and_the_unsure_can_be_listed(opened: Any) -> None:
    for hash, ids in {
        "effects=jobs&tone=-": ["s-1-3"],
        "effects=trade&only-unsure=1": ["s-1-3"],
        "in-period=2025-10&areas=chips": ["s-2-0"],
        "in-article=2": ["s-2-0", "s-2-1"],
        "areas=nonsense&tone=good": ["s-1-2", "s-2-0"],
    }.items():
        go(opened, hash)
        assert visible(opened) == ids, hash


def test_the_free_text_filter_finds_whole_words_and_can_be_reset(opened: Any) -> None:
    opened.fill("[name=free-text]", "ＡＩ|電網")
    told(opened, "符合 2 句，出自 2 篇")
    assert visible(opened) == ["s-1-2", "s-2-0"]
    assert "free-text" in opened.url
    opened.fill("[name=free-text]", "沒有這個詞")
    told(opened, "沒有符合條件的句子")
    opened.click("#filter button[type=reset]")
    told(opened, "共 5 句，2 篇")
    assert len(visible(opened)) == 5


def test_sentences_are_filtered_by_who_speaks_and_how(opened: Any) -> None:
    for hash, ids in {
        "said-by=role%3Aboss": ["s-1-2"],
        "said-by=name%3A%3Cb%3E%E7%94%B2%3C%2Fb%3E": ["s-1-2"],
        "how-held=mode%3Aplanned": ["s-1-2"],
        "said-by=role%3Aboss&areas=chips": [],
        "in-outlet=%3Cb%3E%E7%A4%BE%3C%2Fb%3E&areas=chips": ["s-1-3"],
        "free-text=%E6%99%B6%E7%89%87%26%26%E8%A8%82%E5%96%AE": ["s-2-0"],
    }.items():
        go(opened, hash)
        assert visible(opened) == ids, hash


def test_neighbours_of_the_hits_can_be_shown(opened: Any) -> None:
    go(opened, "areas=power&show-neighbours=1")
    assert visible(opened) == ["s-1-2", "s-1-3"]
    assert opened.locator(".near").count() == 1


def test_a_click_on_a_mark_of_a_chart_filters_the_sentences(opened: Any) -> None:
    opened.locator("#split svg.marks a").first.click()
    assert "tone=" in opened.url and len(visible(opened)) == 1
    title = opened.locator("#split svg.marks a title").first
    assert title.text_content().startswith(("就業", "貿易"))


def test_a_link_to_a_hidden_sentence_shows_it(opened: Any) -> None:
    go(opened, "areas=power")
    assert "s-1-3" not in visible(opened)
    go(opened, "s-1-3")
    assert "s-1-3" in visible(opened)


def test_tables_are_sorted_by_click_and_by_key(opened: Any) -> None:
    head = opened.locator("#keywords th", has_text="分數")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    head.locator("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert opened.locator("#keywords tbody th").all_inner_texts() == ["<i>", "晶片"]


def test_a_phone_needs_no_sideways_scrolling_in_light_or_dark(opened: Any) -> None:
    backgrounds = []
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme)
        assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        backgrounds.append(opened.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert backgrounds == ["rgb(252, 252, 250)", "rgb(20, 23, 26)"]


def test_the_page_can_be_read_without_its_script(browser: Any, tmp_path: Path, page: str) -> None:
    path = tmp_path / "report.html"
    path.write_text(page, "utf-8")
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(path.as_uri() + "#areas=power")
    assert tab.locator("#s-2-1").is_visible() and not tab.locator("#filter").is_visible()
    context.close()
