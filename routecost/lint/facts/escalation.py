"""Escalation paths: the tiers that rejected work goes through, and their place in the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise

from routecost.model.routing.table import Route, RoutingTable
from routecost.problems import KeyPath
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path. ``rise`` is the number of tiers up; ``key_path`` locates the target."""

    source: str
    target: str
    rise: int
    key_path: KeyPath


@dataclass(frozen=True)
class EscalationPath:
    """The path at ``key_path`` of the table: ``tiers`` with ``ranks`` in the taxonomy.

    ``start`` is the tier of the row, if its own path omits it.
    """

    key_path: KeyPath
    tiers: tuple[str, ...]
    ranks: Mapping[str, int]
    start: str | None = None

    @property
    def stops(self) -> tuple[str, ...]:
        """All tiers of the path, including ``start``."""
        return self.tiers if self.start is None else (self.start, *self.tiers)

    @cached_property
    def is_known(self) -> bool:
        """True if the taxonomy defines all tiers; other paths have no steps."""
        return all(tier in self.ranks for tier in self.stops)

    @cached_property
    def rises(self) -> bool:
        """True if every step goes up."""
        return all(step.rise > 0 for step in self.steps())

    def steps(self) -> Iterator[Step]:
        """Yield the steps of a path of known tiers."""
        if not self.is_known:
            return
        stops, first = self.stops, len(self.tiers) - len(self.stops) + 1
        for index, (source, target) in enumerate(pairwise(stops), start=first):
            rise = self.ranks[target] - self.ranks[source]
            yield Step(source, target, rise, (*self.key_path, index))

    def continues_from(self, tier: str) -> bool:
        """Return whether the path continues from a tier.

        Also True if another rule reports the path: it skips the tier, goes down, or names unknown
        tiers.
        """
        if not self.is_known or not self.rises:
            return True
        stops = self.stops
        return bool(stops) and self.ranks[stops[0]] <= self.ranks[tier] < self.ranks[stops[-1]]


def table_path(table: RoutingTable, ranks: Mapping[str, int]) -> EscalationPath:
    """Return the path of all rows without their own."""
    return EscalationPath(("escalation",), table.escalation, ranks)


def row_path(route: Route, ranks: Mapping[str, int]) -> EscalationPath | None:
    """Return the path of a row, if it has its own."""
    if route.escalation is None:
        return None
    start = None if route.tier in route.escalation else route.tier
    return EscalationPath(("routes", route.index, "escalation"), route.escalation, ranks, start)
