"""The report as an executive brief of one to two pages, in Markdown.

Every sentence is made from counts by a rule, and says no more than they show; each claim has an
example sentence with its source.
"""

from collections.abc import Iterator

from textpipe.report.digest import news
from textpipe.report.examples import Example, Examples
from textpipe.report.exhibits import beyond_noise, unchanged
from textpipe.report.links import period_name
from textpipe.report.markdown import escaped, inline, table
from textpipe.report.results import Results
from textpipe.report.words import (
    Words,
    amount,
    called,
    closest,
    date,
    findings,
    name,
    policy_name,
    quality,
    share,
    thresholds,
    wording,
)

MOST_COLUMNS = 4
MOST_PARTS = 5
MOST_CHANGES = 5
MOST_ROLES = 4
MOST_TERMS = 12


def render_brief(results: Results) -> str:
    """The whole brief, ending in one newline. The same results give the same characters."""
    examples = Examples(results)
    blocks = [
        *_head(results),
        *news(results),
        *_rows(results, examples),
        *_columns(results, examples),
        *_parts(results),
        *_changes(results),
        *_voices(results, examples),
        *_terms(results),
        *_failures(results),
        *_methods(results),
    ]
    return "\n\n".join(blocks).encode("utf-8", "replace").decode() + "\n"


def _head(results: Results) -> Iterator[str]:
    words = wording(results.language)
    yield "# " + escaped(words["title"].format(policy=policy_name(results)))
    yield "## " + words["findings"]
    lines = [*findings(results), closest(results), _told(results)]
    yield "\n".join("- " + escaped(line) for line in lines if line)


def _told(results: Results) -> str:
    """How many articles tell a story that others tell too; "" where none does."""
    o, words = results.overview, wording(results.language)
    if not results.stories or o.stories == o.articles:
        return ""
    return words["brief_stories"].format(
        articles=amount(words, "articles", o.articles), stories=amount(words, "stories", o.stories)
    )


def _example(words: Words, example: Example | None) -> str:
    """An example as a quotation with its source, "" where there is none."""
    if example is None:
        return ""
    d = example.document
    facts = [d.outlet or "", d.title or d.source, date(words, d.published) if d.published else ""]
    source = words["comma"].join(inline(fact) for fact in facts if fact)
    return words["brief_example"].format(text=inline(example.text), source=source)


def _item(claim: str, example: str) -> str:
    return f"- {escaped(claim)}" + (f"  \n  {example}" if example else "")


def _spread(results: Results, axis: str, id: str) -> str:
    """In how many sentences, articles and stories a label stands."""
    o, words = results.overview, wording(results.language)
    return words["brief_spread"].format(
        n=amount(words, "sentences", o.counts[axis][id]),
        share=share(o.counts[axis][id], o.sentences),
        articles=amount(words, "articles", o.articles_with.get(axis, {}).get(id, 0)),
        stories=amount(words, "stories", o.stories_with.get(axis, {}).get(id, 0)),
    )


def _rows(results: Results, examples: Examples) -> Iterator[str]:
    o, words, language = results.overview, wording(results.language), results.language
    rows, items = results.codebook.axis(o.rows), []
    for label in rows.labels:
        if not o.counts[rows.id][label.id]:
            items.append(_item(words["brief_none"].format(label=name(label, language)), ""))
            continue
        claim = words["brief_label"].format(
            label=name(label, language), spread=_spread(results, rows.id, label.id)
        )
        if o.columns is not None:
            met = o.matrix[label.id]
            best = max(met.values())
            tops = [
                name(x, language)
                for x in results.codebook.axis(o.columns).labels
                if met[x.id] == best
            ]
            if best and len(tops) <= 2:
                claim += words["brief_with"].format(
                    labels=words["and"].join(words["quote"].format(text=t) for t in tops),
                    n=amount(words, "sentences", best),
                )
        items.append(
            _item(claim + words["stop"], _example(words, examples.of((rows.id, label.id))))
        )
    yield "## " + escaped(name(rows, language))
    yield "\n".join(items)


def _columns(results: Results, examples: Examples) -> Iterator[str]:
    """The most frequent labels of the columns, with the one-choice axis's balance and an example."""
    o, words, language = results.overview, wording(results.language), results.language
    if o.columns is None:
        return
    columns, counts = results.codebook.axis(o.columns), results.overview.counts[o.columns]
    split = results.codebook.axis(o.split) if o.split else None
    items = []
    for label in sorted(columns.labels, key=lambda x: -counts[x.id])[:MOST_COLUMNS]:
        if not counts[label.id]:
            continue
        claim = words["brief_label"].format(
            label=name(label, language), spread=_spread(results, columns.id, label.id)
        )
        wanted = [(columns.id, label.id)]
        if split is not None:
            held = [
                (o.by_split[label.id].get(x.id, 0), x) for x in split.labels if x.id != split.empty
            ]
            parts = [(n, x) for n, x in sorted(held, key=lambda pair: -pair[0]) if n]
            told = [
                words["brief_part"].format(label=name(x, language), n=amount(words, "sentences", n))
                for n, x in parts
            ]
            claim += (
                words["brief_split"].format(
                    split=name(split, language), parts=words["list"].join(told)
                )
                if told
                else ""
            )
            wanted += [(split.id, parts[0][1].id)] if parts else []
        items.append(_item(claim + words["stop"], _example(words, examples.of(*wanted))))
    yield "## " + escaped(name(columns, language))
    yield (
        "\n".join(items)
        if items
        else escaped(words["find_no_label"].format(axis=name(columns, language)))
    )


