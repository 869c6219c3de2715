"""Keywords and counts of a corpus."""

from math import log, log2, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import counted
from textpipe.analysis import (
    collocations,
    concordance,
    key_phrases,
    keyness,
    keywords,
    news,
    overview,
    stories,
    trends,
    usage,
    voices,
)
from textpipe.analysis.keyness import Slice
from textpipe.analysis.keywords import DAMPING, pagerank, textrank
from textpipe.analysis.shingles import bands, similarity
from textpipe.analysis.significance import corrected, g_squared, log_ratio, p_of_g, p_of_z
from textpipe.analysis.stories import THRESHOLD
from textpipe.analysis.trends import interval, period_of, unit_for
from textpipe.analysis.usage import Usage
from textpipe.codebook import load_codebook
from textpipe.findings import Scorecard, Story
from textpipe.lexicon import Entry, Lexicon, load_lexicon
from textpipe.records import Cue, Document, Sentence, Speaker, Tokens


def words(*texts: str) -> Document:
    """A document of one sentence a text, whose words are separated by spaces."""
    sentences, at = [], 0
    for text in texts:
        tokens = [word for word in text.split(" ") if word]
        own = "".join(tokens)
        made = Tokens(at, tokens, dict.fromkeys(tokens, ""))
        sentences.append(Sentence(at, own, tokens=made))
        at += len(own)
    return Document(f"d{texts}", "x.txt", "".join(s.text for s in sentences),
                    text="".join(s.text for s in sentences), sentences=tuple(sentences))  # fmt: skip


NO_LEXICON = Lexicon((), "")


def used(*documents: Document) -> Usage:
    return usage(counted(documents), NO_LEXICON)


def test_tf_idf_is_what_the_formula_says() -> None:
    found = used(words("甲甲 乙乙 甲甲"), words("甲甲"))
    of_corpus, of_documents = keywords(found, textrank(found))
    first, second = of_documents
    assert of_documents.terms_of(0) == [k.term for k in first]
    assert of_documents[1:] == [second] and of_documents[-1] == second == of_documents[1]
    with pytest.raises(IndexError):
        of_documents[2]
    assert [(k.term, k.score) for k in first] == [
        ("甲甲", pytest.approx(2.0)),
        ("乙乙", pytest.approx(log(3 / 2) + 1, abs=1e-6)),
    ]
    a, b = 2.0, log(3 / 2) + 1
    corpus = {k.term: k for k in of_corpus}
    assert corpus["甲甲"].score == pytest.approx(a / sqrt(a * a + b * b) + 1, abs=1e-5)
    assert (corpus["甲甲"].count, corpus["甲甲"].document_count) == (3, 2)


def term_counts(document: Document) -> dict[str, int]:
    found = usage(counted([document]), load_lexicon())
    return dict(zip(found.terms, found.counts().tolist(), strict=True))


def test_aliases_count_as_one_term_and_stop_words_do_not_count() -> None:
    import textpipe

    counts = term_counts(textpipe.analyze("輝達的NVIDIA晶片，英偉達的晶片。"))
    assert counts["輝達"] == 3 and counts["晶片"] == 2 and "的" not in counts and "，" not in counts


def test_overview_counts_each_repeated_sentence_once(article: Document) -> None:
    result = overview([article, article], counted([article, article]), load_codebook())
    coded = [s for s in article.sentences if s.is_coded]
    assert (result.articles, result.sentences) == (2, 2 * len(coded))
    assert result.duplicates == 2
    assert result.timeline["2025-08"]["articles"] == 2
    for pillar, row in result.matrix.items():
        for theme, count in row.items():
            both = [s for s in coded if pillar in s.ids("pillars") and theme in s.ids("themes")]
            assert count == 2 * len(both)


def test_words_of_no_dictionary_count_from_two_on_and_numbers_do_not() -> None:
    import textpipe

    counts = term_counts(textpipe.analyze("倪柯灃說話。三十天後，半導體漲價。"))
    assert "半導體" in counts and "三十天" not in counts
    assert not any("柯灃" in term for term in counts)


