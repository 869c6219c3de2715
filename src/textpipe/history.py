"""What earlier runs into the same folder have seen: which articles are new, and which are gone."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from textpipe.records import Document


@dataclass(frozen=True)
class History:
    """Articles by the digest of their bytes with the time of the run that first saw them, and the
    sources of the last run; `now`: the time of this run (ISO 8601, local, with its zone)."""

    seen: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    now: str = field(default_factory=lambda: time.strftime("%Y-%m-%dT%H:%M:%S%z"))

    def first_seen(self, documents: Iterable[Document]) -> dict[str, str]:
        """For each document id the time of the run that first saw its bytes."""
        return {d.id: self.seen.get(d.digest, self.now) for d in documents}

    def removed(self, documents: Iterable[Document]) -> Sequence[str]:
        """Sources of the last run that are gone, or were renamed."""
        given = {d.source for d in documents}
        return sorted(set(self.sources) - given)


def read_history(out: Path) -> History:
    """What the manifest in an output folder tells; nothing where there is none that can be read."""
    try:
        manifest = json.loads((out / "manifest.json").read_text("utf-8"))
        finished = str(manifest["finished_at"])
        inputs = [
            (str(i["source"]), str(i["sha256"]), str(i.get("first_seen", finished)))
            for i in manifest["inputs"]
        ]
    except (OSError, ValueError, LookupError, TypeError):
        return History()
    return History({digest: at for _, digest, at in inputs}, tuple(s for s, _, _ in inputs))
