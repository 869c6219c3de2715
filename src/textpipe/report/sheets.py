"""The sheets of the workbook: each a title, columns and rows."""

from collections.abc import Callable, Iterator, Sequence

from textpipe.report.cells import Cell, Column, Link, Sheet, address, day
from textpipe.report.results import Results
from textpipe.report.sentence_sheets import MOST_ROWS, labels, sentences
from textpipe.report.words import called, findings, name, policy_name, quality, thresholds, wording


def _overview(results: Results) -> Sheet:
    o, words = results.overview, wording(results.language)

    def rows() -> Iterator[Sequence[Cell]]:
        yield words["codebook_name"], policy_name(results), None, None, None
        for finding in findings(results):
            yield words["findings"], finding, None, None, None
        for key, n in (
            ("articles", o.articles), ("stories", o.stories), ("sentences", o.sentences),
            ("labelled", o.labelled), ("unsure_sentences", o.unsure_sentences),
            ("duplicates", o.duplicates), ("failures", len(results.failures)),
        ):  # fmt: skip
            yield words["number"], words[key], n, None, None
        for axis, label in results.codebook.pairs():
            if label.id != axis.empty:
                yield (
                    name(axis, results.language),
                    name(label, results.language),
                    o.counts[axis.id][label.id],
                    o.articles_with[axis.id][label.id],
                    o.stories_with[axis.id][label.id],
                )

    columns = [
        Column(words["item"], 22),
        Column(words["note"], 90, "long"),
        Column(words["number"], 12, bars=True),
        Column(words["in_articles"], 12),
        Column(words["in_stories"], 12),
    ]
    return words["sheet_overview"], columns, rows()


def _keywords(results: Results) -> Sheet:
    words = wording(results.language)
    columns = [
        Column(words["rank"], 8, "number"), Column(words["term"], 26), Column(words["score"], 14, "decimal", bars=True),
        Column("TextRank", 14, "decimal"), Column(words["count"], 10, "number", bars=True), Column(words["in_articles"], 10, "number"),
    ]  # fmt: skip
    rows = (
        (i, k.term, k.score, round(1000 * k.textrank, 4), k.count, k.document_count)
        for i, k in enumerate(results.keywords, 1)
    )
    columns[3] = columns[3]._replace(head=words["textrank"])
    return words["sheet_keywords"], columns, rows


def _matrix(results: Results) -> Sheet | None:
    o, words, language = results.overview, wording(results.language), results.language
    if o.columns is None:
        return None
    rows, columns = results.codebook.axis(o.rows), results.codebook.axis(o.columns)

    def lines() -> Iterator[Sequence[Cell]]:
        for b in columns.labels:
            met = [o.matrix[a.id][b.id] for a in rows.labels]
            yield (
                name(b, language), *met, o.counts[columns.id][b.id],
                o.articles_with.get(columns.id, {}).get(b.id, 0),
                o.stories_with.get(columns.id, {}).get(b.id, 0),
                *(o.by_split[b.id].get(x.id, 0) for x in kinds),
            )  # fmt: skip

    split = results.codebook.axis(o.split) if o.split else None
    kinds = [x for x in split.labels if x.id != split.empty] if split else []
    heads = [
        Column(name(columns, language), 26),
        *(Column(name(a, language), 16, "number", bars=True) for a in rows.labels),
        Column(words["total"], 10, "number"), Column(words["articles"], 10, "number"), Column(words["stories"], 10, "number"),
        *(Column(name(x, language), 12, "number") for x in kinds),
    ]  # fmt: skip
    title = words["matrix"].format(rows=name(columns, language), columns=name(rows, language))
    return title.replace("/", " ")[:31], heads, lines()


def _trends(results: Results) -> Sheet:
    words = wording(results.language)

    def rows() -> Iterator[Sequence[Cell]]:
        for t in results.trends:
            kind = words["term"] if t.kind == "term" else called_axis(results, t.kind)
            yield (
                kind, called(results, t.kind, t.id), day(t.period), t.articles, t.stories, t.sentences,
                t.count, t.share, t.low, t.high, t.change, t.q, words["yes"] if t.beyond_noise else "",
            )  # fmt: skip

    columns = [
        Column(words["axis"], 14), Column(words["label"], 28), Column(words[f"unit_{results.unit}"], 14),
        Column(words["articles"], 10, "number"), Column(words["stories"], 10, "number"), Column(words["sentences"], 12, "number"),
        Column(words["count"], 10, "number"), Column(words["share_of"], 12, "percent", bars=True),
        Column(words["interval_low"], 12, "percent"), Column(words["interval_high"], 12, "percent"),
        Column(words["change"], 12, "percent"), Column(words["q"], 10, "decimal"), Column(words["beyond_head"], 14),
    ]  # fmt: skip
    return words["sheet_trends"], columns, rows()


