"""What is done fast for many at once, against the plain way for one at a time."""

import pickle
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import counted
from textpipe import arrow
from textpipe.analysis.counts import owners
from textpipe.analysis.usage import usage
from textpipe.arrow import numbered_keys, numbers_as_arrow, strings_as_arrow
from textpipe.attribution.words import Lines, Words, longest_first
from textpipe.classify.context import NOWHERE, Batch, make_batch
from textpipe.classify.decide import Costs, Decider
from textpipe.classify.evidence import MOST_WORDS, REASONS, Reasons
from textpipe.classify.features import _counted, unit_codes, unit_spans, words_of
from textpipe.classify.model import Model, load_model
from textpipe.classify.party import parties_of
from textpipe.classify.runs import Hashed, Runs, character_runs
from textpipe.classify.signals import EXCLUDED, PARTY, TERM, Hit, Signals, _kept, load_signals
from textpipe.classify.stacking import surroundings
from textpipe.codebook import Codebook, load_codebook
from textpipe.codepoints import codes_of
from textpipe.columns import SentenceColumns, columns_of_document
from textpipe.ingest import Ingest, documents_in
from textpipe.labels import DECISIONS, columns_of
from textpipe.lexicon import Memory, load_lexicon, stop_words
from textpipe.matching import folded
from textpipe.packed import lengths_in
from textpipe.ranges import ordered
from textpipe.records import Document, Label, Sentence, Tokens
from textpipe.segmentation import segmenter
from textpipe.segmentation.dictionary import _WHOLE_TAGS, JiebaDictionary
from textpipe.settings import Settings
from textpipe.store.files import data_file, rows_at
from textpipe.store.loading import from_table
from textpipe.store.shards import to_table
from textpipe.words import numbered_words, words_between

Pair = tuple[str, str]
Span = tuple[int, int]
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


def hits_in(signals: Signals, text: str, *sentences: Sentence) -> list[list[Hit]]:
    """The hits in sentences of a text."""
    document = Document("d", "d", text, text=text, sentences=sentences)
    return make_batch([document], signals).hits.by_row()


def test_terms_of_a_batch_are_found_as_in_each_sentence_alone(documents: list[Document]) -> None:
    signals = Signals(load_codebook())
    together = make_batch([d._replace(title=None) for d in documents], signals).hits.by_row()
    rows = [sentence for document in documents for sentence in document.sentences]
    assert len(rows) > 400 and sum(map(len, together)) > 500
    for sentence, found in zip(rows, together, strict=True):
        (alone,) = hits_in(signals, "\n" * sentence.start + sentence.text, sentence)
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


@given(
    st.lists(small, min_size=1, max_size=9),
    st.lists(st.text("表示指出恐將可AB \n", max_size=20), max_size=9),
)
def test_words_of_many_texts_are_found_as_in_each_alone(words: list[str], texts: list[str]) -> None:
    finder = Words(longest_first(words))
    found = finder.find_each(Lines(texts))
    assert [list(own) for own in found] == [finder.find(t) for t in texts]


@settings(max_examples=300)
@given(
    st.lists(st.text("表示指", min_size=1, max_size=4), min_size=1, max_size=9),
    st.text("表示指", max_size=12),
    st.data(),
)
def test_words_within_a_text_are_found_as_in_the_part_alone(
    words: list[str], text: str, data: st.DataObject
) -> None:
    finder = Words(longest_first(words))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    alone = [(n, start + a, start + b) for n, a, b in finder.find(text[start:end])]
    assert list(finder.within(finder.find(text), text, start, end)) == alone


spans = st.tuples(
    st.integers(0, 2), st.integers(0, 2), st.integers(0, 12), st.integers(1, 5), st.booleans()
)


