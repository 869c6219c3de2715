"""What a store holds and what its runs did, as plain records."""

from pathlib import Path
from typing import Any

from textpipe.errors import UsageError
from textpipe.store.ledger import FILE, Ledger
from textpipe.store.store import LIVE, LIVE_FAILURES

MOST_EVENTS = 50


def open_ledger(folder: Path) -> Ledger:
    """The ledger of a store that exists. Raises UsageError where there is none."""
    if not (folder / FILE).is_file():
        raise UsageError(f"{folder}: no store there. Run: python -m textpipe run")
    return Ledger(folder)


def status(folder: Path, *, runs: int = 10) -> dict[str, Any]:
    """The corpus in counts, the last runs (newest first), failures, and reports."""
    db = open_ledger(folder)
    try:
        counts = db.one(
            f"""SELECT count(*) AS articles, coalesce(sum(coded), 0) AS sentences,
                coalesce(sum(unsure), 0) AS unsure FROM ({LIVE})"""
        )
        held = db.one("SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes FROM shards")
        return {
            "store": str(folder),
            **dict(counts or {}),
            "earlier_versions": db.value("SELECT count(*) FROM documents")
            - (counts["articles"] if counts else 0),
            "removed_sources": db.value("SELECT count(*) FROM sources WHERE NOT live"),
            **dict(held or {}),
            "runs": [
                {k: row[k] for k in row.keys() if k != "recipe"}  # noqa: SIM118
                for row in db.rows("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [runs])
            ],
            "failures": [
                {"source": r["part"], "stage": r["stage"], "reason": r["reason"],
                 "traceback": str(folder / r["traceback"]) if r["traceback"] else ""}
                for r in db.rows(f"{LIVE_FAILURES} ORDER BY f.part")
            ],
            "reports": [
                {k: row[k] for k in ("folder", "finished", "documents")}
                for row in db.rows("SELECT * FROM reports ORDER BY folder")
            ],
        }  # fmt: skip
    finally:
        db.close()


def explain(folder: Path, file: str) -> list[dict[str, Any]]:
    """What happened to the sources of that name, or whose path ends so, and why. Raises UsageError where
    the store knows none."""
    db = open_ledger(folder)
    try:
        end = "/" + file.removeprefix("./").lstrip("/")
        found = db.rows(
            """SELECT * FROM sources WHERE name = :name OR substr(name, -length(:end)) = :end
                 OR substr(:end, -length('/' || name)) = '/' || name ORDER BY name""",
            {"name": file, "end": end},
        )
        if not found:
            raise UsageError(
                f"{file}: the store has never read it. See what it has: textpipe status"
            )
        return [_source(db, row) for row in found]
    finally:
        db.close()


def _source(db: Ledger, row: Any) -> dict[str, Any]:
    documents = db.rows(
        "SELECT * FROM documents WHERE source = ? AND version = ?", [row["name"], row["version"]]
    )
    events = db.rows(
        f"""SELECT r.began, r.name AS run, e.what, e.detail FROM events e JOIN runs r ON r.id = e.run
            WHERE e.source = ? ORDER BY e.rowid DESC LIMIT {MOST_EVENTS}""",
        [row["name"]],
    )
    return {
        "source": row["name"],
        "version": row["version"],
        "sha256": row["sha256"],
        "live": bool(row["live"]),
        "articles": len(documents),
        "sentences": sum(d["coded"] for d in documents),
        "unsure": sum(d["unsure"] for d in documents),
        "events": [dict(event) for event in reversed(events)],
        "failures": [
            {"source": f["part"], "stage": f["stage"], "reason": f["reason"]}
            for f in db.rows("SELECT * FROM failures WHERE source = ?", [row["name"]])
        ],
    }
