"""Keywords and counts of a corpus."""

from collections import Counter
from math import log, sqrt

import pytest

from textpipe.analysis import Terms, keywords, overview, term_counts
from textpipe.codebook import load_codebook
from textpipe.lexicon import load_lexicon
from textpipe.records import Document


def test_tf_idf_is_what_the_formula_says() -> None:
    counts = [Counter({"甲": 2, "乙": 1}), Counter({"甲": 1})]
    of_corpus, of_documents = keywords(counts)
    first = of_documents[0]
    assert [(k.term, k.score) for k in first] == [
        ("甲", pytest.approx(2.0)),
        ("乙", pytest.approx(log(3 / 2) + 1, abs=1e-6)),
    ]
    a, b = 2.0, log(3 / 2) + 1
    corpus = {k.term: k for k in of_corpus}
    assert corpus["甲"].score == pytest.approx(a / sqrt(a * a + b * b) + 1, abs=1e-5)
    assert (corpus["甲"].count, corpus["甲"].document_count) == (3, 2)


def test_aliases_count_as_one_term_and_stop_words_do_not_count() -> None:
    import textpipe

    document = textpipe.analyze("輝達的NVIDIA晶片，英偉達的晶片。")
    counts = term_counts(document, Terms(load_lexicon()))
    assert counts["輝達"] == 3 and counts["晶片"] == 2 and "的" not in counts and "，" not in counts


def test_overview_counts_each_repeated_sentence_once(article: Document) -> None:
    result = overview([article, article], load_codebook())
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

    counts = term_counts(
        textpipe.analyze("倪柯灃說話。三十天後，半導體漲價。"), Terms(load_lexicon())
    )
    assert "半導體" in counts and "三十天" not in counts
    assert not any("柯灃" in term for term in counts)
