"""Settings from defaults, a file and options."""

from pathlib import Path

import pytest

from textpipe.engine import Engines
from textpipe.errors import SettingsError
from textpipe.places import place
from textpipe.segmentation import Segment
from textpipe.settings import Report, Settings, from_json, load_settings, stages_as_json


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "textpipe.toml"
    path.write_text(text, "utf-8")
    return path


def test_defaults_need_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings() == Settings()


def test_the_file_in_the_working_folder_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, '[segment]\nengine = "jieba"\n')
    assert load_settings().segment.engine == "jieba"


def test_options_win_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, '[report]\nlanguage = "en"\nout = "results"\n')
    assert load_settings(path).report.language == "en"
    assert load_settings(path).report.out == tmp_path / "results"
    assert load_settings(path, {"report": {"language": "zh"}}).report.language == "zh"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[segmnet]\n", r"unknown section \[segmnet\]. Known: attribute, classify, engine, ingest"),
        (
            "[segment]\nengin = 1\n",
            r"\[segment\]: unknown key 'engin'. Known: default_lexicon, engine",
        ),
        ('[segment]\nengine = "ckip"\n', "engine = 'ckip'"),
        ("[classify]\ncost_wrong = 'much'\n", "cost_wrong = 'much'"),
        ("[segment\n", "not valid TOML.*line 1"),
        ("segment = 1\n", "must be a section"),
    ],
)
def test_a_wrong_setting_names_place_and_known_keys(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        load_settings(write(tmp_path, text))


def test_a_missing_settings_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / "none.toml")


def test_the_stages_come_back_from_json_whatever_the_output_is(tmp_path: Path) -> None:
    mine = Settings(
        segment=Segment(lexicons=(tmp_path / "我的.csv",), default_lexicon=False),
        report=Report(out=place("s3://bucket/out")),
        engine=Engines(jobs=2),
    )
    again = from_json(stages_as_json(mine))
    assert again.stages == mine.stages and again.report == Report() and again.engine == Engines()
