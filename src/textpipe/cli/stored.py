"""`textpipe status` and `textpipe prune`: what the store holds."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from textpipe.cli.root import Place, cli, config_option, load, store_option

if TYPE_CHECKING:
    from rich.table import Table

out_option = click.option(
    "--out", type=Place(), help="Output folder of the runs. Default: outputs."
)
MOST_FAILURES = 20


@cli.command()
@out_option
@store_option
@config_option
@click.option("--explain", metavar="FILE", help="Tell why a file was read and coded, and when.")
@click.option(
    "--runs",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="How many runs to show.",
)
@click.option("--failures", is_flag=True, help="List every failure.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(
    out: Path | None,
    store: Path | None,
    config: Path | None,
    explain: str | None,
    runs: int,
    failures: bool,
    as_json: bool,
) -> None:
    """Tell what the store holds: counts, the last runs, failures with the reason and the mend."""
    from textpipe.store import status as stored

    folder = load(config, None, store, out=out).store_folder
    if explain:
        found = stored.explain(folder, explain)
        click.echo(_as_json(found) if as_json else "\n\n".join(map(_explained, found)))
        return
    about = stored.status(folder, runs=runs)
    if as_json:
        click.echo(_as_json(about))
        return
    _show(about, most=len(about["failures"]) if failures else MOST_FAILURES)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _show(about: dict[str, Any], *, most: int) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"{about['store']}：文章 {about['articles']:,} 篇，{about['sentences']:,} 句，"
        f"待確認 {about['unsure']:,} 句；資料檔 {about['files']:,} 個，{about['bytes'] / 1e6:,.1f} MB",
        markup=False,
    )
    if about["earlier_versions"] or about["removed_sources"]:
        console.print(
            f"另存舊版文章 {about['earlier_versions']:,} 篇、已移除的來源 {about['removed_sources']:,} 個"
            "（textpipe prune 可清除）",
            markup=False,
        )
    for report in about["reports"]:
        console.print(
            f"報告：{report['folder']}（{_moment(report['finished'])}，{report['documents']:,} 篇）",
            markup=False,
        )
    console.print(_runs(about["runs"], with_names=console.width >= 100))
    _show_failures(console, about["failures"], most)


def _runs(runs: list[dict[str, Any]], *, with_names: bool) -> "Table":
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE, title="最近的執行", title_justify="left")
    for name in ("開始", "結果"):
        table.add_column(name, no_wrap=True)
    for name in ("來源", "讀取", "編碼", "失敗", "移除", "秒"):
        table.add_column(name, justify="right", no_wrap=True)
    if with_names:
        table.add_column("執行代號", no_wrap=True)
    for run in runs:
        counts = [f"{run[k]:,}" for k in ("given", "read", "coded", "failed", "removed")]
        seconds = "" if run["seconds"] is None else f"{run['seconds']:.1f}"
        row = [_moment(run["began"]), STATES[run["state"]], *counts, seconds, run["name"]]
        table.add_row(*row[: len(table.columns)])
    return table


STATES = {
    "running": "執行中", "done": "完成", "stopped": "依要求停止", "failed": "未完成", "killed": "中斷",
}  # fmt: skip
EVENTS = {"read": "讀取", "coded": "編碼", "removed": "已不在", "returned": "重新出現"}
REASONS = {
    "new": "新文章", "changed": "內容變更", "read again": "內容未變，重新讀取",
    "rebuild": "要求全部重做（--rebuild）",
    "normalize changed": "正規化的設定或程式變更", "sentences changed": "斷句的程式變更",
    "segment changed": "詞典或斷詞設定變更", "classify changed": "編碼簿、模型或修正檔變更",
    "attribute changed": "消息來源規則變更",
}  # fmt: skip


def _show_failures(console: Any, failures: list[dict[str, Any]], most: int) -> None:
    if not failures:
        return
    console.print(f"失敗 {len(failures):,} 件：", markup=False)
    for failure in failures[:most]:
        console.print(f"  {failure['source']}: {failure['reason']}", markup=False)
        if failure["traceback"]:
            console.print(f"    {failure['traceback']}", markup=False)
    if len(failures) > most:
        console.print(f"  … 另有 {len(failures) - most:,} 件（--failures 列出全部）", markup=False)


def _explained(source: dict[str, Any]) -> str:
    where = "" if source["live"] else "（已不在輸入中）"
    lines = [
        f"{source['source']}{where}：第 {source['version']} 版，文章 {source['articles']:,} 篇，"
        f"{source['sentences']:,} 句，待確認 {source['unsure']:,} 句"
    ]
    for event in source["events"]:
        reason = REASONS.get(event["detail"], event["detail"])
        what = EVENTS.get(event["what"], event["what"])
        lines.append(f"  {_moment(event['began'])}  {what}{'：' + reason if reason else ''}")
    lines += [f"  失敗（{f['stage']}）：{f['reason']}" for f in source["failures"]]
    return "\n".join(lines)


def _moment(time: str) -> str:
    return time[:16].replace("T", " ")


@cli.command()
@out_option
@store_option
@config_option
@click.option("--dry-run", is_flag=True, help="Tell what would go, and leave everything.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0,
    metavar="SECONDS",
    help="Wait for another run on the same store to end.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def prune(
    out: Path | None,
    store: Path | None,
    config: Path | None,
    dry_run: bool,
    wait: float,
    as_json: bool,
) -> None:
    """Clear the store of earlier versions of articles, of sources that are gone and of files that nothing
    names, and merge small files. The corpus and the reports stay as they are."""
    from dataclasses import asdict

    from textpipe.runner import prune as prune_store

    settings = load(config, None, store, out=out)
    done = prune_store(settings, dry_run=dry_run, wait=wait)
    if as_json:
        click.echo(_as_json(asdict(done)))
        return
    click.echo(
        f"{'可清除' if dry_run else '已清除'}舊版文章 {done.documents:,} 篇、已移除的來源 {done.sources:,} 個、"
        f"檔案 {done.files:,} 個（{done.bytes / 1e6:,.1f} MB）"
    )
    if done.merged:
        into = f"成 {done.into:,} 個" if done.into else ""
        click.echo(f"{'可合併' if dry_run else '已合併'}小檔案 {done.merged:,} 個{into}")
