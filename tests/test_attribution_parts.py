"""The fast ways of attribution, against the plain ones."""

import re
from itertools import accumulate, chain

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from textpipe.attribution import load_rules
from textpipe.attribution.quotations import HIDDEN, is_quotation, masked_quotations
from textpipe.attribution.roles import OTHER, Told
from textpipe.attribution.sources import Said, Sources, clause_start
from textpipe.attribution.units import NAMED, units_of
from textpipe.columns import NO_ORIGINAL, SentenceColumns, kinds_of
from textpipe.ranges import bounds_of
from textpipe.records import Tokens

RULES = load_rules()
SOURCES = Sources(RULES)
PIECES = [
    *RULES.speech.between, *RULES.speech.pronouns, *"，。「」『』“”、的", "在台北", "於會議中", "對記者", "向外界",
    "面對關稅時", "談到關稅後", "談及關稅時", "被問關稅時", "回應關稅時", "提到關稅時", "提及關稅時", "問及關稅時",
    "回顧去年時", "接受專訪時", "出席論壇", "參加會議後", "12日", "（左）", "(右)", "》", "〉", " ", "劉佩真", "執行長", "輝達", HIDDEN,
]  # fmt: skip
clauses = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def spans_before_a_verb(text: str) -> tuple[object, object]:
    """What is found at the end of a text, and what is found without looking first."""
    fast = SOURCES._strip
    look, plain = fast.pattern.split(r"\s])", 1)
    assert look.startswith("(?=[")
    found, wanted = fast.search(text), re.search(plain, text)
    return found and found.span(), wanted and wanted.span()


def test_the_search_before_a_verb_skips_no_place() -> None:
    for piece in PIECES:
        found, wanted = spans_before_a_verb("真" + piece)
        assert found == wanted, piece


@given(clauses)
def test_the_search_before_a_verb_begins_where_a_plain_one_does(text: str) -> None:
    found, wanted = spans_before_a_verb(text)
    assert found == wanted


@given(clauses, st.data())
def test_a_clause_begins_after_the_last_border(text: str, data: st.DataObject) -> None:
    end = start = data.draw(st.integers(0, len(text)))
    while start and text[start - 1] not in "，。；！？：,;!?:\n」』”「":
        start -= 1
    assert clause_start(text, end) == start


def test_a_clause_begins_as_far_back_as_it_does() -> None:
    for size in (0, 1, 63, 64, 65, 255, 256, 257, 5_000):
        assert clause_start("。" + "甲" * size, size + 1) == 1
        assert clause_start("甲" * size, size) == 0


QUOTE = re.compile(r"「[^「」]*(?:「[^「」]*」[^「」]*)*」?|『[^『』]*』?|“[^“”]*”?|^[^「」]*」")


def plain_mask(text: str) -> str:
    """All quotations found by one expression."""

    def hide(match: re.Match[str]) -> str:
        quote = match[0]
        first, last = quote[0] in "「『“", quote[-1] in "」』”"
        if len(quote) == 1 or (first and len(quote) < 9):
            return quote
        ends = quote[0] if first else HIDDEN, quote[-1] if last else HIDDEN
        return ends[0] + HIDDEN * (len(quote) - 2) + ends[1]

    return QUOTE.sub(hide, text)


@settings(max_examples=300)
@given(st.text("「」『』“”甲乙。" + HIDDEN, max_size=24))
def test_quotations_are_hidden_as_by_one_expression(text: str) -> None:
    masked = masked_quotations(text)
    assert masked == plain_mask(text) and len(masked) == len(text)
    assert HIDDEN in masked or not is_quotation(masked)


words = st.lists(
    st.tuples(st.text("甲乙", min_size=1, max_size=3), st.sampled_from(["", "person", "place"])),
    max_size=8,
    unique_by=lambda word: word[0],
)
documents = st.lists(st.lists(words, max_size=4), max_size=4)


@given(documents, st.booleans())
def test_the_names_of_many_sentences_are_their_tokens_with_their_tags(
    each: list[list[list[tuple[str, str]]]], share: bool
) -> None:
    """In documents that share a vocabulary and its tags (the last tag of a word counts), or do not."""
    tags: list[dict[str, str]] = [dict(chain.from_iterable(own)) for own in each]
    if share:
        tags = [{word: tag for own in tags for word, tag in own.items()}] * len(each)
    words = [list(own) for own in tags]
    if share:
        words = words[:1] * len(each)
    columns = [document_of(*own) for own in zip(each, words, tags, strict=True)]
    units = units_of(columns)
    plain = [
        [
            (t.start, t.start + len(t.text), t.tag)
            for t in Tokens(0, [word for word, _ in sentence], tag).tagged(NAMED)
        ]
        for own, tag in zip(each, tags, strict=True)
        for sentence in own
    ]
    assert [list(units.names.get(number, ())) for number in range(len(plain))] == plain


def document_of(
    sentences: list[list[tuple[str, str]]], vocabulary: list[str], tags: dict[str, str]
) -> SentenceColumns:
    """Sentences of words, one after another, as columns."""
    counts = [sum(len(word) for word, _ in own) for own in sentences]
    ends = list(accumulate(counts))
    text = "".join(word for own in sentences for word, _ in own)
    numbers = [vocabulary.index(word) for own in sentences for word, _ in own]
    size = len(sentences)
    return SentenceColumns(
        text, text, np.subtract(ends, counts), np.array(ends, np.int64), kinds_of(["body"] * size),
        np.zeros(size, np.int64), np.full(size, NO_ORIGINAL), vocabulary, np.array(numbers, np.int32),
        bounds_of(list(map(len, sentences))), tags,
    )  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=5), st.data())
def test_names_of_a_clause_are_those_within_it(
    spans: list[tuple[int, int]], data: st.DataObject
) -> None:
    names = [(start, start + size, "person") for start, size in sorted(spans)]
    start = data.draw(st.integers(0, 9))
    end = data.draw(st.integers(start, 12))
    text = "甲" * 12
    within = set(range(start, end))
    expected = [name for name in names if set(range(name[0], name[1])) <= within]
    assert Said(text, text, (), False, (), (), names).names(start, end) == expected


sentences = st.tuples(
    st.sampled_from(["", "", "us", "tw"]), st.booleans(), st.sampled_from(["", OTHER, "us", "jp"])
)


@given(st.lists(sentences, max_size=12))
def test_the_government_named_last_is_that_of_reading_on(read: list[tuple[str, bool, str]]) -> None:
    """Of each sentence: the government that it names, whether it is asked for, and who speaks in it."""
    last: str | None = None
    told = Told(0, lambda number: read[number][0])
    for number, (named, is_asked, role) in enumerate(read):
        told.number = number
        last = named or last
        if is_asked:
            assert told.government() == last
        if role:
            told.add("name", role, is_government=role in ("us", "jp"))
            last = role if role != OTHER else last
