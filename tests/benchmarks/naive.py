"""The peer of the benchmark: the script that most people would write first.

jieba.cut a sentence on the raw text, TF-IDF with logistic regression (the same labels) predicted a document,
jieba.analyse for keywords. Usage: python naive.py FOLDER; prints JSON.
"""

import json
import re
import resource
import sys
import time
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import jieba  # noqa: E402
import jieba.analyse  # noqa: E402
import numpy as np  # noqa: E402
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.multiclass import OneVsRestClassifier  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import MultiLabelBinarizer  # noqa: E402

AXES = ("pillars", "sections", "themes", "stance")


def sentences_of(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[。！？])|\n", text) if s.strip()]


def labelled() -> tuple[list[str], list[set[str]]]:
    """The shipped labelled sentences, and the labels of each."""
    import textpipe

    folder = Path(textpipe.__file__).parent / "resources" / "labelled"
    texts, labels = [], []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            for item in json.loads(line)["sentences"]:
                texts.append(item["text"])
                labels.append({x for axis in AXES for x in np.atleast_1d(item[axis])})
    return texts, labels


def trained() -> object:
    texts, labels = labelled()
    model = make_pipeline(
        TfidfVectorizer(token_pattern=r"\S+"), OneVsRestClassifier(LogisticRegression())
    )
    cut = [" ".join(jieba.cut(text)) for text in texts]
    return model.fit(cut, MultiLabelBinarizer().fit_transform(labels))


def tell(articles: int, began: float, cpu: float, **more: int) -> None:
    """Print what it took since the times given, by the clock and of this process, as JSON."""
    found = {
        "articles": articles,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(found | more))


def main() -> None:
    jieba.setLogLevel(60)
    jieba.initialize()
    model = trained()
    paths = sorted(Path(sys.argv[1]).iterdir())
    jieba.analyse.extract_tags("暖身", topK=1)
    began, cpu = time.perf_counter(), time.process_time()
    coded = 0
    for path in paths:
        text = path.read_text("utf-8")
        cut = [" ".join(jieba.cut(sentence)) for sentence in sentences_of(text)]
        coded += len(model.predict(cut))
        jieba.analyse.extract_tags(text, topK=20)
    tell(len(paths), began, cpu, sentences=coded)


if __name__ == "__main__":
    main()
