"""Terms are found as an analyst would recognise them."""

import pytest

from textpipe.folding import fold, squeeze
from textpipe.matching import Matcher


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("AI晶片", "在AI 晶片上", "AI 晶片"), ("GB200", "新的GB-200出貨", "GB-200"), ("nvidia", "NVIDIA說", "NVIDIA"),
        ("台灣", "臺灣", "臺灣"), ("Hugging Face", "huggingface平台", "huggingface"),
        ("AI", "said", None), ("H20", "H200", None), ("20", "H20", None), ("晶片", "晶圓", None),
    ],
)  # fmt: skip
def test_a_term_matches(term: str, text: str, found: str | None) -> None:
    spans = [text[m.start : m.end] for m in Matcher([term]).find(text)]
    assert spans == ([found] if found else [])


def test_longest_matches_win_where_asked() -> None:
    text = "人工智慧行動計畫"
    terms = ["人工智慧", "人工智慧行動計畫", "行動計畫"]
    assert [m.term for m in Matcher(terms, longest_only=True).find(text)] == [1]
    assert {m.term for m in Matcher(terms).find(text)} == {0, 1, 2}


def test_folding_keeps_the_length() -> None:
    text = "臺灣AI İ ß ﬁ"
    assert len(fold(text)) == len(text)
    assert squeeze("GB-200 晶片") == "gb200晶片"


def test_an_empty_term_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Matcher([" "])
