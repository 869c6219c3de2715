"""Statistics from merged counts, against counting sentence by sentence, and whatever the parts."""

import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import plain_analysis as plain
from conftest import collected, counted, shelved
from textpipe.analysis import (
    Counts,
    label_columns,
    merge,
    news,
    overview,
    scorecard,
    slices,
    stories,
    usage,
    voices,
)
from textpipe.analysis.counts import owners
from textpipe.analysis.shingles import BANDS, bands, meetings
from textpipe.codebook import load_codebook
from textpipe.collector import History, collect
from textpipe.ingest.reader import document_of
from textpipe.lexicon import load_lexicon
from textpipe.processing import process
from textpipe.records import Cue, Document, Label, Sentence, Speaker, Tokens
from textpipe.settings import Settings

CODEBOOK, LEXICON = load_codebook(), load_lexicon()
WORDS = (
    *(
        "晶片",
        "出口",
        "管制",
        "輝達",
        "NVIDIA",
        "台積電",
        "算力",
        "主權",
        "法",
        "的",
        "漲",
        "價",
        "快",
    ),
    *("AI", "2025", "《", "》", "「", "」", "，", "三十天", "半導體", "倪柯灃", "算力主權"),
)
PHRASES = (
    ("《", "算力", "主權", "》"), ("「", "算力主權", "」"), ("「", "晶片", "法", "」"), ("《", "晶片", "法", "》"),
    ("稀土", "出口", "禁令"), ("稀土", "出口", "禁令"), ("散熱", "模組"), ("量子", "電腦", "中心"), ("量", "子電腦"),
    ("量", "子", "電腦"), ("算力", "主權"), ("《", "散熱", "罩", "》"),
)  # fmt: skip
NAMES = (("輝達", "company"), ("NVIDIA", "company"), ("專家", "expert"), ("官員", "official"))
ROLES = {"company": ("企業", "Companies"), "expert": ("專家", "Experts")}
MODALITIES = {"planned": ("計畫", "planned"), "feared": ("憂心", "feared")}


def made(chance: random.Random, number: int) -> Document:
    """A document of random words, kinds, labels, speakers and cues."""
    tags = {w: "unknown" for w in ("倪柯灃", "算力主權", "量子") if chance.random() < 0.7}
    text, sentences = "", []
    for i in range(chance.randrange(12)):
        given = [(w,) for w in chance.choices(WORDS, k=chance.randrange(9))]
        given += chance.choices(PHRASES, k=chance.randrange(3))
        own = [word for group in chance.sample(given, len(given)) for word in group]
        if chance.random() < 0.1:
            own = ["散熱罩"]
        name, role = chance.choice(NAMES)
        sentences.append(
            Sentence(
                len(text), "".join(own), chance.choice(("body", "body", "heading", "list_item", "caption")), i + 1,
                Tokens(len(text), own, dict.fromkeys(own, "") | {w: t for w, t in tags.items() if w in own}),
                tuple(
                    Label(axis.id, x.id, 0.5, chance.choice(("yes", "no", "unsure")), "model")
                    for axis, x in chance.sample(list(CODEBOOK.pairs()), chance.randrange(5))
                ),
                Speaker(name, role, 0, 2) if chance.random() < 0.4 else None,
                tuple(Cue(id, 0, 1) for id in chance.choices(list(MODALITIES), k=chance.randrange(3))),
                chance.randrange(i) if i and chance.random() < 0.2 else None,
            )
        )  # fmt: skip
        text += "".join(own)
    day = chance.choice(("2025-07-01", "2025-08-15", "unknown", None))
    return Document(
        f"id{number}", f"{chance.randrange(9)}.txt", text, f"標題{number}", day,
        chance.choice(("甲報", "乙報", None)), text=text, sentences=tuple(sentences),
    )  # fmt: skip


def corpus(seed: int) -> list[Document]:
    chance = random.Random(seed)
    found = [made(chance, number) for number in range(chance.choice((1, 9, 40)))]
    return sorted(found, key=lambda d: (d.source, d.id))


