"""The coding does not get worse unnoticed (`quality_floor.py`)."""

import json

import pytest

import quality_floor
from textpipe.settings import Settings


@pytest.fixture(scope="module")
def floor() -> dict[str, object]:
    return json.loads(quality_floor.FLOOR.read_text("utf-8"))


def test_the_floor_was_measured_with_what_is_here(floor: dict[str, object]) -> None:
    assert floor["measured_with"] == quality_floor.measured_with(Settings()), (
        "data, codebook, lexicon or settings changed: run python tests/quality_floor.py --update"
    )


def test_the_coding_is_no_worse_than_its_floor(floor: dict[str, object]) -> None:
    found = quality_floor.measure(set(floor["articles"]))  # type: ignore[call-overload]
    for axis, value in floor["figures"].items():  # type: ignore[attr-defined]
        assert found[axis] >= value - quality_floor.TOLERANCE, axis


def test_lowering_the_floor_needs_the_flag(
    monkeypatch: pytest.MonkeyPatch, floor: dict[str, object], tmp_path: object
) -> None:
    path = tmp_path / "floor.json"  # type: ignore[operator]
    path.write_text(json.dumps(floor), "utf-8")
    monkeypatch.setattr(quality_floor, "FLOOR", path)
    monkeypatch.setattr(quality_floor, "measure", lambda frozen: {"pillars": 0.1})
    for flags, code in ((["--update"], 1), (["--update", "--lower"], 0)):
        monkeypatch.setattr("sys.argv", ["quality_floor.py", *flags])
        before = path.read_text("utf-8")
        assert quality_floor.main() == code
        assert (path.read_text("utf-8") == before) == (code == 1)
