"""For whom a stance is: the party that the sentence speaks of.

The codebook lists the parties in the order in which they count, with the words that name them. A
sentence that names none takes the party of the heading above it, then of the title.
"""

import numpy as np

from textpipe.classify.context import Batch, Numbers
from textpipe.classify.signals import PARTY
from textpipe.codebook import Codebook


def parties_of(batch: Batch, codebook: Codebook) -> Numbers:
    """For each unit the number of the codebook's party that it is about, -1 where nothing tells."""
    order = {(PARTY, party.id): number for number, party in enumerate(codebook.parties)}
    none = len(order)
    numbers = np.array([order.get(name, none) for name in batch.hits.names], dtype=np.int64)
    first = np.full(len(batch.start) + 1, none)
    np.minimum.at(first, batch.hits.row, numbers[batch.hits.name])
    found = np.full(len(batch.row), none)
    for rows in (batch.row, batch.heading, batch.title):
        found = np.where(found == none, first[rows], found)
    return np.where(found == none, -1, found)
