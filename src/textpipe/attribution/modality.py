"""Modality: whether a sentence tells what is planned, feared, hoped, possible, conditional or negated.

Found by words (擬, 恐, 可望, 可能, 若, 不會); 將 alone is weighed by what follows it: it may mark an object
(將晶片賣給…), or a forecast (將帶動需求) rather than a plan.
"""

from collections.abc import Sequence

from textpipe.attribution.rules import Rules
from textpipe.attribution.words import Word
from textpipe.records import Cue


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
    return tuple(sorted(found.values(), key=lambda cue: cue.start)) if found else ()