# TextRank and key phrases


def test_textrank_of_a_path_of_three_words_is_what_hand_computing_gives() -> None:
    # One edge each of 甲甲-乙乙 and 乙乙-丙丙 (in two sentences, so the ends never meet): the middle has
    # rank m, the ends e, with e = .05 + .85 m / 2 and m = .05 + .85 * 2 e and 2 e + m = 1.
    found = used(words("甲甲 乙乙", "乙乙 丙丙"))
    ranks = dict(zip(found.terms, textrank(found), strict=True))
    middle = (0.05 + 0.85 * 2 * 0.05) / (1 - 0.85**2)
    assert ranks["乙乙"] == pytest.approx(middle, abs=1e-6)
    assert ranks["甲甲"] == ranks["丙丙"] == pytest.approx(0.05 + 0.85 * middle / 2, abs=1e-6)


def test_pagerank_agrees_with_solving_the_equations() -> None:
    from scipy.sparse import csr_matrix

    random = np.random.default_rng(3)
    weights = np.triu(random.integers(0, 4, (12, 12)), 1)
    graph = (weights + weights.T).astype(float)
    graph[5], graph[:, 5] = 0, 0
    share = np.divide(
        graph, graph.sum(axis=0), where=graph.sum(axis=0) > 0, out=np.full((12, 12), 1 / 12)
    )
    share[:, 5] = 1 / 12
    exact = np.linalg.solve(np.eye(12) - DAMPING * share, np.full(12, (1 - DAMPING) / 12))
    assert np.abs(pagerank(csr_matrix(graph)) - exact).max() < 1e-8


def test_key_phrases_are_words_side_by_side_in_the_text() -> None:
    line = "先進 封裝 產能 很 滿"
    own = used(words(line, "先進 的 封裝"), words(line), words(line))
    found = key_phrases(own, textrank(own))
    assert found[0].terms == ("先進", "封裝", "產能")
    assert (found[0].phrase, found[0].count, found[0].document_count) == ("先進封裝產能", 3, 3)
    assert ("先進", "封裝") not in {p.terms for p in found}, "it always stands in the longer one"


# Significance


@settings(deadline=None)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(500, 9000), st.integers(500, 9000))
def test_g_squared_and_p_agree_with_scipy(a: int, b: int, size: int, rest: int) -> None:
    from scipy.stats import chi2_contingency

    table = [[a, b], [size - a, rest - b]]
    told = chi2_contingency(table, correction=False, lambda_="log-likelihood")
    g = g_squared(a, b, size, rest)
    assert float(g) == pytest.approx(told.statistic, rel=1e-6, abs=1e-7)
    assert float(p_of_g(g)) == pytest.approx(told.pvalue, rel=1e-4, abs=1e-12)


def test_g_squared_of_a_word_that_one_side_lacks_is_finite() -> None:
    assert float(g_squared(5, 0, 100, 100)) == pytest.approx(
        2 * 5 * log(2) + 2 * (95 * log(95 / 97.5) + 100 * log(100 / 97.5))
    )
    assert float(log_ratio(5, 0, 100, 100)) == pytest.approx(log2(10))


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_corrected_p_values_agree_with_statsmodels(p: list[float]) -> None:
    multitest = pytest.importorskip(
        "statsmodels.stats.multitest", reason="statsmodels is not installed"
    )
    told = multitest.multipletests(p, method="fdr_bh")[1]
    assert np.allclose(corrected(p), told)


def test_p_of_z_is_two_sided() -> None:
    assert float(p_of_z(1.959964)) == pytest.approx(0.05, abs=1e-6)
    assert float(p_of_z(-1.959964)) == pytest.approx(0.05, abs=1e-6)


# Keyness and collocations


