"""The form in which texts and terms are compared.

Letters match in any case; spaces, hyphens and middle dots inside a term may be there or not
(AI 晶片 = AI晶片, GB-200 = GB200); 臺, 佈, 佔, 週 match 台, 布, 占, 周.
"""

IGNORED = " -‐‑–·•・‧\u00a0"
"""The characters that a match may skip."""

FOLD = {
    **{code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)},
    **{
        ord(c): standard for c, standard in {"臺": "台", "佈": "布", "佔": "占", "週": "周"}.items()
    },
}
"""Code points and the characters that they are compared as."""

_SQUEEZE: dict[int, str | None] = {**FOLD, **{ord(c): None for c in IGNORED}}


def fold(text: str) -> str:
    """The form in which texts and terms are compared; as long as the text itself."""
    return text.translate(FOLD)


def squeeze(text: str) -> str:
    """The folded form without the characters that a match may skip."""
    return text.translate(_SQUEEZE)
