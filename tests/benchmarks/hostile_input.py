"""Time over size for hostile texts: each at 1, 10 and 100 times its size, through the stages.

    python tests/benchmarks/hostile_input.py [--characters 20000]

Prints milliseconds a thousand characters; where the work is linear in the size, the three columns
agree.
"""

import argparse
import time

import textpipe

TEXTS = {
    "one line, no stops": "美國強化出口管制與晶片補助",
    "one line of sentences": "美國強化出口管制。台廠憂心。",
    "opening brackets": "「",
    "nested quotations": "他說「甲。乙。」，",
    "quotations": "他說「甲」與「乙」。",
    "datelines": "（中央社電）",
    "simplified": "美国加强芯片出口管制，内存和知识产权。",
    "mixed script": "美国加强管制，台灣業者憂心晶片；",
    "null bytes": "\x00",
    "lone surrogates": "\ud83d",
    "emoji": "😀🎉",
    "line ends": "甲\r\n乙\r",
    "repetition": "- 同樣的一句話又來一次；\n",
    "spaces": "A I 　",
    "digits": "1,250.",
}


def seconds(text: str) -> float:
    began = time.perf_counter()
    textpipe.analyze(text)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=20_000)
    base = parser.parse_args().characters
    textpipe.analyze("暖身。內存。")
    print(f"{'ms a 1,000 characters':24}{base:>12,}{base * 10:>12,}{base * 100:>12,}")
    for name, unit in TEXTS.items():
        row = []
        for factor in (1, 10, 100):
            size = base * factor
            row.append(seconds(unit * (size // len(unit))) * 1e6 / size)
        print(f"{name:24}" + "".join(f"{value:12.2f}" for value in row), flush=True)


if __name__ == "__main__":
    main()
