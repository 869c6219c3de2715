"""What holds for every stage."""

import pickle
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import pytest

from conftest import ARTICLE
from textpipe.ingest.reader import document_of
from textpipe.records import Document
from textpipe.settings import Settings
from textpipe.stage import Stage, check_order, fingerprint

STAGES = Settings().stages
NAMES = [type(stage).__name__ for stage in STAGES]


def _before(stage: Stage) -> Document:
    documents = [document_of(ARTICLE, "a.txt")]
    for earlier in STAGES[: STAGES.index(stage)]:
        documents = earlier(documents)
    return documents[0]


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_stage_returns_one_document_for_each_in_order(stage: Stage) -> None:
    first = _before(stage)
    second = first._replace(id="other")
    assert [d.id for d in stage([first, second])] == [first.id, "other"]
    assert stage([]) == []


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_stage_gives_the_same_result_twice_and_in_any_batch(stage: Stage) -> None:
    document = _before(stage)
    assert stage([document]) == stage([document])
    assert stage([document, document])[1] == stage([document])[0]


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_stage_changes_only_what_it_declares(stage: Stage) -> None:
    document = _before(stage)
    result = stage([document])[0]
    writes = set(stage.writes) | (
        {"sentences"} & {"sentences"}
        if {"tokens", "labels", "speaker"} & set(stage.writes)
        else set()
    )
    for name in Document._fields:
        if name not in writes:
            assert getattr(result, name) == getattr(document, name), name


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_stage_is_frozen_and_travels_to_a_worker(stage: Stage) -> None:
    assert pickle.loads(pickle.dumps(stage)) == stage
    for f in fields(stage):  # type: ignore[arg-type]
        with pytest.raises(FrozenInstanceError):
            setattr(stage, f.name, None)


def test_each_setting_changes_the_fingerprint(tmp_path: Path) -> None:
    settings = Settings()
    other = replace(settings.classify, cost_review=0.3)
    assert fingerprint(other) != fingerprint(settings.classify)
    file = tmp_path / "words.csv"
    file.write_text("term,tag,english,aliases\n甲乙,concept,,\n", "utf-8")
    first = fingerprint(replace(settings.segment, lexicons=(file,)))
    file.write_text("term,tag,english,aliases\n丙丁,concept,,\n", "utf-8")
    assert fingerprint(replace(settings.segment, lexicons=(file,))) != first


def test_a_wrong_order_of_stages_is_refused() -> None:
    with pytest.raises(ValueError, match="reads"):
        check_order(STAGES[::-1], given=("raw",))
