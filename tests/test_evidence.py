"""Evidence is what carried a label: taking it out costs more than taking out anything else."""

import random
from statistics import fmean

import textpipe
from textpipe.ingest.reader import document_of
from textpipe.processing import process
from textpipe.records import Document, Label, Sentence
from textpipe.settings import Settings
from textpipe.trainer import labelled_articles

SETTINGS = Settings()


def probability(document: Document, label: Label) -> float:
    """The label's probability for the first sentence of a document, whatever is decided."""
    _, rows = SETTINGS.classify.probabilities([document])
    pairs = [(axis.id, one.id) for axis, one in SETTINGS.classify.loaded_codebook().pairs()]
    return max(0.0, float(rows[0, pairs.index((label.axis, label.id))])) if len(rows) else 0.0


def without(text: str, positions: set[int]) -> Document:
    """The text as a document of its own, some characters left out."""
    kept = "".join(c for n, c in enumerate(text) if n not in positions)
    documents, failures = process([document_of(kept, "t")], SETTINGS.stages[:3])
    assert not failures
    return documents[0]


def coded_alone(text: str) -> Sentence:
    return textpipe.analyze(text).sentences[0]


def test_removing_the_evidence_lowers_the_probability_more_than_removing_as_much_elsewhere() -> (
    None
):
    chooser = random.Random(0)
    articles = labelled_articles(SETTINGS)[::12]
    texts = [s.text for a in articles for s in a.document.sentences if s.is_coded][::2]
    evidence_drops, random_drops = [], []
    for text in texts:
        sentence = coded_alone(text)
        for label in sentence.labels:
            if label.decision != "yes" or label.axis == "stance":
                continue
            carried = {n for e in label.evidence for n in range(e.start, e.end)}
            rest = [n for n in range(len(text)) if n not in carried]
            if len(rest) < len(carried) or not carried:
                continue
            others = set(chooser.sample(rest, len(carried)))
            before = probability(without(text, set()), label)
            evidence_drops.append(before - probability(without(text, carried), label))
            random_drops.append(before - probability(without(text, others), label))
    assert len(evidence_drops) >= 100
    assert fmean(evidence_drops) > 4 * fmean(random_drops)
    larger = fmean(a > b for a, b in zip(evidence_drops, random_drops, strict=True))
    assert larger > 0.85
