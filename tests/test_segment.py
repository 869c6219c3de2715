"""Segmentation: terms stay whole, engines agree, tokens join back."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import textpipe
from test_matching import all_parts
from textpipe.codepoints import codes_of
from textpipe.lexicon import Lexicon, load_lexicon, parse_lexicon
from textpipe.matching import Beside
from textpipe.segmentation import ENGINES, load_segmenter
from textpipe.segmentation.dictionary import JiebaDictionary, counted_nouns, simplified_copy
from textpipe.segmentation.segmenter import LONGEST_COUNTED

LABELLED = Path(textpipe.__file__).parent / "resources" / "labelled"


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize(
    "words",
    [
        ["美國", "的", "半導體", "與", "供應鏈"],
        ["放寬", "輝達", "H20", "出口管制"],
        ["台積電", "與", "NVIDIA", "合作"],
        ["一", "個", "國家"],
        ["16,250", "元"],
        ["據", "聯合", "報導"],
        ["人工智慧", "與", "科技", "發展"],
        ["70B", "參數", "與", "120B模型"],
        ["20nm製程", "、", "16GB", "、", "1.5B"],
    ],
)
def test_segment_cuts_policy_text_as_a_reader_does(engine: str, words: list[str]) -> None:
    segmenter = load_segmenter(engine, load_lexicon())
    assert [t.text for t in segmenter.tokens("".join(words))] == words


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_a_lexicon_without_entries_leaves_the_words_to_the_dictionary(engine: str) -> None:
    segmenter = load_segmenter(engine, load_lexicon(with_default=False))
    assert [t.text for t in segmenter.tokens("政府的政策")] == ["政府", "的", "政策"]


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_every_lexicon_term_of_three_characters_stays_whole(engine: str) -> None:
    lexicon = load_lexicon()
    segmenter = load_segmenter(engine, lexicon)
    forms = sorted({form for entry in lexicon.entries for form in entry.forms if len(form) > 2})
    broken = [f for f in forms if f not in [t.text for t in segmenter.tokens(f"根據{f}的說明")]]
    assert broken == []


def test_fast_engine_agrees_with_the_reference() -> None:
    lines = [
        item["text"]
        for path in sorted(LABELLED.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        for item in json.loads(line)["sentences"]
    ]
    reference, fast = (load_segmenter(name, load_lexicon()) for name in ("jieba", "rjieba"))
    sample = lines[:: max(1, len(lines) // 2500)][:2500]
    differing = [
        line for line in sample if reference.cuts(line).tolist() != fast.cuts(line).tolist()
    ]
    assert len(sample) >= 2000
    assert len(differing) <= 0.005 * len(sample), differing[:5]


def test_phrases_with_spaces_latin_and_mixed_case_are_one_token() -> None:
    rows = (
        "term,tag,english,aliases\nHugging Face,company,Hugging Face,\nAI晶片,technology,AI chip,\n"
    )
    lexicon = Lexicon(tuple(parse_lexicon(rows, "test")), "")
    segmenter = load_segmenter("rjieba", lexicon)
    words = [t.text for t in segmenter.tokens("hugging face的AI 晶片；HuggingFaces不算")]
    assert words[:3] == ["hugging face", "的", "AI 晶片"]
    assert "HuggingFace" not in words


def test_tokens_carry_the_lexicon_tag() -> None:
    tokens = load_segmenter("auto", load_lexicon()).tokens("台積電擴產")
    assert next((t.text, t.tag) for t in tokens) == ("台積電", "company")


def test_the_simplified_copy_has_the_same_length() -> None:
    assert all(len(b) == 1 for b in simplified_copy().values())


def test_short_word_cuts_lie_inside_their_words() -> None:
    assert all(0 < cut < len(word) <= LONGEST_COUNTED for word, cut in counted_nouns().items())
    assert all(len(word) == 4 for word in JiebaDictionary().compounds())


@pytest.mark.parametrize("text", ["", " ", "\n", "😀", "a\u0301", "\u200b"])
def test_odd_texts_join_back(text: str) -> None:
    assert "".join(textpipe.segment(text)) == text


def test_the_dictionary_needs_no_cache_and_works_where_nothing_can_be_written(
    tmp_path: Path,
) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir(mode=0o500)
    temporary.mkdir()
    program = (
        "import sys; from textpipe.lexicon import load_lexicon;"
        "from textpipe.segmentation import load_segmenter;"
        "print(' '.join(load_segmenter(sys.argv[1], load_lexicon()).tokens('放寬出口管制').words))"
    )
    folders = {"HOME": str(home), "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(home)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, engine],
            env={**os.environ, **folders, "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for engine in ("jieba", "rjieba", "jieba", "rjieba")
    ]
    answers = {process.communicate(timeout=60)[0].strip() for process in running}
    assert answers == {"放寬 出口管制"}
    assert list(temporary.iterdir()) == list(home.iterdir()) == []


def test_phrases_are_searched_for_wherever_they_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    phrases = load_segmenter("rjieba", load_lexicon())._phrases
    assert phrases is not None
    texts = [
        "\n".join(item["text"] for item in json.loads(line)["sentences"])
        for path in sorted(LABELLED.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    forms = [form for form in load_lexicon().forms if len(form) > 2]
    each = [
        codes_of(text)
        for text in (*texts, "，".join(forms), "".join(forms), "".join(forms).lower())
    ]
    found = list(map(phrases.spans, each))
    monkeypatch.setattr(Beside, "parts", all_parts)
    for own, plain in zip(found, map(phrases.spans, each), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(own, plain, strict=True))
