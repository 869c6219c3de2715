"""Who says what: counts of speakers and roles, by stance and by modality."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from textpipe.analysis.counts import Counts, Numbers, Pair, different, numbered, owners
from textpipe.codebook import Codebook
from textpipe.findings import SpeakerCount, Story, Voices
from textpipe.lexicon import Lexicon

Names = Mapping[str, tuple[str, str]]


def voices(
    counts: Counts,
    stories: Sequence[Story],
    codebook: Codebook,
    lexicon: Lexicon,
    *,
    roles: Names,
    modalities: Names,
) -> Voices:
    """Counts over coded sentences; a name's aliases are one speaker."""
    people, of_speaker = numbered((lexicon.preferred(name), role) for name, role in counts.speakers)
    every, of_person = numbered([*(role for _, role in people), ""])
    person = np.append(of_speaker, np.int32(-1))[counts.speaker]
    role, holder, label = of_person[person], *_split(counts, codebook)
    ids = [id for _, id in counts.pairs]
    by_split = _table(every, role[person >= 0], ids, role[holder], label)
    cued = role[owners(counts.cues)]
    by_modality = _table(every, role[counts.is_coded], counts.modalities, cued, counts.cue)
    return Voices(
        speakers=_speakers(counts, stories, people, person, (holder, label)),
        by_split={id: by_split[id] for id in roles if id in by_split},
        modality={id: by_modality[id] for id in ("", *roles) if id in by_modality},
        roles=dict(roles),
        modalities=dict(modalities),
    )


def _split(counts: Counts, codebook: Codebook) -> tuple[Numbers, Numbers]:
    """The rows with a speaker, once for each of their labels on the one-choice axis, and the labels."""
    axis = next((axis for axis in codebook.axes if axis.choose == "one"), None)
    own = [axis is not None and a == axis.id and id != axis.empty for a, id in counts.pairs]
    holder = counts.holder
    told = np.array(own, np.bool_)[counts.label] & (counts.speaker[holder] >= 0)
    kept = np.flatnonzero(told & ~counts.is_unsure)
    return holder[kept], counts.label[kept]


def _table(
    roles: Sequence[str],
    sentences: Numbers,
    names: Sequence[str],
    holders: Numbers,
    entries: Numbers,
) -> dict[str, dict[str, int]]:
    """For each role how many sentences it has, and how often each name stands in them; `holders`: the role
    of each entry."""
    found = _crossed(holders, entries, len(names))
    of_role: dict[str, dict[str, int]] = defaultdict(dict)
    for role, entry, n in found:
        of_role[roles[role]][names[entry]] = n
    for role, n in enumerate(np.bincount(sentences, minlength=len(roles)).tolist()):
        if n:
            of_role[roles[role]]["sentences"] = n
    return of_role


def _crossed(a: Numbers, b: Numbers, size: int) -> list[tuple[int, int, int]]:
    """The pairs of numbers side by side, as they come first, and how often; the second are below `size`."""
    keys = a * np.int64(max(size, 1)) + b
    pairs, firsts, times = np.unique(keys, return_index=True, return_counts=True)
    first, second = np.divmod(pairs, max(size, 1))
    order = np.argsort(firsts)
    return list(zip(*(x[order].tolist() for x in (first, second, times)), strict=True))


def _speakers(
    counts: Counts, stories: Sequence[Story], people: Sequence[Pair], person: Numbers,
    split: tuple[Numbers, Numbers],
) -> tuple[SpeakerCount, ...]:  # fmt: skip
    """Each person, the most quoted first."""
    story_of = {id: story.id for story in stories for id in story.documents}
    told, story = numbered(story_of.get(id, id) for _, id in counts.ids)
    said = np.flatnonzero(person >= 0)
    document = counts.document[said]
    sentences = np.bincount(person[said], minlength=len(people))
    articles, of_stories = (
        np.bincount(different(person[said] * np.int64(size) + own) // size, minlength=len(people))
        for own, size in ((document, len(counts.ids)), (story[document], len(told)))
    )
    splits: dict[int, dict[str, int]] = defaultdict(dict)
    for a, label, n in _crossed(person[split[0]], split[1], len(counts.pairs)):
        splits[a][counts.pairs[label][1]] = n
    each = zip(people, sentences.tolist(), articles.tolist(), of_stories.tolist(), strict=True)
    found = [
        SpeakerCount(name, role, n, held, told_by, dict(sorted(splits[i].items())))
        for i, ((name, role), n, held, told_by) in enumerate(each)
    ]
    return tuple(sorted(found, key=lambda x: (-x.sentences, x.speaker, x.role)))