@given(st.lists(spans, max_size=25, unique_by=lambda span: span[:4]))
def test_terms_are_kept_as_by_looking_at_each(found: list[tuple[int, int, int, int, bool]]) -> None:
    ordered = sorted(found, key=lambda x: (x[0], x[1], x[2], -x[3]))
    kept: list[bool] = []
    last: dict[Span, int] = {}
    for row, name, start, size, out in ordered:
        shut = [
            (a, a + n) for r, m, a, n, is_out in found if is_out and (r, m) == (row, name)
        ]  # fmt: skip
        free = not any(a < start + size and start < b for a, b in _merged(shut))
        kept.append(not out and free and start >= last.get((row, name), 0))
        if kept[-1]:
            last[row, name] = start + size
    columns = np.array(ordered, dtype=np.int64).reshape(-1, 5).T
    kinds = np.where(columns[4] == 1, EXCLUDED, TERM)
    ends = columns[2] + columns[3]
    assert _kept(columns[0], columns[1], columns[2], ends, kinds).tolist() == kept


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def plainly_decided(
    codebook: Codebook, costs: Costs, given: dict[Pair, float]
) -> dict[Pair, tuple[float, str]]:
    """The decisions for one sentence, label by label."""

    def decision(probability: float) -> str:
        if probability >= costs.yes:
            return "yes"
        return "unsure" if probability >= costs.unsure else "no"

    any_axes = {axis.id for axis in codebook.axes if axis.choose == "any"}
    verdicts = {
        pair: (p, decision(p))
        for pair, p in given.items()
        if pair[0] in any_axes and decision(p) != "no"
    }
    own = dict(verdicts)
    for axis, label in codebook.pairs():
        if (axis.id, label.id) in own and axis.parent_axis and label.parent:
            p, how = own[axis.id, label.id]
            q, other = verdicts.get((axis.parent_axis, label.parent), (0.0, "no"))
            sure = "yes" if "yes" in (how, other) else "unsure"
            verdicts[axis.parent_axis, label.parent] = (max(p, q), sure)
    for axis in codebook.axes:
        if axis.choose == "one":
            held = [how for (name, _), (_, how) in verdicts.items() if name == axis.empty_when_no]
            names = [label.id for label in axis.labels if label.id != axis.empty]
            values = [(given[axis.id, id], -n, id) for n, id in enumerate(names) if (axis.id, id) in given]  # fmt: skip
            if values and (held or axis.empty_when_no is None):
                p, _, id = max(values)
                sure = (not held or "yes" in held) and p >= costs.yes
                verdicts[axis.id, id] = (p, "yes" if sure else "unsure")
    return verdicts


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 1, width=32), min_size=47, max_size=47),
    st.sets(st.integers(0, 46), max_size=40),
    st.sampled_from([Costs(), Costs(1, 1, 5), Costs(4, 1, 0.5), Costs(1, 5, 0.1)]),
)
def test_sentences_are_decided_together_as_one_by_one(
    values: list[float], absent: set[int], costs: Costs
) -> None:
    codebook = load_codebook()
    pairs = [(axis.id, label.id) for axis, label in codebook.pairs()]
    values = (values * 2)[: len(pairs)]
    given = {p: v for n, (p, v) in enumerate(zip(pairs, values, strict=True)) if n not in absent}
    row = [given.get(pair, -1.0) for pair in pairs]
    found, how = Decider(codebook, costs).decide(np.array([row, row]))
    decided = {
        pair: (found[1, n], DECISIONS[how[1, n]])
        for n, pair in enumerate(pairs)
        if DECISIONS[how[1, n]] != "no"
    }
    assert decided == plainly_decided(codebook, costs, given)
    assert np.array_equal(found[0], found[1]) and np.array_equal(how[0], how[1])


@pytest.fixture(scope="module")
def batch(documents: list[Document]) -> Batch:
    bare = [
        d._replace(sentences=tuple(s._replace(labels=()) for s in d.sentences)) for d in documents
    ]
    return make_batch(bare, load_signals(load_codebook()))


