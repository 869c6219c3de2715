"""Counts over a corpus: labels, crossings of axes, months."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from textpipe.codebook import Codebook
from textpipe.findings import Overview, Story
from textpipe.records import Document, Sentence


def overview(
    documents: Sequence[Document], codebook: Codebook, stories: Sequence[Story] = ()
) -> Overview:
    """Count what a corpus says; repeated sentences count once. Without stories each article is one."""
    split = next((axis for axis in codebook.axes if axis.choose == "one"), None)
    rows = codebook.axes[0].id
    columns = split.empty_when_no if split else None
    coded = [s for d in documents for s in d.sentences if s.is_coded]
    pairs = [(axis.id, label.id) for axis, label in codebook.pairs()]
    certain = Counter((x.axis, x.id) for s in coded for x in s.labels if x.decision == "yes")
    unsure = Counter((x.axis, x.id) for s in coded for x in s.labels if x.decision == "unsure")
    story_of = {id: story.id for story in stories for id in story.documents}
    holders = _holders(documents)
    return Overview(
        rows=rows,
        columns=columns,
        split=split.id if split else None,
        articles=len(documents),
        sentences=len(coded),
        labelled=sum(1 for s in coded if s.ids(rows) or (columns and s.ids(columns))),
        unsure_sentences=sum(1 for s in coded if any(x.decision == "unsure" for x in s.labels)),
        duplicates=sum(1 for d in documents for s in d.sentences if s.duplicate_of is not None),
        counts=_nested({pair: certain[pair] for pair in pairs}),
        unsure=_nested({pair: unsure[pair] for pair in pairs}),
        matrix=_cross(codebook, coded, rows, columns),
        by_split=_cross(codebook, coded, columns, split.id if split else None),
        timeline=_timeline(documents, codebook, rows),
        stories=len({story_of.get(d.id, d.id) for d in documents}),
        articles_with=_nested({pair: len(holders[pair]) for pair in pairs}),
        stories_with=_nested(
            {pair: len({story_of.get(id, id) for id in holders[pair]}) for pair in pairs}
        ),
    )


def _holders(documents: Sequence[Document]) -> dict[tuple[str, str], set[str]]:
    """For each label the articles that hold it at least once."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for document in documents:
        for sentence in document.sentences:
            for x in sentence.labels if sentence.is_coded else ():
                if x.decision == "yes":
                    found[x.axis, x.id].add(document.id)
    return found


def _nested(flat: dict[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = defaultdict(dict)
    for (outer, inner), count in flat.items():
        nested[outer][inner] = count
    return dict(nested)


def _cross(
    codebook: Codebook, coded: Sequence[Sentence], rows: str | None, columns: str | None
) -> dict[str, dict[str, int]]:
    if rows is None or columns is None:
        return {}
    found = Counter((a, b) for s in coded for a in s.ids(rows) for b in s.ids(columns))
    return {
        a.id: {b.id: found[a.id, b.id] for b in codebook.axis(columns).labels}
        for a in codebook.axis(rows).labels
    }


def _timeline(
    documents: Sequence[Document], codebook: Codebook, rows: str
) -> dict[str, dict[str, int]]:
    months: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        month = months[(document.published or "")[:7]]
        month["articles"] += 1
        month.update(id for s in document.sentences if s.is_coded for id in s.ids(rows))
    names = ["articles", *(label.id for label in codebook.axis(rows).labels)]
    return {month: {name: months[month][name] for name in names} for month in sorted(months)}
