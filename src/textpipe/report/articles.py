"""The articles of a report: which are listed, and their sentences with labels and evidence.

The pieces of markup made here are escaped piece by piece (`markupsafe.escape`), as strings rather
than by templates: a corpus has tens of thousands of them.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from textpipe.codebook import Codebook
from textpipe.findings import Keyword
from textpipe.lexicon import load_lexicon
from textpipe.records import Document, Evidence, Label, Sentence
from textpipe.report.results import Results
from textpipe.report.words import Words, name, wording

MOST_SPEAKERS = 60
"""Speakers that the page can be filtered by."""

MOST_SENTENCES = 5_000
"""Sentences listed with their labels: about 4 MB of page, beyond which a browser becomes slow."""


def listed(results: Results) -> list[int]:
    """The places of the articles to list: all, or those with the most labelled sentences that hold no more
    than `MOST_SENTENCES` together."""
    corpus, sizes = results.corpus, [head.sentences for head in results.heads]
    places = list(range(len(sizes)))
    if sum(sizes) <= MOST_SENTENCES:
        return places
    labelled = corpus.counts(corpus.has_label)
    places.sort(key=lambda place: (-labelled[place], place))
    total = accumulate(sizes[place] for place in places)
    most = sum(size <= MOST_SENTENCES for size in total)
    return sorted(places[: max(most, 1)])


class Unit(NamedTuple):
    """A sentence as shown. `yes`, `unsure`: codes "axis.label" by place in the codebook; `said`: codes of
    its role, its speaker and its modalities (`speakers_shown` tells which)."""

    id: str
    sentence: Sentence
    text: Markup
    chips: Markup
    yes: str
    unsure: str
    said: str
    original: str


class Article(NamedTuple):
    """An article as shown: its number, its address where that is safe to link, its sentences."""

    number: int
    document: Document
    url: str | None
    period: str
    keywords: tuple[Keyword, ...]
    units: list[Unit]


def articles(results: Results) -> list[Article]:
    """The listed articles as the page shows them."""
    frame, places = _Frame(results), listed(results)
    return [
        Article(
            place + 1,
            document,
            safe_url(document.url),
            results.periods.get(document.id, ""),
            results.document_keywords[place][:8],
            _units(place + 1, document, frame),
        )
        for place, document in zip(places, results.corpus.articles.documents(places), strict=True)
    ]


class _Frame:
    """What is the same for every sentence of a report."""

    def __init__(self, results: Results) -> None:
        self.words: Words = wording(results.language)
        self.places = _places(results.codebook)
        self.called = {(a.id, x.id): name(x, results.language) for a, x in results.codebook.pairs()}
        self.safe = {pair: str(escape(text)) for pair, text in self.called.items()}
        self.origins = {
            o: str(escape(self.words[f"origin_{o}"])) for o in ("rule", "model", "person")
        }
        self.unsure = str(escape(self.words["unsure"]))
        self.said = {code: place for place, code in enumerate(speakers_shown(results))}
        voices = results.voices
        self.roles = _names(voices.roles if voices else {}, results.language)
        self.modalities = _names(voices.modalities if voices else {}, results.language)
        brackets = "（{}）" if results.language == "zh" else " ({})"
        self.parties = {
            party.id: brackets.format(escape(name(party, results.language)))
            for party in results.codebook.parties
        }


def _names(pairs: Mapping[str, tuple[str, str]], language: str) -> dict[str, str]:
    return {id: str(escape(pair[language != "zh"])) for id, pair in pairs.items()}


def speakers_shown(results: Results) -> dict[str, str]:
    """What the page can be filtered by of who speaks and how: a code to its name.

    Codes are "role:ID", "mode:ID", and "name:NAME" for the most frequent speakers.
    """
    if results.voices is None:
        return {}
    english = results.language != "zh"
    v = results.voices
    found = {f"role:{id}": v.roles[id][english] for id in v.roles if id in v.modality}
    held = {id for counts in v.modality.values() for id in counts}
    found |= {f"mode:{id}": v.modalities[id][english] for id in v.modalities if id in held}
    names = dict.fromkeys(s.speaker for s in v.speakers)
    return found | {f"name:{n}": n for n in list(names)[:MOST_SPEAKERS]}


def _places(codebook: Codebook) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (axis.id, label.id): (i, j)
        for i, axis in enumerate(codebook.axes)
        for j, label in enumerate(axis.labels)
    }


def safe_url(url: str | None) -> str | None:
    """The address if it is http or https with a host; else None."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _units(number: int, document: Document, frame: _Frame) -> list[Unit]:
    places = frame.places
    reasons = _reasons(document, frame.words, frame.called)
    longest = max((r.end - r.start for r in reasons), default=0)
    units = []
    for index, sentence in enumerate(document.sentences):
        start, end = document.raw_span(sentence)
        first, last = (bisect_left(reasons, (at,)) for at in (start - longest, end))
        shown = [x for x in sentence.labels if x.decision != "no" and (x.axis, x.id) in places]
        shown = sorted(shown, key=lambda x: places[x.axis, x.id]) if sentence.is_coded else []
        original = sentence.duplicate_of
        units.append(
            Unit(
                f"s-{number}-{index}",
                sentence,
                marked(document.raw, (start, end), reasons[first:last]),
                Markup("".join(_chip(label, frame) for label in shown) + _said(sentence, frame)),
                _codes(shown, "yes", places),
                _codes(shown, "unsure", places),
                _said_codes(sentence, frame),
                "" if original is None else f"s-{number}-{original}",
            )
        )
    return units