def _halves(first: list[str], second: list[str]) -> tuple[object, Slice]:
    found = used(*(words(line) for line in first + second))
    rows = np.arange(len(found.document)) < len(first)
    return found, Slice("half", "first", rows, ~rows)


def test_keyness_tells_what_one_half_uses_more() -> None:
    found, piece = _halves(["關稅 加稅 業者 客戶"] * 12, ["晶片 產能 業者 客戶"] * 12)
    terms = {k.term: k for k in keyness(found, [piece])}  # type: ignore[arg-type]
    assert set(terms) == {"關稅", "加稅", "晶片", "產能"}
    assert terms["關稅"].log_ratio > 0 > terms["晶片"].log_ratio
    assert (terms["關稅"].count, terms["關稅"].rest_count, terms["關稅"].size) == (12, 0, 48)
    assert terms["關稅"].g2 == pytest.approx(float(g_squared(12, 0, 48, 48)), abs=1e-3)


def test_a_word_of_a_single_article_is_no_keyword_of_a_slice() -> None:
    lines = ["關稅 " * 30 + "業者"] + ["業者 客戶"] * 11
    found, piece = _halves(lines, ["晶片 業者 客戶"] * 12)
    assert "關稅" not in {k.term for k in keyness(found, [piece]) if k.log_ratio > 0}  # type: ignore[arg-type]


def test_collocations_are_pairs_beyond_chance_with_log_dice() -> None:
    lines = ["川普 總統"] * 8 + ["晶片 出口"] * 8 + ["川普 晶片"] + ["總統", "出口"] * 4
    found = used(*(words(line) for line in lines))
    pairs = {(c.term, c.other): c for c in collocations(found, ["川普", "總統", "晶片", "出口"])}
    assert set(pairs) == {("川普", "總統"), ("晶片", "出口")}
    pair = pairs["川普", "總統"]
    assert (pair.count, pair.term_count, pair.other_count) == (8, 9, 12)
    assert pair.log_dice == pytest.approx(14 + log2(16 / 21), abs=1e-3)


# Stories

LONG = "美國公布人工智慧行動計畫，主張加速資料中心許可、擴建電網並強化出口管制，台灣伺服器與散熱業者普遍認為訂單可望增加，但關稅與電力仍是變數。"


def article(id: str, text: str, published: str = "2025-08-01") -> Document:
    return Document(id, f"{id}.txt", text, text=text, title=f"標題{id}", published=published)


def test_copies_with_a_new_head_are_one_story_of_the_earliest_article() -> None:
    other = (
        "日本政府核准補助，國內晶圓廠將在熊本擴建第二期，當地大學同步開設半導體課程並招收留學生。"
        * 2
    )
    given = [
        article("b", "〔記者甲／台北報導〕" + LONG, "2025-08-02"),
        article("a", LONG, "2025-08-01"),
        article("c", other, "2025-07-01"),
        article("d", LONG[:-12] + "但關稅仍是變數。", "2025-08-03"),
        article("e", "", "2025-08-03"),
        article("f", "", "2025-08-03"),
    ]  # fmt: skip
    texts = [d.text for d in given]
    found = stories(given, texts, bands(texts))
    assert [s.documents for s in found] == [("c",), ("a", "b", "d"), ("e",), ("f",)]
    assert (found[1].id, found[1].title, found[1].published) == ("a", "標題a", "2025-08-01")


@pytest.mark.parametrize("kept", [1.0, 0.85, 0.4, 0.1])
def test_stories_join_exactly_what_shares_enough_shingles(kept: float) -> None:
    random = np.random.default_rng(5)
    signs = [chr(0x4E00 + int(i)) for i in random.integers(0, 3000, 400)]
    cut = int(400 * kept)
    changed = [*signs[:cut], *(chr(0x8000 + int(i)) for i in random.integers(0, 900, 400 - cut))]
    grams = [{"".join(x[i : i + 5]) for i in range(396)} for x in (signs, changed)]
    exact = len(grams[0] & grams[1]) / len(grams[0] | grams[1])
    texts = ["".join(signs), "".join(changed)]
    found = stories([article("a", texts[0]), article("b", texts[1])], texts, bands(texts))
    assert len(found) == (1 if exact >= THRESHOLD else 2)


