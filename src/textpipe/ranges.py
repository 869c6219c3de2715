"""Many ranges of numbers as one array, what spans cover, the bounds of groups, and the order of rows of
numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def ranges(first: NDArray[Any], counts: NDArray[Any]) -> Numbers:
    """For each entry the numbers `first` to one before `first + count`, all one after another."""
    before = np.cumsum(counts) - counts
    result: Numbers = np.arange(int(counts.sum())) + np.repeat(first - before, counts)
    return result


def bounds_of(counts: Any) -> Numbers:
    """The bounds (groups + 1) of groups of so many entries, one after another."""
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])


def runs(sizes: NDArray[Any], chosen: Any) -> Numbers:
    """The places of the entries of the chosen owners, owner by owner; `sizes`: how many each owner has."""
    return ranges((np.cumsum(sizes, dtype=np.int64) - sizes)[chosen], sizes[chosen])


def groups_of(ordered: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """Where each group of equal entries begins among entries in order, and how many it has."""
    firsts = np.flatnonzero(are_first(ordered))
    return firsts, np.diff(firsts, append=len(ordered))


def are_first(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of some entries in order are the first of equal ones."""
    found = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=found[1:])
    return found


def within(length: int, starts: NDArray[Any], ends: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of so many places stand within spans; no two of these overlap or begin together."""
    depth = np.zeros(length + 1, dtype=np.int8)
    depth[starts] += 1
    depth[ends] -= 1
    return np.cumsum(depth[:-1], dtype=np.int8).view(np.bool_)


def ordered(*columns: NDArray[Any]) -> Numbers:
    """The stable order of rows of numbers (0 or more) by the first column, then the second, and so on: sorted
    as one number where they fit into one (25,000 rows of two: 9 ms by `numpy.lexsort`, 0.4 ms so)."""
    keys, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        most = int(column.max(initial=0)) + 1
        size *= most
        if size >= 2**63:
            return np.lexsort(columns[::-1])
        keys = keys * most + column
    return np.argsort(keys, kind="stable")
