"""Which script a text is in, told from characters that exist in one script only.

A character is Simplified only if OpenCC's `s2t` changes it and Taiwan's code page 950 lacks it;
Traditional only if `t2s` changes it and GB 2312 lacks it. What both scripts use (后, 里, 台, 干)
says nothing, nor do the declared variants (户, 税), which Hong Kong and Japan write too.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Literal

Script = Literal["hant", "hans", "hant-hk", "mixed", "none"]

_HONG_KONG = "裏|着|爲|峯|羣|綫|衞|嘅|喺|咗|哋|啲|嚟|本港|港鐵|港府|港元|特首|屋邨|的士|數碼港|運輸署|英偉達|立法會"
_MAINLAND_OR_HONG_KONG = "特朗普|芯片|數據中心|人工智能|內地|互聯網|軟件|硬件|網絡"
_TELLING = re.compile(f"{_HONG_KONG}|{_MAINLAND_OR_HONG_KONG}")
"""Literal words only, which are searched for by their first characters: 10 µs an article, not 50 as with
a set of characters among them."""
_KANA = re.compile("[\u3041-\u30fa]")
_PIECE = re.compile(
    r"[^。！？!?；;，,、：:\n「」『』“”‘’（）()《》]+[。！？!?；;，,、：:\n」』”’）)》]*"
)
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]*")


@cache
def characters_of_one_script() -> tuple[str, str]:
    """The characters that are Simplified only, Traditional only: what the rule above gives with OpenCC, kept
    as a file, because to derive it takes an eighth of a second."""
    text = (files("textpipe") / "resources" / "script_characters.txt").read_text("utf-8")
    simplified, traditional = text.removeprefix("# Simplified only\n").split("# Traditional only\n")
    return simplified.replace("\n", ""), traditional.replace("\n", "")


@cache
def _one_script_only() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns that find a character which is Simplified only, Traditional only."""
    simplified, traditional = characters_of_one_script()
    return re.compile(f"[{simplified}]"), re.compile(f"[{traditional}]")


def simplified_spans(text: str) -> list[tuple[int, int]]:
    """The spans proven Simplified: sentences, else clauses, with Simplified-only characters
    and no Traditional-only ones. Clauses with kana are left alone: Japanese shares the forms.
    """
    simplified, traditional = _one_script_only()
    if not simplified.search(text):
        return []
    spans: list[tuple[int, int]] = []
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        if start == end or not simplified.search(text, start, end):
            continue
        pieces = (
            [(start, end)]
            if not traditional.search(text, start, end)
            else [piece.span() for piece in _PIECE.finditer(text, start, end)]
        )
        for a, b in pieces:
            if (
                simplified.search(text, a, b)
                and not traditional.search(text, a, b)
                and not _KANA.search(text, a, b)
            ):
                spans.append((a, b))
    return _joined(spans)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for a, b in spans:
        if joined and joined[-1][1] == a:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    return joined


def decide_script(raw: str, spans: list[tuple[int, int]]) -> Script:
    """The script of a whole text, given its spans proven Simplified.

    Hong Kong is told from Traditional text by a form or word of its own, or by two words that
    Taiwan does not use.
    """
    _simplified, traditional = _one_script_only()
    if spans:
        outside = zip([0, *(b for _, b in spans)], [*(a for a, _ in spans), len(raw)], strict=True)
        return "mixed" if any(traditional.search(raw, *span) for span in outside) else "hans"
    if not traditional.search(raw):
        return "none"
    found = set(_TELLING.findall(raw))
    certain = not found.isdisjoint(_HONG_KONG.split("|"))
    return "hant-hk" if certain or len(found) >= 2 else "hant"
