"""Labels: rules, model, decisions, evidence."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import textpipe
from test_codebook import GOOD, write
from textpipe.classify import Classify
from textpipe.classify.context import make_batch
from textpipe.classify.decide import Costs, Decider
from textpipe.classify.model import load_model, save_model
from textpipe.classify.signals import Signals
from textpipe.codebook import Codebook, load_codebook
from textpipe.errors import SettingsError
from textpipe.labels import DECISIONS
from textpipe.records import Document, Sentence
from textpipe.settings import Settings

Pair = tuple[str, str]


@pytest.fixture
def small(tmp_path: Path) -> Codebook:
    return load_codebook(write(tmp_path, GOOD))


def hits(codebook: Codebook, text: str, *sentences: Sentence) -> list[tuple[str, str]]:
    document = Document("d", "d", text, text=text, sentences=sentences or (Sentence(0, text),))
    found = make_batch([document], Signals(codebook)).hits.by_row()
    return [(hit.id, text[hit.start : hit.end]) for own in found for hit in own]


def test_a_term_inside_an_excluded_phrase_does_not_count(small: Codebook) -> None:
    assert hits(small, "電網咖啡很好喝") == []
    assert hits(small, "電網與電網咖啡") == [("energy", "電網")]


def test_terms_do_not_match_across_sentences(small: Codebook) -> None:
    text = "他說電。網路很慢。"
    sentences = [Sentence(0, text[:4]), Sentence(4, text[4:])]
    assert hits(small, text, *sentences) == []
    assert hits(small, text) == []
    assert hits(small, "他說電網。") != []


def test_a_codebook_of_its_own_is_coded_by_its_terms(tmp_path: Path) -> None:
    settings = Settings(classify=Classify(codebook=write(tmp_path, GOOD)))
    sentence = textpipe.analyze("政府將興建核電廠。", settings).sentences[0]
    assert {(x.axis, x.id, x.decision, x.origin) for x in sentence.labels} == {
        ("areas", "energy", "yes", "rule"), ("details", "nuclear", "yes", "rule")
    }  # fmt: skip
    assert sentence.labels[0].evidence[0].text == "核電廠"


def decided(given: dict[Pair, float], costs: Costs) -> dict[Pair, tuple[float, str]]:
    """What is decided yes or unsure of the labels of one sentence, the others not given."""
    codebook = load_codebook()
    pairs = [(axis.id, label.id) for axis, label in codebook.pairs()]
    row = np.array([[given.get(pair, -1.0) for pair in pairs]])
    values, decisions = Decider(codebook, costs).decide(row)
    return {
        pair: (float(value), DECISIONS[decision])
        for pair, value, decision in zip(pairs, values[0], decisions[0], strict=True)
        if DECISIONS[decision] != "no"
    }


def test_a_cue_that_the_model_has_not_seen_changes_nothing(tmp_path: Path) -> None:
    shipped = files("textpipe") / "resources" / "codebook.toml"
    more = '\n[[cues]]\nid = "market"\nzh = "股市"\nen = "Market"\nterms = ["股價"]\n'
    own = tmp_path / "codebook.toml"
    own.write_text(shipped.read_text("utf-8") + more, "utf-8")
    text = "輝達股價漲停，美國放寬AI晶片出口管制。"
    found = textpipe.analyze(text, Settings(classify=Classify(codebook=own)))
    assert found.sentences == textpipe.analyze(text).sentences and found.sentences[0].labels


def test_decisions_are_those_of_least_expected_cost() -> None:
    pair = ("themes", "talent")
    for wrong, missed, review in (
        (1.0, 2.4, 0.6),
        (1.0, 1.0, 0.2),
        (1.0, 1.0, 5.0),
        (4.0, 1.0, 0.5),
    ):
        costs = Costs(wrong, missed, review)
        for probability in np.linspace(0.005, 0.995, 100):
            expected = {
                "yes": (1 - probability) * wrong, "no": probability * missed, "unsure": review,
            }  # fmt: skip
            given = {pair: float(probability), ("stance", "risk"): 0.9}
            decision = decided(given, costs).get(pair, (0, "no"))[1]
            assert expected[decision] == pytest.approx(min(expected.values()))


def test_a_heading_that_names_the_label_settles_a_sentence_that_does_too() -> None:
    text = "第二支柱：建設基礎設施\n\n第二支柱的目標是打好底子。\n\n這是別的段落，談別的事。"
    sentence = textpipe.analyze(text).sentences[1]
    label = next(x for x in sentence.labels if x.id == "infrastructure")
    assert label.decision == "yes" and label.probability >= 0.9


def test_a_section_implies_its_pillar_with_at_least_its_probability() -> None:
    probabilities = {("sections", "grid"): 0.8, ("pillars", "infrastructure"): 0.1}
    found = decided(probabilities, Costs())
    assert found["pillars", "infrastructure"] == (0.8, "yes")


def test_stance_stands_exactly_where_a_theme_does(article: Document) -> None:
    for sentence in article.sentences:
        themes = sentence.ids("themes", "yes", "unsure")
        stances = sentence.ids("stance", "yes", "unsure")
        assert len(stances) == (1 if themes else 0)


def test_headings_captions_bylines_and_repetitions_carry_no_labels(article: Document) -> None:
    for sentence in article.sentences:
        if not sentence.is_coded:
            assert sentence.labels == ()


@pytest.mark.parametrize(
    ("text", "axis", "id"),
    [
        ("計畫要求為資料中心與晶圓廠簡化環評許可，縮短審查時間。", "sections", "permitting"),
        ("美國商務部加強AI晶片出口管制執法，要求查驗最終用途。", "sections", "compute_export_control"),
        ("計畫鼓勵開源與開放權重模型，讓新創不必依賴封閉供應商。", "sections", "open_models"),
        ("台積電赴美設廠，供應鏈重組壓力升高。", "themes", "supply_chain"),
        ("對等關稅重創出口廠商。", "themes", "tariffs_trade"),
    ],
)  # fmt: skip
def test_plain_cases_are_coded(text: str, axis: str, id: str) -> None:
    sentence = textpipe.analyze(text).sentences[0]
    assert id in sentence.ids(axis), sentence.labels


@pytest.mark.parametrize("text", ["今天天氣很好，適合出門散步。", "他買了兩斤蘋果。"])
def test_unrelated_sentences_carry_nothing(text: str) -> None:
    assert not [x for x in textpipe.analyze(text).sentences[0].labels if x.decision == "yes"]


def test_the_shipped_model_belongs_to_the_shipped_codebook_and_lexicon() -> None:
    from textpipe.lexicon import load_lexicon

    model = load_model()
    assert model.about["codebook_digest"] == load_codebook().digest
    assert model.about["lexicon_digest"] == load_lexicon().digest


def test_a_model_survives_saving_and_a_changed_one_is_refused(tmp_path: Path) -> None:
    model, path = load_model(), tmp_path / "m.npz"
    save_model(model, path)
    first = path.read_bytes()
    again = load_model(path)
    assert np.array_equal(again.weights, model.weights) and again.labels == model.labels
    save_model(again, tmp_path / "n.npz")
    assert (tmp_path / "n.npz").read_bytes() == first
    path.write_bytes(first[:-1] + b"x")
    load_model.cache_clear()
    with pytest.raises(SettingsError, match="digest"):
        load_model(path)


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("美國加徵關稅，台灣工具機出口商訂單大減。", "taiwan"),
        ("韓國車廠則憂心關稅墊高成本。", "asia"),
        ("出口管制讓華為等中國業者失去訂單。", "china"),
        ("輝達憂心失去訂單，股價重挫。", "united_states"),
        ("工廠的訂單大減，工程師憂心失業。", ""),
    ],
)
def test_a_stance_names_the_party_that_it_is_for(text: str, party: str) -> None:
    sentence = textpipe.analyze(text).sentences[0]
    assert [x.party for x in sentence.labels if x.axis == "stance"] == [party]
    assert not any(x.party for x in sentence.labels if x.axis != "stance")
