"""The command line, as a user meets it."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import ROOT
from test_codebook import GOOD, write
from textpipe.cli import cli


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_run_prints_one_summary_and_exits_0(corpus: Path, tmp_path: Path) -> None:
    result = call("run", corpus, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "文章 3 篇" in result.stdout and "report.html" in result.stdout


def test_run_as_json_and_in_english(corpus: Path, tmp_path: Path) -> None:
    result = call("run", corpus, "--out", tmp_path / "out", "--json", "--lang", "en")
    assert json.loads(result.stdout)["read"] == 3
    assert 'lang="en"' in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_run_exits_1_where_a_document_failed(corpus: Path, tmp_path: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    result = call("run", corpus, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "失敗 1 件" in result.stdout and "the file is empty" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "{tmp}/none"), "does not exist"),
        (("run", "{tmp}"), "no article found"),
        (("run", "{tmp}", "--config", "{tmp}/none.toml"), "cannot be read"),
        (("run", "{tmp}", "--lang", "fr"), "Invalid value"),
        (("explain", "{tmp}/none.txt"), "cannot be read"),
        (("codebook", "check", "{tmp}/none.toml"), "cannot be read"),
    ],
)
def test_wrong_usage_exits_2_with_one_message(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = call(*(a.format(tmp=tmp_path) for a in arguments))
    assert result.exit_code == 2
    assert message in result.stderr and "Traceback" not in result.stderr


def test_a_broken_settings_file_exits_2(corpus: Path, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[segment\n")
    result = call("run", corpus, "--config", config, "--out", tmp_path / "out")
    assert result.exit_code == 2 and "not valid TOML" in result.stderr
    assert not (tmp_path / "out").exists()


def test_explain_prints_labels_with_probability_and_evidence(corpus: Path) -> None:
    result = call("explain", corpus / "a.txt")
    assert result.exit_code == 0
    assert re.search(r"pillars:innovation  \d\.\d\d  yes", result.stdout)
    assert re.search(r"\d+:\d+「.+」 codebook term", result.stdout)
    rows = [
        json.loads(row) for row in call("explain", corpus / "a.txt", "--json").stdout.splitlines()
    ]
    assert {"text", "labels", "raw_start"} <= set(rows[0])


def test_checks_report_problems_with_exit_1(tmp_path: Path) -> None:
    assert call("codebook", "check").exit_code == 0
    assert call("lexicon", "check").exit_code == 0
    bad = write(tmp_path, GOOD.replace('"核能"]', '"电网"]'))
    result = call("codebook", "check", bad)
    assert result.exit_code == 1 and "no text can match" in result.stderr


def test_normalize_prints_text_and_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("ＡＩ内存。", "utf-8")
    result = call("normalize", path)
    assert result.stdout == "AI記憶體。\n"
    assert "2:4  ＡＩ[内存→記憶體]。  simplified" in result.stderr
    diff = call("normalize", path, "--diff")
    assert "[Ａ→A]" in diff.stdout and "AI記憶體。" not in diff.stdout


def test_every_command_has_help_and_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name, command in cli.commands.items():
        assert command.help and f"textpipe {name}" in readme, name
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    assert option in readme, f"{name} {option}"


def test_kwic_aligns_chinese_and_counts_places(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert call("run", str(corpus), "--out", str(out), "-q").exit_code == 0
    result = call("kwic", "晶片", "--out", str(out), "--sort", "right")
    assert result.exit_code == 0, result.output
    from rich.cells import cell_len

    lines = [line for line in result.stdout.splitlines() if line]
    assert lines
    assert len({cell_len(line[: line.index("晶片  ")]) for line in lines}) == 1
    assert f"{len(lines)} places" in result.stderr
    table = call("kwic", "晶片", "--out", str(out), "--csv", "--limit", "1").stdout
    assert table.startswith("document,sentence,left,term,right\n") and table.count("\n") == 2


def test_kwic_without_results_says_what_to_run(tmp_path: Path) -> None:
    result = call("kwic", "晶片", "--out", str(tmp_path / "none"))
    assert result.exit_code == 2 and "python -m textpipe run" in result.output


def test_an_article_can_be_piped_in(tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["run", "-", "--out", str(out), "-q"]
    article = "標題：甲\n日期：2025-08-01\n\n台積電擬擴大在美投資。".encode("big5hkscs")
    assert CliRunner().invoke(cli, arguments, input=article).exit_code == 0
    import textpipe

    articles = textpipe.read_tables(out)["articles"]
    assert articles.title[0] == "甲" and articles.encoding[0] == "big5hkscs"
    nothing = CliRunner().invoke(cli, arguments, input=b"")
    assert nothing.exit_code == 2 and "nothing was piped in" in nothing.output