@pytest.fixture(scope="module")
def articles() -> list[Document]:
    """The articles of the corpus, coded."""
    paths = sorted((Path(__file__).parents[1] / "corpus").iterdir())
    given = [document_of(path.read_text("utf-8"), path.name) for path in paths]
    return process(given, Settings().stages)[0]


CORPORA = range(40)


@pytest.fixture(params=["whole", "spilled"])
def kept(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Sequence[Counts]], Counts]:
    """Merges counts: in memory, of one piece; and so that words are in files, in pieces of a document or
    two, whose figures are added up again and again."""
    if request.param == "whole":
        return merge
    for name, size in (("counts", 25), ("merging", 9), ("usage", 10), ("grams", 5)):
        monkeypatch.setattr(sys.modules[f"textpipe.analysis.{name}"], "AT_ONCE", size)
    return partial(merge, folder=tmp_path)


@pytest.mark.parametrize("seed", [*CORPORA, "articles"])
def test_statistics_from_columns_are_those_counted_sentence_by_sentence(
    seed: int | str, articles: list[Document], kept: Callable[[Sequence[Counts]], Counts]
) -> None:
    documents = corpus(seed) if isinstance(seed, int) else articles
    counts = kept([counted(documents)])
    found = usage(counts, LEXICON)
    rows: list[list[tuple[int, str]]] = [[] for _ in found.document]
    each = zip(owners(found.words), found.place[:], found.term[:], strict=True)
    for row, place, term in each:
        rows[row].append((int(place), found.terms[term]))
    columns = (found.document.tolist(), found.number.tolist(), found.is_coded.tolist(), rows)
    assert list(zip(*columns, strict=True)) == plain.usage(documents, LEXICON)
    assert list(found.terms) == sorted({term for row in rows for _, term in row})
    texts = [d.text for d in documents]
    assert scorecard(counts, texts) == plain.scorecard(documents)
    told = stories(documents, texts, counts.bands)
    assert overview(documents, counts, CODEBOOK, told) == plain.overview(documents, CODEBOOK, told)
    columns = {pair: own.tolist() for pair, own in label_columns(counts, CODEBOOK).items()}
    assert columns == plain.label_columns(documents, CODEBOOK)
    names: dict[str, Any] = {"roles": ROLES, "modalities": MODALITIES}
    own = voices(counts, told, CODEBOOK, LEXICON, **names)
    assert own == plain.voices(documents, told, CODEBOOK, LEXICON, **names)
    assert counts.coded.tolist() == [sum(s.is_coded for s in d.sentences) for d in documents]


@pytest.mark.parametrize("seed", CORPORA)
def test_what_only_new_articles_name_is_found_in_the_columns(
    seed: int, kept: Callable[[Sequence[Counts]], Counts]
) -> None:
    documents = corpus(seed)
    texts, counts = [d.text for d in documents], kept([counted(documents)])
    told = stories(documents, texts, counts.bands)
    chance = random.Random(seed)
    seen = {d.id: chance.choice(("2025-01-01", "2025-02-01")) for d in documents}
    found = news(documents, texts, counts, told, {}, LEXICON, None, first_seen=seen)
    old, new = plain.mentions(documents, set(found.documents), LEXICON)
    expected = {term: place for term, place in new.items() if term not in old}
    given = {m.term: (m.tag, m.count, m.document, m.sentence, m.text) for m in found.mentions}
    assert given == (expected if found.earlier else {})


@pytest.mark.parametrize("seed", CORPORA)
def test_a_label_s_slice_holds_the_rows_that_hold_it(seed: int) -> None:
    documents = corpus(seed)
    for piece in slices(documents, counted(documents), CODEBOOK, "month"):
        for held, (i, _, s) in zip(piece.rows, plain.rows_of(documents), strict=True):
            if piece.kind == "outlet":
                assert held == (documents[i].outlet == piece.id)
            elif piece.kind != "period":
                assert held == (s.is_coded and piece.id in s.ids(piece.kind))


