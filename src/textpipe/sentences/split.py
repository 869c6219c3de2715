"""Where sentences end.

A sentence ends at 。！？!? with the closing quotes and brackets that follow, and at the end of
its line; a semicolon ends it only in a list. A quotation inside a sentence is never cut.

All lines of a batch are cut at once by arrays of positions (.03 ms an article, .13 line by line); only
lines with quotations or semicolons are read one by one.
"""

import re
from functools import cache
from typing import NamedTuple

import numpy as np

from textpipe.codepoints import members
from textpipe.sentences.characters import (
    BLANK,
    CLOSER,
    CLOSING,
    END,
    OPENING,
    SEMICOLON,
    WORD,
    Characters,
    Flags,
    Positions,
)

_SEMICOLON = re.compile(r"[；;][」』”’）)】〕》〉]*")
_QUOTES = re.compile("[「『“」』”]")
_OPENING = "「『“"
_CONTINUES = "，、；：,;:的等與和及為之"
_ENUMERATOR = re.compile(
    r"\s*(?:第[一二三四五六七八九十\d]+[，、是：:,]|其[一二三四五六][，、是：:,]|[一二三四五六]是|首先[，,]|其次[，,]|再者[，,]|最後[，,]"
    r"|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}[.、)）](?=\D)|[一二三四五六七八九十]、|[①-⑳])"
)


class Lines(NamedTuple):
    """Spans of a text, in order, in which each sentence lies within one: whether it is cut (a line that
    is not coded is one sentence), and whether its semicolons end the items of a list."""

    starts: Positions
    ends: Positions
    is_coded: Flags
    is_list: Flags


class Spans(NamedTuple):
    """Spans of a text, in order, and the number of the line in which each lies."""

    starts: Positions
    ends: Positions
    lines: Positions


def split_line(line: str, *, is_list: bool = False) -> list[tuple[int, int]]:
    """The spans of the sentences of one line, without the blanks around them."""
    yes = np.array([True])
    whole = Lines(np.array([0]), np.array([len(line)]), yes, yes & is_list)
    starts, ends, _ = split_lines(Characters.of([line]), whole)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def split_lines(characters: Characters, lines: Lines) -> Spans:
    """The sentences of lines, without the blanks around them."""
    cuts = _cuts(characters, lines)
    starts = np.sort(np.concatenate([lines.starts, cuts]))
    ends = np.sort(np.concatenate([lines.ends, cuts]))
    _strip(characters, starts, ends)
    own = np.searchsorted(lines.starts, starts, "right") - 1
    is_kept = (starts < ends) | ~lines.is_coded[own]
    starts, ends, own = starts[is_kept], ends[is_kept], own[is_kept]
    begins = np.diff(own, prepend=-1) != 0
    begins |= (characters.held(starts, ends) & WORD) != 0  # stray marks belong to the one before
    return Spans(starts[begins], ends[np.roll(begins, -1)], own[begins])


def _strip(characters: Characters, starts: Positions, ends: Positions) -> None:
    """Take the blanks from the ends of spans, in place."""
    classes = characters.classes
    for at in np.flatnonzero((classes[starts] | classes[ends - 1]) & BLANK).tolist():
        piece = characters.text[starts[at] : ends[at]]
        stripped = piece.strip()
        starts[at] += piece.index(stripped)
        ends[at] = starts[at] + len(stripped)


def _cuts(characters: Characters, lines: Lines) -> Positions:
    """Where sentences end within lines, in order."""
    starts, ends = _marks(characters)
    own = np.searchsorted(lines.starts, starts, "right") - 1
    within = lines.is_coded[own] & (ends < lines.ends[own])
    within &= ~_goes_on(characters, starts, ends)
    starts, ends = starts[within], ends[within]
    opened, closed = _quotations(characters, lines)
    last = np.searchsorted(opened, starts) - 1
    return np.union1d(ends[ends >= closed[last]], _items(characters, lines))


def _marks(characters: Characters) -> tuple[Positions, Positions]:
    """The spans of full stops and their like, each with what closes after it."""
    classes = characters.classes
    at = np.flatnonzero((classes & (END | CLOSER)) != 0)
    is_end = (classes[at] & END) != 0
    begins = np.diff(at, prepend=-2) != 1  # not beside the one before
    begins |= is_end & ~np.roll(is_end, 1)
    starts, lasts = at[begins], at[np.roll(begins, -1)]
    return starts[is_end[begins]], lasts[is_end[begins]] + 1


def _goes_on(characters: Characters, starts: Positions, ends: Positions) -> Flags:
    """Which marks are in mid-sentence by the character after them."""
    codes, classes = characters.codes, characters.classes
    last, following = codes[ends - 1], codes[ends]
    is_latin = (following < 128) & ((classes[ends] & BLANK) == 0)  # a URL's query, or Latin text
    is_single = (ends == starts + 1) & ((last == ord("!")) | (last == ord("?")))
    is_quotation = (classes[ends - 1] & CLOSING) != 0
    goes_on: Flags = (is_single & is_latin) | (is_quotation & _continues()[following])
    return goes_on


@cache
def _continues() -> Flags:
    return members(_CONTINUES)


def _quotations(characters: Characters, lines: Lines) -> tuple[Positions, Positions]:
    """The quotations in mid-sentence that hold a full stop, in order, after one that is none."""
    needed = OPENING | CLOSING | END
    holds = (characters.held(lines.starts, lines.ends) & needed) == needed
    found = [(-1, -1)]
    for at in np.flatnonzero(lines.is_coded & holds).tolist():
        start = int(lines.starts[at])
        line = characters.text[start : lines.ends[at]]
        found += [(start + a, start + b) for a, b in _inner_quotations(line)]
    opened, closed = np.array(found).T
    return opened, closed


def _inner_quotations(line: str) -> list[tuple[int, int]]:
    """The quotations that stand in mid-sentence, as spans from opening to closing quote.

    In mid-sentence means: text other than a colon leads into it, or the sentence goes on after
    it. Unclosed quotations bound nothing; nesting is followed, so the time is linear.
    """
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in _QUOTES.finditer(line):
        if match.group() in _OPENING:
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            if opened:
                continue
            before = _solid_before(line, start)
            after = line[match.end() : match.end() + 1]
            leads_in = before not in ("", "：", ":", "。", "！", "？", "」", "』", "”", "，", ",")
            if leads_in or (after and after in _CONTINUES):
                found.append((start, match.end()))
    return found


def _solid_before(line: str, at: int) -> str:
    """The last character before a position that is no blank, "" where there is none."""
    while at > 0 and line[at - 1].isspace():
        at -= 1
    return line[at - 1 : at] if at else ""


def _items(characters: Characters, lines: Lines) -> Positions:
    """Where semicolons end items within lines."""
    holds = (characters.held(lines.starts, lines.ends) & SEMICOLON) != 0
    found: list[int] = []
    for at in np.flatnonzero(lines.is_coded & holds).tolist():
        start = int(lines.starts[at])
        line = characters.text[start : lines.ends[at]]
        found += [start + end for end in _list_ends(line, bool(lines.is_list[at]))]
    return np.array(found, dtype=np.int64)


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
