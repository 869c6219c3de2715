"""What each line of an article is: title, byline, heading, caption, list item or body.

The rules look at one line and its neighbours only. A line counts as a heading just where body
text follows it, so a lone sentence without a full stop is still body.
"""

import re
from typing import NamedTuple

from textpipe.records import CODED_KINDS, Kind

_CLOSERS = r"」』”’）)】〕》〉\]"
_DATE = r"\d{2,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"

_BYLINE = re.compile(
    rf"""^\s*(?:
      [〔【［\[（(][^〕】］\]）)]{{0,30}}(?:報導|電|訊|編譯|記者|整理|撰文)[^〕】］\]）)]{{0,12}}[〕】］\]）)]
    | (?:〔|【|（)?(?:記者|特派員|特派記者|實習記者|責任編輯|責編|編譯|撰文|作者|文|編輯|採訪|翻譯|出處|來源|網址|日期|時間|發布|發稿|更新|刊登)\s*[:：／╱/｜|].*
    | (?:作者|撰文|記者)\s+[\u4e00-\u9fff]{{2,4}}
    | [\u4e00-\u9fffA-Za-z·. ]{{2,16}}\s*[╱／/｜|]\s*[^，。]{{2,24}}
    | .*(?:綜合報導|即時報導|專題報導|編輯部|外電報導|報導】|中心／[^，。]*報導|整理報導|編譯|撰稿)
    | (?:發布|更新|日期|時間|刊登)?[日時]?[期間]?\s*[:：]?\s*{_DATE}(?:\s*[（(][一二三四五六日][）)])?(?:\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?.{{0,12}}
    )\s*$""",
    re.VERBOSE,
)
_SIGNED = re.compile(r"^\s*[◎●○]\s*[^，。；：]{2,24}$")
_DATELINE = re.compile(
    r"\s*[（(【〔［\[][^）)】〕］\]，。]{2,28}(?:電|報導|訊|編譯|專訪)[）)】〕］\]]\s*(?=\S)"
)
_CAPTION = re.compile(
    r"""^\s*(?:
      (?:圖表?|表|照片|附圖|附表)\s*[\d一二三四五六七八九十]+\s*[.．、:：／/\s].*
    | (?:▲|△|▼|▽|↑|↓|◀|▶圖)\s*\S.*
    | (?:圖|圖說|圖片|照片|資料來源|圖片來源|照片來源|圖表來源|圖片提供|攝影|資料照)\s*[:：／╱/].*
    | .*[（(](?:[^（）()]{0,12}(?:示意圖|資料照片?|資料圖片|檔案照片?|翻攝|取自|攝影?|提供|圖片來源|圖取自|圖／)[^（）()]{0,20}
        |(?:圖|照片|攝影)\s*[:：／/][^（）()]{0,24}
        |美聯社|路透社?|法新社|中央社|歐新社|彭博社?|新華社|共同社|韓聯社|達志影像|Reuters|AP|AFP|Getty\ Images)[）)]
    )\s*$""",
    re.VERBOSE,
)
_BOILERPLATE = re.compile(
    r"""^\s*(?:[◎●■▶※►☆★＊*【〔\[（(]\s*)?(?:
      (?:延伸閱讀|相關新聞|相關報導|相關文章|推薦閱讀|更多新聞|熱門新聞|看更多|看原文|閱讀原文|看完整|同場加映|編輯推薦|猜你喜歡|你可能也喜歡|下一則|上一則|原文連結|原文出處|關鍵字|標籤|Tags?|文章標籤)(?:[】〕\]）)：:].*|\s*)
    | .*(?:版權聲明|版權所有|未經授權|不得轉載|請勿轉載|All\ Rights\ Reserved|免責聲明|©).*
    | (?:分享|按讚|留言|收藏|訂閱|追蹤|加入|列印|轉寄|字級)(?:到|至|本文|我們|電子報|\s|[：:／/|｜]|Facebook|LINE|Twitter|粉絲團)*.{0,14}
    | (?:Facebook|LINE|Twitter|X|Line|Instagram|Threads|Plurk)(?:[\s/|｜、]+(?:Facebook|LINE|Twitter|X|Line|Instagram|Threads|Plurk|Email|複製連結|分享))*
    )\s*$""",
    re.VERBOSE,
)
_BULLET = re.compile(r"^\s*(?:[-*+•●■◆▪◦○◎►▶※‧]\s*(?=\S)|[（(]?\d{1,2}[.)、）]\s*(?=\D))")
_BULLET_MARK = re.compile(r"^\s*[-*+•●■◆▪◦►▶]\s+")
_NUMBERED = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)"
)
_MARKDOWN_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_SENTENCE_END = re.compile(rf"[。！？!?；;…][{_CLOSERS}]*\s*$")
_PART = re.compile(r"\s*(?:第[一二三四五1-5]|[一1]\s*[、.])")
# what a line that a pattern above matches begins with (or with a digit), ends with, or holds
_FIRST = frozenset(
    "#（(【〔［[◎●○■▶※►☆★＊*-+•◆▪◦‧▲△▼▽↑↓◀:："
    "一二三四五六七八九十圖表照附資攝記特實責編撰作文採翻出來網日時發更刊期間"
    "延相推熱看閱同猜你下上原關標T分按留收訂追加列轉字FLXIP"
)
_LAST = frozenset("）)】導部譯稿")
_WITHIN = re.compile("[╱／/｜|權載聲R©]")
_MARKED_LIMIT = 140
"""Longest line in characters that is told by more than how it begins."""
HEADING_LIMIT = 42
"""Longest heading in characters: the longest of 74 in the written corpus has 31."""


