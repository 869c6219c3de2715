"""`textpipe explain` and `textpipe normalize`: one article read closely."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from textpipe.cli.root import FILE, cli, config_option, load, settings_options
from textpipe.errors import TextpipeError, UsageError

if TYPE_CHECKING:
    from textpipe.classify.examples import Example, Pair
    from textpipe.records import Document, Sentence


@cli.command()
@click.argument("file", type=FILE)
@settings_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object a sentence.")
@click.option("--no-examples", is_flag=True, help="Leave out the most similar labelled sentences.")
def explain(
    file: Path, config: Path | None, codebook: Path | None, as_json: bool, no_examples: bool
) -> None:
    """Print one article's sentences with labels, probabilities, evidence and, for each label, the
    most similar sentence of the labelled data that holds it."""
    from textpipe.processing import process
    from textpipe.trainer import nearest_examples

    settings = load(config, codebook)
    documents, failures = process([_article(file, settings)], settings.stages)
    if failures:
        raise TextpipeError(f"{failures[0].source}: {failures[0].reason}")
    examples = {} if no_examples else nearest_examples(documents[0], settings)
    for number, sentence in enumerate(documents[0].sentences):
        show = _sentence_as_json if as_json else _sentence_as_text
        click.echo(show(documents[0], number, sentence, examples.get(number, {})))


def _article(file: Path, settings: Any) -> "Document":
    """The first article of a file. Raises UsageError where there is none."""
    from textpipe.findings import Failure
    from textpipe.ingest import read_source
    from textpipe.records import Source

    found = next(iter(read_source(Source(file, file.name), settings.ingest)), None)
    if found is None or isinstance(found, Failure):
        raise UsageError(f"{file.name}: {found.reason if found else 'no article'}")
    return found


def _sentence_as_json(
    document: "Document", number: int, sentence: "Sentence", examples: "dict[Pair, Example]"
) -> str:
    start, end = document.raw_span(sentence)
    record = sentence._asdict() | {"number": number, "raw_start": start, "raw_end": end}
    del record["tokens"]
    record["speaker"] = sentence.speaker._asdict() if sentence.speaker else None
    record["modality"] = [cue._asdict() for cue in sentence.modality]
    record["labels"] = []
    for label in sentence.labels:
        example = examples.get((label.axis, label.id))
        record["labels"].append(
            label._asdict()
            | {
                "evidence": [e._asdict() for e in label.evidence],
                "example": asdict(example) if example else None,
            }
        )
    return json.dumps(record, ensure_ascii=False)


def _sentence_as_text(
    document: "Document", number: int, sentence: "Sentence", examples: "dict[Pair, Example]"
) -> str:
    start, end = document.raw_span(sentence)
    note = "" if sentence.duplicate_of is None else f"  = {sentence.duplicate_of}"
    lines = [
        click.style(f"[{number}] {sentence.kind} {start}:{end}{note}", fg="cyan"),
        f"    {document.raw[start:end]}",
    ]
    if sentence.speaker:
        lines.append(f"      speaker: {sentence.speaker.name} ({sentence.speaker.role})")
    if sentence.modality:
        cues = ", ".join(f"{c.id}「{document.text[c.start : c.end]}」" for c in sentence.modality)
        lines.append(f"      modality: {cues}")
    for label in sentence.labels:
        whom = f" for {label.party}" if label.party else ""
        head = f"{label.axis}:{label.id}{whom}  {label.probability:.2f}  {label.decision}"
        lines.append(f"      {click.style(head, bold=label.decision == 'yes')}  ({label.origin})")
        lines += [f"        {e.start}:{e.end}「{e.text}」 {e.why}" for e in label.evidence]
        example = examples.get((label.axis, label.id))
        if example:
            like = f"{example.similarity:.2f} 「{example.text}」 {example.document}"
            lines.append(click.style(f"        like: {like}", dim=True))
    return "\n".join(lines)


@cli.command()
@click.argument("file", type=FILE)
@click.option("--diff", is_flag=True, help="Print the changes only, each in its line, in colour.")
@config_option
def normalize(file: Path, diff: bool, config: Path | None) -> None:
    """Print one file as the analysis reads it, then its script and every change with its reason."""
    from textpipe import normalize as normalize_text

    settings = load(config, None)
    raw = _article(file, settings).raw
    result = normalize_text(raw, settings)
    if not diff:
        click.echo(result.text)
    for c in result.changes:
        old = click.style(repr(raw[c.start : c.end])[1:-1], fg="red", strikethrough=True)
        new = click.style(c.text, fg="green", bold=True)
        before, after = raw[max(0, c.start - 8) : c.start], raw[c.end : c.end + 8]
        context = f"{_one_line(before)}[{old}→{new}]{_one_line(after)}"
        click.echo(f"{c.start}:{c.end}  {context}  {c.reason}", err=not diff)
    click.echo(f"script: {result.script}; changes: {len(result.changes)}", err=True)


def _one_line(text: str) -> str:
    return " ".join(text.split())