def called_axis(results: Results, id: str) -> str:
    """The name of an axis in the report's language."""
    return name(results.codebook.axis(id), results.language)


def _articles(results: Results) -> Sheet:
    words = wording(results.language)
    story_of = {id: s for s in results.stories for id in s.documents}
    corpus = results.corpus
    each = map(corpus.counts, (corpus.has_label, corpus.has_unsure))
    counts = list(zip(corpus.counts(), *each, strict=True))

    def rows() -> Iterator[Sequence[Cell | Link]]:
        for row, d in enumerate(results.heads):
            told = story_of.get(d.id)
            yield (
                d.title or d.source, day(d.published), d.outlet or "", d.author or "",
                *counts[row],
                words["list"].join(results.document_keywords.terms_of(row)[:8]),
                told.title if told and len(told.documents) > 1 else "",
                address(d, row, words["url"]), d.source, d.id,
            )  # fmt: skip

    columns = [
        Column(words["article"], 50, "long"), Column(words["date"], 12, "date"), Column(words["outlet"], 14), Column(words["author"], 14),
        Column(words["sentences"], 10, "number", bars=True), Column(words["labelled"], 10, "number", bars=True),
        Column(words["unsure_sentences"], 10, "number"), Column(words["keywords"], 50, "long"), Column(words["stories"], 40, "long"),
        Column(words["url"], 12), Column(words["source"], 26), Column(words["document_id"], 16),
    ]  # fmt: skip
    return words["sheet_articles"], columns, rows()


def _speakers(results: Results) -> Sheet | None:
    words, voices, language = wording(results.language), results.voices, results.language
    if voices is None:
        return None
    split = results.codebook.axis(results.overview.split) if results.overview.split else None
    kinds = [x for x in split.labels if x.id != split.empty] if split else []

    def rows() -> Iterator[Sequence[Cell]]:
        for s in voices.speakers:
            role = voices.roles.get(s.role, (s.role, s.role))[language != "zh"]
            stances = [s.split.get(x.id, 0) for x in kinds]
            yield s.speaker, role, s.sentences, s.articles, s.stories, *stances

    columns = [
        Column(words["speaker"], 24), Column(words["role"], 18), Column(words["sentences_n"], 10, "number", bars=True),
        Column(words["in_articles"], 10, "number"), Column(words["in_stories"], 10, "number"),
        *(Column(name(x, language), 14, "number") for x in kinds),
    ]  # fmt: skip
    return words["speaker"], columns, rows()


def _methods(results: Results) -> Sheet:
    words = wording(results.language)

    def rows() -> Iterator[Sequence[Cell]]:
        keys = (
            "machine",
            "unit",
            "decision",
            "duplicates",
            "stories",
            "statistics",
            "said",
            "counts",
            "evidence",
        )
        for line in (
            *(words[f"method_{key}"] for key in keys),
            quality(results),
            thresholds(results),
        ):
            if line:
                yield words["methods"], line
        if (coded := len(results.corpus.document)) > MOST_ROWS:
            yield (
                words["methods"],
                words["sheet_cut"].format(most=MOST_ROWS, all=coded),
            )
        for key, value in results.versions.items():
            yield words.get(f"version_{key}", key), value
        for f in results.failures:
            stage = words.get(f"stage_{f.stage}", f.stage)
            yield (
                words["failures_head"],
                f"{f.source}{words['after_colon']}{stage}{words['comma']}{f.reason}",
            )

    columns = [Column(words["item"], 26), Column(words["note"], 120, "long")]
    return words["sheet_methods"], columns, rows()


SHEETS: tuple[Callable[[Results], Sheet | None], ...] = (
    _overview, sentences, labels, _keywords, _matrix, _trends, _articles, _speakers, _methods,
)  # fmt: skip
