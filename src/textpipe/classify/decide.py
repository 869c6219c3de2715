"""Probabilities and rules to decisions, consistent with the codebook's own logic."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from textpipe.codebook import Axis, Codebook
from textpipe.records import Decision

Pair = tuple[str, str]


RULE_PROBABILITY = 0.7
"""How far a term alone is trusted where no model knows the codebook (of the shipped sections' terms
.79 were right on the labelled data, of the themes' .54)."""

HEADING_PROBABILITY = 0.9
"""The least probability where a label's terms stand in the sentence and in the heading above, on
axes that read headings (57 of 58 such labels were right on the labelled data)."""

TITLE_PROBABILITY = 0.9
"""The least probability where the title of a part of the policy stands in the sentence (8 of 8 such
labels were right on the labelled data)."""


class Verdict(NamedTuple):
    """What is decided of a label for one sentence."""

    probability: float
    decision: Decision


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

    def decision(self, probability: float) -> Decision:
        """Yes, unsure or no for one label."""
        if probability >= self.yes:
            return "yes"
        return "unsure" if probability >= self.unsure else "no"


class Decider:
    """Decides the labels of sentences by a codebook and costs."""

    def __init__(self, codebook: Codebook, costs: Costs) -> None:
        self._costs = costs
        self._order = {(a.id, label.id): n for n, (a, label) in enumerate(codebook.pairs())}
        self._parents = {
            (axis.id, label.id): (axis.parent_axis, label.parent)
            for axis, label in codebook.pairs()
            if axis.parent_axis is not None and label.parent is not None
        }
        self._any = {axis.id for axis in codebook.axes if axis.choose == "any"}
        self._choices = [axis for axis in codebook.axes if axis.choose == "one"]

    def decide(self, probabilities: Mapping[Pair, float]) -> dict[Pair, Verdict]:
        """The labels of one sentence that are yes or unsure, in the codebook's order.

        `probabilities` may leave out the labels that cannot become yes or unsure.
        """
        verdicts: dict[Pair, Verdict] = {}
        for pair, probability in probabilities.items():
            if pair[0] in self._any:
                decision = self._costs.decision(probability)
                if decision != "no":
                    verdicts[pair] = Verdict(probability, decision)
        self._imply_parents(verdicts)
        for axis in self._choices:
            self._choose(axis, verdicts, probabilities)
        return {pair: verdicts[pair] for pair in sorted(verdicts, key=self._order.__getitem__)}

    def _imply_parents(self, verdicts: dict[Pair, Verdict]) -> None:
        """A label implies its parent, with at least its own probability and decision."""
        for pair, own in list(verdicts.items()):
            above = self._parents.get(pair)
            if above is None:
                continue
            parent = verdicts.get(above, Verdict(0.0, "no"))
            decision: Decision = "yes" if "yes" in (own.decision, parent.decision) else "unsure"
            verdicts[above] = Verdict(max(own.probability, parent.probability), decision)

    def _choose(
        self, axis: Axis, verdicts: dict[Pair, Verdict], probabilities: Mapping[Pair, float]
    ) -> None:
        """Exactly one label: the likeliest, where the axis that it hangs on has any; else none."""
        applies = True
        if axis.empty_when_no is not None:
            held = [v.decision for (name, _), v in verdicts.items() if name == axis.empty_when_no]
            if not held:
                return
            applies = "yes" in held
        values = {p: v for p, v in probabilities.items() if p[0] == axis.id and p[1] != axis.empty}
        if values:
            best = max(values, key=lambda pair: (values[pair], -self._order[pair]))
            certain = applies and values[best] >= self._costs.yes
            verdicts[best] = Verdict(values[best], "yes" if certain else "unsure")