def _parts(results: Results) -> Iterator[str]:
    """The axes below the rows: which labels are spoken of most, and which never."""
    o, words, language = results.overview, wording(results.language), results.language
    for axis in results.codebook.axes:
        if axis.parent_axis is None:
            continue
        counts = o.counts[axis.id]
        held = sorted((x for x in axis.labels if counts[x.id]), key=lambda x: -counts[x.id])
        missing = [name(x, language) for x in axis.labels if not counts[x.id]]
        yield "## " + escaped(name(axis, language))
        lines = [
            words["axis_caption_short"].format(covered=len(held), total=len(axis.labels))
            + words["stop"]
        ]
        if held:
            top = [
                words["brief_part"].format(
                    label=name(x, language), n=amount(words, "sentences", counts[x.id])
                )
                for x in held[:MOST_PARTS]
            ]
            lines.append(words["brief_top"].format(labels=words["list"].join(top)))
        if missing:
            lines.append(
                words["not_covered"].format(labels=words["list"].join(missing)) + words["stop"]
            )
        yield "\n".join("- " + escaped(line) for line in lines)


def _changes(results: Results) -> Iterator[str]:
    words = wording(results.language)
    if len({t.period for t in results.trends}) < 2:
        return
    yield "## " + words["timeline"]
    changes = beyond_noise(results)[:MOST_CHANGES]
    lines = [
        words["beyond"].format(
            period=period_name(words, t.period), label=called(results, t.kind, t.id),
            share=share(t.count, t.sentences), points=abs(round(100 * (t.change or 0))),
            way=words["up" if (t.change or 0) > 0 else "down"],
        ) + words["stop"]
        for t in changes
    ]  # fmt: skip
    yield "\n".join("- " + escaped(line) for line in lines) if lines else words[unchanged(results)]


def _voices(results: Results, examples: Examples) -> Iterator[str]:
    o, words, language = results.overview, wording(results.language), results.language
    voices = results.voices
    if voices is None or not voices.speakers:
        return
    english = results.language != "zh"
    split = results.codebook.axis(o.split) if o.split else None
    yield "## " + words["voices"]
    items = []
    order = sorted(voices.by_split, key=lambda role: -voices.by_split[role]["sentences"])
    for role in order[:MOST_ROLES]:
        line = voices.by_split[role]
        names = [s.speaker for s in voices.speakers if s.role == role][:3]
        claim = words["brief_role"].format(
            role=voices.roles[role][english], n=amount(words, "sentences", line["sentences"]),
            names=words["list"].join(names),
        )  # fmt: skip
        if split is not None:
            held = [(line.get(x.id, 0), x) for x in split.labels if x.id != split.empty]
            told = [
                words["brief_part"].format(
                    label=name(x, results.language), n=amount(words, "sentences", n)
                )
                for n, x in sorted(held, key=lambda pair: -pair[0])
                if n
            ]
            claim += (
                words["brief_split"].format(
                    split=name(split, language), parts=words["list"].join(told)
                )
                if told
                else ""
            )
        items.append(_item(claim + words["stop"], _example(words, examples.said_by(role))))
    yield "\n".join(items)


def _terms(results: Results) -> Iterator[str]:
    words = wording(results.language)
    if results.keywords:
        yield "## " + words["keywords"]
        terms = words["list"].join(k.term for k in results.keywords[:MOST_TERMS])
        lines = [words["brief_terms"].format(terms=terms)]
        for label in results.codebook.axis(results.overview.rows).labels:
            own = [
                k.term for k in results.keyness
                if (k.kind, k.slice) == (results.overview.rows, label.id) and k.log_ratio > 0
            ]  # fmt: skip
            if own:
                lines.append(words["brief_keyness"].format(
                    label=name(label, results.language), terms=words["list"].join(own[:6])
                ))  # fmt: skip
        yield "\n".join("- " + escaped(line) for line in lines)


def _failures(results: Results) -> Iterator[str]:
    words = wording(results.language)
    if results.failures:
        yield "## " + words["failures_head"]
        rows = [
            (inline(f.source), words.get(f"stage_{f.stage}", inline(f.stage)), inline(f.reason))
            for f in results.failures
        ]
        yield table([words["source"], words["stage"], words["reason"]], rows, texts=3)


def _methods(results: Results) -> Iterator[str]:
    words = wording(results.language)
    lines = [words[f"method_{key}"] for key in ("machine", "decision", "counts", "stories", "said")]
    lines += [line for line in (quality(results), thresholds(results)) if line]
    versions = words["comma"].join(
        words.get(f"version_{key}", key) + " " + value for key, value in results.versions.items()
    )
    yield "## " + words["methods"]
    yield "\n".join("- " + escaped(line) for line in lines)
    if versions:
        yield escaped(words["versions"] + words["after_colon"] + versions)
