"""References to tiers in a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from routecost.model.routing.table import Route, RoutingTable
from routecost.problems import KeyPath


class TierReference(NamedTuple):
    """A place of the table that names a tier, as a value or as a key."""

    tier: str
    key_path: KeyPath
    on_key: bool = False


def tier_references(table: RoutingTable, routes: Iterable[Route]) -> Iterator[TierReference]:
    """Yield every place of a table that names a tier: paths, reviewers, effective rows and fallbacks."""
    for index, tier in enumerate(table.escalation):
        yield TierReference(tier, ("escalation", index))
    for tier, reviewer in table.reviewer.items():
        yield TierReference(tier, ("reviewer", tier), on_key=True)
        yield TierReference(reviewer, ("reviewer", tier))
    for route in routes:
        yield from _in_row(route)
    for tier in table.fallbacks:
        yield TierReference(tier, ("fallbacks", tier), on_key=True)


def _in_row(route: Route) -> Iterator[TierReference]:
    row = ("routes", route.index)
    yield TierReference(route.tier, (*row, "tier"))
    if route.reviewer is not None:
        yield TierReference(route.reviewer, (*row, "reviewer"))
    for index, tier in enumerate(route.escalation or ()):
        yield TierReference(tier, (*row, "escalation", index))