def _chip(label: Label, frame: _Frame) -> str:
    """A label under a sentence; the colour goes by the axis's place in the codebook."""
    pair = (label.axis, label.id)
    is_unsure = label.decision == "unsure"
    mark, note = (" u", f" {frame.unsure}") if is_unsure else ("", "")
    whom = frame.parties.get(label.party, "")
    return (
        f'\n<span class="c x{frame.places[pair][0] % 6}{mark}">{frame.safe[pair]}{whom}'
        f" <b>{label.probability:.2f}</b> <i>{frame.origins[label.origin]}{note}</i></span>"
    )


def _said(sentence: Sentence, frame: _Frame) -> str:
    """Who speaks, and how it is held to be so, after the labels."""
    parts = []
    if sentence.speaker:
        role = frame.roles.get(sentence.speaker.role, "")
        parts.append(f"<b>{escape(sentence.speaker.name)}</b> <i>{role}</i>")
    kinds = [frame.modalities.get(cue.id, "") for cue in sentence.modality]
    if kinds and sentence.is_coded:
        parts.append(f"<i>{frame.words['list'].join(kinds)}</i>")
    return "".join(f'\n<span class="c v">{part}</span>' for part in parts)


def _said_codes(sentence: Sentence, frame: _Frame) -> str:
    codes = [f"mode:{cue.id}" for cue in sentence.modality]
    if sentence.speaker:
        name = load_lexicon().preferred(sentence.speaker.name)
        codes += [f"role:{sentence.speaker.role}", f"name:{name}"]
    return " ".join(str(frame.said[code]) for code in codes if code in frame.said)


def _codes(
    labels: Sequence[Label], decision: str, places: Mapping[tuple[str, str], tuple[int, int]]
) -> str:
    found = (places[x.axis, x.id] for x in labels if x.decision == decision)
    return " ".join(f"{i}.{j}" for i, j in found)


# Evidence


class Reason(NamedTuple):
    """Characters of the source file and what they speak for."""

    start: int
    end: int
    title: str


def _reasons(
    document: Document, words: Words, called: Mapping[tuple[str, str], str]
) -> list[Reason]:
    """The evidence for every label shown, in order, each said once."""
    found: dict[Reason, None] = {}
    for sentence in document.sentences:
        for label in sentence.labels if sentence.is_coded else ():
            if label.decision != "no" and (label.axis, label.id) in called:
                for evidence in label.evidence:
                    found[_reason(evidence, called[label.axis, label.id], words)] = None
    return sorted(found)


def _reason(evidence: Evidence, label: str, words: Words) -> Reason:
    why = words.get(f"why_{evidence.why}", evidence.why)
    return Reason(evidence.start, evidence.end, words["evidence"].format(label=label, why=why))


def marked(raw: str, span: tuple[int, int], reasons: Sequence[Reason]) -> Markup:
    """The characters of a span, escaped, with the evidence in `<mark>`.

    Evidence that overlaps is marked as one; evidence for the span as a whole surrounds the rest.
    """
    start, end = span
    own = [r for r in reasons if r.start < end and r.end > start and r.start < r.end]
    whole = [r.title for r in own if r.start <= start and r.end >= end]
    parts, at = [], start
    for a, b, titles in merged([r for r in own if r.start > start or r.end < end]):
        a, b = max(a, start), min(b, end)
        parts += [str(escape(raw[at:a])), _mark(str(escape(raw[a:b])), titles, "")]
        at = b
    text = "".join([*parts, str(escape(raw[at:end]))])
    return Markup(_mark(text, whole, " class=w") if whole else text)


def merged(reasons: Sequence[Reason]) -> list[tuple[int, int, list[str]]]:
    """Spans that share a character joined, in order, with what each speaks for."""
    spans: list[tuple[int, int, list[str]]] = []
    for reason in sorted(reasons):
        if spans and reason.start < spans[-1][1]:
            start, end, titles = spans[-1]
            spans[-1] = (start, max(end, reason.end), [*titles, reason.title])
        else:
            spans.append((reason.start, reason.end, [reason.title]))
    return spans


def _mark(safe: str, titles: Sequence[str], attribute: str) -> str:
    title = escape("\n".join(dict.fromkeys(titles)))
    return f'<mark{attribute} title="{title}">{safe}</mark>'
