"""Who says what: counts of speakers and roles, by stance and by modality."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from textpipe.codebook import Codebook
from textpipe.findings import SpeakerCount, Story, Voices
from textpipe.lexicon import Lexicon
from textpipe.records import Document

Names = Mapping[str, tuple[str, str]]


def voices(
    documents: Sequence[Document],
    stories: Sequence[Story],
    codebook: Codebook,
    lexicon: Lexicon,
    *,
    roles: Names,
    modalities: Names,
) -> Voices:
    """Counts over coded sentences; a name's aliases are one speaker."""
    axis = next((axis for axis in codebook.axes if axis.choose == "one"), None)
    story_of = {id: story.id for story in stories for id in story.documents}
    held: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    by_split: dict[str, Counter[str]] = defaultdict(Counter)
    by_modality: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for s in document.sentences:
            if not s.is_coded:
                continue
            split = tuple(x for x in s.ids(axis.id) if x != axis.empty) if axis else ()
            role = s.speaker.role if s.speaker else ""
            by_modality[role].update({cue.id for cue in s.modality})
            by_modality[role]["sentences"] += 1
            if s.speaker:
                by_split[role].update(split)
                by_split[role]["sentences"] += 1
                held[lexicon.preferred(s.speaker.name), role].append((document.id, split))
    found = [
        SpeakerCount(
            name, role, len(own), len({id for id, _ in own}),
            len({story_of.get(id, id) for id, _ in own}),
            dict(sorted(Counter(x for _, split in own for x in split).items())),
        )
        for (name, role), own in held.items()
    ]  # fmt: skip
    found.sort(key=lambda x: (-x.sentences, x.speaker, x.role))
    return Voices(
        speakers=tuple(found),
        by_split={role: dict(by_split[role]) for role in roles if role in by_split},
        modality={role: dict(by_modality[role]) for role in ("", *roles) if role in by_modality},
        roles=dict(roles),
        modalities=dict(modalities),
    )
