"""The house rules: imports point downwards, importing has no effects, public names are honest."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import textpipe

SOURCE = Path(textpipe.__file__).parent
LAYERS = {
    "records": 0, "findings": 0, "errors": 0, "codepoints": 0, "folding": 0, "disk": 0, "limits": 0, "places": 0, "ranges": 0, "arrow": 0, "words": 0, "packed": 0,
    "spill": 0, "forking": 0, "cluster": 1,
    "stage": 1, "sentence_tables": 1, "matching": 1, "labels": 1, "columns": 1, "codebook": 1, "lexicon": 1, "toml": 1,
    "ingest": 2, "normalization": 2, "sentences": 2, "segmentation": 2, "classify": 2,
    "attribution": 2,
    "analysis": 2, "report": 2, "evaluation": 2, "engine": 2, "store": 2, "processing": 2,
    "settings": 3, "review": 3, "work": 3,
    "coding": 4, "collector": 4, "trainer": 4,
    "reporting": 5, "evaluator": 5, "preload": 5,
    "runner": 6,
    "cli": 7, "__main__": 7,
}  # fmt: skip
FILES = sorted(SOURCE.rglob("*.py"))


def _room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textpipe."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "textpipe":
            found.update(name.name for name in node.names if name.name in LAYERS)
    return found


def test_every_module_has_a_layer() -> None:
    assert {_room(path) for path in FILES} - {"__init__"} == set(LAYERS)


@pytest.mark.parametrize("path", [p for p in FILES if _room(p) != "__init__"], ids=str)
def test_imports_point_downwards_and_never_sideways(path: Path) -> None:
    room = _room(path)
    for other in _imports(path) - {room}:
        assert (
            LAYERS[other] < LAYERS[room]
            or {room, other} == {"cli", "__main__"}
            or (LAYERS[room] < 2 and LAYERS[other] <= LAYERS[room])
        ), f"{room} imports {other}"


def test_nothing_imports_the_module_that_acts_on_import() -> None:
    assert not [path for path in FILES if "preload" in _imports(path)]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_files_stay_small_enough_to_read(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 330


def test_nothing_but_the_command_line_prints() -> None:
    for path in FILES:
        calls = [
            node.func.id
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]
        assert "print" not in calls, path


def test_public_names_are_sorted_and_importable() -> None:
    assert textpipe.__all__ == sorted(textpipe.__all__)
    assert all(hasattr(textpipe, name) for name in textpipe.__all__)


def test_import_loads_nothing_heavy() -> None:
    code = "import sys, textpipe; print(sorted({'jieba','sklearn','pandas','opencc'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_module_of_ours_unpickles() -> None:
    for path in FILES:
        assert not {"pickle", "marshal", "shelve", "joblib"} & {
            alias.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Import)
            for alias in node.names
        }, path


def test_coding_an_article_loads_neither_scikit_learn_nor_pandas() -> None:
    code = (
        "import sys, textpipe; textpipe.analyze('台灣的半導體業者憂心出口管制。');"
        "print(sorted({'sklearn', 'pandas', 'matplotlib'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
