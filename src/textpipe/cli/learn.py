"""`textpipe train` and `textpipe evaluate`."""

from pathlib import Path

import click

from textpipe.cli.root import FILE, cli, load, settings_options
from textpipe.errors import UsageError


@cli.command()
@click.option(
    "--labelled", type=FILE, multiple=True, help="Labelled articles (JSON Lines); repeatable."
)
@click.option("--model", type=FILE, required=True, help="Where to write the model (.npz).")
@settings_options
def train(
    labelled: tuple[Path, ...], model: Path, config: Path | None, codebook: Path | None
) -> None:
    """Train a classifier on labelled articles (default: those that ship with textpipe)."""
    from textpipe.classify.model import save_model
    from textpipe.trainer import train as train_model

    click.echo(
        "reading the labelled articles and training (about 20 s for 5,000 sentences) …", err=True
    )
    trained = train_model(load(config, codebook), labelled)
    save_model(trained, model)
    few = [f"{name} ({n})" for name, n in trained.about["positives"].items() if n < 30]
    click.echo(
        f"{trained.about['sentences']} sentences of {trained.about['articles']} articles: {model}"
    )
    if few:
        click.echo(f"fewer than 30 examples: {', '.join(few)}", err=True)


@cli.command()
@click.argument("gold", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Also write evaluation.json, .md and .svg to this folder.",
)  # fmt: skip
@click.option("--labelled", type=FILE, multiple=True, help="What baselines learn from; repeatable.")
@click.option("--no-baselines", is_flag=True, help="The pipeline's own figures only.")
@settings_options
def evaluate(
    gold: Path,
    out: Path | None,
    labelled: tuple[Path, ...],
    no_baselines: bool,
    config: Path | None,
    codebook: Path | None,
) -> None:
    """Measure the coding against GOLD: a JSON Lines file of sentences or articles that others coded, or
    a folder with gold.jsonl and documents/NAME.txt. Baselines are trained in the same run."""
    from textpipe.evaluation import SHOWN, table
    from textpipe.evaluator import evaluate as measure
    from textpipe.report import check_writable, write_files

    settings = load(config, codebook)
    if out:
        check_writable(out)
    found = measure(
        gold,
        settings,
        labelled=labelled,
        baselines=not no_baselines,
        progress=lambda name: click.echo(f"baseline: {name} …", err=True),
    )
    click.echo(table(found))
    if out:
        files: dict[str, bytes] = {}
        for name, show in SHOWN.items():
            try:
                files[name] = show(found)
            except UsageError as error:
                click.echo(f"{name} is left out: {error}", err=True)
        write_files(out, files.items())
        click.echo(f"written: {', '.join(str(out / name) for name in files)}")
