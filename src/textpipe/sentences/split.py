"""Where sentences end.

A sentence ends at 。！？!? with the closing quotes and brackets that follow, and at the end of
its line; a semicolon ends it only in a list. A quotation inside a sentence is never cut.
"""

import re
from bisect import bisect_left

_END = re.compile(r"[。！？!?]+[」』”’）)】〕》〉]*")
_SEMICOLON = re.compile(r"[；;][」』”’）)】〕》〉]*")
_WORD = re.compile(r"\w")
_QUOTES = re.compile("[「『“」』”]")
_OPENING, _CLOSING = "「『“", "」』”"
_CONTINUES = "，、；：,;:的等與和及為之"
_ENUMERATOR = re.compile(
    r"\s*(?:第[一二三四五六七八九十\d]+[，、是：:,]|其[一二三四五六][，、是：:,]|[一二三四五六]是|首先[，,]|其次[，,]|再者[，,]|最後[，,]"
    r"|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}[.、)）](?=\D)|[一二三四五六七八九十]、|[①-⑳])"
)


def split_line(line: str, *, is_list: bool = False) -> list[tuple[int, int]]:
    """The spans of the sentences of one line, without the blanks around them."""
    cuts = _ends(line)
    if "；" in line or ";" in line:
        cuts = sorted({*cuts, *_list_ends(line, is_list)})
    spans: list[tuple[int, int]] = []
    for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
        stripped = line[start:end].strip()
        if not stripped:
            continue
        begin = start if line[start] == stripped[0] else line.index(stripped, start)
        if spans and not (
            stripped[0].isalnum() or _WORD.search(stripped)
        ):  # stray marks belong to the sentence before
            spans[-1] = (spans[-1][0], begin + len(stripped))
        else:
            spans.append((begin, begin + len(stripped)))
    return spans


def _ends(line: str) -> list[int]:
    inner = _inner_quotations(line)
    openings = [start for start, _ in inner]
    size = len(line)
    ends: list[int] = []
    for match in _END.finditer(line):
        begin, end = match.span()
        if end >= size:
            continue
        last, following = line[end - 1], line[end]
        if last in "!?" and end == begin + 1 and following.isascii() and not following.isspace():
            continue  # a URL's query, or Latin text
        if last in _CLOSING and following in _CONTINUES:
            continue
        if openings:
            before = bisect_left(openings, begin) - 1
            if before >= 0 and end < inner[before][1]:
                continue
        ends.append(end)
    return ends


def _inner_quotations(line: str) -> list[tuple[int, int]]:
    """The quotations that stand in mid-sentence, as spans from opening to closing quote.

    In mid-sentence means: text other than a colon leads into it, or the sentence goes on after
    it. Unclosed quotations bound nothing; nesting is followed, so the time is linear.
    """
    if not _QUOTES.search(line):
        return []
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in _QUOTES.finditer(line):
        if match.group() in _OPENING:
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            if opened:
                continue
            before = line[:start].rstrip()[-1:] if start else ""
            after = line[match.end() : match.end() + 1]
            leads_in = before not in ("", "：", ":", "。", "！", "？", "」", "』", "”", "，", ",")
            if leads_in or (after and after in _CONTINUES):
                found.append((start, match.end()))
    return found


def _list_ends(line: str, is_list: bool) -> list[int]:
    """Where semicolons end list items: all in a list, else those beside an enumerator."""
    ends: list[int] = []
    start = 0
    for match in _SEMICOLON.finditer(line):
        enumerated = _ENUMERATOR.match(line, start) or _ENUMERATOR.match(line, match.end())
        if is_list or enumerated:
            ends.append(match.end())
            start = match.end()
    return [end for end in ends if end < len(line)]
