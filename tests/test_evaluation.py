"""Figures of agreement, gold standards, baselines."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from textpipe.cli import cli
from textpipe.codebook import load_codebook
from textpipe.errors import UsageError
from textpipe.evaluation import metrics, read_gold
from textpipe.evaluation.baselines import best_threshold
from textpipe.evaluator import evaluate
from textpipe.settings import Settings

GOLD = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0], [1, 1, 0]], bool)
GIVEN = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 0], [1, 1, 0]], bool)
NONE = {"pillars": [], "sections": [], "themes": [], "stance": "none"}
PERMITTING = {
    "pillars": ["infrastructure"], "sections": ["permitting"], "themes": [], "stance": "none"
}  # fmt: skip


def test_micro_figures_count_over_all_sentences_and_labels() -> None:
    assert metrics.score(GOLD, GIVEN) == pytest.approx((0.75, 0.75, 0.75))
    assert metrics.macro_f1(GOLD, GIVEN) == pytest.approx((1.0 + 2 / 3) / 2)
    assert metrics.subset_accuracy(GOLD, GIVEN) == 0.75
    assert metrics.score(GOLD, np.zeros_like(GOLD)) == (0.0, 0.0, 0.0)


def test_kappa_and_alpha_agree_with_figures_worked_out_by_hand() -> None:
    # 12 decisions: 10 agree; 4 of 12 are yes on either side
    chance = (4 / 12) ** 2 + (8 / 12) ** 2
    assert metrics.kappa(GOLD, GIVEN) == pytest.approx((10 / 12 - chance) / (1 - chance))
    expected = 2 * 8 * 16 / (24 * 23)
    assert metrics.krippendorff_alpha(GOLD, GIVEN) == pytest.approx(1 - (2 / 12) / expected)
    assert metrics.kappa(GOLD, GOLD) == metrics.krippendorff_alpha(GOLD, GOLD) == 1.0


def test_calibration_compares_probability_with_share_of_yes_bin_by_bin() -> None:
    gold = np.array([[1], [1], [0], [0]], bool)
    assert metrics.expected_calibration_error(gold, np.array([[1.0], [1.0], [0.0], [0.0]])) == 0
    assert metrics.expected_calibration_error(gold, np.full((4, 1), 0.85)) == pytest.approx(0.35)
    assert metrics.brier(gold, np.full((4, 1), 0.5)) == 0.25


def test_leaving_out_the_least_certain_sentence_drops_the_wrong_one() -> None:
    probability = np.where(GIVEN, 0.95, 0.05).astype(float)
    probability[1] = [0.05, 0.35, 0.45]
    kept = metrics.coverage_risk(GOLD, GIVEN, probability, np.array([1.0, 0.75]))
    assert kept == pytest.approx([0.75, 1.0])


def test_confusion_counts_what_was_given_instead() -> None:
    assert metrics.confusion(GOLD, GIVEN).tolist() == [[2, 0, 0], [0, 1, 1], [0, 0, 0]]


def test_intervals_resample_documents_and_hold_the_figure() -> None:
    documents = np.array([0, 0, 1, 2])
    low, high = metrics.f1_interval(GOLD, GIVEN, documents)
    assert 0 <= low <= 0.75 <= high <= 1
    assert metrics.f1_interval(GOLD, GOLD, documents)[1] == 1.0


def test_the_best_threshold_separates_what_can_be_separated() -> None:
    scores = np.where(GOLD, 0.8, 0.3)
    assert 0.3 < best_threshold(GOLD, scores) <= 0.8


def folder(tmp_path: Path) -> Path:
    text = "計畫要求為資料中心簡化環評許可。今天天氣很好。\n"
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text(text, "utf-8")
    rows = [
        {"document": "a", "start": 0, "end": 16, "kind": "body", "text": text[:16], **PERMITTING},
        {"document": "a", "start": 16, "end": 23, "kind": "body", "text": text[16:23], **NONE},
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "gold.jsonl").write_text(lines, "utf-8")
    return tmp_path


def test_the_three_forms_of_gold_give_the_same_sentences(tmp_path: Path) -> None:
    codebook = load_codebook()
    place = folder(tmp_path)
    article = tmp_path / "article.jsonl"
    rows = [json.loads(x) for x in (place / "gold.jsonl").read_text("utf-8").splitlines()]
    article.write_text(
        json.dumps({"document": "a", "title": "題", "sentences": rows}, ensure_ascii=False), "utf-8"
    )
    flat = place / "gold.jsonl"
    found = [read_gold(path, codebook)[0] for path in (place, flat, article)]
    for document in found:
        assert [s.text for s in document.sentences] == [row["text"] for row in rows]
        assert all(document.text[s.start : s.end] == s.text for s in document.sentences)
        assert document.sentences[0].codes["sections"] == {"permitting"}
        assert document.sentences[0].codes["stance"] == frozenset()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sections": ["permits"]}, "unknown permits"),
        ({"pillars": None}, "no field 'pillars'"),
        ({"end": 15}, "characters 0 to 15 are not"),
        ({"document": "b"}, r"b\.txt: cannot be read"),
        ({"document": "../a"}, "is no file name"),
    ],
)
def test_a_wrong_gold_file_names_the_place_and_the_mend(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    place = folder(tmp_path)
    lines = (place / "gold.jsonl").read_text("utf-8").splitlines()
    row = {k: v for k, v in {**json.loads(lines[0]), **change}.items() if v is not None}
    (place / "gold.jsonl").write_text("\n".join([json.dumps(row), *lines[1:]]), "utf-8")
    with pytest.raises(UsageError, match=message):
        read_gold(place, load_codebook())


def test_evaluate_finds_what_the_pipeline_coded(tmp_path: Path) -> None:
    found = evaluate(folder(tmp_path), Settings(), baselines=False)
    assert (found.documents, found.sentences, found.unmatched) == (1, 2, 0)
    sections = next(x for x in found.axes if x.axis == "sections")
    assert sections.support == 1 and sections.score.f1 == 1.0


def test_the_command_prints_a_table_and_writes_three_files(tmp_path: Path) -> None:
    place, out = folder(tmp_path), tmp_path / "out"
    result = CliRunner().invoke(cli, ["evaluate", str(place), "--no-baselines", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "2 sentences of 1 documents" in result.stdout and "pillars" in result.stdout
    assert sorted(p.name for p in out.iterdir()) == [
        "evaluation.json", "evaluation.md", "evaluation.svg"
    ]  # fmt: skip
    assert json.loads((out / "evaluation.json").read_text("utf-8"))["sentences"] == 2
    missing = CliRunner().invoke(cli, ["evaluate", str(tmp_path / "none.jsonl")])
    assert missing.exit_code == 2 and "cannot be read" in missing.stderr
