"""Invariants of the records over whole pipelines."""

import random

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import textpipe
from textpipe import normalize
from textpipe.records import Alignment, Document
from textpipe.segmentation import Segment

MIXED = (
    ["人工智慧", "芯片", "内存", "知识产权", "出口管制", "臺積電", "裏面", "ＡＩ", "\u200b", "　", " ", "\r\n",
     "\n", "。", "？", "「", "」", "；", "：", "NVIDIA", "H20", "😀", "\ue000", "软件开发", "国", "第一，", "…", "a", "1,250",
     "圖1. ", "（", "）", "（中央社電）", "#", "- "]
)  # fmt: skip
PIECES = st.sampled_from(MIXED)
TEXTS = st.lists(PIECES | st.characters(exclude_categories=["Cs"]), max_size=40).map("".join)


def _check(document: Document) -> None:
    text, raw = document.text, document.raw
    previous = (0, 0)
    for i in range(len(text)):
        span = document.alignment.to_raw(i, i + 1)
        assert 0 <= span[0] <= span[1] <= len(raw)
        assert span[0] >= previous[0] and span[1] >= previous[1]
        previous = span
    for sentence in document.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert "".join(token.text for token in sentence.tokens) == sentence.text
        assert all(text[t.start : t.start + len(t.text)] == t.text for t in sentence.tokens)
        for label in sentence.labels:
            assert label.evidence
            assert all(raw[e.start : e.end] == e.text for e in label.evidence)


@given(TEXTS)
@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_offsets_hold_for_any_text(text: str) -> None:
    _check(textpipe.analyze(text))


@given(TEXTS)
@hypothesis_settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
def test_segment_joins_back_to_the_text_as_given(text: str) -> None:
    assert "".join(textpipe.segment(text)) == text


def test_every_token_maps_to_raw_and_back_in_10000_random_texts() -> None:
    chooser = random.Random(20261123)
    odd = [chr(chooser.randrange(0x20, 0x2FFFF)) for _ in range(400)]
    pieces = [*MIXED * 20, *(c for c in odd if not "\ud800" <= c <= "\udfff")]
    segmenter = Segment().segmenter()
    changed_length = 0
    for _ in range(10_000):
        raw = "".join(chooser.choices(pieces, k=chooser.randrange(1, 12)))
        text, alignment, _changes = normalize(raw)
        changed_length += alignment.starts is not None
        tokens = segmenter.tokens(text)
        assert "".join(tokens.words) == text
        before = 0
        for token in tokens:
            end = token.start + len(token.text)
            start_in_raw, end_in_raw = alignment.to_raw(token.start, end)
            assert before <= start_in_raw < end_in_raw <= len(raw), raw
            before = start_in_raw
            back = alignment.to_text(start_in_raw, end_in_raw)
            assert back[0] <= token.start and end <= back[1], raw
            assert alignment.to_raw(*back) == (start_in_raw, end_in_raw), raw
    assert changed_length > 3_000


def test_offsets_hold_for_an_article(article: Document) -> None:
    _check(article)
    assert any(sentence.labels for sentence in article.sentences)


def test_alignment_refuses_a_span_outside_the_text() -> None:
    import pytest

    with pytest.raises(ValueError, match="outside"):
        Alignment(3, 3).to_raw(2, 5)
