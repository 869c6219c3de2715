"""One text to tokens: the Simplified copy is cut, the cuts are carried over, terms are kept whole.

1. The engine cuts a Simplified copy of the text, so that jieba's dictionary and HMM apply; the
   copy has the same length, so its cuts are cuts of the text.
2. Compounds of two dictionary words are never chosen; numerals are cut from their classifiers.
3. The phrase layer joins what belongs together: lexicon terms with spaces, Latin letters, digits
   and mixed case; numbers with their thousands marks and powers (第3, 1,250萬); Latin words with
   their hyphens and dots (gpt-oss, U.S) and the head of the compound that they begin (H20晶片).

Lexicon terms in Chinese characters alone are words of the engine's dictionary, frequent enough to
stay whole: where they cross a border (法務|部門, 聯合|報導) the engine weighs both readings.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from textpipe.codepoints import Codes, codes_of, lookup, members, text_of
from textpipe.folding import squeeze
from textpipe.lexicon import Lexicon, Memory, compound_heads
from textpipe.matching import Matcher, latin_or_digit
from textpipe.ranges import within
from textpipe.records import UNKNOWN, Tokens
from textpipe.segmentation.dictionary import JiebaDictionary, counted_nouns, simplified_copy
from textpipe.segmentation.engines import ENGINES, engine_name
from textpipe.words import SEPARATOR, Positions, words_between

WORD_FREQUENCY = 3_000
"""Frequency given to lexicon words in jieba's dictionary (of 60 million): above the product of
the frequencies of two common words, below that of function words."""

LONGEST_COUNTED = 3
"""Characters of the longest word that is a numeral and a classifier (第一個)."""

_HAN = re.compile(r"[\u3400-\u9fff]+")
_ENGINE_WORD = re.compile(r"[\u4e00-\u9fd5]+")
"""Words that the engines can hold; what else a lexicon holds is kept whole by the phrase layer."""
_NOT_LATIN = re.compile(r"[^A-Za-z0-9]+")
_WHOLE = re.compile(
    r"第?\d++(?:[.,]\d++)*+[百千萬億兆]*(?![A-Za-z])"
    rf"|[A-Za-z\d]+(?:[-.&'’+][A-Za-z\d]+)*(?:{'|'.join(sorted(compound_heads(), key=len, reverse=True))})?",
    re.ASCII,
)

NAME_TAGS = ("organization", "law", "programme", "person", "company", "product")
FIRST_HAN = 0x3400


class Segmenter:
    """Cuts texts; built once a process for an engine and a lexicon (`load_segmenter`)."""

    def __init__(self, engine: str, lexicon: Lexicon) -> None:
        copy = simplified_copy()
        forms = lexicon.forms
        plain = [squeeze(form) if _NOT_LATIN.fullmatch(form) else form for form in forms]
        words = set(filter(_ENGINE_WORD.fullmatch, _translated(plain, copy)))
        dictionary = JiebaDictionary()
        known = dictionary.frequencies(words)
        self.engine = ENGINES[engine_name(engine)](
            [(word, WORD_FREQUENCY) for word in sorted(words) if _is_rare(word, known)],
            dictionary.compounds() - words,
        )
        self._copy, self._copy_of = copy, lookup(copy)
        self._counted = {word: at for word, at in counted_nouns().items() if word not in words}
        self._counts = members({word[0] for word in self._counted})
        self._counted_by = members({word[-1] for word in self._counted})
        pairs = zip(forms, _translated(forms, copy), strict=True)
        self._keep_phrases([form for form, word in pairs if word not in words], lexicon)
        self._lexicon = lexicon
        self.tags = Memory(self._tag)

    def _keep_phrases(self, forms: Sequence[str], lexicon: Lexicon) -> None:
        """Prepare the phrase layer for the forms that the engine cannot hold."""
        kept = {squeeze(form): form for form in reversed(forms)}
        self._phrases = Matcher(kept.values(), longest_only=True) if kept else None
        self._is_name = np.array(
            [lexicon.by_form[form].tag in NAME_TAGS for form in kept], np.bool_
        )

    def _tag(self, word: str) -> str:
        """A word's lexicon tag, `unknown` for a Chinese word of no dictionary, else ""."""
        entry = self._lexicon.entry(word)
        if entry is not None:
            return entry.tag
        is_word = len(word) > 1 and _HAN.fullmatch(word)
        return UNKNOWN if is_word and not self.engine.knows(word.translate(self._copy)) else ""

    def cuts(self, text: str, *, must_cut: Sequence[int] | Positions = ()) -> Positions:
        """The positions at which words begin, and the end of the text, in order.

        `must_cut` are positions that must be among them. The text may be many texts joined by line
        ends: words never cross one.
        """
        codes = codes_of(text)
        copy = self._copy_of.take(codes)
        words = self.engine.cut(text_of(copy))
        ends = _ends(words, text)
        is_cut = np.zeros(len(text) + 1, dtype=np.bool_)
        is_cut[0] = True
        is_cut[ends] = True
        is_cut[self._inside_counted(copy, words, ends)] = True
        for starts, ends in self._whole_spans(text, codes):
            _keep_whole(is_cut, starts, ends)
        is_cut[np.asarray(must_cut, dtype=np.int64)] = True
        return np.flatnonzero(is_cut)

    def _inside_counted(self, copy: Codes, words: Sequence[str], ends: Positions) -> list[int]:
        """Where to cut words that are a numeral or determiner and a classifier."""
        by = np.flatnonzero(self._counted_by[copy[ends - 1]])
        starts = ends[by - 1]
        starts[by == 0] = 0
        possible = (ends[by] - starts <= LONGEST_COUNTED) & self._counts[copy[starts]]
        found = zip(by[possible].tolist(), starts[possible].tolist(), strict=True)
        counted = self._counted
        return [start + counted[words[n]] for n, start in found if words[n] in counted]

    def _whole_spans(self, text: str, codes: Codes) -> Iterator[tuple[Positions, Positions]]:
        """Spans that stay whole: numbers and Latin words, then phrases, which win where they overlap.

        A phrase inside a Latin word (gpt-oss in gpt-oss-120b) does not count; a proper name at the
        head of a compound does, so that it counts as itself (NVIDIA|晶片).
        """
        first, last = _numbers_and_latin(text, codes)
        yield first, last
        if self._phrases is not None:
            terms, starts, ends = self._phrases.spans(codes)
            around = np.searchsorted(first, starts, side="right")
            outside = np.concatenate([[0], last])[around] < ends
            names = np.concatenate([[-1], first])[around] == starts
            names &= self._is_name[terms] & (np.concatenate([codes, [0]])[ends] >= FIRST_HAN)
            wins = outside | names
            yield starts[wins], ends[wins]

    def tokens(self, text: str) -> Tokens:
        """The tokens of a text; they join back to it."""
        return Tokens(0, words_between(text, self.cuts(text)), self.tags)


