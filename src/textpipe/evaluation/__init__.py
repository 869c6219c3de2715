"""How good the coding is: gold standards, figures of agreement, baselines, and how to show them."""

from textpipe.evaluation.baselines import BASELINES, Baseline
from textpipe.evaluation.figures import AxisFigures, Coded, Evaluation, Plain, figures
from textpipe.evaluation.gold import GoldDocument, GoldSentence, read_gold
from textpipe.evaluation.show import SHOWN, table

__all__ = [
    "BASELINES",
    "SHOWN",
    "AxisFigures",
    "Baseline",
    "Coded",
    "Evaluation",
    "GoldDocument",
    "GoldSentence",
    "Plain",
    "figures",
    "read_gold",
    "table",
]
