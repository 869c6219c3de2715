"""What is new since the earlier runs: a section of the brief, and `digest.md`."""

from collections.abc import Iterator

from textpipe.report.markdown import escaped
from textpipe.report.results import Results
from textpipe.report.words import amount, called, date, policy_name, share, wording

MOST_IN_BRIEF = 5
MOST_IN_DIGEST = 30


def render_digest(results: Results) -> str:
    """What is new since the earlier runs, as Markdown."""
    words = wording(results.language)
    title = words["digest_title"].format(policy=policy_name(results))
    blocks = ["# " + escaped(title), *news(results, heading=False)]
    return "\n\n".join(blocks).encode("utf-8", "replace").decode() + "\n"


def news(results: Results, *, heading: bool = True) -> Iterator[str]:
    """New articles and stories, moves, first mentions, new words; nothing on a first run, unless
    without a heading, where it says so."""
    words, n = wording(results.language), results.news
    if n is None or not n.earlier or not n.documents:
        if not heading:
            fresh = amount(words, "articles", len(n.documents) if n else 0)
            yield escaped(words["digest_first"].format(articles=fresh))
        return
    if heading:
        yield "## " + words["news"]
    yield escaped(
        words["news_caption"].format(
            articles=amount(words, "articles", len(n.documents)),
            stories=amount(words, "stories", len(n.stories)),
            earlier=amount(words, "articles", n.earlier),
        )
    )
    most = MOST_IN_BRIEF if heading else MOST_IN_DIGEST
    yield from _news_lists(results, most)


def _news_lists(results: Results, most: int) -> Iterator[str]:
    words, n = wording(results.language), results.news
    if n is None:
        return
    by_id = {d.id: d for d in results.heads}
    fresh = sorted(
        (by_id[id] for id in n.documents), key=lambda d: (d.published or "", d.source), reverse=True
    )
    titles = [
        words["comma"].join(
            x for x in (d.title or d.source, d.outlet or "", date(words, d.published or "")) if x
        )
        for d in fresh
    ]
    moves = [
        called(results, m.kind, m.id)
        + words["after_colon"]
        + words["move"].format(
            share=share(round(m.share * 10_000), 10_000),
            before=share(round(m.before * 10_000), 10_000),
        )
        for m in n.moves
    ]
    mentions = [
        words["mention"].format(term=m.term, n=m.count, text=" ".join(m.text.split()))
        for m in n.mentions
    ]
    candidates = [words["mention"].format(term=w.word, n=w.count, text=w.context) for w in n.words]
    for title, lines, none in (
        ("news_articles", titles, ""),
        ("news_moves", moves, "moves_none"),
        ("news_mentions", mentions, "mentions_none"),
        ("news_words", candidates, ""),
        ("news_removed", list(n.removed), ""),
    ):
        shown = ["- " + escaped(line) for line in lines[:most]]
        if len(lines) > most:
            shown.append("- " + escaped(words["and_more_items"].format(n=len(lines) - most)))
        if shown or none:
            yield f"**{words[title]}**\n\n" + ("\n".join(shown) if shown else words[none])
