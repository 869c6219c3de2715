"""How long the reports take after coding, beside plain peers in the same run.

    python tests/benchmarks/reports.py [ARTICLES]

Articles are made of the sentences of the labelled data, shuffled, 26 a piece. Peers: the sentences sheet
by pandas with openpyxl against the whole workbook; MinHash by datasketch (where installed) against stories.
"""

import io
import random
import sys
import time
from collections.abc import Callable
from itertools import chain
from typing import Any

from textpipe.analysis import Counts, merge, stories
from textpipe.analysis.shingles import bands
from textpipe.classify.labelled import read_labelled, shipped_labelled
from textpipe.collector import collect
from textpipe.findings import Story
from textpipe.ingest.reader import document_of
from textpipe.processing import process
from textpipe.records import Document
from textpipe.report import Presses, Results, long_table_files, report_files
from textpipe.report.brief import render_brief
from textpipe.report.html import render_html
from textpipe.report.tables import frames
from textpipe.report.workbook import render_xlsx
from textpipe.settings import Settings
from textpipe.store.shards import to_table
from textpipe.work import BATCH, Shelf, part_of, without_collector


def timed(make: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    made = make()
    return made, time.perf_counter() - began


def articles(count: int, settings: Settings) -> list[str]:
    labelled = read_labelled(shipped_labelled(), settings.classify.loaded_codebook())
    sentences = [s.text for a in labelled for s in a.document.sentences]
    chance = random.Random(1)
    made = []
    for i in range(count):
        lines = [chance.choice(sentences) for _ in range(26)]
        text = "\n".join("".join(lines[k : k + 4]) for k in range(0, 26, 4))
        made.append(f"標題：第 {i} 篇\n日期：2025-{1 + i % 12:02}-{1 + i % 28:02}\n\n{text}\n")
    return made


def with_openpyxl(frame: Any) -> bytes:
    buffer = io.BytesIO()
    frame.to_excel(buffer, engine="openpyxl", index=False)
    return buffer.getvalue()


def with_datasketch(texts: list[str]) -> int:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.5, num_perm=96)
    met = 0
    for i, text in enumerate(texts):
        signature = MinHash(num_perm=96)
        signature.update_batch([text[k : k + 5].encode() for k in range(len(text) - 4)])
        met += bool(index.query(signature))
        index.insert(str(i), signature)
    return met


def shelved(documents: list[Document], settings: Settings) -> tuple[Shelf, Counts]:
    shelf, axes = Shelf(), settings.classify.loaded_codebook().axes
    file = shelf.file()
    with file.open("wb") as opened:
        table = to_table(documents, {d.id: d.title for d in documents})
        part = part_of(table, axes, opened)
    shelf.put(part, file)
    shelf.sort()
    return shelf, merge([part.counts])


def own_stories(documents: list[Document]) -> tuple[Story, ...]:
    texts = [d.text for d in documents]
    return stories(documents, texts, bands(texts))


def written(results: Results, presses: Presses) -> dict[str, bytes]:
    every = chain(
        long_table_files(results.corpus.articles, results.codebook), report_files(results, presses)
    )
    return {name: b"".join(own) if name.startswith("tables") else own for name, own in every}


@without_collector()
def main(count: int) -> None:
    settings = Settings()
    texts = articles(count, settings)
    process([document_of(texts[0], "warm.txt")], settings.stages)
    documents, coding = [], 0.0
    for first in range(0, count, BATCH):
        batch = [
            document_of(t, f"{first + i}.txt") for i, t in enumerate(texts[first : first + BATCH])
        ]
        (done, _), seconds = timed(lambda own=batch: process(own, settings.stages))
        documents += done
        coding += seconds
    results, analysis = timed(lambda: collect(*shelved(documents, settings), [], settings))
    with Presses() as presses:
        files, writing = timed(lambda: written(results, presses))
    rows = {
        "coding": coding,
        "analysis": analysis,
        "all reports": writing,
        "  report.html": timed(lambda: render_html(results))[1],
        "  report.md": timed(lambda: render_brief(results))[1],
        "  report.xlsx (nine sheets)": timed(lambda: render_xlsx(results))[1],
        "  stories": timed(lambda: own_stories(documents))[1],
    }
    frame = next(frames(results, "sentences")).head(20_000)
    rows["peer: sentences sheet by pandas and openpyxl"] = timed(lambda: with_openpyxl(frame))[1]
    try:
        rows["peer: stories by datasketch"] = timed(
            lambda: with_datasketch([d.text for d in documents])
        )[1]
    except ImportError:
        print("datasketch is not installed: no peer for stories")
    print(f"{count} articles, {sum(len(d.sentences) for d in documents)} sentences")
    for name, seconds in rows.items():
        print(f"{name:46}{seconds:8.2f} s")
    print(f"{'analysis and reports over coding':46}{(analysis + writing) / coding:8.2f}")
    print(f"{'report.html':46}{len(files['report.html']) / 1e6:8.2f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
