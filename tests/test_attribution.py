"""Who says what, and how it is held to be so."""

from pathlib import Path

import pytest

import textpipe
from textpipe.attribution import load_rules
from textpipe.errors import SettingsError
from textpipe.records import Document, Sentence


def sentences(text: str) -> list[Sentence]:
    return [s for s in textpipe.analyze(text).sentences if s.is_coded]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("台經院產經資料庫總監劉佩真指出，台廠將受惠。", "劉佩真", "expert"),
        ("「訂單已滿到明年。」輝達執行長黃仁勳在台北記者會上表示。", "黃仁勳", "company"),
        ("美國商務部官員強調，出口管制不會放寬。", "美國商務部", "government_us"),
        ("經濟部長龔明鑫昨天受訪時說，政府已備妥方案。", "龔明鑫", "government_tw"),
        ("根據高盛報告，伺服器需求明年成長三成。", "高盛", "expert"),
        ("外資分析師認為，股價已反映利多。", "外資分析師", "expert"),
        ("《華爾街日報》報導，白宮考慮新的關稅。", "華爾街日報", "media"),
        ("知情人士透露，談判已近尾聲。", "知情人士", "other"),
        ("台灣半導體產業協會則呼籲，政府應與美方協商。", "台灣半導體產業協會", "association"),
        ("格羅斯曼教授認為，這項規定難以執行。", "格羅斯曼", "expert"),
        ("此外王大明表示，需求強勁。", "王大明", "other"),
        ("台積電王大明表示，需求強勁。", "王大明", "other"),
        ("苗栗縣環保局表示，已派員稽查。", "苗栗縣環保局", "other"),
    ],
)
def test_the_speaker_is_found_with_the_role(text: str, name: str, role: str) -> None:
    speaker = sentences(text)[0].speaker
    assert speaker is not None and (speaker.name, speaker.role) == (name, role)


@pytest.mark.parametrize(
    "text",
    [
        "美國商務部公布新規，限制先進晶片出口。",
        "由此可見，這表示需求仍然強勁。",
        "法說會後股價上漲，小說般的行情令人驚訝。",
        "台積電將在亞利桑那州興建第三座廠。",
        "這項政策被認為是近年最大的改變。",
        "業者說這次不同。",
        "也說",
    ],
)
def test_an_act_is_no_speech(text: str) -> None:
    assert sentences(text)[0].speaker is None


def test_a_pronoun_and_a_quotation_alone_speak_on() -> None:
    found = sentences(
        "鴻海董事長劉揚偉表示，訂單強勁。他也說，關稅影響有限。「我們會把產能移到德州。」"
    )
    assert [s.speaker.name if s.speaker else "" for s in found] == ["劉揚偉"] * 3
    document = textpipe.analyze("鴻海董事長劉揚偉表示，訂單強勁。他也說，影響有限。")
    speaker = document.sentences[-1].speaker
    assert speaker is not None and document.text[speaker.start : speaker.end] == "劉揚偉"


def test_a_pronoun_takes_the_speaker_of_the_paragraph_before_but_of_none_further_back() -> None:
    said, between, on = (
        "鴻海董事長劉揚偉表示，訂單強勁。",
        "散熱廠去年擴產三成。",
        "他也說，關稅影響有限。",
    )
    near, far = sentences(f"{said}\n\n{on}"), sentences(f"{said}\n\n{between}\n\n{on}")
    assert [bool(s.speaker) for s in near] == [True, True]
    assert [bool(s.speaker) for s in far] == [True, False, False]


def test_a_report_is_spoken_on_of_before_a_verb_that_needs_its_source_close() -> None:
    found = sentences("鴻海董事長劉揚偉表示，訂單強勁。報告預估，影響有限。")
    assert [s.speaker.name if s.speaker else "" for s in found] == ["劉揚偉"] * 2


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("台積電擬擴大在美投資。", {"planned"}),
        ("業者憂心訂單恐流失。", {"feared"}),
        ("散熱廠可望受惠。", {"hoped"}),
        ("關稅可能推升價格。", {"possible"}),
        ("若關稅上路，成本就會上升。", {"conditional"}),
        ("白宮不會放寬管制。", {"negated"}),
        ("輝達去年營收成長一倍。", set()),
        ("業者將晶片轉賣給中國。", set()),
        ("新規將帶動電力需求。", {"possible"}),
        ("聯邦準備理事會模擬了若干情境。", set()),
    ],
)
def test_modality_is_told_by_words_and_their_traps(text: str, kinds: set[str]) -> None:
    assert {cue.id for cue in sentences(text)[0].modality} == kinds


def test_cues_stand_at_their_characters() -> None:
    document: Document = textpipe.analyze("業者憂心，若關稅上路，訂單恐流失。")
    cues = document.sentences[0].modality
    assert [document.text[c.start : c.end] for c in cues] == ["憂心", "若"]


def test_rules_are_data_and_wrong_ones_are_named(tmp_path: Path) -> None:
    from importlib.resources import files

    shipped = (files("textpipe") / "resources" / "attribution.toml").read_text("utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(shipped.replace('"擬", ', ""), "utf-8")
    assert load_rules(mine).digest != load_rules().digest
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(shipped.replace("[future]", "[furture]"), "utf-8")
    with pytest.raises(SettingsError, match=r"wrong\.toml: (future|furture)"):
        load_rules(wrong)
    for word in ('""', r'"擬\n"'):
        wrong.write_text(shipped.replace('"擬"', word, 1), "utf-8")
        with pytest.raises(SettingsError, match=r"wrong\.toml: modality\.0\.words\.0"):
            load_rules(wrong)


def test_roles_and_titles_are_written_once() -> None:
    rules = load_rules()
    for role in rules.roles:
        for words in (role.nouns, role.titles, role.names, role.people):
            assert len(words) == len(set(words)), role.id
    assert len({r.id for r in rules.roles}) == len(rules.roles)


def test_attribution_stays_as_good_as_it_is() -> None:
    from attribution_quality import f1, measured, role_share, total

    counts = total(measured())
    assert counts["sentences"] == 160
    assert f1(counts, "speaker") >= 0.95 and role_share(counts) >= 0.95
    assert f1(counts, "modality") >= 0.94
