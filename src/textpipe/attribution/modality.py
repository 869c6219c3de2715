"""Modality: whether a sentence tells what is planned, feared, hoped, possible, conditional or negated.

Found by words (擬, 恐, 可望, 可能, 若, 不會); 將 alone is weighed by what follows it: it may mark an object
(將晶片賣給…), or a forecast (將帶動需求) rather than a plan.
"""

from textpipe.attribution.rules import Rules
from textpipe.records import Cue


def modality(text: str, rules: Rules, offset: int = 0) -> tuple[Cue, ...]:
    """The modal words of a sentence, the first of each kind, in order; offsets from `offset`."""
    found: dict[str, Cue] = {}
    future = rules.future
    for match in rules.modal.finditer(text):
        if match.lastgroup is None:
            continue
        kind = rules.modality[int(match.lastgroup[1:])].id
        if match[0] == future.word:
            if future.object_marker.match(text, match.start()):
                continue
            is_forecast = future.forecast_marker.match(text, match.start())
            kind = future.forecast if is_forecast else future.plan
        found.setdefault(kind, Cue(kind, offset + match.start(), offset + match.end()))
    return tuple(sorted(found.values(), key=lambda cue: cue.start))
