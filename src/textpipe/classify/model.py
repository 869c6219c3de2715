"""The trained classifier: one linear model a label over shared features, stored as plain arrays.

A model is two files: NAME.npz (arrays, no pickle) and NAME.json (labels, codebook, training data,
figures, and the digest of the arrays, which is checked on loading).
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textpipe.classify.context import Batch
from textpipe.classify.features import Encoder, Floats, Words
from textpipe.classify.stacking import Stack
from textpipe.errors import SettingsError
from textpipe.stage import digest

_SEPARATOR = "\x1f"


@dataclass(frozen=True, eq=False)
class Model:
    """A trained classifier.

    `labels`: (axis, id) for each column; `weights` (features x labels) and `intercepts` (labels)
    of the linear models; `slopes` and `shifts` (2 x labels) of the sigmoid calibration of either
    layer; `stack`: the second layer; `about`: the codebook, the data and the figures of the training;
    `digest`: of the file that it was read from.
    """

    codebook_id: str
    labels: tuple[tuple[str, str], ...]
    encoder: Encoder
    weights: Floats
    intercepts: Floats
    slopes: Floats
    shifts: Floats
    stack: Stack
    about: dict[str, Any]
    digest: str = ""

    @cached_property
    def columns(self) -> dict[tuple[str, str], int]:
        """The column of each label."""
        return {pair: column for column, pair in enumerate(self.labels)}

    @cached_property
    def word_values(self) -> Floats:
        """The weight of each word times its inverse document frequency (words x labels)."""
        encoder = self.encoder
        return self.weights[: len(encoder.words)] * encoder.word_idf[:, None]

    def scores(self, batch: Batch, words: Words) -> Floats:
        """The linear scores (units x labels) before calibration."""
        return self.encoder.scores(batch, words, self.weights) + self.intercepts

    def probabilities(
        self, scores: Floats, documents: NDArray[np.int64], choice_axes: Sequence[str] = ()
    ) -> Floats:
        """Calibrated probabilities (sentences x labels) of the second layer.

        `documents` numbers the article of each sentence. They sum to one on axes of one choice.
        """
        first = sigmoid(scores * self.slopes[0] + self.shifts[0])
        scaled = self.stack.scores(scores, first, documents) * self.slopes[1] + self.shifts[1]
        result: Floats = sigmoid(scaled)
        for axis in choice_axes:
            own = [c for c, (name, _) in enumerate(self.labels) if name == axis]
            if own:
                exponents = np.exp(scaled[:, own] - scaled[:, own].max(axis=1, keepdims=True))
                result[:, own] = exponents / exponents.sum(axis=1, keepdims=True)
        return result


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-x))."""
    result: Floats = (1 / (1 + np.exp(-values))).astype(np.float32)
    return result


def save_model(model: Model, path: Path) -> None:
    """Write PATH (.npz) and its .json; the same model gives the same bytes."""
    encoder = model.encoder
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        weights=model.weights.astype(np.float16),
        intercepts=model.intercepts,
        slopes=model.slopes,
        shifts=model.shifts,
        stack_own=model.stack.own,
        stack_others=model.stack.others,
        stack_intercepts=model.stack.intercepts,
        words=_packed(encoder.words),
        signals=_packed(encoder.signals),
        runs=encoder.runs,
        word_idf=encoder.word_idf,
        run_idf=encoder.run_idf,
    )
    path.write_bytes(buffer.getvalue())
    about = {
        **model.about,
        "sha256": digest(buffer.getvalue()),
        "codebook": model.codebook_id,
        "labels": [list(pair) for pair in model.labels],
    }
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def _packed(names: Sequence[str]) -> Any:
    return np.frombuffer(_SEPARATOR.join(names).encode(), dtype=np.uint8)


def _unpacked(data: Any) -> list[str]:
    return bytes(data).decode().split(_SEPARATOR) if len(data) else []


@cache
def load_model(path: Path | None = None) -> Model:
    """Read a model, or the shipped one; raises SettingsError where it is not whole."""
    folder = files("textpipe") / "resources"
    npz = path or folder / "model.npz"
    description = path.with_suffix(".json") if path else folder / "model.json"
    try:
        data, about = npz.read_bytes(), json.loads(description.read_text(encoding="utf-8"))
        labels = tuple((axis, id) for axis, id in about.pop("labels"))
        expected, codebook_id = about.pop("sha256"), about.pop("codebook")
    except (OSError, ValueError, KeyError) as error:
        raise SettingsError(
            f"{npz}: the model cannot be read ({error}). Train it again."
        ) from error
    if digest(data) != expected:
        raise SettingsError(f"{npz}: the model does not match its digest. Train it again.")
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        encoder = Encoder(
            _unpacked(arrays["words"]),
            arrays["runs"],
            _unpacked(arrays["signals"]),
            arrays["word_idf"],
            arrays["run_idf"],
        )
        weights = arrays["weights"].astype(np.float32)
        linear = (arrays["intercepts"], arrays["slopes"], arrays["shifts"])
        stack = Stack(arrays["stack_own"], arrays["stack_others"], arrays["stack_intercepts"])
    return Model(codebook_id, labels, encoder, weights, *linear, stack, about, expected)
