"""The statistics of a corpus counted the plain way, sentence by sentence: what the columns must equal."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log2
from re import compile as pattern
from typing import Any

from textpipe.analysis.new_words import (
    CONTEXT,
    LONGEST_CANDIDATE,
    MINIMUM_COHESION,
    MINIMUM_COUNT,
    MINIMUM_FREEDOM,
    MOST,
)
from textpipe.analysis.news import ENTITIES
from textpipe.analysis.shingles import BANDS, BINS, ROWS, _lenders
from textpipe.analysis.usage import Terms
from textpipe.codebook import Codebook
from textpipe.findings import NewWord, Overview, Scorecard, SpeakerCount, Story, Voices
from textpipe.lexicon import Lexicon, stop_words
from textpipe.records import UNKNOWN, Document, Sentence

BREAK = ""
Ngram = tuple[str, ...]
Place = tuple[int, int]
_MARKED = {
    "title": pattern(r"《([^《》，。；：！？\n]{2,30})》"),
    "quoted": pattern(r"「([\u3400-\u9fffA-Za-z0-9·\- ]{2,10})」"),
}


def coded(document: Document) -> Iterator[Sentence]:
    return (s for s in document.sentences if s.is_coded)


def rows_of(documents: Sequence[Document]) -> Iterator[tuple[int, int, Sentence]]:
    """The sentences that count, with their document and their number in it."""
    for i, document in enumerate(documents):
        for number, sentence in enumerate(document.sentences):
            single = sentence.duplicate_of is None
            if single and sentence.kind in ("body", "list_item", "heading"):
                yield i, number, sentence


def usage(
    documents: Sequence[Document], lexicon: Lexicon
) -> list[tuple[int, int, bool, list[tuple[int, str]]]]:
    """Document, number, is coded, and (place, term) of the words that count, of each row."""
    terms = Terms(lexicon)
    rows = [
        (i, n, s.is_coded, [(at, t) for at, w in enumerate(s.tokens.words) if (t := terms[w])])
        for i, n, s in rows_of(documents)
    ]
    unknown = {terms[t.text] for *_, s in rows_of(documents) for t in s.tokens if t.tag == UNKNOWN}
    times = Counter((i, term) for i, _, _, own in rows for _, term in own)
    return [
        (i, n, c, [(at, t) for at, t in own if t not in unknown or times[i, t] > 1])
        for i, n, c, own in rows
    ]


def scorecard(documents: Sequence[Document]) -> Scorecard:
    unknown = Counter(
        t.text for d in documents for s in coded(d) for t in s.tokens if t.tag == UNKNOWN
    )
    places = [_words(document) for document in documents]
    unigrams: Counter[str] = Counter()
    counts: Counter[Ngram] = Counter()
    for words, _ in places:
        unigrams.update(words)
        counts.update(itertools.pairwise(words))
        counts.update(zip(words, words[1:], words[2:], strict=False))
    unigrams.pop(BREAK, None)
    size = unigrams.total()
    found = {(word,): 0.0 for word, n in unknown.items() if n >= 2} | {
        gram: cohesion
        for gram, count in counts.items()
        if count >= MINIMUM_COUNT and _plausible(gram)
        if (cohesion := _cohesion(gram, counts, unigrams, size)) >= MINIMUM_COHESION
    }
    given = [*_described(documents, places, found, counts, unigrams), *_marked(documents)]
    own = {candidate.word: candidate for candidate in reversed(given)}
    ranked = sorted(own.values(), key=lambda w: (-w.count * max(w.freedom, 0.1), w.word))
    splits = sum(_suspicious(words) for words, _ in places)
    return Scorecard(size, size - unknown.total(), len(unknown), splits, tuple(ranked[:MOST]))


def _words(document: Document) -> tuple[list[str], list[int]]:
    words, starts = [BREAK], [0]
    for sentence in coded(document):
        own = sentence.tokens.words
        words += [word if "\u3400" <= word[0] <= "\u9fff" else BREAK for word in own]
        words.append(BREAK)
        starts += itertools.accumulate(map(len, own), initial=sentence.start)
    return words, starts


def _suspicious(words: Sequence[str]) -> int:
    length, found = 0, 0
    for word in words:
        length = length + 1 if len(word) == 1 and word not in stop_words() else 0
        found += length == 3
    return found


def _plausible(gram: Ngram) -> bool:
    plain = not any(word == BREAK or word in stop_words() for word in gram)
    return plain and len("".join(gram)) <= LONGEST_CANDIDATE


def _cohesion(gram: Ngram, counts: Counter[Ngram], unigrams: Counter[str], size: int) -> float:
    def probability(part: Ngram) -> float:
        return (unigrams[part[0]] if len(part) == 1 else counts[part]) / size

    cuts = ((gram[:at], gram[at:]) for at in range(1, len(gram)))
    return min(log2(probability(gram) / (probability(a) * probability(b))) for a, b in cuts)


def _described(
    documents: Sequence[Document],
    texts: Sequence[tuple[Sequence[str], Sequence[int]]],
    cohesions: dict[Ngram, float],
    counts: Counter[Ngram],
    unigrams: Counter[str],
) -> Iterator[NewWord]:
    left: dict[Ngram, Counter[str]] = defaultdict(Counter)
    right: dict[Ngram, Counter[str]] = defaultdict(Counter)
    places: dict[Ngram, list[Place]] = defaultdict(list)
    for number, (words, _) in enumerate(texts):
        for size in (1, 2, 3):
            for at in range(len(words) - size + 1):
                gram = tuple(words[at : at + size])
                if gram in cohesions:
                    left[gram][words[at - 1]] += 1
                    right[gram][words[at + size]] += 1
                    places[gram].append((number, at))
    for gram, cohesion in cohesions.items():
        freedom = min(_entropy(left[gram]), _entropy(right[gram]))
        if len(gram) == 1 or freedom >= MINIMUM_FREEDOM:
            word, (number, at) = "".join(gram), places[gram][0]
            yield NewWord(
                word,
                unigrams[word] if len(gram) == 1 else counts[gram],
                len({number for number, _ in places[gram]}),
                round(cohesion, 2),
                round(freedom, 2),
                "hmm" if len(gram) == 1 else "+".join(gram),
                _context(documents[number], texts[number][1][at], word),
                f"{word},concept,,",
            )


def _context(document: Document, start: int, word: str) -> str:
    context = document.text[max(0, start - CONTEXT) : start + len(word) + CONTEXT]
    return " ".join(context.split())


def _entropy(counts: Counter[str]) -> float:
    values = [n for word, n in counts.items() if word != BREAK] + [1] * counts.get(BREAK, 0)
    size = sum(values)
    return -sum(n / size * log2(n / size) for n in values) if size else 0.0


def _marked(documents: Sequence[Document]) -> Iterator[NewWord]:
    places: dict[tuple[str, str], list[Place]] = defaultdict(list)
    words: set[str] = set()
    for number, document in enumerate(documents):
        for sentence in coded(document):
            if "《" in sentence.text or "「" in sentence.text:
                words.update(t.text for t in sentence.tokens if t.tag != UNKNOWN)
                for origin, marks in _MARKED.items():
                    for found in marks.finditer(sentence.text):
                        at = sentence.start + found.start(1)
                        places[found.group(1), origin].append((number, at))
    for (word, origin), own in places.items():
        if len(own) >= 2 and word not in words:
            number, at = own[0]
            line = f"{word},{'law' if origin == 'title' else 'concept'},,"
            held = len({number for number, _ in own})
            context = _context(documents[number], at, word)
            yield NewWord(word, len(own), held, 0.0, 0.0, origin, context, line)


def label_columns(
    documents: Sequence[Document], codebook: Codebook
) -> dict[tuple[str, str], list[int]]:
    columns = {(axis.id, label.id): [0] * len(documents) for axis, label in codebook.pairs()}
    for i, document in enumerate(documents):
        for x in (x for s in coded(document) for x in s.labels):
            if x.decision == "yes":
                columns[x.axis, x.id][i] += 1
    return columns


def overview(
    documents: Sequence[Document], codebook: Codebook, stories: Sequence[Story]
) -> Overview:
    split = next(axis for axis in codebook.axes if axis.choose == "one")
    rows, columns = codebook.axes[0].id, split.empty_when_no
    assert columns is not None
    every = [s for d in documents for s in coded(d)]
    story_of = {id: story.id for story in stories for id in story.documents}
    of_articles = label_columns(documents, codebook)
    holders = {
        pair: [d.id for d, n in zip(documents, own, strict=True) if n]
        for pair, own in of_articles.items()
    }
    months: dict[str, Counter[str]] = defaultdict(Counter)
    for d in documents:
        months[(d.published or "")[:7]].update(["articles"])
        months[(d.published or "")[:7]].update(id for s in coded(d) for id in s.ids(rows))
    names = ["articles", *(label.id for label in codebook.axis(rows).labels)]

    def nested(flat: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for axis, label in of_articles:
            found[axis][label] = flat.get((axis, label), 0)
        return dict(found)

    def cross(a: str, b: str) -> dict[str, dict[str, int]]:
        times = Counter((x, y) for s in every for x in s.ids(a) for y in s.ids(b))
        others = [label.id for label in codebook.axis(b).labels]
        return {x.id: {y: times[x.id, y] for y in others} for x in codebook.axis(a).labels}

    return Overview(
        rows=rows, columns=columns, split=split.id, articles=len(documents), sentences=len(every),
        labelled=sum(1 for s in every if s.ids(rows) or s.ids(columns)),
        unsure_sentences=sum(any(x.decision == "unsure" for x in s.labels) for s in every),
        duplicates=sum(s.duplicate_of is not None for d in documents for s in d.sentences),
        counts=nested({pair: sum(own) for pair, own in of_articles.items()}),
        unsure=nested(
            Counter((x.axis, x.id) for s in every for x in s.labels if x.decision == "unsure")
        ),
        matrix=cross(rows, columns), by_split=cross(columns, split.id),
        timeline={m: {name: months[m][name] for name in names} for m in sorted(months)},
        stories=len({story_of[d.id] for d in documents}),
        articles_with=nested({pair: len(own) for pair, own in holders.items()}),
        stories_with=nested({pair: len({story_of[i] for i in own}) for pair, own in holders.items()}),
    )  # fmt: skip


def voices(
    documents: Sequence[Document], stories: Sequence[Story], codebook: Codebook, lexicon: Lexicon,
    **given: Any,
) -> Voices:  # fmt: skip
    axis = next(axis for axis in codebook.axes if axis.choose == "one")
    story_of = {id: story.id for story in stories for id in story.documents}
    held: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    by_split: dict[str, Counter[str]] = defaultdict(Counter)
    by_modality: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for s in coded(document):
            split = tuple(x for x in s.ids(axis.id) if x != axis.empty)
            role = s.speaker.role if s.speaker else ""
            by_modality[role].update([*{cue.id for cue in s.modality}, "sentences"])
            if s.speaker:
                by_split[role].update([*split, "sentences"])
                held[lexicon.preferred(s.speaker.name), role].append((document.id, split))
    found = [
        SpeakerCount(
            *who, len(own), len({id for id, _ in own}), len({story_of[id] for id, _ in own}),
            dict(Counter(x for _, split in own for x in split)),
        )
        for who, own in held.items()
    ]  # fmt: skip
    roles = given["roles"]
    return Voices(
        tuple(sorted(found, key=lambda x: (-x.sentences, x.speaker, x.role))),
        {role: dict(by_split[role]) for role in roles if role in by_split},
        {role: dict(by_modality[role]) for role in ("", *roles) if role in by_modality},
        **given,
    )


def _mixed(value: int, other: int) -> int:
    mixed = (value * 0x9E3779B97F4A7C15 + other) % 2**64
    return mixed ^ mixed >> 29


def shingles(text: str) -> set[int]:
    """Every five letters, digits and Chinese characters in a row, hashed."""
    kept = [ord(c.lower()) for c in text if pattern(r"[\u3400-\u9fffA-Za-z0-9]").match(c)]
    found = set()
    for i in range(len(kept) - 4):
        value = 0
        for code in kept[i : i + 5]:
            value = _mixed(value, code)
        found.add(value)
    return found


def meetings(signatures: Sequence[Sequence[int]]) -> list[list[int]]:
    """Each text with the first and the latest before it that share a band, bucket by bucket; of a text those
    first that it met most often."""
    buckets: dict[tuple[int, int], list[int]] = {}
    found = Counter[tuple[int, int]]()
    for i, signature in enumerate(signatures):
        for key in enumerate(signature) if any(signature) else ():
            before = buckets.setdefault(key, [])
            found.update([(i, before[0]), (i, before[-1])] if before else [])
            before.append(i)
    return [[b, a] for b, a in sorted(found, key=lambda pair: (pair[0], -found[pair], pair[1]))]


def bands(text: str) -> list[int]:
    """The MinHash of a text, shingle by shingle and bin by bin."""
    hashes = [(h ^ h >> 32) * 0xD6E8FEB86659FD93 % 2**64 for h in shingles(text)]
    least: dict[int, int] = {}
    for value in hashes:
        place = (value >> 32) * BINS >> 32
        least[place] = min(value, least.get(place, value))
    if not least:
        return [0] * BANDS
    lent = [least[next(i for i in _lenders()[own].tolist() if i in least)] for own in range(BINS)]
    found = []
    for band in range(BANDS):
        value = 0
        for row in range(ROWS):
            value = _mixed(value, lent[row * BANDS + band])
        found.append(value)
    return found


def mentions(
    documents: Sequence[Document], fresh: set[str], lexicon: Lexicon
) -> tuple[set[str], dict[str, tuple[str, int, str, int, str]]]:
    """The entities that earlier articles name, and what new ones name: tag, count, and where first."""
    old: set[str] = set()
    new: dict[str, tuple[str, int, str, int, str]] = {}
    for i, number, s in rows_of(documents):
        for entry in map(lexicon.entry, s.tokens.words):
            if entry is None or entry.tag not in ENTITIES:
                continue
            if documents[i].id not in fresh:
                old.add(entry.term)
            else:
                first = new.get(entry.term, (entry.tag, 0, documents[i].id, number, s.text))
                new[entry.term] = (first[0], first[1] + 1, *first[2:])
    return old, new
