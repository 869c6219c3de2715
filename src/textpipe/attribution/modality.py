"""Modality: whether a sentence tells what is planned, feared, hoped, possible, conditional or negated.

Found by words (擬, 恐, 可望, 可能, 若, 不會); 將 alone is weighed by what follows it: it may mark an object
(將晶片賣給…), or a forecast (將帶動需求) rather than a plan.
"""

from collections.abc import Sequence

from textpipe.attribution.rules import Rules
from textpipe.attribution.units import Units
from textpipe.attribution.words import Lines, Word
from textpipe.columns import are_of
from textpipe.records import CODED_KINDS, Cue


def modalities(units: Units, rules: Rules) -> list[tuple[Cue, ...]]:
    """The cues of each sentence of each document, in order; none but where sentences are coded."""
    is_coded = are_of(units.kinds, *CODED_KINDS).tolist()
    coded = [text if coded else "" for text, coded in zip(units.texts, is_coded, strict=True)]
    each = zip(coded, rules.modals.find_each(Lines(coded)), units.starts, strict=True)
    return [modality(text, words, rules, at) if words else () for text, words, at in each]


def modality(text: str, words: Sequence[Word], rules: Rules, offset: int = 0) -> tuple[Cue, ...]:
    """Of the words of `rules.modals` in a sentence the first of each kind, in order; offsets from
    `offset`."""
    found: dict[str, Cue] = {}
    future, kinds = rules.future, rules.kind_of_modal
    for number, start, end in words:
        kind = kinds[number]
        if kind is None:
            continue
        if text[start:end] == future.word:
            if future.object_marker.match(text, start):
                continue
            kind = future.forecast if future.forecast_marker.match(text, start) else future.plan
        if kind not in found:
            found[kind] = Cue(kind, offset + start, offset + end)
    return tuple(found.values())
