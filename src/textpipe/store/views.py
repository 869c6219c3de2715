"""The live articles of a store for SQL: DuckDB views over the Parquet files that the ledger names."""

from pathlib import Path
from typing import TYPE_CHECKING

from textpipe.errors import UsageError
from textpipe.store.status import open_ledger
from textpipe.store.store import LIVE

if TYPE_CHECKING:
    import duckdb

VIEWS = {
    "documents": """SELECT id AS document, source, coalesce(title, '') AS title, published, outlet,
      author, url, encoding, script, coalesce(text, raw) AS text, sha256 FROM stored""",
    "sentences": """SELECT document, sentence, s.kind AS kind, s.paragraph AS paragraph,
      substr(text, s.start + 1, s.length) AS text, s.duplicate_of AS duplicate_of, s.speaker AS speaker,
      s.role AS role FROM (SELECT id AS document, coalesce(text, raw) AS text,
      unnest(sentences) AS s, generate_subscripts(sentences, 1) - 1 AS sentence FROM stored)""",
    "labels": """SELECT document, x.sentence AS sentence, label, x.axis AS axis, x.id AS id,
      x.party AS party, x.probability AS probability, x.decision AS decision, x.origin AS origin
      FROM (SELECT id AS document, unnest(labels) AS x,
      generate_subscripts(labels, 1) - 1 AS label FROM stored)""",
    "evidence": """SELECT document, e.label AS label, e.start AS start, e."end" AS "end",
      substr(raw, e.start + 1, e."end" - e.start) AS text, e.why AS why
      FROM (SELECT id AS document, raw, unnest(evidence) AS e FROM stored)""",
}
"""Name and query. `label` counts a document's labels from 0, `sentence` its sentences; `start` and `end`
count characters of the source."""
_STORED = """CREATE VIEW stored AS SELECT f.* EXCLUDE (filename, file_row_number, digest), f.digest AS sha256
  FROM read_parquet({files}, filename = true, file_row_number = true) f
  JOIN live l ON l.file = f.filename AND l.place = f.file_row_number"""


def views(folder: Path) -> "duckdb.DuckDBPyConnection":
    """A DuckDB connection in memory with the views `documents`, `sentences`, `labels` and `evidence` of
    the articles that are live now. Raises UsageError where there is no store or no DuckDB."""
    try:
        import duckdb
    except ImportError as error:
        raise UsageError(
            "views need DuckDB. Run: python -m pip install 'textpipe[duckdb]'"
        ) from error
    import pyarrow as pa

    ledger = open_ledger(folder)
    try:
        rows = ledger.rows(
            f"SELECT s.file, d.place FROM ({LIVE}) d JOIN shards s ON s.id = d.shard"
        )
    finally:
        ledger.close()
    if not rows:
        raise UsageError(f"{folder}: the store holds no article. Run: python -m textpipe run")
    paths = [str(folder.resolve() / row["file"]) for row in rows]
    connection = duckdb.connect()
    places = pa.array([row["place"] for row in rows], pa.int64())
    connection.register("_live", pa.table({"file": paths, "place": places}))
    connection.execute("CREATE TABLE live AS SELECT * FROM _live")
    connection.unregister("_live")
    files = ", ".join("'" + path.replace("'", "''") + "'" for path in sorted(set(paths)))
    connection.execute(_STORED.format(files=f"[{files}]"))
    for name, query in VIEWS.items():
        connection.execute(f"CREATE VIEW {name} AS {query}")
    return connection
