"""What escalations that a routing table would add cost, which are no calls of a log."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from routecost.engine.logs.replay import NoReplayError, Replayer
from routecost.model.logs.cells import Bounds
from routecost.model.results.logs.replay import AddedCalls
from routecost.model.routing.table import Route, RoutingTable
from routecost.records import dataclass
from routecost.units import ONE, exact


@dataclass(frozen=True, slots=True)
class Escalation:
    """The tiers that rejected work of a task type goes on to, and the share that does; None if unknown."""

    tier: str
    path: tuple[str, ...]
    share: Decimal | None


def escalations(table: RoutingTable) -> dict[str, Escalation]:
    """Return the escalations of the task types of a table: those that were counted, else all failures."""
    return {
        task: _escalation(route.tier, path, _share(route))
        for task, route in reversed(table.routes_by_task.items())
        if (path := table.path_above(route))
    }


@lru_cache(maxsize=10_000)
def _escalation(tier: str, path: tuple[str, ...], share: Decimal | None) -> Escalation:
    """Return an escalation: equal ones are one object, so that a thousand tables take little time."""
    return Escalation(tier, path, share)


@exact
def _share(route: Route) -> Decimal | None:
    measured = route.evidence
    if measured is None or not measured.trials:
        return None
    if route.escalated is not None:
        return route.escalated
    return ONE - Decimal(measured.successes) / measured.trials


def added(
    replayer: Replayer, tables: Mapping[str, Mapping[str, Escalation]]
) -> dict[str, tuple[AddedCalls, ...]]:
    """Return what escalations of tables cost by task type; ``tables`` has them by the name of a table.

    Tiers on which calls have no price are left out.
    """
    known: dict[tuple[str, int], AddedCalls | None] = {}
    every: dict[str, tuple[AddedCalls, ...]] = {}
    for name, paths in tables.items():
        rows = []
        for task_type, one in paths.items():
            key = (task_type, id(one))
            if key not in known:
                known[key] = _added(replayer, task_type, one)
            rows.append(known[key])
        if any(rows):
            every[name] = tuple(row for row in rows if row is not None)
    return every


@exact
def _added(replayer: Replayer, task_type: str, one: Escalation) -> AddedCalls | None:
    if task_type not in replayer.types:
        return None
    try:
        rows = [replayer.on_tier(task_type, tier) for tier in one.path]
    except NoReplayError:
        return None
    costs = [row.stages.cost for row in rows]
    expected = None
    if one.share is not None:
        expected = Bounds(costs[0].low * one.share, costs[0].high * one.share)
    most = sum((cost.high for cost in costs[1:]), costs[0].high)
    return AddedCalls(task_type, rows[0].calls, one.tier, one.path, one.share, expected, most)
