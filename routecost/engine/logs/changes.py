"""Causes of the change of cost between two periods of a log: the Shapley value of each.

The cost of a period is calls x share of the task type x share of the model (and its mode) in it x (tokens of
context per call x share of each meter in them x price + other units per call x price), summed over the ranges
of context sizes between which the model's prices step: longer contexts at higher prices are a matter of
tokens. See :mod:`routecost.engine.numeric.shapley`. Where a period has no calls of a task type or model, the
figures per call are those of the other period, so that its cost is a matter of shares alone.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.usage import Priced, summed, task_type_of
from routecost.engine.numeric.shapley import as_decimals, shapley
from routecost.model.pricing.usage import CALLS
from routecost.model.results.logs.changes import Cause, Figures, TypeChange
from routecost.records import dataclass
from routecost.units import CONTEXT_METERS, exact

NONE = Fraction(0)
CACHE_READS = tuple(meter for meter in CONTEXT_METERS if meter.startswith("cache_read"))
K = TypeVar("K")
T = TypeVar("T")
Group = tuple[str | None, str, str]
Used = tuple[str, int]
"""A meter, and the number of context sizes above which the model's prices step that the contexts exceed."""


@dataclass
class _Sums:
    """The calls, units and costs of a group."""

    calls: int = 0
    units: dict[Used, int] = field(default_factory=dict)
    costs: dict[Used, Fraction] = field(default_factory=dict)

    def add(self, calls: int, steps: int, units: Mapping[str, int], costs: Mapping[str, Fraction]) -> None:
        self.calls += calls
        for meter, count in {**units, CALLS: calls}.items():
            self.units[meter, steps] = self.units.get((meter, steps), 0) + count
        for meter, cost in costs.items():
            self.costs[meter, steps] = self.costs.get((meter, steps), NONE) + cost

    def contexts(self) -> dict[int, int]:
        """Return the tokens of contexts by steps."""
        tokens: dict[int, int] = {}
        for (meter, steps), count in self.units.items():
            if meter in CONTEXT_METERS and count:
                tokens[steps] = tokens.get(steps, 0) + count
        return tokens


@dataclass(frozen=True, slots=True)
class _Factors:
    """What the cost of a group is the product of, before or after."""

    tokens: Mapping[int, Fraction]
    others: Mapping[Used, Fraction]
    split: Mapping[int, Mapping[str, Fraction]]
    prices: Mapping[Used, Fraction]


@dataclass
class _Period:
    groups: dict[Group, _Sums] = field(default_factory=dict)
    types: dict[str | None, int] = field(default_factory=dict)
    calls: int = 0

    def add(self, cells: Iterable[Priced], pricer: CellPricer) -> None:
        for cell, cost in cells:
            if cost is None:
                continue
            group = (task_type_of(cell), pricer.model(cell.model), pricer.mode(cell))
            costs = {meter: Fraction(amount.low) for meter, amount in pricer.amounts(cell).items()}
            steps = sum(edge <= cell.above for edge in pricer.sheet.context_edges(group[1]))
            self.groups.setdefault(group, _Sums()).add(cell.calls, steps, cell.units, costs)
            self.types[group[0]] = self.types.get(group[0], 0) + cell.calls
            self.calls += cell.calls

    def type_share(self, task_type: str | None) -> Fraction:
        return Fraction(self.types.get(task_type, 0), self.calls) if self.calls else NONE

    def model_share(self, group: Group) -> Fraction | None:
        """Return the share of a model in the calls of its task type; None if there are none."""
        calls = self.types.get(group[0], 0)
        sums = self.groups.get(group)
        return Fraction(0 if sums is None else sums.calls, calls) if calls else None

    def factors(self, group: Group) -> _Factors | None:
        sums = self.groups.get(group)
        if sums is None or not sums.calls:
            return None
        contexts = sums.contexts()
        return _Factors(
            {steps: Fraction(count, sums.calls) for steps, count in contexts.items()},
            {
                used: Fraction(count, sums.calls)
                for used, count in sums.units.items()
                if used[0] not in CONTEXT_METERS
            },
            {
                steps: {meter: Fraction(sums.units.get((meter, steps), 0), count) for meter in CONTEXT_METERS}
                for steps, count in contexts.items()
            },
            {used: sums.costs.get(used, NONE) / count for used, count in sums.units.items() if count},
        )