def test_similarity_is_the_share_of_shingles_in_common() -> None:
    a, b = np.array([1, 2, 3, 4], np.uint32), np.array([3, 4, 5], np.uint32)
    assert similarity(a, b) == pytest.approx(2 / 5) and similarity(a, a[:0]) == 0


# Trends


def test_the_unit_of_trends_follows_the_span() -> None:
    from datetime import date

    def between(first: str, last: str) -> str:
        return unit_for([article("a", "x", first), article("b", "x", last)])

    assert between("2025-07-01", "2025-07-31") == "day"
    assert between("2025-07-01", "2025-09-30") == "week"
    assert between("2025-01-01", "2025-12-31") == "month"
    assert period_of(date(2025, 7, 24), "week") == "2025-07-21"
    assert period_of(date(2025, 7, 24), "month") == "2025-07"


def _dated(id: str, day: str, sentences: int) -> Document:
    own = tuple(Sentence(i, "句", "body", 1) for i in range(sentences))
    return Document(id, id, "句" * sentences, text="句" * sentences, published=day, sentences=own)


def test_a_trend_counts_articles_stories_and_sentences() -> None:
    documents = [_dated(f"a{i}", "2025-07-02", 10) for i in range(4)]
    documents += [_dated(f"b{i}", "2025-08-02", 10) for i in range(4)]
    told = [Story("a0", "", "", ("a0", "a1"))] + [
        Story(d.id, "", "", (d.id,)) for d in documents[2:]
    ]
    found = trends(
        documents, told, counted(documents).coded, {("x", "y"): [1, 1, 2, 0, 9, 8, 9, 10]}, "month"
    )
    first, second = found
    assert (first.articles, first.stories, first.sentences, first.count) == (4, 3, 40, 4)
    assert first.share == 0.1 and second.share == 0.9 and second.change == pytest.approx(0.8)
    assert first.change is None and second.beyond_noise
    assert first.low is not None and first.low <= 0.1 <= (first.high or 0)


def test_few_stories_have_no_interval_and_no_test() -> None:
    documents = [_dated("a", "2025-07-02", 10), _dated("b", "2025-08-02", 10)]
    told = [Story(d.id, "", "", (d.id,)) for d in documents]
    found = trends(documents, told, counted(documents).coded, {("x", "y"): [0, 10]}, "month")
    assert found[1].low is None and found[1].q is None and not found[1].beyond_noise


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(11)
    held = 0
    for _ in range(300):
        rates = random.beta(2, 8, 40)
        sizes = random.integers(8, 30, 40).astype(float)
        counts = random.binomial(sizes.astype(int), rates).astype(float)[:, None]
        low, high, _ = interval(counts, sizes)
        held += bool(low[0] <= 0.2 <= high[0])
    assert 0.90 <= held / 300 <= 0.98


def test_noise_alone_is_seldom_beyond_noise() -> None:
    random = np.random.default_rng(12)
    alarms = 0
    for _ in range(60):
        documents = [_dated(f"a{i}", f"2025-{1 + i % 6:02}-02", 10) for i in range(48)]
        told = [Story(d.id, "", "", (d.id,)) for d in documents]
        columns = {("x", str(k)): random.binomial(10, 0.2, 48).tolist() for k in range(4)}
        found = trends(documents, told, np.full(48, 10), columns, "month")
        alarms += any(t.beyond_noise for t in found)
    assert alarms <= 9, "5 % of corpora without any change, give or take"


# Voices, concordance, news


