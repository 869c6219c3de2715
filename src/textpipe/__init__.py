"""textpipe reads Traditional Chinese policy news and codes every sentence with its evidence.

The public names, for notebooks and scripts; the command line is `python -m textpipe`.
"""

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from textpipe.errors import (
    CodebookError,
    DocumentError,
    LexiconError,
    SettingsError,
    StoreBusyError,
    StoreError,
    TextpipeError,
    UsageError,
)
from textpipe.findings import Failure, Keyword, RunSummary
from textpipe.places import is_remote, place
from textpipe.records import Alignment, Change, Document, Evidence, Label, Sentence, Token

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from textpipe.analysis import Line, Sort
    from textpipe.normalization import Normalized
    from textpipe.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "Alignment",
    "Change",
    "CodebookError",
    "Document",
    "DocumentError",
    "Evidence",
    "Failure",
    "Keyword",
    "Label",
    "LexiconError",
    "RunSummary",
    "Sentence",
    "SettingsError",
    "StoreBusyError",
    "StoreError",
    "TextpipeError",
    "Token",
    "UsageError",
    "__version__",
    "analyze",
    "keyness",
    "kwic",
    "load_settings",
    "normalize",
    "read_tables",
    "review_table",
    "run",
    "save_corrections",
    "segment",
    "views",
]


def analyze(text: str, settings: "Settings | None" = None, *, name: str = "text") -> Document:
    """Read one article: normalized, split, segmented and coded, with evidence.

    `text` is the article as a string; evidence offsets count its characters. Raises
    DocumentError where a stage cannot process it.
    """
    from textpipe.ingest.reader import document_of
    from textpipe.processing import process
    from textpipe.settings import Settings

    documents, failures = process([document_of(text, name)], (settings or Settings()).stages)
    if failures:
        raise DocumentError(failures[0].reason)
    return documents[0]


def segment(text: str, settings: "Settings | None" = None) -> list[str]:
    """The words of a text; they join back to the text exactly as given."""
    from textpipe.settings import Settings

    settings = settings or Settings()
    normalized = normalize(text, settings)
    cuts = settings.segment.segmenter().cuts(normalized.text).tolist()
    raw = normalized.alignment.cuts(cuts) if normalized.text else [0]
    raw[-1] = len(text)
    pieces = (text[a:b] for a, b in itertools.pairwise(raw))
    words = [piece for piece in pieces if piece]
    return words or ([text] if text else [])


def normalize(text: str, settings: "Settings | None" = None) -> "Normalized":
    """A text made ready for analysis: `text, alignment, changes = normalize(raw)`, and `.script`."""
    from textpipe.normalization import normalize as normalize_text

    return normalize_text(text, settings.normalize if settings else None)


def load_settings(path: str | Path | None = None) -> "Settings":
    """The settings of a TOML file, or of `textpipe.toml` in the working folder, or the defaults."""
    from textpipe.settings import load_settings as load

    return load(Path(path) if path is not None else None)


def run(
    *paths: str | Path, out: str | Path | None = None, settings: "Settings | None" = None
) -> RunSummary:
    """Code the articles at the paths and write the reports, as `python -m textpipe run` does.

    `out` is the folder for the results, instead of the one in the settings.
    """
    from dataclasses import replace

    from textpipe.runner import run as run_paths
    from textpipe.settings import Settings

    chosen = settings or Settings()
    if out is not None:
        chosen = replace(chosen, report=replace(chosen.report, out=place(out)))
    return run_paths([place(path) for path in paths], chosen)


def kwic(
    term: str, out: str | Path = "outputs", *, sort: "Sort" = "place", aliases: bool = True
) -> "list[Line]":
    """Every place of a term in the stored results of a run, with the text around it.

    `sort`: "place", "left" or "right"; `aliases`: also the term's other names in the shipped lexicon.
    Raises UsageError where the folder holds no finished run.
    """
    from textpipe.analysis import concordance
    from textpipe.lexicon import load_lexicon

    sentences = read_tables(out)["sentences"]
    own = sentences[sentences["duplicate_of"].isna()]
    rows = zip(own["document"], own["sentence"], own["text"], strict=True)
    entry = load_lexicon().entry(term) if aliases else None
    return concordance(rows, (term, *entry.forms) if entry else (term,), sort=sort)


def review_table(out: str | Path = "outputs", *, most: int = 200) -> "pd.DataFrame":
    """The sentences of a run that a person should read, the most doubtful first: text, a column of ids
    for each axis, and why. Change the ids in a copy and give both to `save_corrections`."""
    from textpipe.review import review_table as doubtful

    return doubtful(read_tables(out), most=most)


def save_corrections(
    before: "pd.DataFrame", after: "pd.DataFrame", path: str | Path = "corrections.csv"
) -> int:
    """Add what a person changed in a review table to a CSV file; returns how many labels changed.

    `[classify] corrections = "corrections.csv"` makes later runs show a person's labels instead.
    """
    from textpipe.review import save_corrections as save

    return save(before, after, Path(path))


def keyness(sentences: "pd.DataFrame", others: "pd.DataFrame") -> "pd.DataFrame":
    """The terms that some sentences use more, or less, than others, beyond chance.

    Both are rows of the sentences table of a run (`document` and `tokens` are read). Columns as in
    `tables/keyness.csv`: log-likelihood G², log ratio, p, and q corrected for the terms tested.
    """
    from dataclasses import asdict

    import pandas as pd

    from textpipe.analysis import compare
    from textpipe.lexicon import load_lexicon

    texts = [
        (document, is_own, [word.replace("\u00a0", " ") for word in tokens.split(" ")])
        for frame, is_own in ((sentences, True), (others, False))
        for document, tokens in zip(frame["document"], frame["tokens"], strict=True)
    ]
    rows = [asdict(found) for found in compare(texts, load_lexicon())]
    return pd.DataFrame(rows).drop(columns=["kind", "slice"], errors="ignore")


def read_tables(out: str | Path = "outputs") -> "dict[str, pd.DataFrame]":
    """The tables of a finished run as pandas frames, by name.

    Raises UsageError where the folder holds no finished run.
    """
    import io

    import pandas as pd

    folder = place(out) / "tables"
    found = sorted(folder.glob("*.parquet"))
    if not found:
        raise UsageError(f"{folder}: no tables there. Run: python -m textpipe run --out {out}")
    return {path.stem: pd.read_parquet(io.BytesIO(path.read_bytes())) for path in found}


def views(
    out: str | Path = "outputs", store: str | Path | None = None
) -> "duckdb.DuckDBPyConnection":
    """SQL on the coded articles: a DuckDB connection with the views `documents`, `sentences`, `labels` and
    `evidence` of what the corpus holds now.

    `out` is the output folder of the runs, `store` the folder of the store where it is another one.
    Raises UsageError where there is no store, or where DuckDB is not installed.
    """
    from textpipe.store import views as of_store

    folder = place(store) if store is not None else place(out) / "store"
    if is_remote(folder):
        raise UsageError(f"{folder}: a store is on a disk. Give its folder: views(store=...)")
    return of_store(folder)
