"""What counts as beyond chance: log-likelihood G², its p-value, and the correction for many tests."""

from math import erfc, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ALPHA = 0.05


def g_squared(a: Any, b: Any, a_size: Any, b_size: Any) -> Floats:
    """The log-likelihood ratio of 2 x 2 tables (Dunning 1993), elementwise.

    `a`, `b`: how often something stands in two samples of `a_size` and `b_size` words (or sentences).
    """
    a, b, a_size, b_size = (np.asarray(x, float) for x in (a, b, a_size, b_size))
    total, share = a_size + b_size, (a + b) / (a_size + b_size)
    cells = (
        (a, a_size * share), (b, b_size * share),
        (a_size - a, a_size * (1 - share)), (b_size - b, b_size * (1 - share)),
    )  # fmt: skip
    found = np.zeros(np.broadcast(a, b, total).shape)
    for observed, expected in cells:
        positive = observed > 0
        ratio = np.divide(observed, expected, where=positive, out=np.ones_like(found))
        found += np.where(positive, observed * np.log(ratio), 0)
    return np.maximum(2 * found, 0)


def log_ratio(a: Any, b: Any, a_size: Any, b_size: Any) -> Floats:
    """Log2 of the ratio of relative frequencies (Hardie 2014); half a count stands for none."""
    a, b = (np.maximum(np.asarray(x, float), 0.5) for x in (a, b))
    return np.asarray(np.log2((a / a_size) / (b / b_size)))


def p_of_g(g: Any) -> Floats:
    """The chance of a G² at least so large, with one degree of freedom."""
    return p_of_z(np.sqrt(np.asarray(g, float)))


def p_of_z(z: Any) -> Floats:
    """The chance of a standard normal value at least so far from zero."""
    values = np.asarray(z, float)
    found = [erfc(abs(x) / sqrt(2)) for x in values.ravel().tolist()]
    return np.array(found, float).reshape(values.shape)


def p_of_change(
    count: Any, size: float, error: Any, other: Any, other_size: float, other_error: Any
) -> Floats:
    """The chance of two shares so far apart, from their standard errors by the bootstrap.

    The standard error is never taken below that of two binomial samples of the pooled share: where
    something never occurs in one sample, no draw of it varies.
    """
    pooled = (np.asarray(count, float) + other) / (size + other_size)
    binomial = np.sqrt(pooled * (1 - pooled) * (1 / size + 1 / other_size))
    spread = np.maximum(np.hypot(error, other_error), binomial)
    change = np.asarray(count, float) / size - np.asarray(other, float) / other_size
    return p_of_z(np.divide(change, spread, where=spread > 0, out=np.zeros_like(change)))


def corrected(p: Any) -> Floats:
    """The p-values adjusted for the false discovery rate (Benjamini and Hochberg 1995)."""
    values: Floats = np.array(p, float)
    order = np.argsort(-values, kind="stable")
    ranks = np.arange(values.size, 0, -1)
    adjusted = np.minimum.accumulate(values[order] * values.size / ranks)
    found = np.empty_like(values)
    found[order] = np.minimum(adjusted, 1)
    return found
