"""The report as Markdown, for reading in an editor and for comparing two runs.

Text from outside is escaped: it can neither open HTML nor start a heading, a list or a table.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from textpipe.codebook import Axis
from textpipe.records import Document, Label, Sentence
from textpipe.report.articles import listed
from textpipe.report.results import Results
from textpipe.report.words import (
    Words,
    all_months,
    amount,
    axis_names,
    closest,
    date,
    findings,
    name,
    share,
    thresholds,
    wording,
)

MOST_KEYWORDS = 20

_SPECIAL = re.compile(r"[\\`*_\[\]|~$#]")
_BLOCK = re.compile(r"^(?:[+=-]|\d+(?=[.)]))")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def render_markdown(results: Results) -> str:
    """The whole report, ending in one newline. The same results give the same characters."""
    blocks = [
        *_head(results),
        *_matrix(results),
        *_by_split(results),
        *_axes(results),
        *_timeline(results),
        *_keywords(results),
        *_articles(results),
        *_failures(results),
        *_methods(results),
    ]
    return "\n\n".join(blocks).encode("utf-8", "replace").decode() + "\n"


def escaped(text: str) -> str:
    """Foreign text as one line of Markdown that shows exactly its characters."""
    return _BLOCK.sub(lambda found: _held(found[0]), _inline(text))


def _inline(text: str) -> str:
    """The same within a line, where no list can begin."""
    line = re.sub("[&<>]", lambda found: _HTML[found[0]], " ".join(text.split()))
    return _SPECIAL.sub(r"\\\g<0>", line)


def _held(opening: str) -> str:
    """A number takes the backslash after it (`1\\.`), any other sign before it."""
    return f"{opening}\\" if opening.isdigit() else f"\\{opening}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str | int]], *, texts: int = 1) -> str:
    """A table; columns after the first `texts` are numbers and stand to the right."""
    marks = [" --- " if i < texts else " ---: " for i in range(len(head))]
    lines = ["|" + "|".join(f" {cell} " for cell in head) + "|", "|" + "|".join(marks) + "|"]
    for row in rows:
        cells = [f"{cell:,}" if isinstance(cell, int) else cell for cell in row]
        lines.append("|" + "|".join(f" {cell} " for cell in cells) + "|")
    return "\n".join(lines)


def _names(results: Results, axis: Axis) -> dict[str, str]:
    return {label.id: escaped(name(label, results.language)) for label in axis.labels}


def _head(results: Results) -> Iterator[str]:
    o, words, book = results.overview, wording(results.language), results.codebook
    policy = book.policy_zh if results.language == "zh" else book.policy_en
    yield "# " + escaped(words["title"].format(policy=policy))
    yield "## " + words["findings"]
    yield "\n".join("- " + escaped(finding) for finding in findings(results))
    labelled = words["labelled_note"].format(axes=axis_names(results, "or"))
    unsure = words["unsure_note"].format(share=share(o.unsure_sentences, o.sentences))
    rows: list[tuple[str, int, str]] = [
        (words["articles"], o.articles, words["articles_note"]),
        (words["sentences"], o.sentences, words["sentences_note"]),
        (words["labelled"], o.labelled, escaped(labelled)),
        (words["unsure_sentences"], o.unsure_sentences, escaped(unsure)),
        (words["duplicates"], o.duplicates, words["duplicates_note"]),
        (words["failures"], len(results.failures), ""),
    ]
    yield _table(
        [words["item"], words["note"], words["number"]], [(a, c, b) for a, b, c in rows], texts=2
    )


def _matrix(results: Results) -> Iterator[str]:
    o, words = results.overview, wording(results.language)
    if o.columns is None:
        return
    rows, columns = results.codebook.axis(o.rows), results.codebook.axis(o.columns)
    down, across = _names(results, columns), _names(results, rows)
    called = {"rows": name(rows, results.language), "columns": name(columns, results.language)}
    yield "## " + escaped(words["matrix"].format(**called))
    if closest(results):
        yield escaped(closest(results))
    lines: list[tuple[str | int, ...]] = [
        (down[b], *(o.matrix[a][b] for a in across), o.counts[columns.id][b]) for b in down
    ]
    lines.append((words["total"], *(o.counts[rows.id][a] for a in across), ""))
    yield _table([escaped(called["columns"]), *across.values(), words["total"]], lines)


def _by_split(results: Results) -> Iterator[str]:
    o, words = results.overview, wording(results.language)
    if o.split is None or o.columns is None:
        return
    columns, split = results.codebook.axis(o.columns), results.codebook.axis(o.split)
    kinds = {id: called for id, called in _names(results, split).items() if id != split.empty}
    called = {"columns": name(columns, results.language), "split": name(split, results.language)}
    yield "## " + escaped(words["by_split"].format(**called))
    rows: list[tuple[str | int, ...]] = []
    for b, label in _names(results, columns).items():
        held, total = [o.by_split[b][kind] for kind in kinds], o.counts[columns.id][b]
        rows.append((label, *held, total - sum(held), total))
    head = [
        escaped(name(columns, results.language)),
        *kinds.values(),
        words["undecided"],
        words["total"],
    ]
    yield _table(head, rows)


def _axes(results: Results) -> Iterator[str]:
    """Every axis with its labels that occur, surely or perhaps."""
    o, words = results.overview, wording(results.language)
    for axis in results.codebook.axes:
        counts, unsure, called = o.counts[axis.id], o.unsure[axis.id], _names(results, axis)
        held = [id for id in called if counts[id] or unsure[id]]
        missing = [called[id] for id in called if id not in held and id != axis.empty]
        yield "## " + escaped(name(axis, results.language))
        if held:
            rows = [(called[id], counts[id], unsure[id]) for id in held]
            yield _table([words["label"], words["sentences"], words["unsure_sentences"]], rows)
        if missing:
            yield words["not_covered"].format(labels=words["list"].join(missing))


def _timeline(results: Results) -> Iterator[str]:
    o, words = results.overview, wording(results.language)
    rows = results.codebook.axis(o.rows)
    heads = [words["chart_label"].format(label=called) for called in _names(results, rows).values()]
    yield "## " + words["timeline"]
    yield _table(
        [words["month_head"], words["chart_articles"], *heads],
        [
            (escaped(date(words, month)) if month else words["undated"],
             line["articles"], *(line[label.id] for label in rows.labels))
            for month, line in all_months(results).items()
        ],
    )  # fmt: skip


def _keywords(results: Results) -> Iterator[str]:
    words, top = wording(results.language), results.keywords[:MOST_KEYWORDS]
    if not top:
        return
    yield "## " + words["keywords"]
    yield _table(
        [words["term"], words["score"], words["count"], words["in_articles"]],
        [(escaped(k.term), f"{k.score:.2f}", k.count, k.document_count) for k in top],
    )


def _articles(results: Results) -> Iterator[str]:
    words, shown = wording(results.language), listed(results)
    called = {
        (axis.id, code.id): words["after_colon"].join(
            escaped(name(thing, results.language)) for thing in (axis, code)
        )
        for axis, code in results.codebook.pairs()
    }
    yield "## " + words["browser"]
    if len(shown) < len(results.documents):
        yield escaped(words["only_most"].format(most=len(shown), all=len(results.documents)))
    for number, document in shown:
        yield from _article(results, number, document, called)


def _article(
    results: Results, number: int, document: Document, called: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    words = wording(results.language)
    yield f"### {number}\\. {escaped(document.title or words['untitled'])}"
    facts = {
        "source": document.source,
        "date": date(words, document.published) if document.published else words["undated"],
        "outlet": document.outlet or "",
        "url": document.url or "",
    }
    lines = [f"- {words[key]}{words['after_colon']}{escaped(facts[key])}" for key in facts]
    yield "\n".join(line for key, line in zip(facts, lines, strict=True) if facts[key])
    coded = [(i, s) for i, s in enumerate(document.sentences) if s.is_coded]
    lines = [_sentence(words, document, i, s, called) for i, s in coded if _shown(s)]
    if lines:
        yield "\n".join(lines)
    if len(lines) < len(coded):
        yield words["not_listed"].format(n=amount(words, "sentences", len(coded) - len(lines)))


def _shown(sentence: Sentence) -> list[Label]:
    return [label for label in sentence.labels if label.decision != "no"]


def _sentence(
    words: Words,
    document: Document,
    index: int,
    sentence: Sentence,
    called: Mapping[tuple[str, str], str],
) -> str:
    """A sentence as in the source file, its number in the tables, and a line for each label."""
    start, end = document.raw_span(sentence)
    lines = [f"- ({index}) {escaped(document.raw[start:end])}"]
    order = {pair: place for place, pair in enumerate(called)}
    known = [x for x in _shown(sentence) if (x.axis, x.id) in order]
    for label in sorted(known, key=lambda x: order[x.axis, x.id]):
        lines.append(f"  - {called[label.axis, label.id]}{_reasons(words, label)}")
    return "\n".join(lines)


def _reasons(words: Words, label: Label) -> str:
    facts = [f"{label.probability:.2f}", words[f"origin_{label.origin}"]]
    facts += [f"**{words['unsure']}**"] if label.decision == "unsure" else []
    quotes = dict.fromkeys(words["quote"].format(text=_inline(e.text)) for e in label.evidence)
    facts += ["".join(quotes)] if quotes else []
    return words["evidence"].format(label="", why=words["comma"].join(facts))


def _failures(results: Results) -> Iterator[str]:
    words = wording(results.language)
    if results.failures:
        yield "## " + words["failures_head"]
        rows = [
            (_inline(f.source), words.get(f"stage_{f.stage}", _inline(f.stage)), _inline(f.reason))
            for f in results.failures
        ]
        yield _table([words["source"], words["stage"], words["reason"]], rows, texts=3)


def _methods(results: Results) -> Iterator[str]:
    words, book = wording(results.language), results.codebook
    keys = ("machine", "unit", "decision", "duplicates", "counts", "evidence")
    lines = [words[f"method_{key}"] for key in keys]
    lines += [thresholds(results)] if thresholds(results) else []
    lines += [f"{words['digest']}{words['after_colon']}{book.digest}"] if book.digest else []
    yield "## " + words["methods"]
    yield "\n".join("- " + escaped(line) for line in lines)
    if results.versions:
        rows = [
            (words.get(f"version_{key}", _inline(key)), _inline(value))
            for key, value in results.versions.items()
        ]
        yield _table([words["versions"], ""], rows, texts=2)
