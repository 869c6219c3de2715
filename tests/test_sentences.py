"""Sentence ends, kinds of line, repetitions: what is done fast for a batch, against the plain way."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from textpipe import stage
from textpipe.records import Document
from textpipe.sentences import Sentences, lines
from textpipe.sentences.characters import BEYOND, LAST_BLANK, Characters
from textpipe.sentences.lines import classify_lines
from textpipe.sentences.repetitions import originals, repetitions
from textpipe.sentences.split import Lines, Spans, split_line, split_lines

CORPUS = sorted((Path(__file__).parents[1] / "corpus").glob("2*"))
PIECES = [
    "甲說", "乙報導", "。", "！", "?", "!", "？", "；", ";", "「", "」", "『", "』", "“", "”", "）", "(", "，", "：", "的",
    " ", "　", "\t", "AI", "_", "…", "😀", "𠀀", "第一，", "其二是", "1. ", "a", "A", "İ", "Σ", "編輯部", "圖", "／", "#", "- ",
    "（中央社電）", "延伸閱讀", "2025年7月24日", "（美聯社）",
]  # fmt: skip
line_texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


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


def plainly_split(line: str, *, is_list: bool) -> list[tuple[int, int]]:
    """The sentences of one line, one regular expression after another."""
    quotations = plain_quotations(line)
    cuts = set()
    for match in re.finditer(r"[。！？!?]+[」』”’）)】〕》〉]*", line):
        begin, end = match.span()
        last, following = line[end - 1], line[end : end + 1]
        is_latin = following.isascii() and not following.isspace()
        goes_on = (last in "!?" and end == begin + 1 and is_latin) or (
            last in "」』”" and following in CONTINUES
        )
        inside = any(a < begin and end < b for a, b in quotations)
        if following and not goes_on and not inside:
            cuts.add(end)
    start = 0
    for match in re.finditer(r"[；;][」』”’）)】〕》〉]*", line):
        item = ENUMERATOR.match(line, start) or ENUMERATOR.match(line, match.end())
        if (is_list or item) and match.end() < len(line):
            cuts.add(match.end())
        start = match.end() if is_list or item else start
    spans: list[tuple[int, int]] = []
    for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), len(line)], strict=True):
        piece = line[a:b].strip()
        begin = a + line[a:b].index(piece)
        if spans and piece and not re.search(r"\w", piece):
            spans[-1] = (spans[-1][0], begin + len(piece))
        elif piece:
            spans.append((begin, begin + len(piece)))
    return spans


CONTINUES = "，、；：,;:的等與和及為之"
ENUMERATOR = re.compile(
    r"\s*(?:第[一二三四五六七八九十\d]+[，、是：:,]|其[一二三四五六][，、是：:,]|[一二三四五六]是|首先[，,]|其次[，,]|再者[，,]|最後[，,]"
    r"|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}[.、)）](?=\D)|[一二三四五六七八九十]、|[①-⑳])"
)


def plain_quotations(line: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for at, character in enumerate(line):
        if character in "「『“":
            opened.append(at)
        elif character in "」』”" and opened:
            start = opened.pop()
            before, after = line[:start].rstrip()[-1:], line[at + 1 : at + 2]
            leads_in = before not in ("", *"：:。！？」』”，,")
            if not opened and (leads_in or (after and after in CONTINUES)):
                found.append((start, at + 1))
    return found


@settings(max_examples=200)
@given(st.lists(st.tuples(line_texts, st.booleans(), st.booleans()), min_size=1, max_size=8))
def test_lines_of_a_batch_are_split_as_each_alone(batch: list[tuple[str, bool, bool]]) -> None:
    batch = [one for one in batch if one[0].strip()]
    characters = Characters.of([line for line, _, _ in batch])
    ends = np.cumsum([len(line) + 1 for line, _, _ in batch], dtype=np.int64) - 1
    starts = ends - np.array([len(line) for line, _, _ in batch], dtype=np.int64)
    flags = (np.array([one[n] for one in batch], dtype=np.bool_) for n in (1, 2))
    found = split_lines(characters, Lines(starts, ends, *flags))
    plain = []
    for number, (line, is_coded, is_list) in enumerate(batch):
        whole = line.index(line.strip()), line.index(line.strip()) + len(line.strip())
        spans = plainly_split(line, is_list=is_list) if is_coded else [whole]
        plain += [(starts[number] + a, starts[number] + b, number) for a, b in spans]
    assert list(zip(*found, strict=True)) == plain


def test_a_line_goes_on_for_ever_in_the_same_time_a_character() -> None:
    """Quotations and datelines by the hundred thousand: neither copied each time nor recursed into."""
    assert len(split_line("他說「甲。乙」與「丙」。" * 20_000)) == 20_000
    kinds = [
        line.kind for line in classify_lines("（中央社電）" * 20_000 + "正文在此，說明前因與後果。")
    ]
    assert kinds == ["byline"] * 20_000 + ["body"]


PATTERNS = [
    lines._BYLINE, lines._SIGNED, lines._DATELINE, lines._CAPTION, lines._BOILERPLATE, lines._BULLET,
    lines._BULLET_MARK, lines._NUMBERED, lines._MARKDOWN_HEADING,
]  # fmt: skip


WORDS = sorted(
    {
        w
        for p in PATTERNS
        for w in re.findall(r"[一-鿿]+|[A-Z][\w ]+|[^\w ]", p.pattern.replace("\\ ", " "))
    }
)


@given(st.sampled_from(PATTERNS).flatmap(st.from_regex) | st.text(max_size=9))
def test_a_line_that_a_pattern_matches_is_not_taken_for_unmarked(line: str) -> None:
    assume("\n" not in line and len(line) < lines._MARKED_LIMIT)
    _check_that_it_may_be_marked([line, f"某{line}", f"{line}某", f"某{line}某"])


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "某{}",
        "{}某",
        "{}：某",
        "某{}某",
        "某({})",
        "某（{}）",
        "某{}】",
        "某某{}某某",
        "{} 1.某",
    ],
)
def test_a_line_with_any_word_of_a_pattern_is_not_taken_for_unmarked(frame: str) -> None:
    _check_that_it_may_be_marked([frame.format(word) for word in WORDS])


def _check_that_it_may_be_marked(texts: list[str]) -> None:
    for line in texts:
        if line.strip() and any(pattern.match(line) for pattern in PATTERNS):
            assert lines._may_be_marked(line.strip()), line


@given(st.lists(line_texts, max_size=9).map("\n".join))
def test_lines_are_told_apart_as_if_every_pattern_were_tried(text: str) -> None:
    fast = classify_lines(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_may_be_marked", lambda stripped: True)
        assert fast == classify_lines(text)


said = st.tuples(
    st.sampled_from(["", "甲：", "乙"]),
    st.sampled_from(
        ["八個字以上的一句話。", "八個字以上的另一句", "OPEN SOURCE AI", "ΟΔΟΣ ΟΔΟΣ", "短句。"]
    ),
    st.booleans(),
).map(lambda one: (one[0] + one[1]).lower() if one[2] else one[0] + one[1])


@example([[("OPEN SOURCE AI", True), ("open source ai", True)], [("OPEN SOURCE AI", True)]])
@given(st.lists(st.lists(st.tuples(said, st.booleans()), min_size=1, max_size=9), max_size=4))
def test_repetitions_in_a_batch_are_those_of_each_article(
    articles: list[list[tuple[str, bool]]],
) -> None:
    sentences = [one for article in articles for one in article]
    ends = np.cumsum([len(text) + 1 for text, _ in sentences], dtype=np.int64) - 1
    starts = ends - np.array([len(text) for text, _ in sentences], dtype=np.int64)
    found = repetitions(
        Characters.of([text for text, _ in sentences]),
        Spans(starts, ends, starts),
        np.array([coded for _, coded in sentences], dtype=np.bool_),
        bounds=np.cumsum([0, *map(len, articles)]).tolist(),
    )
    plain = [originals([t if coded else "" for t, coded in article]) for article in articles]
    assert found.tolist() == [original for article in plain for original in article]


def test_no_character_is_beyond_the_table_of_classes() -> None:
    assert not any(chr(c).isalnum() for c in range(BEYOND, 0x110000))
    assert not any(chr(c).isspace() for c in range(LAST_BLANK + 1, 0x110000))


def test_a_batch_is_split_as_each_article_alone_in_groups_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = ["", "\n", *(path.read_text("utf-8") for path in CORPUS), "# ", "甲。乙。\n\n丙"]
    batch = [Document(id="", source="", raw=text, text=text) for text in texts]
    batch += [document._replace(metadata_end=7) for document in batch]
    split = Sentences()
    alone = [document for one in batch for document in split([one])]
    assert split(batch) == alone
    monkeypatch.setattr(stage, "MOST_CHARACTERS", 2_000)
    assert split(batch) == alone
    for document in alone:
        assert all(document.text[s.start : s.end] == s.text for s in document.sentences)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("出口管制會再放寬嗎？", "heading"),
        ("半導體業者究竟應該如何面對美國政府這一波又一波的出口管制措施？", "body"),
        ("半導體業者究竟應該如何面對美國政府這一波又一波的「出口管制」？」", "body"),
        ("半導體業者究竟應該如何面對美國政府這一波又一波的出口管制措施", "heading"),
    ],
)
def test_a_long_question_is_no_heading(line: str, kind: str) -> None:
    assert classify_lines(f"{line}\n各部會將在三個月內提出報告。")[0].kind == kind
