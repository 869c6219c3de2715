"""Normalization without harm."""

import json
import re
from collections import Counter
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

import textpipe
from textpipe import normalize
from textpipe.errors import SettingsError
from textpipe.normalization import Normalize, stage
from textpipe.normalization.clean import variants
from textpipe.normalization.script import characters_of_one_script
from textpipe.normalization.style import house_style
from textpipe.settings import Settings


@pytest.mark.parametrize(
    "text",
    [
        "單一出口市場與第一出口國", "川普干預晶片出口，准許余先生", "台積電在臺灣公布布局，占據周二頭條",
        "展示了如何瞭解鄰里、里長", "皇后與後面的麵店、面子", "！？，：（）《》「」…①", "乾隆、乾淨、干涉、樹幹",
    ],
)  # fmt: skip
def test_normalize_leaves_traditional_text_alone(text: str) -> None:
    assert normalize(text).text == text
    assert normalize(text).changes == ()


@pytest.mark.parametrize(
    ("raw", "text", "reason"),
    [
        ("ＡＩ２０２５", "AI2025", "width"),
        ("人工　智慧", "人工 智慧", "space"),
        ("人工\u200b智慧", "人工智慧", "control"),
        ("這裏的羣眾", "這裡的群眾", "variant"),
        ("內存\ue000", "內存〓", "private"),
        ("\uf9d1個", "六個", "compatibility"),
        ("壞\ud83d字", "壞字", "surrogate"),
    ],
)
def test_normalize_cleans_characters_and_says_why(raw: str, text: str, reason: str) -> None:
    result = normalize(raw)
    assert result.text == text
    assert {change.reason for change in result.changes} == {reason}


def test_normalize_converts_proven_simplified_with_taiwan_phrases() -> None:
    raw = "内存和知识产权很重要。"
    result = normalize(raw)
    assert (result.text, result.script) == ("記憶體和智慧財產權很重要。", "hans")
    start = result.text.index("智慧財產權")
    a, b = result.alignment.to_raw(start, start + 5)
    assert raw[a:b] == "知识产权"


def test_the_house_style_decides_in_converted_spans_or_everywhere(tmp_path: Path) -> None:
    raw = "臺灣週末公佈，佔三成。"
    assert normalize(raw).text == raw
    settings = replace(Settings(), normalize=Normalize(house_style="all"))
    styled = normalize(raw, settings)
    assert styled.text == "台灣周末公布，占三成。"
    assert {change.reason for change in styled.changes} == {"style"}
    assert normalize("台湾周末发布，占三成。").text == "台灣周末發布，占三成。"
    table = tmp_path / "style.csv"
    table.write_text("variant,standard\n台,臺\n", encoding="utf-8")
    mine = replace(Settings(), normalize=Normalize(house_style="all", style_table=table))
    assert normalize("台灣公佈", mine).text == "臺灣公佈"
    assert normalize("台湾公布。", mine).text == "臺灣公布。"


@pytest.mark.parametrize("row", ["台灣,臺灣", "台,", "台,台", "台,臺\n臺,台"])
def test_a_wrong_style_table_names_the_line(tmp_path: Path, row: str) -> None:
    table = tmp_path / "style.csv"
    table.write_text(f"variant,standard\n{row}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"style\.csv: line \d: .*one character"):
        house_style(table)


def test_normalize_converts_a_simplified_quotation_in_a_traditional_article_only() -> None:
    result = normalize("他說：「这个软件很贵。」但台灣業者認為還好，干預有限。")
    assert result.script == "mixed"
    assert result.text == "他說：「這個軟體很貴。」但台灣業者認為還好，干預有限。"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("美國強化出口管制。", "hant"), ("美国强化出口管制。", "hans"), ("特朗普簽署行政命令，數據中心受惠。", "hant-hk"),
        ("hello", "none"), ("2025年6月", "none"),
    ],
)  # fmt: skip
def test_script_is_decided_by_characters_of_one_script(text: str, script: str) -> None:
    assert normalize(text).script == script


ODD = [
    "", "\r\n", "\x85", "\u200b", "　", "Ａ", "\uf9d1", "\ue000", "\ud83d", "裏", "國产", "内存", "本港", "台",
]  # fmt: skip
PLAIN = ["政策", "數據中心", "。", "AI"] * 9


@given(st.lists(st.sampled_from(ODD + PLAIN), max_size=9).map("".join))
def test_a_text_with_nothing_to_edit_is_as_if_every_step_had_been_taken(text: str) -> None:
    at_once = normalize(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "_to_edit", lambda: re.compile(""))
        assert at_once == normalize(text)


def test_the_result_unpacks_into_text_alignment_and_changes() -> None:
    text, alignment, changes = normalize("Ａ內存")
    assert text == "A內存" and alignment.to_raw(0, 1) == (0, 1) and len(changes) == 1


def test_line_ends_are_unified_without_a_log() -> None:
    result = normalize("一\r\n二\r三")
    assert (result.text, result.changes) == ("一\n二\n三", ())
    assert result.alignment.to_raw(2, 3) == (3, 4)


def test_variant_table_maps_one_character_to_one_and_settles() -> None:
    table = variants()
    assert all(len(a) == len(b) == 1 and a != b for a, b in table.items())
    assert not set(table) & set(table.values())


def test_over_5000_traditional_sentences_nothing_but_declared_variants_changes() -> None:
    folder = Path(textpipe.__file__).parent / "resources" / "labelled"
    articles = [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    texts = [s["text"] for a in articles if a["script"] == "hant" for s in a["sentences"]]
    assert len(texts) >= 5_000
    table = variants()
    for text in texts:
        result = normalize(text)
        for change in result.changes:
            assert change.reason in {"variant", "width", "space"}, (text, change)
            if change.reason == "variant":
                assert table[text[change.start : change.end]] == change.text
        untouched = Counter(result.text) - Counter(change.text for change in result.changes)
        assert not untouched - Counter(text)


WRITTEN_WITH = "1.4.2"
"""The OpenCC by which resources/script_characters.txt was written; another may tell a few others."""


def test_characters_of_one_script_are_those_that_opencc_tells() -> None:
    def is_in(character: str, codec: str) -> bool:
        return character.encode(codec, "ignore") != b""

    codes = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]
    joined = "\n".join(map(chr, codes))
    forms = (opencc.OpenCC(name).convert(joined).split("\n") for name in ("s2t", "t2s"))
    rows = list(zip(map(chr, codes), *forms, strict=True))
    simplified = {c for c, t, s in rows if t != c == s and not is_in(c, "cp950")} - {*variants()}
    traditional = {c for c, t, s in rows if s != c == t and not is_in(c, "gb2312")}
    written = [set(own) for own in characters_of_one_script()]
    different = (written[0] ^ simplified) | (written[1] ^ traditional)
    assert len(different) <= (0 if version("opencc") == WRITTEN_WITH else 20), sorted(different)
    assert len(written[0]) > 2_500 and len(written[1]) > 3_500