def parts_of(documents: Sequence[Document], chance: random.Random) -> list[Counts]:
    """The counts of random parts of the documents, in any order."""
    mixed = chance.sample(documents, len(documents))
    cuts = sorted(chance.choices(range(len(mixed) + 1), k=chance.randrange(1, 6)))
    return [counted(mixed[a:b]) for a, b in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]


def assert_equal(a: Any, b: Any, without: Sequence[str] = ()) -> None:
    for name in {field.name for field in fields(a)}.difference(without):
        one, other = getattr(a, name)[:], getattr(b, name)[:]
        if isinstance(one, tuple | list):
            assert one == other, name
        else:
            assert np.array_equal(one, other) and one.dtype == other.dtype, name


@pytest.mark.parametrize("seed", CORPORA)
def test_counts_are_the_same_whatever_the_parts_and_their_order(
    seed: int, kept: Callable[[Sequence[Counts]], Counts]
) -> None:
    documents, chance = corpus(seed), random.Random(seed)
    whole = merge([counted(documents)])
    assert_equal(whole, counted(documents))
    for _ in range(5):
        parts = parts_of(documents, chance)
        middle = chance.randrange(1, len(parts)) if len(parts) > 1 else 1
        assert_equal(kept(parts), whole)
        halves = [merge(own) for own in (parts[middle:], parts[:middle]) if own]
        assert_equal(kept(halves), whole)


def test_results_are_the_same_whatever_the_parts(
    articles: list[Document], kept: Callable[[Sequence[Counts]], Counts]
) -> None:
    chance, settings = random.Random(4), Settings()
    history = History({d.id: f"2025-0{1 + i % 2}-01" for i, d in enumerate(articles)})
    plainly = collected(articles, settings, history=history)
    for _ in range(3):
        counts = kept(parts_of(articles, chance))
        found = collect(shelved(articles[::-1]), counts, [], settings, history)
        assert replace(found, corpus=plainly.corpus) == plainly
        assert_equal(found.corpus, plainly.corpus, without=["articles"])


def test_the_bands_of_a_text_are_those_of_its_signature() -> None:
    chance = random.Random(6)
    long = ["".join(chance.choices("甲乙丙丁戊己庚辛，。AbC7", k=k)) for k in (7, 40, 3_000)]
    texts = ["", "短", "五個字的話", *long, "， 。！？", long[1]]
    found = bands(texts)
    assert found.tolist() == [plain.bands(text) for text in texts]
    assert not found[[0, 1, 6]].any() and found[2:6].all()
    assert bands([]).shape == (0, BANDS) and bands(texts[3:4]).tolist() == found[3:4].tolist()


def test_texts_meet_as_in_buckets_of_bands() -> None:
    chance = np.random.default_rng(7)
    for count in (0, 1, 2, 9, 60):
        for values in (1, 2, 30, 2**62):
            signatures = chance.integers(0, values, (count, BANDS)).astype(np.uint64)
            signatures[::4] = 0  # texts without shingles
            assert meetings(signatures).tolist() == plain.meetings(signatures.tolist())


@pytest.mark.parametrize(("size", "least"), [(60, 0.9), (400, 0.95), (1_700, 0.95)])
def test_texts_that_share_three_fifths_of_their_shingles_meet(size: int, least: float) -> None:
    chance, signs = random.Random(size), [chr(0x4E00 + i) for i in range(3_000)]
    kept, given = size * 3 // 4, []
    for _ in range(200):
        text = chance.choices(signs, k=size)
        given.append("".join(text))
        given.append("".join([*text[:kept], *chance.choices(signs, k=size - kept)]))
    met = {(a, b) for b, a in meetings(bands(given)).tolist()}
    assert sum((i, i + 1) in met for i in range(0, len(given), 2)) >= least * 200
