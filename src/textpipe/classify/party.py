"""For whom a stance is: the party that the sentence speaks of.

The codebook lists the parties in the order in which they count, with the words that name them. A
sentence that names none takes the party of the heading above it, then of the title.
"""

from textpipe.classify.context import NOWHERE, Batch, Unit
from textpipe.classify.signals import PARTY
from textpipe.codebook import Codebook


class Parties:
    """Finds the parties of a codebook in a batch."""

    def __init__(self, batch: Batch, codebook: Codebook) -> None:
        self._batch = batch
        self._order = [party.id for party in codebook.parties]

    def find(self, unit: Unit) -> str:
        """The id of the party that a unit is about, "" where nothing tells."""
        for row in (unit.row, unit.heading, unit.title):
            if row != NOWHERE:
                named = {hit.id for hit in self._batch.hits[row] if hit.axis == PARTY}
                for party in self._order:
                    if party in named:
                        return party
        return ""