class Line(NamedTuple):
    """One unit of lines: its span in the text, its kind, whether it is the title, and how many characters
    of it are a Markdown heading mark or a bullet, not words."""

    start: int
    end: int
    kind: Kind
    paragraph: int = 0
    is_title: bool = False
    mark: int = 0


def classify_lines(text: str) -> list[Line]:
    """The non-blank lines of a text, each with its kind, in order."""
    lines: list[Line] = []
    start = paragraph = 0
    for line in text.split("\n"):
        if stripped := line.strip():
            paragraph += 1
            if _may_be_marked(stripped):
                lines += _parts(line, start, paragraph)
            else:
                kind: Kind = "heading" if _looks_like_heading(stripped) else "body"
                lines.append(Line(start, start + len(line), kind, paragraph))
        start += len(line) + 1
    _mark_boilerplate_tail(text, lines)
    _check_headings(lines)
    _mark_title(text, lines)
    _mark_lists(text, lines)
    return lines


def _parts(line: str, start: int, paragraph: int) -> list[Line]:
    """A line that may be marked, its datelines before it as bylines of their own."""
    parts: list[Line] = []
    at, end = 0, start + len(line)
    while (dateline := _DATELINE.match(line, at)) and len(line) - dateline.end() > 12:
        parts.append(Line(start + at, start + dateline.end(), "byline", paragraph))
        at = dateline.end()
    line = line[at:]
    kind = _kind(line, paragraph)
    return [*parts, Line(start + at, end, kind, paragraph, mark=leading_mark(line))]


def _may_be_marked(stripped: str) -> bool:
    """Whether any of the patterns may match a line, by the character that each asks for at its start or
    end or within: most lines of body text need not be tried (.06 instead of .085 ms an article)."""
    if stripped[0] in _FIRST or stripped[0].isdecimal():
        return True
    if len(stripped) > _MARKED_LIMIT:
        return False
    return stripped[-1] in _LAST or _WITHIN.search(stripped) is not None


def _kind(line: str, paragraph: int) -> Kind:
    stripped = line.strip()
    size = len(stripped)
    if _MARKDOWN_HEADING.match(line):
        return "heading"
    if size <= 80 and _BOILERPLATE.match(line):
        return "boilerplate"
    if size <= 60 and "。" not in stripped[:-1] and _BYLINE.match(line):
        return "byline"
    if size <= _MARKED_LIMIT and _CAPTION.match(line):
        return "caption"
    if paragraph <= 2 and _SIGNED.match(line):
        return "byline"
    if _BULLET.match(line):
        return "list_item"
    if _looks_like_heading(stripped):
        return "heading"
    return "list_item" if _NUMBERED.match(line) else "body"


def _looks_like_heading(stripped: str) -> bool:
    if len(stripped) > HEADING_LIMIT or "。" in stripped or "；" in stripped:
        return False
    if stripped[-1] in "，、：:,":
        return False
    if not _SENTENCE_END.search(stripped):
        return stripped.count("，") <= 1 or len(stripped) <= 24
    return stripped[-1] in "？?！!" and len(stripped) <= 25 and stripped.count("，") <= 1


def _mark_boilerplate_tail(text: str, lines: list[Line]) -> None:
    """Heading-like lines straight after 延伸閱讀 and its like are links, not headings."""
    for index, line in enumerate(lines[1:], 1):
        if lines[index - 1].kind == "boilerplate" and line.kind in ("heading", "list_item"):
            ends = _SENTENCE_END.search(text[line.start : line.end].strip())
            lines[index] = line if ends else line._replace(kind="boilerplate")


def _check_headings(lines: list[Line]) -> None:
    """A heading with no body text after it is body (a lone unpunctuated sentence, say)."""
    for index in reversed(range(len(lines))):
        if lines[index].kind in CODED_KINDS:
            break
        if lines[index].kind == "heading":
            lines[index] = lines[index]._replace(kind="body")


def _mark_title(text: str, lines: list[Line]) -> None:
    """The first heading is the title where it opens the article, before any body text.

    It must be followed by another heading, a byline or a caption or be the only heading:
    a first heading that numbers a part (第一…) opens the article's first part instead.
    """
    for index, line in enumerate(lines):
        if line.kind == "heading":
            opens_a_part = _PART.match(text, line.start)
            if not opens_a_part and not any(x.kind == "byline" for x in lines[:index]):
                lines[index] = line._replace(is_title=True)
            break
        if line.kind in CODED_KINDS:
            break


def _mark_lists(text: str, lines: list[Line]) -> None:
    """List items are lines with a bullet, and those that follow a line ending in a colon, or another
    item, and hold or end in semicolons."""
    in_list = False
    for index, line in enumerate(lines):
        if line.kind == "body":
            content = text[line.start : line.end].rstrip()
            in_list = content[-1] in "；;" or (in_list and "；" in content)
            if in_list:
                lines[index] = line._replace(kind="list_item")
            in_list = in_list or content[-1] in "：:"
        elif line.kind != "caption":
            in_list = line.kind == "list_item"


def leading_mark(line: str) -> int:
    """How many characters of a line are a Markdown heading mark or a bullet, not words."""
    match = _MARKDOWN_HEADING.match(line) or _BULLET_MARK.match(line)
    return match.end() if match else 0
