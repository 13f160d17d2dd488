"""Escalation paths: the tiers that rejected work climbs, and where the table names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from routecost.model.routing.table import Route, RoutingTable
from routecost.problems import KeyPath


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path; ``rise`` counts the tiers it goes up, ``way`` leads to the one it goes to."""

    source: str
    target: str
    rise: int
    way: KeyPath


@dataclass(frozen=True, slots=True)
class EscalationPath:
    """The path at ``way`` in the table, over ``tiers`` of the taxonomy, whose ranks are ``ranks``.

    ``start`` is the tier of a row whose own path does not repeat it.
    """

    way: KeyPath
    tiers: tuple[str, ...]
    ranks: Mapping[str, int]
    start: str | None = None

    @property
    def stops(self) -> tuple[str, ...]:
        """All tiers of the path, the starting one first."""
        return self.tiers if self.start is None else (self.start, *self.tiers)

    @property
    def is_known(self) -> bool:
        """Whether the taxonomy knows all tiers; of other paths there is nothing more to say."""
        return all(tier in self.ranks for tier in self.stops)

    @property
    def rises(self) -> bool:
        """Whether every step goes up."""
        return all(step.rise > 0 for step in self.steps())

    def steps(self) -> Iterator[Step]:
        """Yield the steps of a path that is known."""
        if not self.is_known:
            return
        stops, first = self.stops, len(self.tiers) - len(self.stops) + 1
        for index, (source, target) in enumerate(pairwise(stops), start=first):
            rise = self.ranks[target] - self.ranks[source]
            yield Step(source, target, rise, (*self.way, index))

    def leads_on_from(self, tier: str) -> bool:
        """Whether work on a tier has somewhere to go.

        True also where other rules speak of the path: it jumps over the tier, turns down, or names
        unknown tiers.
        """
        if not self.is_known or not self.rises:
            return True
        ranks = [self.ranks[stop] for stop in self.stops]
        return bool(ranks) and ranks[0] <= self.ranks[tier] < ranks[-1]


def table_path(table: RoutingTable, ranks: Mapping[str, int]) -> EscalationPath:
    """Return the path that holds for every row without its own."""
    return EscalationPath(("escalation",), table.escalation, ranks)


def row_path(route: Route, ranks: Mapping[str, int]) -> EscalationPath | None:
    """Return the path of a row, if it has its own."""
    if route.escalation is None:
        return None
    start = None if route.tier in route.escalation else route.tier
    return EscalationPath(("routes", route.index, "escalation"), route.escalation, ranks, start)
