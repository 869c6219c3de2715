"""The second layer: a sentence's own scores weighed with those of its article.

Stacked sequential learning (Cohen and Carvalho 2005): the first layer's probabilities, predicted out
of fold for the training sentences, are features of a second linear model a label. It sees the
label's own score, its mean over the rest of the article and its value for the sentence before and
after, and the probabilities and means of all labels, so that a topic carries through an article and
a section speaks for its pillar.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from textpipe.classify.features import Floats

Groups = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stack:
    """The second layer: `own` (labels x 4) weighs a label's score, mean, predecessor and successor;
    `others` (2 x labels x labels) the probabilities and the means of all labels; `intercepts`."""

    own: Floats
    others: Floats
    intercepts: Floats

    def scores(self, scores: Floats, probabilities: Floats, documents: Groups) -> Floats:
        """The second layer's scores (sentences x labels)."""
        mean, before, after = surroundings(probabilities, documents)
        own = (scores, mean, before, after)
        result: Floats = probabilities @ self.others[0] + mean @ self.others[1] + self.intercepts
        for number, part in enumerate(own):
            result += part * self.own[:, number]
        return result


def surroundings(probabilities: Floats, documents: Groups) -> tuple[Floats, Floats, Floats]:
    """For each sentence the mean of the rest of its article, the one before and the one after.

    `documents` numbers the article of each sentence; the sentences of one stand together, in order.
    """
    first = np.flatnonzero(np.diff(documents, prepend=-1))
    counts = np.diff(first, append=len(documents))
    sums = np.add.reduceat(probabilities, first) if len(first) else probabilities
    others = np.repeat(np.maximum(counts - 1, 1).astype(np.float32), counts)[:, None]
    mean: Floats = (np.repeat(sums, counts, axis=0) - probabilities) / others
    before, after = np.zeros_like(probabilities), np.zeros_like(probabilities)
    same = (documents[1:] == documents[:-1])[:, None]
    before[1:] = probabilities[:-1] * same
    after[:-1] = probabilities[1:] * same
    return mean, before, after