def plain_reasons(
    batch: Batch, codebook: Codebook, model: Model, unit: int, pair: Pair
) -> list[tuple[int, int, str]]:
    """The evidence for one label of one unit, word by word."""
    row, heading = int(batch.row[unit]), int(batch.heading[unit])
    tokens = Tokens(int(batch.start[row]), batch.words_of(row), Memory(lambda word: ""))
    named = {pair} | {
        (axis.id, label.id)
        for axis, label in codebook.pairs()
        if (axis.parent_axis, label.parent) == pair
    }

    def terms(row: int, why: str) -> list[tuple[int, int, str]]:
        hits = by_row(batch)[row]
        return sorted({(h.start, h.end, why) for h in hits if (h.axis, h.id) in named})

    own = terms(row, REASONS[0])
    column = model.columns.get(pair)
    if not own and column is not None:
        weighed = []
        for at, token in enumerate(tokens):
            feature = load_lexicon().feature_words[token.text]
            number = model.encoder.word_ids.get(feature, -1)
            says = len(token.text) > 1 and token.text not in stop_words()
            if says and number >= 0 and model.word_values[number, column] > 0:
                span = (token.start, token.start + len(token.text))
                weighed.append((-model.word_values[number, column], at, span))
        for start, end in sorted(span for _, _, span in sorted(weighed)[:MOST_WORDS]):
            if own and own[-1][1] == start:
                start = own.pop()[0]
            own.append((start, end, REASONS[1]))
    above = terms(heading, REASONS[3]) if heading != NOWHERE else []
    return own + above


@cache
def by_row(batch: Batch) -> list[list[object]]:
    return batch.hits.by_row()


def test_evidence_is_found_together_as_word_by_word(batch: Batch) -> None:
    codebook, model = load_codebook(), load_model()
    pairs = [(axis.id, label.id) for axis, label in codebook.pairs()]
    units, labels = np.nonzero(np.ones((len(batch.row), len(pairs))))
    words = words_of(batch, model.encoder, load_lexicon())
    by_term, found = Reasons(batch, codebook, model, words).find(units, labels)
    bounds = np.searchsorted(found.asked, np.arange(len(units) + 1))
    compared = dict.fromkeys(REASONS, 0)
    for n in range(0, len(units), 7):
        own = slice(bounds[n], bounds[n + 1])
        columns = (found.start[own].tolist(), found.end[own].tolist(), found.why[own].tolist())
        given = [(a, b, REASONS[why]) for a, b, why in zip(*columns, strict=True)]
        plain = plain_reasons(batch, codebook, model, int(units[n]), pairs[labels[n]])
        if given[0][2] in REASONS[2:] and given[0][2] != REASONS[3]:  # characters, or the whole
            assert not [x for x in plain if x[2] in REASONS[:2]]
            given = [x for x in given if x[2] == REASONS[3]]
        assert given == plain
        assert by_term[n] == any(why == REASONS[0] for _, _, why in plain)
        for _, _, why in plain:
            compared[why] += 1
    assert compared[REASONS[0]] > 20 and compared[REASONS[1]] > 500 and compared[REASONS[3]] > 0


def test_parties_are_found_as_unit_by_unit(batch: Batch) -> None:
    codebook = load_codebook()
    order = [party.id for party in codebook.parties]
    found = parties_of(batch, codebook).tolist()
    for n, number in enumerate(found):
        rows = (int(batch.row[n]), int(batch.heading[n]), int(batch.title[n]))
        named = [
            {hit.id for hit in by_row(batch)[row] if hit.axis == PARTY}
            for row in rows
            if row != NOWHERE
        ]
        first = next((own for own in named if own), set())
        assert number == min((order.index(id) for id in first), default=-1)
    assert len(set(found)) > 3


def test_what_surrounds_a_unit_is_found_as_sentence_by_sentence(
    batch: Batch, documents: list[Document]
) -> None:
    plain = []
    first = 0
    for number, document in enumerate(documents):
        heading, coded = NOWHERE, []
        title = first + len(document.sentences) if document.title else NOWHERE
        for place, sentence in enumerate(document.sentences):
            if sentence.kind == "heading" and sentence.text != document.title:
                heading = first + place
            if sentence.kind in ("body", "list_item"):
                coded.append((number, place, first + place, heading, title))
        for at, unit in enumerate(coded):
            before = coded[at - 1][2] if at else NOWHERE
            after = coded[at + 1][2] if at + 1 < len(coded) else NOWHERE
            if document.sentences[unit[1]].is_coded:
                plain.append((*unit, before, after))
        first += len(document.sentences) + bool(document.title)
    columns = (
        batch.document, batch.place, batch.row, batch.heading, batch.title, batch.previous,
        batch.following,
    )  # fmt: skip
    assert list(zip(*(c.tolist() for c in columns), strict=True)) == plain


