"""The stored articles that were coded by other stages than now: the jobs to code them again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from textpipe.settings import Settings
from textpipe.store import Coded, Store
from textpipe.work import Outcome, Stored


@dataclass
class Again:
    """The stored articles that are coded again; before each job `stop` is asked whether to go on."""

    store: Store
    settings: Settings
    recipe: int
    stop: Callable[[], bool]
    _under_way: dict[str, tuple[int, str]] = field(default_factory=dict)

    def jobs(self, most: int) -> Iterator[Stored]:
        """The jobs, of no more than `most` articles each, from the first stage that is not as it was."""
        recipes = self.store.ledger.recipes()
        now = recipes[self.recipe]
        for shard, rows in self.store.stale(self.recipe):
            table = self.store.table(shard)
            for recipe in sorted({row["recipe"] for row in rows}):
                own = [row for row in rows if row["recipe"] == recipe]
                first = first_change(recipes[recipe], now)
                for part in range(0, len(own), most):
                    if self.stop():
                        return
                    yield self._job(first, table, own[part : part + most])

    def _job(self, first: int, table: Any, rows: Sequence[Any]) -> Stored:
        why = f"{type(self.settings.stages[first]).__name__.lower()} changed"
        self._under_way |= {row["id"]: (row["version"], why) for row in rows}
        return Stored(
            table.take([row["place"] for row in rows]),
            tuple(row["source"] for row in rows),
            tuple(row["content"] for row in rows),
            self.settings.ingest,
            self.settings.stages,
            first,
            self.settings.store.shard,
        )

    def coded(self, job: Stored, outcome: Outcome) -> tuple[list[Coded], list[str]]:
        """What a job gave: the coded articles, and the ids of those that could not be coded again."""
        about = {id: self._under_way.pop(id) for id in job.table.column("id").to_pylist()}
        coded = [Coded(row, *about[row.id]) for row in outcome.rows]
        return coded, sorted(about.keys() - {row.id for row in outcome.rows})


def first_change(before: Sequence[str], now: Sequence[str]) -> int:
    """How many stages from the first on are as they were."""
    pairs = zip(before, now, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(before), len(now)) - 1)
