"""Many ranges of numbers as one array."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def ranges(first: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int64]:
    """For each entry the numbers `first` to one before `first + count`, all one after another."""
    before = np.cumsum(counts) - counts
    result: NDArray[np.int64] = np.arange(int(counts.sum())) + np.repeat(first - before, counts)
    return result
