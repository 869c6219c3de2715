"""Terms are found as an analyst would recognise them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textpipe import matching
from textpipe.codepoints import Codes, codes_of
from textpipe.folding import IGNORED, fold, squeeze
from textpipe.matching import Beside, Matcher, Positions, folded

BORDER = chr(matching._BORDER)


def all_parts(self: Beside, codes: Codes) -> tuple[Codes, Positions]:
    """The whole text but for what a match may skip, as `Beside.parts` gives of it what can matter."""
    skipped = set(map(ord, IGNORED))
    at = np.array([n for n, code in enumerate(codes.tolist()) if code not in skipped], np.int64)
    return folded(codes[at]), at


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


odd = st.text("ＡAaｂ台臺晶片 -\n、9", max_size=5)


@given(
    st.lists(odd.filter(squeeze), min_size=1, max_size=9, unique_by=squeeze),
    st.text("ＡAaｂ台臺晶片 -\n、9", max_size=60),
    st.booleans(),
    st.sampled_from([2, 3, 2_000]),
)
def test_only_parts_are_searched_in_which_terms_can_be(
    terms: list[str], text: str, longest_only: bool, most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_MOST_NUMBERS", most)
        matcher = Matcher(terms, longest_only=longest_only)
        found = matcher.find(text)
        searched, at = matcher._beside.parts(codes_of(text))
        assert len(searched) == len(at) <= len(text)
        patch.setattr(Beside, "parts", all_parts)
        assert matcher.find(text) == found


def test_what_no_term_can_be_in_is_not_searched() -> None:
    beside = Beside(["晶片", "a"])
    searched, at = beside.parts(codes_of("出口晶片，片晶出晶-片Ab"))
    assert at.tolist() == [0, 2, 3, 4, 8, 10, 11, 12]
    assert [chr(code) for code in searched.tolist()] == [*"|晶片|晶片a|".replace("|", BORDER)]