def _translated(words: Iterable[str], table: Mapping[int, str]) -> list[str]:
    """Words with their characters exchanged, by one call (of 17,000: 30 ms one by one, 4 ms so)."""
    return "".join(f"{word}\n" for word in words).translate(table).split("\n")[:-1]


def _is_rare(word: str, known: Mapping[str, int]) -> bool:
    """Whether a lexicon word needs the frequency of a lexicon word: the dictionary lacks it or, of
    longer words, holds it as a rarity (民眾黨 4). Short common words keep what they have."""
    frequency = known.get(word, 0)
    return not frequency or (len(word) > 2 and frequency < WORD_FREQUENCY)


def _ends(words: Sequence[str], text: str) -> Positions:
    """Where each word ends: found by a separator between them, which is faster than their lengths."""
    if SEPARATOR in text:
        return np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))
    at = np.flatnonzero(codes_of(SEPARATOR.join(words)) == ord(SEPARATOR))
    return np.append(at - np.arange(len(at)), len(text)) if words else at


def _keep_whole(is_cut: NDArray[np.bool_], starts: Positions, ends: Positions) -> None:
    """Cut at the starts and the ends of some spans, which do not overlap, and nowhere inside."""
    is_cut[within(len(is_cut), starts + 1, ends)] = False
    is_cut[starts] = True
    is_cut[ends] = True


def _numbers_and_latin(text: str, codes: Codes) -> tuple[Positions, Positions]:
    """The starts and ends of numbers with their marks and powers, and of Latin words with their hyphens
    and heads. Runs of letters and digits that nothing of these adjoins, most of them, are such spans as
    they are; the expression is tried at the others (an article's: .12 ms by it alone, .05 ms so)."""
    latin = np.zeros(len(codes) + 2, dtype=np.bool_)
    latin[1:-1] = latin_or_digit().take(codes)
    starts = np.flatnonzero(latin[1:] & ~latin[:-1])
    ends = np.flatnonzero(latin[:-1] & ~latin[1:])
    around = np.concatenate([[0], codes, [0]])
    goes_on = _goes_on()[around[ends + 1]] | (around[starts] == ord("第"))
    spans: list[tuple[int, int]] = []
    position = 0
    for begin in starts[goes_on].tolist():
        if begin < position:
            continue
        start = begin - 1 if begin > position and text[begin - 1] == "第" else begin
        match = _WHOLE.match(text, start) or _WHOLE.match(text, begin)
        if match:
            position = match.end()
            spans.append(match.span())
    own = np.array(spans, dtype=np.int64).reshape(-1, 2)
    reached = np.concatenate([[0], own[:, 1]])[np.searchsorted(own[:, 0], starts, "right")]
    alone = ~goes_on & (reached <= starts)
    starts = np.concatenate([own[:, 0], starts[alone]])
    order = np.argsort(starts)
    return starts[order], np.concatenate([own[:, 1], ends[alone]])[order]


@cache
def _goes_on() -> NDArray[np.bool_]:
    """The code points that may continue a number or a Latin word."""
    return members({*"-.,&'’+百千萬億兆", *(head[0] for head in compound_heads())})


@cache
def load_segmenter(engine: str, lexicon: Lexicon) -> Segmenter:
    """The segmenter for an engine and a lexicon, loaded once a process (about half a second)."""
    return Segmenter(engine, lexicon)