def test_voices_count_a_speaker_by_preferred_name_article_and_story() -> None:
    def said(id: str, name: str) -> Document:
        speaker = Speaker(name, "company", 0, 2)
        s = Sentence(0, "說話。", speaker=speaker, modality=(Cue("planned", 0, 1),))
        return Document(id, id, "說話。", text="說話。", sentences=(s, Sentence(3, "不說。")))

    documents = [said("a", "輝達"), said("b", "NVIDIA"), said("c", "微軟")]
    told = [Story("a", "", "", ("a", "b")), Story("c", "", "", ("c",))]
    lexicon = Lexicon((Entry("輝達", "company", "", ("NVIDIA",)),), "")
    found = voices(
        counted(documents), told, load_codebook(), lexicon,
        roles={"company": ("企業", "Companies")}, modalities={"planned": ("計畫", "planned")},
    )  # fmt: skip
    first = found.speakers[0]
    assert (first.speaker, first.sentences, first.articles, first.stories) == ("輝達", 2, 2, 1)
    assert found.modality["company"] == {"planned": 3, "sentences": 3}
    assert found.modality[""]["sentences"] == 3


SENTENCES = [
    ("d", 0, "晶片出口受限。"),
    ("d", 1, "台廠的AI晶片與TAIEX，晶片多。"),
    ("e", 0, "無晶片"),
]


def test_kwic_finds_every_place_with_its_context_over_sentences() -> None:
    found = concordance(SENTENCES, ["晶片"])
    assert [(x.document, x.sentence, x.left[-3:], x.right[:3]) for x in found] == [
        ("d", 0, "", "出口受"), ("d", 1, "的AI", "與TA"), ("d", 1, "EX，", "多。"), ("e", 0, "無", ""),
    ]  # fmt: skip


def test_kwic_sorts_by_either_side_and_letters_are_whole_words() -> None:
    left = [x.left[-1:] for x in concordance(SENTENCES, ["晶片"], sort="left")]
    assert left == sorted(left)
    right = [x.right for x in concordance(SENTENCES, ["晶片"], sort="right")]
    assert right == sorted(right)
    assert [x.term for x in concordance(SENTENCES, ["ai"])] == ["AI"]
    assert concordance(SENTENCES, []) == []


def test_news_compares_with_what_was_read_earlier() -> None:
    import textpipe

    old = [textpipe.analyze(f"輝達增加訂單，第{i}季出貨。", name=f"o{i}") for i in range(4)]
    new = [textpipe.analyze("台積電與高通談妥，算力主權法上路。", name="n")]
    seen = {d.id: "2025-01-01" for d in old} | {d.id: "2025-02-01" for d in new}
    told = [Story(d.id, "", "", (d.id,)) for d in old + new]
    columns = {("term", "x"): [0, 0, 0, 0, 1]}
    found = news(
        old + new, [d.text for d in old + new], counted(old + new), told, columns, load_lexicon(), Scorecard(0, 0, 0, 0, ()),
        first_seen=seen,
    )  # fmt: skip
    assert found.documents == (new[0].id,) and found.earlier == 4 and found.stories == (new[0].id,)
    assert {"台積電", "高通"} <= {m.term for m in found.mentions} and found.moves == ()
    assert not {"輝達"} & {m.term for m in found.mentions}
    lexicon, since = load_lexicon(), {new[0].id: "2025-02-01"}
    first = news(new, [new[0].text], counted(new), told, {}, lexicon, None, first_seen=since)
    assert first.earlier == 0 and not first.mentions


def test_any_two_sets_of_sentences_can_be_compared(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    import pandas as pd

    import textpipe

    own = pd.DataFrame(
        {"document": [f"a{i}" for i in range(12)], "tokens": ["關稅 的 業者 客戶"] * 12}
    )
    rest = pd.DataFrame(
        {"document": [f"b{i}" for i in range(12)], "tokens": ["晶片 的 業者 客戶"] * 12}
    )
    found = textpipe.keyness(own, rest).set_index("term")
    assert (
        set(found.index) == {"關稅", "晶片"}
        and found.log_ratio["關稅"] > 0 > found.log_ratio["晶片"]
    )
    assert textpipe.keyness(own, own).empty
