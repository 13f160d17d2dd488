"""Where a table names tiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from routecost.model.routing.table import Route, RoutingTable
from routecost.problems import KeyPath


class Mention(NamedTuple):
    """A place of the table that names a tier, as a value or as a key."""

    tier: str
    way: KeyPath
    on_key: bool = False


def mentions(table: RoutingTable, routes: Iterable[Route]) -> Iterator[Mention]:
    """Yield every place of a table that names a tier: paths, reviewers, and those of the rows in force."""
    for index, tier in enumerate(table.escalation):
        yield Mention(tier, ("escalation", index))
    for tier, reviewer in table.reviewer.items():
        yield Mention(tier, ("reviewer", tier), on_key=True)
        yield Mention(reviewer, ("reviewer", tier))
    for route in routes:
        yield from _in_row(route)


def _in_row(route: Route) -> Iterator[Mention]:
    row = ("routes", route.index)
    yield Mention(route.tier, (*row, "tier"))
    if route.reviewer is not None:
        yield Mention(route.reviewer, (*row, "reviewer"))
    for index, tier in enumerate(route.escalation or ()):
        yield Mention(tier, (*row, "escalation", index))
