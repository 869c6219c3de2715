"""Lexicon files."""

from pathlib import Path

import pytest

from textpipe import normalize
from textpipe.errors import LexiconError
from textpipe.lexicon import check_lexicon, load_lexicon, parse_lexicon, stop_words


def normalized(form: str) -> str:
    return normalize(form).text


HEAD = "term,tag,english,aliases\n"


def test_the_shipped_lexicon_is_large_and_clean() -> None:
    lexicon = load_lexicon()
    assert len(lexicon.entries) >= 1200
    assert check_lexicon(lexicon.entries, normalized) == []


def test_aliases_lead_to_the_preferred_term() -> None:
    lexicon = load_lexicon()
    assert lexicon.preferred("NVIDIA") == lexicon.preferred("英偉達") == "輝達"
    assert lexicon.preferred("臺積電") == "台積電"
    assert lexicon.preferred("未收錄的詞") == "未收錄的詞"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", "line 1"), (HEAD + "甲乙,company,X\n", "line 2"), (HEAD + ",company,,\n", "empty"),
        (HEAD + "甲乙,firm,,\n", "unknown tag"),
    ],
)  # fmt: skip
def test_a_wrong_lexicon_names_line_and_mend(text: str, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        parse_lexicon(text, "mine.csv")


def test_a_form_claimed_twice_is_found() -> None:
    entries = parse_lexicon(HEAD + "甲公司,company,,甲乙\n丙公司,company,,甲乙\n", "mine.csv")
    assert len(check_lexicon(entries, normalized)) == 1


def test_a_missing_lexicon_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="cannot be read"):
        load_lexicon((tmp_path / "none.csv",))


def test_stop_words_name_nothing() -> None:
    assert "的" in stop_words()
    assert not {"晶片", "台灣", "關稅", "電力"} & stop_words()


def test_a_form_that_normalization_changes_is_found() -> None:
    entries = parse_lexicon(HEAD + "ＡＩ晶片,technology,,\n", "mine.csv")
    assert "write 'AI晶片'" in check_lexicon(entries, normalized)[0]
