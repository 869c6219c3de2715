"""Reviewing labels: what to read, saving corrections, and reading them again."""

from pathlib import Path

import pytest

import textpipe
from textpipe.classify import Classify
from textpipe.classify.corrections import load_corrections
from textpipe.codebook import load_codebook
from textpipe.errors import SettingsError, UsageError
from textpipe.runner import run
from textpipe.settings import Report, Settings

HEAD = "document,sentence,text,axis,labels\n"


def settings(out: Path, corrections: Path | None = None) -> Settings:
    return Settings(classify=Classify(corrections=corrections), report=Report(out=out))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review") / "out"
    run([Path(__file__).parents[1] / "corpus"], settings(folder))
    return folder


def test_what_to_read_first_is_what_the_program_asks(out: Path) -> None:
    table = textpipe.review_table(out)
    assert list(table.columns) == [
        "document", "sentence", "text", "pillars", "sections", "themes", "stance", "unsure",
        "probability", "why",
    ]  # fmt: skip
    assert (table["why"] == "unsure").sum() == (
        textpipe.read_tables(out)["sentences"].unsure != ""
    ).sum()
    assert not table.duplicated(["document", "sentence"]).any()
    asked = table[table["why"] == "unsure"]
    assert (asked["unsure"] != "").all() and asked.index.tolist() == list(range(len(asked)))
    assert len(textpipe.review_table(out, most=3)) == 3


def test_a_persons_labels_stand_in_the_next_run(out: Path, tmp_path: Path) -> None:
    before = textpipe.review_table(out)
    after = before.copy()
    after.loc[0, ["themes", "stance"]] = ["talent;tariffs_trade", "risk"]
    after.loc[1, "pillars"] = ""
    file = tmp_path / "corrections.csv"
    changed = (
        (
            before.loc[:1, ["pillars", "themes", "stance"]]
            != after.loc[:1, ["pillars", "themes", "stance"]]
        )
        .sum()
        .sum()
    )
    assert textpipe.save_corrections(before, after, file) == changed
    again = tmp_path / "again"
    run([Path(__file__).parents[1] / "corpus"], settings(again, file))
    tables = textpipe.read_tables(again)
    rows = tables["sentences"].set_index(["document", "sentence"])
    first = rows.loc[(before.document[0], before.sentence[0])]
    assert set(first.themes.split(";")) == {"talent", "tariffs_trade"} and first.stance == "risk"
    assert rows.loc[(before.document[1], before.sentence[1])].pillars == ""
    person = tables["labels"].query("origin == 'person'")
    assert set(person.label) >= {"talent", "tariffs_trade"} and (person.probability == 1).all()
    assert "人工" in (again / "report.html").read_text("utf-8")


def test_a_later_correction_replaces_an_earlier_one(out: Path, tmp_path: Path) -> None:
    before = textpipe.review_table(out)
    file = tmp_path / "corrections.csv"
    for value in ("talent", "supply_chain"):
        after = before.copy()
        after.loc[0, "themes"] = value
        textpipe.save_corrections(before, after, file)
    lines = file.read_text("utf-8-sig").splitlines()
    assert len(lines) == 2 and lines[1].endswith("themes,supply_chain")
    with pytest.raises(UsageError, match="same sentences"):
        textpipe.save_corrections(before, before.iloc[::-1].reset_index(drop=True), file)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("document,text\n", r"columns \['axis', 'labels', 'sentence'\] are missing"),
        (HEAD + "d,0,x,moods,risk\n", r"line 2: unknown axis 'moods'. Known: pillars"),
        (
            HEAD + "d,0,x,themes,talent;money\n",
            r"line 2: unknown labels \['money'\]. Known: compute",
        ),
    ],
)
def test_wrong_corrections_name_line_and_mend(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "c.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=message):
        load_corrections(file, load_codebook())
    with pytest.raises(SettingsError, match="cannot be read"):
        load_corrections(tmp_path / "none.csv", load_codebook())