def test_labels_as_columns_are_the_labels_as_records(documents: list[Document]) -> None:
    def plain(sentence: Sentence) -> Sentence:
        return sentence._replace(labels=tuple(Label(*label) for label in sentence.labels))

    records = [
        d._replace(sentences=tuple(plain(sentence) for sentence in d.sentences)) for d in documents
    ]
    titles = {document.id: document.title for document in documents}
    table = to_table(documents, titles)
    assert table.equals(to_table(records, titles))
    assert table.take([3, 1]).equals(to_table([documents[3], documents[1]], titles))
    assert from_table(table) == documents == records
    content = data_file([table.slice(0, 2), data_file([table.slice(2)])])
    assert rows_at(content).equals(table)
    assert rows_at(content, [3, 1]).equals(table.take([3, 1]))
    some = [s.labels for d in documents for s in d.sentences][5:60]
    assert columns_of(some).probability.tolist() == [x.probability for own in some for x in own]


def test_places_are_stored_byte_by_byte_and_what_recurs_by_dictionaries(
    documents: list[Document],
) -> None:
    table = to_table(documents, {document.id: document.title for document in documents})
    stored = pq.ParquetFile(pa.BufferReader(data_file([table]))).metadata.row_group(0)
    encodings = {
        column.path_in_schema: set(column.encodings)
        for column in map(stored.column, range(stored.num_columns))
    }
    assert "BYTE_STREAM_SPLIT" in encodings["evidence.list.element.start"]
    for name in ("labels.list.element.id", "sentences.list.element.role"):
        assert "RLE_DICTIONARY" in encodings[name]


