"""Probabilities and rules to decisions, consistent with the codebook's own logic."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from textpipe.codebook import Axis, Codebook
from textpipe.labels import DECISIONS

Values = NDArray[np.float32]
Decisions = NDArray[np.int8]
YES, NO, UNSURE = (np.int8(DECISIONS.index(decision)) for decision in ("yes", "no", "unsure"))

RULE_PROBABILITY = 0.7
"""How far a term alone is trusted where no model knows the codebook (of the shipped sections' terms
.79 were right on the labelled data, of the themes' .54)."""

HEADING_PROBABILITY = 0.9
"""The least probability where a label's terms stand in the sentence and in the heading above, on
axes that read headings (57 of 58 such labels were right on the labelled data)."""

TITLE_PROBABILITY = 0.9
"""The least probability where the title of a part of the policy stands in the sentence (8 of 8 such
labels were right on the labelled data)."""


@dataclass(frozen=True)
class Costs:
    """What a decision costs: a label given wrongly, a label missed, a label that a person must read.

    The decision is the one of least expected cost (Chow 1970): yes costs (1 - p) `wrong`, no costs
    p `missed`, unsure costs `review`. The defaults give yes from .40 on and unsure from .25 on.
    """

    wrong: float = 1.0
    missed: float = 2.4
    review: float = 0.6

    @cached_property
    def yes(self) -> float:
        """The probability from which on yes is cheapest."""
        return max(1 - self.review / self.wrong, self.wrong / (self.wrong + self.missed))

    @cached_property
    def unsure(self) -> float:
        """The probability from which on no is not the cheapest; `yes` where nothing is unsure."""
        return min(self.review / self.missed, self.yes)

    def decisions(self, probabilities: Values) -> Decisions:
        """Of probabilities of labels the decisions, as they count in `DECISIONS`."""
        likely = np.where(probabilities >= self.unsure, UNSURE, NO)
        return np.where(probabilities >= self.yes, YES, likely)


class Decider:
    """Decides the labels of sentences by a codebook and costs."""

    def __init__(self, codebook: Codebook, costs: Costs) -> None:
        self._costs = costs
        column = {name: n for n, name in enumerate(codebook.names())}
        self._own = {
            axis.id: [column[axis.id, label.id] for label in axis.labels] for axis in codebook.axes
        }
        self._any = [c for a in codebook.axes if a.choose == "any" for c in self._own[a.id]]
        self._children: dict[int, list[int]] = {}
        for child, parent in codebook.implied():
            if child in self._any:
                self._children.setdefault(parent, []).append(child)
        self._choices = [axis for axis in codebook.axes if axis.choose == "one"]
        self._empty = {column[a.id, a.empty] for a in codebook.axes if a.empty}

    def decide(self, probabilities: Values) -> tuple[Values, Decisions]:
        """Probabilities and decisions of labels, consistent with one another.

        `probabilities` (sentences x the codebook's labels) are below 0 where nothing speaks for a label.
        Of the result only what is decided yes or unsure counts.
        """
        values, decisions = probabilities.copy(), np.full(probabilities.shape, NO, dtype=np.int8)
        decisions[:, self._any] = self._costs.decisions(probabilities[:, self._any])
        self._imply_parents(values, decisions)
        for axis in self._choices:
            self._choose(axis, values, decisions)
        return values, decisions

    def _imply_parents(self, values: Values, decisions: Decisions) -> None:
        """A label implies its parent, with at least its own probability and decision."""
        own, own_values = decisions.copy(), np.where(decisions != NO, values, -1)
        for parent, children in self._children.items():
            how, most = own[:, children], own_values[:, children].max(axis=1)
            held = (how != NO).any(axis=1)
            sure = (how == YES).any(axis=1) | (own[:, parent] == YES)
            values[:, parent] = np.where(
                held, np.maximum(values[:, parent], most), values[:, parent]
            )
            decisions[held, parent] = np.where(sure, YES, UNSURE)[held]

    def _choose(self, axis: Axis, values: Values, decisions: Decisions) -> None:
        """Exactly one label: the likeliest, where the axis that it hangs on has any; else none."""
        own = [column for column in self._own[axis.id] if column not in self._empty]
        if not own:
            return
        best = np.array(own)[values[:, own].argmax(axis=1)]
        rows = np.arange(len(values))
        given = values[rows, best] >= 0
        sure = values[rows, best] >= self._costs.yes
        if axis.empty_when_no is not None:
            others = decisions[:, self._own[axis.empty_when_no]]
            given &= (others != NO).any(axis=1)
            sure &= (others == YES).any(axis=1)
        decisions[rows[given], best[given]] = np.where(sure, YES, UNSURE)[given]
