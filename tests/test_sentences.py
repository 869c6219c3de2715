"""Sentence ends, kinds of line, repetitions."""

import pytest

from textpipe.records import Document
from textpipe.sentences.lines import classify_lines
from textpipe.sentences.split import split_line


def split(line: str, *, is_list: bool = False) -> list[str]:
    return [line[a:b] for a, b in split_line(line, is_list=is_list)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["甲說好。", "乙說不好！", "真的嗎？"],
        ["他說：「可以。」", "大家同意。"],
        ["他說：「可以。", "一定行。」", "大家同意。"],
        ["他那句「可以。一定行。」，讓人意外。"],
        ["他重申「可以。一定行。」", "大家意外。"],
        ["「可以。」，他說。"],
        ["營收成長3.5%，達U.S.標準。", "下一句"],
        ["（見附圖。）", "下一句。"],
        ["甲；乙；丙。"],
        ["其一是放寬監管；", "其二是收緊管制；", "其三是加稅。"],
        ["網址https://a.b/c?d=e&f=g!h裡有。"],
        ["真的嗎？！", "是的……大概吧。"],
    ],
)
def test_sentences_end_where_the_codebook_says(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


def test_semicolons_split_list_items_only() -> None:
    assert split("甲項；乙項。") == ["甲項；乙項。"]
    assert split("甲項；乙項。", is_list=True) == ["甲項；", "乙項。"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("吳碧娥╱北美智權報 編輯部", "byline"), ("記者王小明／台北報導", "byline"), ("2025年7月24日", "byline"),
        ("（中央社台北24日電）", "byline"), ("鉅亨網編譯 綜合報導", "byline"),
        ("圖1. 三大支柱；資料來源：MIC", "caption"), ("川普簽署命令。（美聯社）", "caption"), ("資料來源：經濟部", "caption"),
        ("第一支柱：加速創新", "heading"), ("## 影響", "heading"), ("為何是小型核能？", "heading"),
        ("- 甲項", "list_item"), ("1. 建置電網。", "list_item"), ("延伸閱讀", "boilerplate"), ("版權所有，未經授權不得轉載", "boilerplate"),
        ("這是一段正文，說明了很多事情。", "body"), ("重點還包括：", "body"),
    ],
)  # fmt: skip
def test_lines_are_told_apart(line: str, kind: str) -> None:
    text = (
        f"開頭是正文的一句話。\n第二段也是正文。\n{line}\n後面接著一段比較長的正文，說明前因後果。"
    )
    assert classify_lines(text)[2].kind == kind


def test_a_lone_line_without_a_full_stop_is_body() -> None:
    assert classify_lines("美國強化出口管制")[0].kind == "body"


def test_first_heading_is_the_title_unless_it_numbers_a_part() -> None:
    assert classify_lines("美國放寬出口\n\n正文開始了。")[0].is_title
    assert not classify_lines("第一支柱：創新\n\n正文開始了。")[0].is_title


def test_an_article_keeps_kinds_repetitions_and_date(article: Document) -> None:
    kinds = [(s.kind, s.text[:8]) for s in article.sentences]
    assert kinds[0] == ("byline", "（台北綜合報導）")
    assert kinds[1][0] == "heading" and kinds[-1][0] == "caption"
    repeated = [s for s in article.sentences if s.duplicate_of is not None]
    assert [s.text for s in repeated] == ["強調恢復美國的半導體製造能力；"]
    original = article.sentences[repeated[0].duplicate_of or 0]
    assert original.text.endswith(repeated[0].text)
    assert not repeated[0].is_coded and not repeated[0].labels
    assert (article.title, article.published) == ("測試文章", "2025-08-01")