def of_words(number: int, pairs: list[Pair]) -> Document:
    """A document of a sentence of words, each with the tag that it has last."""
    words, tags = [word for word, _ in pairs], dict(pairs)
    text = "".join(words)
    sentence = Sentence(0, text, "body", 1, Tokens(0, words, tags))
    return Document(f"id{number}", "a.txt", text, "題", text=text, sentences=(sentence,))


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(
            st.tuples(
                small | st.sampled_from(["長" * size for size in (254, 255, 256, 510, 700)]),
                st.sampled_from(["", "unknown", "company"]),
            ),
            max_size=6,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_words_and_their_tags_come_back_from_their_bytes(each: list[list[Pair]]) -> None:
    documents = [of_words(number, pairs) for number, pairs in enumerate(each)]
    table = rows_at(data_file([to_table(documents, {d.id: d.title for d in documents})]))
    assert [d.sentences for d in from_table(table)] == [d.sentences for d in documents]
    lengths = [len(word) for pairs in each for word, _ in pairs]
    assert lengths_in(table["words"].to_pylist()).tolist() == lengths
    assert table["tags"].to_pylist() == [
        sorted({tag for tag in dict(pairs).values() if tag}) for pairs in each
    ]


@pytest.mark.parametrize("names", [255, 256])
def test_a_document_may_have_any_number_of_tags(names: int) -> None:
    pairs = [(f"詞{n}", f"tag{n}") for n in range(names)]
    document = of_words(0, [*pairs, ("的", ""), *pairs])
    table = to_table([document, of_words(1, pairs[:3])], {"id0": "題", "id1": "題"})
    assert [len(row) for row in table["word_tags"].to_pylist()] == [
        (2 * names + 1) * (2 if names > 255 else 1),
        3,
    ]
    assert from_table(table)[0].sentences == document.sentences


def test_documents_of_a_term_are_counted_as_in_sets(documents: list[Document]) -> None:
    found = usage(counted(documents), load_lexicon())
    rows = np.arange(len(found.document)) % 3 > 0
    plain: list[set[int]] = [set() for _ in found.terms]
    for term, row in zip(found.term[:].tolist(), owners(found.words).tolist(), strict=True):
        if rows[row]:
            plain[term].add(int(found.document[row]))
    assert found.spread(rows).tolist() == list(map(len, plain))


def plain_wholes(text: str) -> list[Span]:
    found: list[Span] = []
    position = 0
    for begin in range(len(text)):
        is_latin = text[begin].isascii() and text[begin].isalnum()
        inside = begin > 0 and text[begin - 1].isascii() and text[begin - 1].isalnum()
        if is_latin and not inside and begin >= position:
            start = begin - 1 if begin > position and text[begin - 1] == "第" else begin
            match = segmenter._WHOLE.match(text, start) or segmenter._WHOLE.match(text, begin)
            assert match
            position = match.end()
            found.append(match.span())
    return found


@settings(max_examples=400)
@given(
    st.lists(
        st.sampled_from([*"aB10第,.-'+&百萬億晶片模型台 、。", "H20", "1,250", "gpt-oss", "製程"]),
        max_size=14,
    ).map("".join)
)
def test_numbers_and_latin_words_are_found_as_by_the_expression_alone(text: str) -> None:
    starts, ends = segmenter._numbers_and_latin(text, codes_of(text))
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == plain_wholes(text)


@given(
    st.lists(st.tuples(*[st.integers(0, most) for most in (3, 2**40, 5, 2**21)]), max_size=30),
    st.integers(1, 4),
)
def test_rows_are_ordered_as_tuples_are(rows: list[tuple[int, ...]], columns: int) -> None:
    own = np.array(rows, dtype=np.int64).reshape(-1, 4).T[:columns]
    plain = sorted(range(len(rows)), key=lambda n: rows[n][:columns])
    assert ordered(*own).tolist() == plain


@given(st.lists(st.text("台積電AI \U00020000", min_size=1, max_size=6), min_size=1, max_size=30))
def test_words_by_number_are_the_words(words: list[str]) -> None:
    text, ends = "".join(words), np.cumsum([len(word) for word in words])
    starts = ends - [len(word) for word in words]
    vocabulary, numbers = numbered_words(text, codes_of(text), starts, ends)
    assert [vocabulary[number] for number in numbers.tolist()] == words
    assert len(set(vocabulary)) == len(vocabulary) == len(set(words))
    assert words_between(text, np.concatenate([[0], ends])) == words


@given(st.text("甲乙丙Aa", max_size=12), st.lists(st.text("甲乙丙丁Aa", max_size=6), max_size=6))
def test_known_runs_are_found_in_any_texts(known_text: str, texts: list[str]) -> None:
    def runs(text: str, rows: list[int]) -> list[tuple[int, int]]:
        codes = folded(codes_of(text)).astype(np.int64)
        columns = character_runs(codes, np.array(rows, dtype=np.int64))
        return list(zip(*(column.tolist() for column in columns), strict=True))

    known = sorted({key for _, key in runs(known_text, [0] * len(known_text))})
    ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64) - 1
    starts = ends - np.array([len(text) for text in texts], dtype=np.int64)
    found = Runs(np.array(known, dtype=np.int64)).find(
        codes_of("。".join([*texts, ""])), starts, ends
    )
    rows = [row for row, text in enumerate(texts) for _ in text]
    plain = [(row, known.index(key)) for row, key in runs("".join(texts), rows) if key in known]
    assert Counter(zip(*(column.tolist() for column in found), strict=True)) == Counter(plain)


@pytest.mark.parametrize("length", [0, 7])
def test_runs_are_found_as_each_looked_up(batch: Batch, length: int) -> None:
    encoder = load_model().encoder
    known = {key: number for number, key in enumerate(encoder.runs.tolist())}
    starts, ends = unit_spans(batch)
    if length:  # else sentences end in a mark
        starts = np.concatenate(
            [np.arange(a, b, length) for a, b in zip(starts, ends, strict=True)]
        )
        ends = np.minimum(starts + length, np.append(starts[1:], ends[-1]))
    cut = replace(
        batch, row=np.arange(len(starts)), offset=starts, start=starts * 0, end=ends - starts
    )
    codes, rows = unit_codes(cut)
    plain = Counter(
        (row, known[key])
        for row, key in zip(*(c.tolist() for c in character_runs(codes, rows)), strict=True)
        if key in known
    )
    found = encoder.known_runs.find(batch.codes, starts, ends)
    assert Counter(zip(*(c.tolist() for c in found), strict=True)) == plain
    assert len(plain) > 20_000
    counts = _counted(*found, (int(rows[-1]) + 1, len(known)))
    cells = counts.tocoo()
    given = zip(cells.row.tolist(), cells.col.tolist(), cells.data.tolist(), strict=True)
    assert {(row, column): count for row, column, count in given} == plain
    assert counts.has_sorted_indices


