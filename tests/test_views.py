"""SQL on the store: the views hold the live articles as the tables do, and nothing else."""

import sys
from pathlib import Path

import pytest

import textpipe
from textpipe.errors import UsageError
from textpipe.settings import Report, Settings

pytest.importorskip("duckdb")


def test_views_hold_what_the_tables_hold_of_live_articles_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "it's in", tmp_path / "it's out"
    folder.mkdir()
    # an emoji takes two code units and one character; a half-width ﾃ is changed by normalization
    (folder / "a.txt").write_text("😀美國放寬AI晶片出口管制。台積電表示樂觀。", "utf-8")
    (folder / "b.txt").write_text("内存價格上漲，ＡＩ伺服器需求強勁。", "utf-8")
    settings = Settings(report=Report(out=out, figures=False))
    textpipe.run(folder, settings=settings)
    (folder / "a.txt").write_text("😀美國收緊AI晶片出口管制，台積電恐受衝擊。", "utf-8")
    textpipe.run(folder, settings=settings)
    tables = textpipe.read_tables(out)
    with textpipe.views(out) as db:
        assert db.execute("SELECT count(*) FROM documents").fetchall() == [(2,)]
        found = db.execute("SELECT document, sentence, kind FROM sentences ORDER BY ALL").fetchall()
        own = tables["sentences"]
        rows = zip(own["document"], own["sentence"], own["kind"], strict=True)
        assert found == sorted(rows)
        joined = """SELECT document, sentence, axis, id, e.text, e.start FROM labels
                    JOIN evidence e USING (document, label) ORDER BY ALL"""
        labels = tables["labels"]
        shown = ("document", "sentence", "axis", "label", "evidence", "evidence_start")
        cited = labels[labels["evidence"].astype(bool)]
        assert db.execute(joined).fetchall() == sorted(
            zip(*(cited[c].tolist() for c in shown), strict=True)
        )
        (text,) = db.execute("SELECT text FROM sentences WHERE text LIKE '%收緊%'").fetchall()
        assert text == ("😀美國收緊AI晶片出口管制，台積電恐受衝擊。",)
    with pytest.raises(UsageError, match="no store there"):
        textpipe.views(tmp_path / "none")
    with pytest.raises(UsageError, match=r"a store is on a disk.*store="):
        textpipe.views("memory://reports/plan")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match=r"pip install 'textpipe\[duckdb\]'"):
        textpipe.views(out)
