"""Another peer of the benchmark: the fastest known parts together, and nothing else.

rjieba a sentence on a Simplified copy, its words hashed (one label) or counted by TF-IDF (all labels) a batch of 64
articles at a time by scikit-learn, one product with the weights of logistic regression, keywords from the words that
are there and jieba's frequencies. No alignment, evidence, context, calibration, speakers or store.
Usage: python fast.py FOLDER one|all; prints JSON.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import rjieba
from naive import labelled, sentences_of, tell
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

from textpipe.segmentation.dictionary import simplified_copy

BATCH = 64
KEYWORDS = 20


def itself(words: Sequence[str]) -> Sequence[str]:
    return words


def classifier(cut: Callable[[str], list[str]], labels: str) -> Callable[[list[list[str]]], Any]:
    """Predicts one label of each sentence by hashed words, or all of them by TF-IDF."""
    texts, given = labelled()
    words = [cut(text) for text in texts]
    matrix = MultiLabelBinarizer().fit_transform(given)
    if labels == "one":
        hashing = HashingVectorizer(analyzer=itself, n_features=2**18, alternate_sign=False)
        most = matrix[:, matrix.sum(axis=0).argmax()]
        one = LogisticRegression(solver="liblinear").fit(hashing.transform(words), most)
        return lambda sentences: one.predict(hashing.transform(sentences))
    tfidf = TfidfVectorizer(analyzer=itself, dtype=np.float32)
    model = OneVsRestClassifier(LogisticRegression()).fit(tfidf.fit_transform(words), matrix)
    weights = np.vstack([e.coef_[0] for e in model.estimators_]).T.astype(np.float32)
    shift = np.array([e.intercept_[0] for e in model.estimators_], dtype=np.float32)
    return lambda sentences: tfidf.transform(sentences) @ weights + shift > 0


def main() -> None:
    import jieba.analyse

    copy, engine = simplified_copy(), rjieba.Jieba()

    def cut(sentence: str) -> list[str]:
        words: list[str] = engine.cut(sentence.translate(copy))
        return words

    predict = classifier(cut, sys.argv[2])
    frequency, usual = jieba.analyse.default_tfidf.idf_loader.get_idf()
    paths = sorted(Path(sys.argv[1]).iterdir())
    began, cpu = time.perf_counter(), time.process_time()
    for first in range(0, len(paths), BATCH):
        batch = paths[first : first + BATCH]
        texts = [normalize("NFKC", path.read_text("utf-8")) for path in batch]
        articles = [[cut(sentence) for sentence in sentences_of(text)] for text in texts]
        predict(list(chain.from_iterable(articles)))
        for words in articles:
            counts = Counter(word for own in words for word in own if len(word) > 1)
            scored = ((n * frequency.get(word, usual), word) for word, n in counts.items())
            sorted(scored, reverse=True)[:KEYWORDS]
    tell(len(paths), began, cpu)


if __name__ == "__main__":
    main()
