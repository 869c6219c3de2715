"""The real article that textpipe must handle (kept outside the project)."""

import pytest

import textpipe
from textpipe.records import Document


@pytest.fixture(scope="module")
def document(seed: str) -> Document:
    return textpipe.analyze(seed)


def test_byline_headings_and_captions_are_not_coded(document: Document) -> None:
    kinds = [s.kind for s in document.sentences]
    assert (kinds.count("byline"), kinds.count("heading"), kinds.count("caption")) == (1, 5, 2)
    assert all(not s.labels for s in document.sentences if s.kind not in ("body", "list_item"))


def test_scraped_repetitions_are_marked(document: Document) -> None:
    repeated = [s for s in document.sentences if s.duplicate_of is not None]
    assert len(repeated) == 3
    for sentence in repeated:
        original = document.sentences[sentence.duplicate_of or 0]
        assert original.text.endswith(sentence.text)


def test_evidence_stands_in_the_source(document: Document, seed: str) -> None:
    evidence = [e for s in document.sentences for x in s.labels for e in x.evidence]
    assert evidence and all(seed[e.start : e.end] == e.text for e in evidence)


@pytest.mark.parametrize(
    ("number", "pillar"),
    [("第一", "innovation"), ("第二", "infrastructure"), ("第三", "diplomacy_security")],
)
def test_measures_under_a_pillar_carry_it(document: Document, number: str, pillar: str) -> None:
    under, missing = False, []
    for sentence in document.sentences:
        if sentence.kind == "heading":
            under = sentence.text.startswith(f"{number}支柱")
        elif (
            under
            and sentence.is_coded
            and sentence.text[-1] in "。；"
            and pillar not in sentence.ids("pillars")
            and "第一個需要" not in sentence.text
        ):
            missing.append(sentence.text)
    assert missing == []
