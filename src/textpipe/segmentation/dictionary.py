"""What is derived from jieba's dictionary and OpenCC: the Simplified copy, the short-word rule.

jieba's dictionary prefers long compounds (體育用品, 一個); a reader of Taiwanese text counts
shorter words. Word F1 on the UD Chinese GSD development part (500 sentences): stock jieba .737,
on the Simplified copy .791, with numeral + classifier cut .808, with both rules .828.
"""

from collections.abc import Collection
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from textpipe.arrow import numbers_as_arrow, strings_as_arrow

if TYPE_CHECKING:
    import pyarrow as pa

_NUMERALS = "一二三四五六七八九十百千万亿两数几半多"
_DETERMINERS = "每各某这那哪此该另"
_CLASSIFIERS = "个种位名座所条项次场家间张件部支层级届台架辆艘枚颗粒只匹群批组套份笔段句篇册幅块根副股岁倍人元年月天周秒"
_CLASSIFIERS_AFTER_ORDINAL = (
    "个种位名座所条项次场家间张件部支层级届台架辆艘枚批组套份笔段句篇册幅块股"
)
_ONE_WORD = {"一次", "一般", "一级", "一些", "这些", "那些", "每年", "今年", "一年", "那么", "这么", "一人",
             "一套", "一天", "三级", "多元", "多年", "每天", "某人", "各级", "各位", "各界", "半年", "数位",
             "另一"}  # fmt: skip
_WHOLE_TAGS = {"i", "l", "nr", "nrt", "nrfg", "ns", "nt", "nz", "m", "q"}


@cache
def simplified_copy() -> dict[int, str]:
    """A table for `str.translate` that gives a Simplified copy, one character for one."""
    import opencc

    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, simplified, strict=True)
    return {ord(a): b for a, b in pairs if a != b and len(b) == 1}


@cache
def counted_nouns() -> dict[str, int]:
    """Numeral or determiner + classifier (一|個, 第一|個) in the Simplified copy, and where to cut.

    They are cut after the engine, because its HMM makes them anew where the dictionary lacks them.
    """
    cuts = {first + c: 1 for first in _NUMERALS + _DETERMINERS for c in _CLASSIFIERS}
    cuts |= {"第" + n + c: 2 for n in _NUMERALS for c in _CLASSIFIERS_AFTER_ORDINAL}
    return {word: at for word, at in cuts.items() if word not in _ONE_WORD}


def compounds() -> frozenset[str]:
    """Dictionary words (in the Simplified copy) that are two words of two characters (體育|用品),
    and that the dictionary does not tag as idioms or names: never to be chosen."""
    import pyarrow.compute as pc

    words, _, tags = _dictionary()
    lengths = np.frombuffer(pc.utf8_length(words).buffers()[1], np.int32)
    pairs, long = (np.flatnonzero(lengths == length) for length in (2, 4))
    four, known = words.take(numbers_as_arrow(long)), words.take(numbers_as_arrow(pairs))
    halves = (pc.utf8_slice_codeunits(four, at, at + 2) for at in (0, 2))
    is_compound = pc.and_(*(pc.is_in(half, value_set=known) for half in halves))
    found = zip(
        four.filter(is_compound).to_pylist(),
        tags.take(numbers_as_arrow(long)).filter(is_compound).to_pylist(),
        strict=True,
    )
    return frozenset(word for word, tag in found if tag not in _WHOLE_TAGS)


def frequencies(wanted: Collection[str]) -> dict[str, int]:
    """Those of some words that stand in jieba's dictionary, with their frequencies (of 60 million)."""
    import pyarrow.compute as pc

    words, frequency, _ = _dictionary()
    is_wanted = pc.is_in(words, value_set=strings_as_arrow(sorted(wanted)))
    found = (column.filter(is_wanted).to_pylist() for column in (words, frequency))
    return dict(zip(*found, strict=True))


@cache
def _dictionary() -> tuple["pa.Array", "pa.Array", "pa.Array"]:
    """The columns of jieba's own dictionary file (word, frequency, tag), read without importing jieba, as
    Arrow arrays (6 MB): as Python's strings they take twice the time and ten times the memory."""
    from pyarrow import csv, int64, string

    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise RuntimeError("jieba is not installed. Run: python -m pip install jieba")
    kinds = {"word": string(), "frequency": int64(), "tag": string()}
    table = csv.read_csv(
        Path(spec.origin).parent / "dict.txt",
        read_options=csv.ReadOptions(column_names=list(kinds), use_threads=False),
        parse_options=csv.ParseOptions(delimiter=" ", quote_char=False),
        convert_options=csv.ConvertOptions(column_types=kinds, null_values=[]),
    )
    word, frequency, tag = (column.combine_chunks() for column in table.columns)
    return word, frequency, tag
