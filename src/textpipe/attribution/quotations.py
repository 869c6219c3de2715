"""Quotations in a sentence: what stands in them is not looked into for reporting verbs."""

import re

HIDDEN = "\u2588"
OPENS = ("「", "『", "“", HIDDEN)
_QUOTE = re.compile(r"「[^「」]*(?:「[^「」]*」[^「」]*)*」?|『[^『』]*』?|“[^“”]*”?|^[^「」]*」")
_MARK = re.compile("[「」『“]")
_LONG_QUOTE = 9


def masked_quotations(text: str) -> str:
    """The text with what stands in long quotations hidden, its length unchanged."""

    def hide(match: re.Match[str]) -> str:
        inner = match[0]
        if len(inner) < _LONG_QUOTE and inner[0] in "「『“":
            return inner
        first, last = inner[0] in "「『“", inner[-1] in "」』”"
        return (
            (inner[0] if first else HIDDEN)
            + HIDDEN * (len(inner) - 2)
            + (inner[-1] if last else HIDDEN)
            if len(inner) > 1
            else inner
        )

    return (
        _QUOTE.sub(hide, text)
        if "「" in text or "」" in text or "『" in text or "“" in text
        else text
    )


def is_quotation(masked: str) -> bool:
    """Whether a sentence, its quotations masked, is nothing but a quotation."""
    if masked[:1] not in OPENS:
        return False
    body = masked.strip("「」『』“”。！？…， ")
    return bool(body) and body.count(HIDDEN) >= 0.8 * len(body)
