"""Reviewing labels: which sentences a person should read, and saving what the person decides.

Works on the tables of a run. What is saved is read again by `[classify] corrections`, so that the next
run shows a person's labels instead of the program's.
"""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from textpipe.classify.corrections import COLUMNS
from textpipe.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

SURE = 0.6
"""A label decided with less than this probability is worth reading."""
UNSURE, DOUBTFUL = "unsure", "doubtful"


def axes_of(tables: "dict[str, pd.DataFrame]") -> list[str]:
    """The axes of a run, in the order of the sentences table's columns."""
    columns = list(tables["sentences"].columns)
    return columns[columns.index("text") + 1 : columns.index("unsure")]


def review_table(tables: "dict[str, pd.DataFrame]", *, most: int = 200) -> "pd.DataFrame":
    """The sentences that a person should read, the most doubtful first.

    Columns: `document, sentence, text`, a column for each axis (ids joined by `;`), `unsure`, `why`
    ("unsure": the program asks; "doubtful": it decided with little probability) and `probability`,
    the one nearest to a half of those that stand.
    """
    labels = tables["labels"].drop_duplicates(["document", "sentence", "axis", "label"])
    labels = labels[labels["origin"] != "person"]
    labels = labels.assign(distance=(labels["probability"] - 0.5).abs())
    nearest = labels.sort_values(["distance", "axis", "label"], kind="stable")
    nearest = nearest.drop_duplicates(["document", "sentence"])
    wanted = ["document", "sentence", "text", *axes_of(tables), "unsure"]
    found = tables["sentences"][wanted].merge(
        nearest[["document", "sentence", "probability"]], on=["document", "sentence"]
    )
    asked = found["unsure"] != ""
    found = found.assign(why=asked.map({True: UNSURE, False: DOUBTFUL}))
    found = found[asked | (found["probability"] < SURE)]
    distance = (found["probability"] - 0.5).abs()
    order = found.assign(asked=~asked, distance=distance).sort_values(
        ["asked", "distance", "document", "sentence"], kind="stable"
    )
    return order.drop(columns=["asked", "distance"]).head(most).reset_index(drop=True)


def save_corrections(before: "pd.DataFrame", after: "pd.DataFrame", path: Path) -> int:
    """Add what differs between two review tables to a CSV file; returns how many labels do.

    An earlier correction of the same sentence and axis is replaced. Raises UsageError where the
    tables do not hold the same sentences.
    """
    keys = ["document", "sentence"]
    if not before[keys].equals(after[keys].astype(before[keys].dtypes.to_dict())):
        raise UsageError("the corrected table must hold the same sentences in the same order")
    start = list(before.columns).index("text") + 1
    axes = list(before.columns)[start : list(before.columns).index("unsure")]
    rows = {(row["document"], row["text"], row["axis"]): row for row in _saved(path)}
    changes = 0
    for old, new in zip(before.to_dict("records"), after.to_dict("records"), strict=True):
        for axis in axes:
            if str(new[axis] or "") != str(old[axis] or ""):
                row = {"document": old["document"], "sentence": str(old["sentence"]), "text": _guarded(old["text"]),
                       "axis": axis, "labels": str(new[axis] or "")}  # fmt: skip
                rows[row["document"], row["text"], axis] = row
                changes += 1
    _write(path, list(rows.values()))
    return changes


def _guarded(text: str) -> str:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _saved(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write the file whole or not at all."""
    staging = path.with_name(f".{path.name}.new")
    with staging.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            sorted(rows, key=lambda row: (row["document"], int(row["sentence"]), row["axis"]))
        )
    staging.replace(path)
