"""The segmentation's scorecard."""

from math import log2

import pytest

from conftest import counted
from textpipe.analysis import scorecard
from textpipe.findings import Scorecard
from textpipe.records import Document, Sentence, Token, Tokens


def document(*sentences: list[tuple[str, str]], name: str = "d") -> Document:
    """A document of sentences given as (word, tag) pairs."""
    made, text = [], ""
    for words in sentences:
        start, tokens = len(text), []
        for word, tag in words:
            tokens.append(Token(len(text), word, tag))
            text += word
        made.append(Sentence(start, text[start:], tokens=Tokens.of(tokens)))
    return Document(name, name, text, text=text, sentences=tuple(made))


def scored(documents: list[Document]) -> Scorecard:
    return scorecard(counted(documents), [d.text for d in documents])


def plain(*words: str) -> list[tuple[str, str]]:
    return [(word, "") for word in words]


def test_coverage_counts_words_of_no_dictionary() -> None:
    result = scored([document([("甲乙", "unknown"), ("丙丁", ""), ("。", "")])])
    assert (result.words, result.known, result.hmm_words) == (2, 1, 1)


def test_neighbours_with_cohesion_and_free_borders_become_a_candidate() -> None:
    filler = [plain("其一", f"某{x}") for x in "甲乙丙丁戊己庚辛"]
    lines = [
        plain(a, "算力", "主權", b)
        for a, b in (("搶", "熱"), ("談", "夢"), ("爭", "戰"), ("保", "論"))
    ]
    result = scored([document(*lines, *filler)])
    word = next(w for w in result.candidates if w.word == "算力主權")
    assert (word.count, word.document_count, word.origin) == (4, 1, "算力+主權")
    size = result.words
    assert word.cohesion == pytest.approx(log2((4 / size) / ((4 / size) * (4 / size))), abs=0.01)
    assert word.freedom == pytest.approx(2.0)
    assert word.lexicon_line == "算力主權,concept,,"


def test_a_pair_with_one_neighbour_only_is_no_candidate() -> None:
    lines = [plain("搶", "算力", "主權", "熱潮") for _ in range(6)]
    words = {w.word for w in scored([document(*lines)]).candidates}
    assert "算力主權" not in words


def test_names_in_marks_are_candidates_unless_they_are_words_already() -> None:
    line = plain(
        "《", "算力", "主權", "法", "》", "與", "「", "矽", "盾牌", "」", "和", "「", "晶片", "」"
    )
    found = {w.word: w for w in scored([document(line, line)]).candidates}
    assert (found["算力主權法"].origin, found["算力主權法"].lexicon_line) == (
        "title",
        "算力主權法,law,,",
    )
    assert (found["矽盾牌"].origin, found["矽盾牌"].count) == ("quoted", 2)
    assert "晶片" not in found
    assert "算力主權法" not in {w.word for w in scored([document(line)]).candidates}


def test_runs_of_single_characters_are_suspicious() -> None:
    assert scored([document(plain("甲", "乙", "丙", "丁", "的"))]).suspicious_splits == 1
    assert scored([document(plain("甲", "乙", "晶片"))]).suspicious_splits == 0


def test_repetitions_do_not_count() -> None:
    single = document(plain("甲乙", "丙丁"))
    repeated = Sentence(
        0, single.sentences[0].text, tokens=single.sentences[0].tokens, duplicate_of=0
    )
    twice = Document(
        "d", "d", single.text, text=single.text, sentences=(*single.sentences, repeated)
    )
    assert scored([twice]).words == 2
