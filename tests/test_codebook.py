"""The codebook as data."""

from pathlib import Path

import pytest

from textpipe import normalize
from textpipe.codebook import load_codebook, term_problems
from textpipe.errors import CodebookError

GOOD = """
id = "x"
version = "1"
policy_zh = "某政策"
policy_en = "A policy"
[[axes]]
id = "areas"
zh = "領域"
en = "Areas"
[[axes.labels]]
id = "energy"
zh = "能源"
en = "Energy"
terms = ["電網", "核能"]
excluded = ["電網咖啡"]
[[axes]]
id = "details"
parent_axis = "areas"
zh = "細項"
en = "Details"
[[axes.labels]]
id = "nuclear"
parent = "energy"
zh = "核電"
en = "Nuclear"
terms = ["核電廠"]
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def problems(path: Path) -> list[str]:
    return term_problems(load_codebook(path), lambda term: normalize(term).text)


def test_the_shipped_codebook_has_its_labels_and_no_problems() -> None:
    codebook = load_codebook()
    sizes = {axis.id: len(axis.labels) for axis in codebook.axes}
    assert sizes == {"pillars": 3, "sections": 30, "themes": 12, "stance": 5}
    assert term_problems(codebook, lambda term: normalize(term).text) == []
    assert all(label.parent for label in codebook.axis("sections").labels)
    stance = codebook.axis("stance")
    assert (stance.choose, stance.empty, stance.empty_when_no) == ("one", "none", "themes")


def test_every_label_is_named_and_defined_in_both_languages() -> None:
    for _, label in load_codebook().pairs():
        assert label.zh and label.en and label.definition


def test_a_good_codebook_has_no_problems(tmp_path: Path) -> None:
    assert problems(write(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('parent = "energy"', 'parent = "water"', "unknown parent 'water'"),
        ('id = "details"', 'id = "areas"', "'areas' stands twice"),
        ('parent_axis = "areas"', 'parent_axis = "fields"', "no axis"),
        ('zh = "能源"', "", "axes.0.labels.0.zh"),
        ('zh = "能源"', 'zh = "能源"\ncolour = 1', "colour: unknown key"),
        ('version = "1"', "version = ", "not valid TOML"),
    ],
)
def test_a_broken_codebook_names_the_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(CodebookError, match=message):
        load_codebook(write(tmp_path, GOOD.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"核能"]', '"核能", "電網咖啡"]', "both a term and excluded"),
        ('"核能"]', '"ＡＩ電力"]', "no text can match 'ＡＩ電力'"),
        ('"核能"]', '"电网"]', "write '電網'"),
        ('"核能"]', '"核能。"]', "sentence end"),
        ('"核能"]', '" "]', "empty"),
        ('excluded = ["電網咖啡"]', 'excluded = ["網路咖啡"]', "excludes nothing"),
    ],
)
def test_contradicting_terms_are_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert any(message in p for p in problems(write(tmp_path, GOOD.replace(old, new))))


def test_a_term_claimed_by_two_labels_of_an_axis_is_found(tmp_path: Path) -> None:
    more = '\n[[axes.labels]]\nid = "water"\nparent = "energy"\nzh = "水"\nen = "W"\nterms = ["核電廠"]\n'
    assert problems(write(tmp_path, GOOD + more)) == [
        "axis details, label water: '核電廠' is already a term of nuclear"
    ]


def test_a_missing_codebook_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="cannot be read"):
        load_codebook(tmp_path / "none.toml")