def type_changes(
    before: Sequence[Priced], after: Sequence[Priced], pricer: CellPricer
) -> tuple[TypeChange, list[TypeChange]]:
    """Return the change of the whole cost and those of each task type, the largest first."""
    periods = _Period(), _Period()
    for period, cells in zip(periods, (before, after), strict=True):
        period.add(cells, pricer)
    groups = list(dict.fromkeys([*periods[0].groups, *periods[1].groups]))
    types = list(dict.fromkeys(task_type_of(one.cell) for one in (*before, *after)))
    changes = [
        _change(
            task_type,
            _figures(_of_type(before, task_type)),
            _figures(_of_type(after, task_type)),
            shapley(list(Cause), _Cost([group for group in groups if group[0] == task_type], *periods)),
        )
        for task_type in types
    ]
    changes.sort(key=lambda one: (-abs(one.change), one.task_type or ""))
    return _total(changes), changes


def _of_type(cells: Iterable[Priced], task_type: str | None) -> list[Priced]:
    return [one for one in cells if task_type_of(one.cell) == task_type]


def _figures(cells: Sequence[Priced]) -> Figures:
    costed = [one for one in cells if one.cost is not None]
    row = summed(costed)
    return Figures(
        row.calls,
        row.cost.low,
        sum(row.units.get(meter, 0) for meter in CONTEXT_METERS),
        sum(row.units.get(meter, 0) for meter in CACHE_READS),
        row.units.get("output", 0),
        is_least=len(costed) < len(cells) or not row.cost.is_exact,
        is_priced=bool(costed) or not cells,
    )


@exact
def _change(
    task_type: str | None, before: Figures, after: Figures, parts: Mapping[Cause, Fraction]
) -> TypeChange:
    amounts = as_decimals(list(parts.values()), after.cost - before.cost)
    return TypeChange(task_type, before, after, dict(zip(parts, amounts, strict=True)))


@exact
def _total(changes: Sequence[TypeChange]) -> TypeChange:
    def added(figures: Iterable[Figures]) -> Figures:
        columns = list(zip(*figures, strict=True)) or [(0,)] * len(Figures._fields)
        calls, cost, context, cached, output, is_least, is_priced = (sum(column) for column in columns)
        return Figures(calls, Decimal(cost), context, cached, output, bool(is_least), bool(is_priced))

    parts = {cause: sum((change.parts[cause] for change in changes), Decimal(0)) for cause in Cause}
    before, after = (added(getattr(change, name) for change in changes) for name in ("before", "after"))
    return TypeChange(None, before, after, parts)


class _Cost:
    """The cost of groups with some causes as after, and the others as before."""

    def __init__(self, groups: Sequence[Group], before: _Period, after: _Period) -> None:
        self.groups = groups
        self.periods = (before, after)
        self.factors = {group: (before.factors(group), after.factors(group)) for group in groups}

    def __call__(self, come: frozenset[Cause]) -> Fraction:
        total = NONE
        calls = self.periods[Cause.VOLUME in come].calls
        for group in self.groups:
            share = self.periods[Cause.TASK_TYPES in come].type_share(group[0])
            own = [period.model_share(group) for period in self.periods]
            model = _either(own[0], own[1], Cause.MODELS in come)
            if calls and share and model:
                total += calls * share * model * self._per_call(group, come)
        return total

    def _per_call(self, group: Group, come: frozenset[Cause]) -> Fraction:
        first, second = self.factors[group]
        tokens = _either(first, second, Cause.TOKENS in come)
        sides = [one for one in (first, second) if one is not None]
        splits = _last_first([one.split for one in sides], Cause.CACHE in come)
        prices = _last_first([one.prices for one in sides], Cause.PRICE in come)
        units = dict(tokens.others)
        for steps, count in tokens.tokens.items():
            for meter, share in splits[steps].items():
                units[meter, steps] = count * share
        return sum((count * prices.get(used, NONE) for used, count in units.items() if count), NONE)


def _last_first(sides: Sequence[Mapping[K, T]], is_second: bool) -> ChainMap[K, T]:
    """Return what one period has, and what only the other has."""
    return ChainMap(*(dict(side) for side in (reversed(sides) if is_second else sides)))


def _either(first: T | None, second: T | None, is_second: bool) -> T:
    """Return the value of a period, or that of the other if it has none; one of them has."""
    one, other = (second, first) if is_second else (first, second)
    rate = other if one is None else one
    assert rate is not None
    return rate
