"""One text to tokens: the Simplified copy is cut, the cuts are carried over, terms are kept whole.

1. The engine cuts a Simplified copy of the text, so that jieba's dictionary and HMM apply; the
   copy has the same length, so its cuts are cuts of the text.
2. The short-word rule cuts compounds further.
3. The phrase layer joins what belongs together: the lexicon's terms, also those with spaces,
   Latin letters and mixed case; numbers with their thousands marks and powers (第3, 1,250萬);
   Latin words with their hyphens and dots (gpt-oss, U.S).
"""

import itertools
import re
from collections.abc import Iterable
from functools import cache

from textpipe.lexicon import Lexicon, Memory
from textpipe.matching import Matcher, squeeze
from textpipe.records import UNKNOWN, Token
from textpipe.segmentation.dictionary import short_words, simplified_copy
from textpipe.segmentation.engines import ENGINES, engine_name

WORD_FREQUENCY = 3_000
"""Frequency given to lexicon words in jieba's dictionary (of 60 million): above the product of
the frequencies of two common words, below that of function words."""

_HAN = re.compile(r"[\u3400-\u9fff]+")
_WHOLE = re.compile(
    r"(?<![A-Za-z\d])(?:第?\d+(?:[.,]\d+)*[百千萬億兆]*(?![A-Za-z])|[A-Za-z\d]+(?:[-.&'’+][A-Za-z\d]+)*)"
)


class Segmenter:
    """Cuts texts; built once a process for an engine and a lexicon (`load_segmenter`)."""

    def __init__(self, engine: str, lexicon: Lexicon) -> None:
        self._copy = simplified_copy()
        forms = sorted({form for entry in lexicon.entries for form in entry.forms})
        han = [form for form in forms if _HAN.fullmatch(form)]
        words = sorted({form.translate(self._copy) for form in han})
        self.engine = ENGINES[engine_name(engine)]((word, WORD_FREQUENCY) for word in words)
        own = set(words)
        self._short_words = {w: c for w, c in short_words().items() if w not in own}
        kept: dict[str, str] = {}
        for form in forms:
            if len(form) > 2 or not _HAN.fullmatch(form):
                kept.setdefault(squeeze(form), form)
        self._phrases = Matcher(kept.values(), longest_only=True) if kept else None
        self._lexicon = lexicon
        self._tags = Memory(self._tag)

    def _tag(self, word: str) -> str:
        """A word's lexicon tag, `unknown` for a Chinese word of no dictionary, else ""."""
        entry = self._lexicon.entry(word)
        if entry is not None:
            return entry.tag
        is_word = len(word) > 1 and _HAN.fullmatch(word)
        return UNKNOWN if is_word and not self.engine.knows(word.translate(self._copy)) else ""

    def cuts(self, text: str) -> list[int]:
        """The positions at which words begin, and the end of the text, in order."""
        words, short = self.engine.cut(text.translate(self._copy)), self._short_words
        ends = list(itertools.accumulate(map(len, words)))
        cuts = {0, *ends}
        for number in [n for n, word in enumerate(words) if word in short]:
            start = ends[number] - len(words[number])
            cuts.update(start + offset for offset in short[words[number]])
        for start, end in self._whole_spans(text):
            cuts.difference_update(range(start + 1, end))
            cuts.update((start, end))
        return sorted(cuts)

    def _whole_spans(self, text: str) -> Iterable[tuple[int, int]]:
        """Spans that stay whole: numbers and Latin words first, then phrases, which win where they overlap."""
        for match in _WHOLE.finditer(text):
            if match.end() - match.start() > 1:
                yield match.span()
        if self._phrases is not None:
            for phrase in self._phrases.find(text):
                yield phrase.start, phrase.end

    def tokens(self, text: str, *, must_cut: Iterable[int] = ()) -> list[Token]:
        """The tokens of a text; they join back to it. `must_cut` are cuts that must be there."""
        cuts = self.cuts(text)
        missing = set(must_cut).difference(cuts)
        if missing:
            cuts = sorted({*cuts, *missing})
        words = [text[a:b] for a, b in itertools.pairwise(cuts)]
        return list(map(Token, cuts, words, map(self._tags.__getitem__, words)))


@cache
def load_segmenter(engine: str, lexicon: Lexicon) -> Segmenter:
    """The segmenter for an engine and a lexicon, loaded once a process (about half a second)."""
    return Segmenter(engine, lexicon)
