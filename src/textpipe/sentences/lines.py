"""What each line of an article is: title, byline, heading, caption, list item or body.

The rules look at one line and its neighbours only. A line counts as a heading just where body
text follows it, so a lone sentence without a full stop is still body.
"""

import re
from typing import NamedTuple

from textpipe.records import Kind

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_CLOSERS = "」』”’）)】〕》〉]"
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
    r"^\s*[（(【〔［\[][^）)】〕］\]，。]{2,28}(?:電|報導|訊|編譯|專訪)[）)】〕］\]]\s*(?=\S)"
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
LIST_INTRODUCTION = re.compile(r"[：:]\s*$")
HEADING_LIMIT = 42
"""Longest heading in characters: the longest of 74 in the written corpus has 31."""


class Line(NamedTuple):
    """One unit of lines: its span in the text, its kind, and whether it is the title."""

    start: int
    end: int
    kind: Kind
    paragraph: int = 0
    is_title: bool = False


def classify_lines(text: str, start: int = 0) -> list[Line]:
    """The non-blank lines of a text from a position on, each with its kind, in order."""
    lines: list[Line] = []
    for paragraph, match in enumerate(_LINE.finditer(text, start), 1):
        lines += _one_line(text, *match.span(), paragraph)
    lines = _with_boilerplate_tail(text, lines)
    lines = _with_headings_checked(lines)
    return _with_title(text, lines)


def _one_line(text: str, start: int, end: int, paragraph: int) -> list[Line]:
    line = text[start:end]
    dateline = _DATELINE.match(line)
    if dateline and len(line) - dateline.end() > 12:
        split = start + dateline.end()
        first = Line(start, split, "byline", paragraph)
        return [first, *_one_line(text, split, end, paragraph)]
    return [Line(start, end, _kind(line, paragraph), paragraph)]


def _kind(line: str, paragraph: int) -> Kind:
    stripped = line.strip()
    size = len(stripped)
    if _MARKDOWN_HEADING.match(line):
        return "heading"
    if size <= 80 and _BOILERPLATE.match(line):
        return "boilerplate"
    if size <= 60 and "。" not in stripped[:-1] and _BYLINE.match(line):
        return "byline"
    if size <= 140 and _CAPTION.match(line):
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


def _with_boilerplate_tail(text: str, lines: list[Line]) -> list[Line]:
    """Heading-like lines straight after 延伸閱讀 and its like are links, not headings."""
    result: list[Line] = []
    for line in lines:
        follows = bool(result) and result[-1].kind == "boilerplate"
        if follows and line.kind in ("heading", "list_item"):
            ends = _SENTENCE_END.search(text[line.start : line.end].strip())
            result.append(line if ends else line._replace(kind="boilerplate"))
        else:
            result.append(line)
    return result


def _with_headings_checked(lines: list[Line]) -> list[Line]:
    """A heading with no body text after it is body (a lone unpunctuated sentence, say)."""
    result: list[Line] = []
    body_follows = False
    for line in reversed(lines):
        kind = line.kind
        if kind in ("body", "list_item"):
            body_follows = True
        elif kind == "heading" and not body_follows:
            kind = "body"
        result.append(line if kind == line.kind else line._replace(kind=kind))
    return result[::-1]


def _with_title(text: str, lines: list[Line]) -> list[Line]:
    """The first heading is the title where it opens the article, before any body text.

    It must be followed by another heading, a byline or a caption or be the only heading:
    a first heading that numbers a part (第一…) opens the article's first part instead.
    """
    for index, line in enumerate(lines):
        if line.kind == "heading":
            opens_a_part = re.match(r"\s*(?:第[一二三四五1-5]|[一1]\s*[、.])", text[line.start :])
            if not opens_a_part and not any(x.kind == "byline" for x in lines[:index]):
                lines[index] = line._replace(is_title=True)
            break
        if line.kind in ("body", "list_item"):
            break
    return lines


def leading_mark(line: str) -> int:
    """How many characters of a line are a Markdown heading mark or a bullet, not words."""
    match = _MARKDOWN_HEADING.match(line) or _BULLET_MARK.match(line)
    return match.end() if match else 0
