"""How often the encoding of a file is found, against charset-normalizer in the same run.

    python tests/benchmarks/encodings.py

Files of 12, 40 and 600 characters made of the labelled sentences (Traditional, and Simplified by OpenCC), and
Japanese, Korean and Latin texts written for this, each in the encodings of its language, without any
declaration. The characters by which textpipe decides come from jieba's dictionary, not from these texts.
"""

import random
import time
from collections import defaultdict

from charset_normalizer import from_bytes
from opencc import OpenCC

from textpipe.classify.labelled import read_labelled, shipped_labelled
from textpipe.codebook import load_codebook
from textpipe.errors import DocumentError
from textpipe.ingest.encoding import decode

OTHERS = {
    ("cp932", "euc_jp"): [
        "人工知能の行動計画について、経済産業省は半導体の輸出規制を強化すると発表した。",
        "データセンターの電力需要が急増している。",
        "東京エレクトロンは今期の業績予想を上方修正した。半導体製造装置の需要が強い。",
    ],
    ("cp949",): [
        "미국의 인공지능 행동 계획이 발표되었다. 반도체 수출 통제가 강화된다.",
        "삼성전자는 새로운 공장을 건설한다. 한국 정부는 전력 공급을 확대하기로 했다.",
    ],
    ("cp1252",): [
        "Le plan d’action américain pour l’IA prévoit des règles allégées. Les États-Unis accélèrent.",
        "Der Aktionsplan für künstliche Intelligenz stärkt die Rechenzentren. Über die Hälfte wächst.",
        "El plan de acción acelera la construcción de centros de datos en España y México.",
    ],
}
CHINESE = {
    "hant": (
        "utf-8",
        "utf-8-sig",
        "big5hkscs",
        "cp950",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "gb18030",
    ),
    "hans": ("utf-8", "gb18030", "utf-16-le"),
}
EACH = 14


def snippet(pool: list[str], length: int, chance: random.Random) -> str:
    text = ""
    while len(text) < length:
        text += chance.choice(pool)
    return text[:length]


def cases() -> list[tuple[str, str, int]]:
    chance = random.Random(7)
    labelled = read_labelled(shipped_labelled(), load_codebook())
    pool = [s.text for a in labelled for s in a.document.sentences]
    to_simplified = OpenCC("t2s").convert
    found = []
    for length in (12, 40, 600):
        for _ in range(EACH):
            text = snippet(pool, length, chance)
            found += [(text, encoding, length) for encoding in CHINESE["hant"]]
            found += [(to_simplified(text), encoding, length) for encoding in CHINESE["hans"]]
    for encodings, texts in OTHERS.items():
        for length in (30, 120):
            for _ in range(6):
                text = snippet(texts, length, chance)
                found += [(text, encoding, length) for encoding in encodings]
    return found


def ours(data: bytes) -> str:
    try:
        return decode(data).text
    except DocumentError:
        return ""


def theirs(data: bytes) -> str:
    best = from_bytes(data).best()
    return str(best).lstrip("\ufeff") if best else ""


def main() -> None:
    table: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    seconds = [0.0, 0.0]
    for text, encoding, length in cases():
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        row = table[encoding, length]
        row[0] += 1
        for i, read in enumerate((ours, theirs)):
            began = time.perf_counter()
            row[1 + i] += read(data) == text
            seconds[i] += time.perf_counter() - began
    print(
        f"{'encoding':14}{'characters':>10}{'files':>8}{'textpipe':>10}{'charset-normalizer':>20}"
    )
    for (encoding, length), (files, own, other) in sorted(table.items()):
        print(f"{encoding:14}{length:10}{files:8}{own:10}{other:20}")
    total = [sum(row[i] for row in table.values()) for i in range(3)]
    print(f"{'all':24}{total[0]:8}{total[1]:10}{total[2]:20}")
    print("milliseconds a file: " + ", ".join(f"{1000 * s / total[0]:.2f}" for s in seconds))


if __name__ == "__main__":
    main()