def test_every_part_of_a_known_run_is_known() -> None:
    known = set(load_model().encoder.runs.tolist())
    mask = (1 << 21) - 1
    for run in known:
        if run > mask:
            assert {run >> 21, run & ((mask << 21) | mask if run >> 42 else mask)} <= known


def test_scores_are_the_features_times_the_weights(batch: Batch) -> None:
    model = load_model()
    words = words_of(batch, model.encoder, load_lexicon())
    plain = model.encoder.encode(batch, words) @ model.weights + model.intercepts
    assert np.allclose(model.scores(batch, words), plain, atol=1e-5)


def test_the_article_around_a_sentence_is_its_mean() -> None:
    random = np.random.default_rng(0)
    documents = np.repeat([0, 1, 4, 5], [3, 1, 5, 2])
    values = random.random((11, 3)).astype(np.float32)
    mean, before, after = surroundings(values, documents)
    for n in range(11):
        others = [m for m in range(11) if documents[m] == documents[n] and m != n]
        expected = values[others].sum(axis=0) / max(len(others), 1)
        assert np.allclose(mean[n], expected, atol=1e-6)
        assert np.array_equal(before[n], values[n - 1] * float(n - 1 in others))
        assert np.array_equal(after[n], values[n + 1] if n + 1 in others else np.zeros(3))


def test_jiebas_dictionary_is_read_as_line_by_line() -> None:
    import jieba

    file = Path(jieba.__file__).with_name("dict.txt").read_text("utf-8")
    lines = [line.split() for line in file.splitlines()]
    pairs = {word for word, _, _ in lines if len(word) == 2}
    found = JiebaDictionary()
    assert found.compounds() == {
        word
        for word, _, tag in lines
        if len(word) == 4 and tag not in _WHOLE_TAGS and {word[:2], word[2:]} <= pairs
    }
    wanted = {word for word, _, _ in lines[::97]} | {"沒有這個詞", "一", "中"}
    assert found.frequencies(wanted) == {w: int(n) for w, n, _ in lines if w in wanted}
    assert found.frequencies(()) == {}


@given(
    st.lists(st.none() | st.text(max_size=4), max_size=8), st.lists(st.none() | st.integers(0, 9))
)
def test_arrow_arrays_are_as_pyarrow_makes_them(
    strings: list[str | None], numbers: list[int | None]
) -> None:
    assert strings_as_arrow(strings).equals(pa.array(strings, pa.string()))
    assert numbers_as_arrow(numbers, pa.int32()).equals(pa.array(numbers, pa.int32()))


@given(st.lists(st.integers(-2, 2) | st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_keys_are_numbered_as_by_a_dictionary(keys: list[int]) -> None:
    firsts = [n for n, key in enumerate(keys) if key not in keys[:n]]
    known = {keys[n]: number for number, n in enumerate(firsts)}
    for few in (0, len(keys) + 1):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(arrow, "FEW", few)
            numbers, places = numbered_keys(np.array(keys, dtype=np.int64))
        assert numbers.tolist() == [known[key] for key in keys]
        assert places.tolist() == firsts


def test_an_article_as_columns_is_the_article_as_records(documents: list[Document]) -> None:
    for document in documents:
        assert isinstance(document.sentences, SentenceColumns)
        records = document._replace(sentences=tuple(document.sentences))
        assert columns_of_document(records) == records.sentences == document.sentences
        assert pickle.loads(pickle.dumps(document)) == document
    titles = {document.id: document.title for document in documents}
    records = [d._replace(sentences=tuple(d.sentences)) for d in documents]
    assert to_table(records, titles).equals(to_table(documents, titles))
