"""`textpipe codebook check` and `textpipe lexicon check`."""

from pathlib import Path

import click

from textpipe.cli.root import FILE, cli
from textpipe.errors import TextpipeError


@cli.group()
def codebook() -> None:
    """Work with codebook files."""


@codebook.command("check")
@click.argument("file", type=FILE, required=False)
def check_codebook(file: Path | None) -> None:
    """Check a codebook FILE (default: the shipped one): parents, ids, contradicting terms."""
    from textpipe import normalize as normalize_text
    from textpipe.codebook import load_codebook, term_problems

    loaded = load_codebook(file)
    problems = term_problems(loaded, lambda term: normalize_text(term).text)
    _print_problems(str(file or "codebook.toml"), problems)
    labels = sum(1 for _ in loaded.pairs())
    terms = sum(len(label.terms) for _, label in loaded.pairs())
    click.echo(
        f"{loaded.id} {loaded.version}: {len(loaded.axes)} axes, {labels} labels, {terms} terms: ok"
    )


@cli.group()
def lexicon() -> None:
    """Work with lexicon files."""


@lexicon.command("check")
@click.argument("file", type=FILE, required=False)
def check_lexicon_file(file: Path | None) -> None:
    """Check a lexicon FILE (default: the shipped one): columns, tags, forms claimed twice."""
    from textpipe import normalize as normalize_text
    from textpipe.lexicon import check_lexicon, load_lexicon

    loaded = load_lexicon((file,) if file else (), with_default=file is None)
    _print_problems(
        str(file or "lexicon.csv"),
        check_lexicon(loaded.entries, lambda form: normalize_text(form).text),
    )
    forms = sum(len(entry.forms) for entry in loaded.entries)
    click.echo(f"{len(loaded.entries)} entries, {forms} forms: ok")


def _print_problems(name: str, problems: list[str]) -> None:
    if problems:
        raise TextpipeError(f"{name}: {len(problems)} problems:\n  " + "\n  ".join(problems))
