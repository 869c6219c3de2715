"""What each choice of the segmentation is worth, as word F1 on a gold standard.

    python tests/benchmarks/strategies.py GOLD.conllu

GOLD is a treebank of Traditional Chinese in CoNLL-U (a file of UD_Chinese-GSD, say). A word counts
where both its borders agree. All strategies run on rjieba; speed is that of one pass in CPU time.
"""

import argparse
import itertools
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import jieba
import opencc
import rjieba

from textpipe.lexicon import Lexicon, load_lexicon
from textpipe.segmentation import dictionary
from textpipe.segmentation import segmenter as rules

Cut = Callable[[str], Sequence[str]]


def read_gold(path: Path) -> list[list[str]]:
    """The words of each sentence of a CoNLL-U file."""
    blocks = path.read_text("utf-8").strip().split("\n\n")
    rows = [[line.split("\t") for line in b.splitlines() if line[:1].isdigit()] for b in blocks]
    return [[row[1] for row in block if row[0].isdigit()] for block in rows]


def borders(words: Sequence[str]) -> set[tuple[int, int]]:
    ends = list(itertools.accumulate(map(len, words)))
    return set(zip([0, *ends], ends, strict=False))


def score(cut: Cut, gold: list[list[str]]) -> tuple[float, float, float]:
    """F1, precision and recall of words."""
    right = given = wanted = 0
    for words in gold:
        own, reference = borders(cut("".join(words))), borders(words)
        right, given, wanted = (
            right + len(own & reference),
            given + len(own),
            wanted + len(reference),
        )
    return 2 * right / (given + wanted), right / given, right / wanted


def traditional() -> rjieba.Jieba:
    """jieba's own words through OpenCC, each in one Traditional form."""
    convert = opencc.OpenCC("s2tw").convert
    file = Path(jieba.__file__).with_name("dict.txt")
    rows = [line.split() for line in file.read_text("utf-8").splitlines()]
    words = convert("\n".join(row[0] for row in rows)).split("\n")
    engine = rjieba.Jieba.empty()
    for word, (_, frequency, tag) in zip(words, rows, strict=True):
        engine.add_word(word, int(frequency), tag)
    return engine


def on_the_copy(engine: rjieba.Jieba, hmm: bool) -> Cut:
    table = dictionary.simplified_copy()

    def cut(text: str) -> list[str]:
        ends = [0, *itertools.accumulate(map(len, engine.cut(text.translate(table), hmm)))]
        return [text[a:b] for a, b in itertools.pairwise(ends)]

    return cut


def none(_: object) -> frozenset[str]:
    return frozenset()


def shipped(lexicon: Lexicon, *, counted: bool = True, compounds: bool = True) -> Cut:
    """The project's own segmenter, with some of its rules left out."""
    with ExitStack() as without:
        if not counted:
            without.enter_context(patch.object(rules, "counted_nouns", dict))
        if not compounds:
            without.enter_context(patch.object(rules.JiebaDictionary, "compounds", none))
        segmenter = rules.Segmenter("rjieba", lexicon)
    return lambda text: segmenter.tokens(text).words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    gold = read_gold(parser.parse_args().gold)
    stock, derived = rjieba.Jieba(), traditional()
    none, full = Lexicon((), ""), load_lexicon()
    strategies: dict[str, Cut] = {
        "stock dictionary, text as it is": stock.cut,
        "stock dictionary, text as it is, no HMM": lambda text: stock.cut(text, False),
        "dictionary made Traditional by OpenCC": derived.cut,
        "dictionary made Traditional, no HMM": lambda text: derived.cut(text, False),
        "Simplified copy": on_the_copy(stock, True),
        "Simplified copy, no HMM": on_the_copy(stock, False),
        "copy, Latin words and numbers whole": shipped(none, counted=False, compounds=False),
        "  + numeral|classifier": shipped(none, compounds=False),
        "  + no compounds of two words": shipped(none),
        "  + lexicon (the default)": shipped(full),
    }
    text = ["".join(words) for words in gold]
    size = sum(map(len, text))
    print(f"{len(gold)} sentences, {sum(map(len, gold)):,} words")
    print(f"{'':44}{'F1':>8}{'P':>8}{'R':>8}{'kchars/CPU s':>15}")
    for name, cut in strategies.items():
        f1, precision, recall = score(cut, gold)
        began = time.process_time()
        for line in text:
            cut(line)
        speed = size / (time.process_time() - began) / 1000
        print(f"{name:44}{f1:8.3f}{precision:8.3f}{recall:8.3f}{speed:15,.0f}")


if __name__ == "__main__":
    main()
