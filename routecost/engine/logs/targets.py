"""What a replay runs: routing tables, strategies, or the logged models, as tiers by task type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.table import Routed, Row
from routecost.engine.strategies.tier import UniformTier
from routecost.errors import UsageError
from routecost.model.routing.table import RoutingTable
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import ONE, ZERO

AS_LOGGED = "as-logged"
"""In place of a tier: the calls stay on the models that made them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A share of all sessions: the tier of each task type, and of all ``others``; None is an error."""

    share: Decimal
    tiers: Mapping[str, str]
    others: str | None = None

    def tier(self, task_type: str | None) -> str | None:
        """Return the tier of a task type, if it has one."""
        return self.others if task_type is None else self.tiers.get(task_type, self.others)


@dataclass(frozen=True, slots=True)
class Target:
    """A replay: ``kind`` is "table", "strategy" or "logged"; the shares of its parts sum to 1."""

    name: str
    kind: str
    parts: tuple[Part, ...]

    @property
    def tiers(self) -> dict[str, str | None]:
        """The tiers, each with a task type that is on it; None for all others."""
        tiers: dict[str, str | None] = {}
        for part in self.parts:
            for task, tier in part.tiers.items():
                tiers.setdefault(tier, task)
            if part.others is not None:
                tiers.setdefault(part.others, None)
        return tiers

    def missing(self, task_type: str | None) -> str | None:
        """Return why calls of a task type cannot be replayed; None if they can."""
        part = self.parts[0]
        if part.tier(task_type) is not None:
            return None
        if task_type is None:
            return f'no task type, which {self.kind} "{self.name}" needs'
        return (
            f'{self.kind} "{self.name}" has no task type "{task_type}"{did_you_mean(task_type, part.tiers)}'
        )


LOGGED = Target(AS_LOGGED, "logged", (Part(ONE, {}, AS_LOGGED),))
"""The models that were logged."""


def table_target(table: RoutingTable, name: str, default: str | None) -> Target:
    """Return the replay of a routing table; ``default`` is the tier of task types that it does not have."""
    return Target(name, "table", (Part(ONE, table.tiers_by_task, default),))


def strategy_target(name: str, strategy: object, default: str | None) -> Target:
    """Return the replay of a strategy. Raises UsageError with the reason if there is none."""
    shares, others = _shares(strategy), None
    if others_of := shares.pop(None, None):
        others = others_of
    elif default is not None:
        others = {default: ONE}
    return Target(name, "strategy", tuple(_parts(shares, others)))


def _shares(strategy: object) -> dict[str | None, Mapping[str, Decimal]]:
    """Return the share of each tier by task type; that of all others under None."""
    if isinstance(strategy, UniformTier | Mix):
        return {None: strategy.stated_mix()}
    if isinstance(strategy, Row):
        return {None: {strategy.tier: ONE}}
    if isinstance(strategy, Routed):
        return {task: {tier: ONE} for task, tier in strategy.table.tiers_by_task.items()}
    if isinstance(strategy, Assigned):
        return {task: _assigned(strategy, task, inner) for task, inner in strategy.strategies.items()}
    raise UsageError(
        "it makes other calls than the logged ones (repeated, reviewed or planned); "
        "expected a tier, a mix, a table or an assignment of these"
    )


def _assigned(strategy: Assigned, task: str, inner: object) -> Mapping[str, Decimal]:
    if strategy.router is not None:
        raise UsageError("the calls of its router are not in the log")
    if strategy.error or strategy.mistakes.get(task):
        raise UsageError("its router makes errors, and the log does not say which tasks are mistaken")
    shares = _shares(inner)
    mix = shares.get(None, shares.get(task))
    if mix is None:
        raise UsageError(f'the table assigned to "{task}" does not have this task type')
    return mix


def _parts(
    shares: Mapping[str | None, Mapping[str, Decimal]], others: Mapping[str, Decimal] | None
) -> Iterable[Part]:
    """Yield shares of sessions with one tier per task type.

    Sessions are in one order for all task types, and of each type the first ones are on its first tier.
    """
    mixes = {task: _limits(mix) for task, mix in shares.items()}
    rest = None if others is None else _limits(others)
    every = [*mixes.values(), *([rest] if rest else [])]
    ends = sorted({end for limits in every for end, _ in limits})
    start = ZERO
    for end in ends:
        tiers = {task: _tier_at(limits, end) for task, limits in mixes.items() if task is not None}
        yield Part(end - start, tiers, None if rest is None else _tier_at(rest, end))
        start = end


def _limits(mix: Mapping[str, Decimal]) -> list[tuple[Decimal, str]]:
    limits, total = [], ZERO
    for tier, share in mix.items():
        if share:
            total += share
            limits.append((total, tier))
    return limits


def _tier_at(limits: list[tuple[Decimal, str]], end: Decimal) -> str:
    return next(tier for limit, tier in limits if end <= limit)
