"""Which terms stand in a sentence together more often than chance.

G² over sentences, and logDice (Rychlý 2008) as an effect size that does not depend on the size of
the corpus: 14 + log2(2 f(a, b) / (f(a) + f(b))).
"""

from collections.abc import Sequence

import numpy as np

from textpipe.analysis.significance import ALPHA, corrected, g_squared, p_of_g
from textpipe.analysis.usage import Usage
from textpipe.findings import Collocation

MINIMUM_COUNT = 3


def collocations(usage: Usage, terms: Sequence[str], *, most: int = 300) -> tuple[Collocation, ...]:
    """Pairs of the terms that share coded sentences beyond chance, the highest G² first."""
    known = {term: i for i, term in enumerate(usage.terms)}
    chosen = [known[term] for term in terms if term in known]
    size, together = 0, np.zeros((len(chosen), len(chosen)), np.int64)
    for _, held in usage.holding(chosen):
        size += held.shape[0]
        together += np.asarray((held.T @ held).todense())
    own = together.diagonal()
    a, b = np.nonzero(np.triu(together >= MINIMUM_COUNT, 1))
    if not len(a):
        return ()
    count = together[a, b]
    g = g_squared(count, own[b] - count, own[a], size - own[a])
    q = corrected(p_of_g(g))
    more = count * size > own[a] * own[b]
    found = np.flatnonzero((q < ALPHA) & more)
    dice = 14 + np.log2(2 * count / (own[a] + own[b]))
    order = found[np.lexsort((b[found], a[found], -np.round(g[found], 9)))][:most]
    names = [usage.terms[t] for t in chosen]
    return tuple(
        Collocation(
            names[a[i]], names[b[i]], int(count[i]), int(own[a[i]]), int(own[b[i]]),
            round(float(g[i]), 3), round(float(dice[i]), 3), float(f"{q[i]:.3g}"),
        )
        for i in order
    )  # fmt: skip
