"""What is done fast for many at once, against the plain way for one at a time."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textpipe.attribution.words import Words, longest_first
from textpipe.classify.features import Hashed
from textpipe.classify.signals import Signals
from textpipe.codebook import load_codebook
from textpipe.ingest import Ingest, documents_in
from textpipe.records import Document
from textpipe.settings import Settings

CORPUS = sorted((Path(__file__).parents[1] / "corpus").glob("2*"))
small = st.text("表示指出恐將可AB ", min_size=1, max_size=4)


@given(st.lists(small, min_size=1, max_size=12), st.text("表示指出恐將可AB ", max_size=60))
def test_words_are_found_as_by_a_regular_expression(words: list[str], text: str) -> None:
    ordered = longest_first(words)
    pattern = re.compile("|".join(map(re.escape, ordered)))
    plain = [(ordered.index(m[0]), m.start(), m.end()) for m in pattern.finditer(text)]
    assert Words(ordered).find(text) == plain


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 2**62), unique=True, max_size=300),
    st.lists(st.integers(0, 2**62), max_size=50),
)
def test_keys_are_found_as_in_a_dictionary(known: list[int], others: list[int]) -> None:
    asked = np.array(known + others, dtype=np.int64)
    plain = {key: number for number, key in enumerate(known)}
    found = Hashed(np.array(known, dtype=np.int64)).find(asked)
    assert found.tolist() == [plain.get(key, -1) for key in asked.tolist()]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    found = [d for path in CORPUS for d in documents_in(path.read_bytes(), path.name, Ingest())]
    batch: list[Document] = [document for document in found if isinstance(document, Document)]
    for stage in Settings().stages:
        batch = stage(batch)
    return batch


def test_terms_of_a_batch_are_found_as_in_each_sentence_alone(documents: list[Document]) -> None:
    signals = Signals(load_codebook())
    together = signals.find([d.text for d in documents], [d.sentences for d in documents]).by_row()
    rows = [sentence for document in documents for sentence in document.sentences]
    assert len(rows) > 400 and sum(map(len, together)) > 500
    for sentence, found in zip(rows, together, strict=True):
        alone = signals.find(["\n" * sentence.start + sentence.text], [[sentence]]).by_row()[0]
        assert set(found) == set(alone), sentence.text


def test_a_batch_is_coded_as_each_article_alone(documents: list[Document]) -> None:
    labels = 0
    for path, document in zip(CORPUS, documents, strict=True):
        alone = list(documents_in(path.read_bytes(), path.name, Ingest()))
        for stage in Settings().stages:
            alone = stage(alone)
        (own,) = alone
        for ours, theirs in zip(own.sentences, document.sentences, strict=True):
            assert (ours.text, ours.tokens, ours.speaker) == (
                theirs.text, theirs.tokens, theirs.speaker,
            )  # fmt: skip
            for one, other in zip(ours.labels, theirs.labels, strict=True):
                assert one._replace(probability=0) == other._replace(probability=0)
                assert one.probability == pytest.approx(other.probability, abs=1e-6)
                labels += 1
    assert labels > 500
