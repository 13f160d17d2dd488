"""Causes of the change of a strategy's bill, and the change with what is unknown on both sides.

The calls of a month cost tasks x calls per task (by task type and tier) x units per call (by meter and
price step) x price per unit. Volume, mix, tokens and price get their Shapley values (see
:mod:`routecost.engine.numeric.shapley`), as variances of actual months do. What fixed fees and terms on a
month's total add is a part of its own. Where a side has no calls of a task type on a tier, or no units of a
meter, figures below are those of the other side, so that their cost is a matter of the level above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from routecost.engine.compare.compare import tier_models_of
from routecost.engine.numeric.cost_levels import NOTHING, WHOLE, Cell, Counts, Rates, blended_cost, per
from routecost.engine.numeric.shapley import as_decimals, shapley
from routecost.engine.pricing.price import price
from routecost.engine.strategies.assigned import flows_among
from routecost.model.pricing.usage import CALLS, Usage
from routecost.model.results.changes.changes import Cause, Costs, StrategyChange
from routecost.model.results.comparison import Comparison, StrategyCost
from routecost.model.results.failures import Between, Failures, TypeFailures, cost_of, excess, widest
from routecost.model.scenario.scenario import Scenario
from routecost.records import dataclass
from routecost.units import exact

_PLACES = 10**40
_OTHER_FIELDS: dict[str, Any] = {
    "name": "",
    "strategies": {},
    "as_of": None,
    "claims": (),
    "budget": None,
    "plan": None,
    "illustrative": None,
    "warnings": (),
    "uncertainty": None,
    "baseline": None,
    "default": None,
    "proposed": None,
}
"""Fields of a scenario that do not change the cost of a strategy in a month."""
_FACTORS = (Cause.VOLUME, Cause.MIX, Cause.TOKENS, Cause.PRICE)


@dataclass(frozen=True, slots=True)
class Side:
    """A scenario on one side, with the costs of its strategies."""

    scenario: Scenario
    comparison: Comparison

    def costs(self, strategy: str) -> Costs | None:
        """Return the cost of a month of a strategy; None if it is not there."""
        if strategy not in self.scenario.strategies:
            return None
        cost = self.comparison[strategy]
        calls = widest(Between.exactly(amount) for amount, _ in _cases(self, cost, is_hard=True))
        if self.lacks_calls(strategy):
            calls = Between(calls.low, None)
        failures = widest(cost_of(case.failures) for case in cost.cases)
        return Costs(cost.cost_per_month, calls, failures, cost.counts_failures)

    def lacks_calls(self, strategy: str) -> bool:
        """Return whether calls of unknown number or tokens are not in the cost."""
        return strategy in self.comparison.unknown_rework or strategy in self.comparison.unpriced_reviews


@dataclass(frozen=True, slots=True)
class _Month:
    """The counts and the cost of a month's calls, by cell."""

    tasks: Fraction
    calls: Counts = field(default_factory=dict)
    units: Counts = field(default_factory=dict)
    costs: Counts = field(default_factory=dict)

    @property
    def cost(self) -> Fraction:
        return sum(self.costs.values(), NOTHING)


@dataclass(frozen=True, slots=True)
class _Level:
    """Counts per unit of the level above, before and after."""

    planned: Rates
    actual: Rates


@exact
def strategy_changes(before: Side | None, after: Side | None) -> Iterator[StrategyChange]:
    """Yield the change of each strategy; a side without a file is None."""
    sides = [side for side in (after, before) if side is not None]
    for name in dict.fromkeys(name for side in sides for name in side.scenario.strategies):
        old, new = (None if side is None else side.costs(name) for side in (before, after))
        if before is None or after is None or old is None or new is None:
            yield StrategyChange(name, old, new)
        else:
            yield strategy_change(before, after, name, name)


@exact
def strategy_change(before: Side, after: Side, old: str, new: str) -> StrategyChange:
    """Return the change from one strategy to another, which usually is the same."""
    first, second = before.comparison[old], after.comparison[new]
    is_hard = first.worst is not None or second.worst is not None
    pairs = list(zip(_cases(before, first, is_hard), _cases(after, second, is_hard), strict=True))
    alike = _alike(before, after, first, second)
    is_kept = before.scenario.strategies[old] == after.scenario.strategies[new]
    tiers = after.scenario.pricing.tier_names
    moves = [
        (two - one, _failures_change(was, now, alike, is_kept, tiers)) for (one, was), (two, now) in pairs
    ]
    calls = widest(Between.exactly(move) for move, _ in moves)
    total = widest(Between.exactly(move).plus(cost) for move, cost in moves)
    failures = widest(cost for _, cost in moves)
    if is_kept and _is_same(before, after):
        calls = failures = total = Between()
    elif before.lacks_calls(old) or after.lacks_calls(new):
        calls = total = Between(None, None)
    return StrategyChange(
        new,
        before.costs(old),
        after.costs(new),
        second.cost_per_month - first.cost_per_month,
        _parts(before, after, first, second),
        calls,
        failures,
        total,
    )


def _is_same(before: Side, after: Side) -> bool:
    """Return whether nothing but strategies differs that costs depend on."""
    old, new = (replace(side.scenario, **_OTHER_FIELDS) for side in (before, after))
    return old == new and before.comparison.as_of == after.comparison.as_of


def _cases(side: Side, cost: StrategyCost, is_hard: bool) -> list[tuple[Decimal, Failures]]:
    """Return the cost of calls and the failures in each case of what is unknown.

    The usual case, the worst one of repeated work if that matters on a side, and that all tasks escalate of
    which the share is unknown.
    """
    worst = cost.in_worst_case
    cases = [cost, worst] if is_hard else [cost]
    most = side.comparison.if_all_escalate.get(cost.strategy, cost.cost_per_month)
    return [*((case.cost_per_month, case.failures) for case in cases), (most, cost.failures)]


def _alike(before: Side, after: Side, old: StrategyCost, new: StrategyCost) -> frozenset[str]:
    """Return the task types with the same success rates, reviews and escalation on both sides."""
    first, second = _success(before, old), _success(after, new)
    return frozenset(name for name, facts in first.items() if second.get(name) == facts)


def _success(side: Side, cost: StrategyCost) -> dict[str, tuple[object, ...]]:
    """Return what the success of each task type follows from."""
    outcomes = {outcome.task: outcome for outcome in cost.expansion.outcomes}
    facts: dict[str, tuple[object, ...]] = {}
    for task in side.scenario.workload.task_types:
        outcome = outcomes[task.name]
        rates = {tier: rate for tier, rate in task.success.items() if tier in (outcome.tiers or task.success)}
        facts[task.name] = rates, task.rework, outcome.reviewed, outcome.escalated
    return facts


def _failures_change(
    before: Failures, after: Failures, alike: frozenset[str], is_kept: bool, tiers: Sequence[str]
) -> Between:
    """Return the change of the cost of failures.

    Those unknown alike on both sides change with the tasks. Else no tier fails less often than a higher one.
    """
    old, new = ({failure.task: failure for failure in side} for side in (before, after))
    change = Between()
    for name in {**old, **new}:
        one, two = old.get(name), new.get(name)
        if one is not None and two is not None and name in alike and _unknown_alike(one, two, is_kept):
            change = change.plus(_same_share(one, two))
        elif one is not None and two is not None and name in alike and _amounts(one) == _amounts(two):
            change = change.plus(excess((two,), (one,), tiers).cost)
        else:
            change = change.plus(Between() if two is None else two.cost)
            change = change.plus(Between() if one is None else one.cost.negative)
    return change


def _amounts(failures: TypeFailures) -> tuple[object, ...]:
    return failures.tasks, failures.failure_cost


def _unknown_alike(one: TypeFailures, two: TypeFailures, is_kept: bool) -> bool:
    """Return whether the same share of the tasks fails on both sides, whatever it is.

    It does if the strategy is kept, or each tier does the same share of the tasks.
    """
    tiers, others = ({tier: share for tier, share in side.tiers.items() if share} for side in (one, two))
    is_same = is_kept or (bool(tiers) and tiers == others)
    return is_same and one.wrong == two.wrong and None in (one.cost.known, two.cost.known)


def _same_share(one: TypeFailures, two: TypeFailures) -> Between:
    """Return the change of the cost of failures if the same share of the tasks fails."""
    if one.failure_cost is None or two.failure_cost is None:
        if one.failure_cost != two.failure_cost or one.tasks == two.tasks:
            is_equal = one.failure_cost == two.failure_cost
            return Between() if is_equal else two.cost.plus(one.cost.negative)
        return Between(Decimal(0), None) if two.tasks > one.tasks else Between(None, Decimal(0))
    most = two.tasks * (two.failure_cost + two.most_rework) - one.tasks * (one.failure_cost + one.most_rework)
    return Between(min(most, Decimal(0)), max(most, Decimal(0)))


def _parts(before: Side, after: Side, old: StrategyCost, new: StrategyCost) -> dict[Cause, Decimal]:
    """Return the parts of the difference, which sum to it exactly."""
    first, second = _month(before, old.strategy), _month(after, new.strategy)
    levels = [
        _Level({WHOLE: first.tasks}, {WHOLE: second.tasks}),
        _level({WHOLE: first.tasks}, first.calls, {WHOLE: second.tasks}, second.calls),
        _level(first.calls, first.units, second.calls, second.units),
        _level(first.units, first.costs, second.units, second.costs),
    ]
    shares = shapley(range(len(levels)), lambda come: blended_cost(levels, come))
    amounts = dict(zip(_FACTORS, shares.values(), strict=True))
    change = new.cost_per_month - old.cost_per_month
    rest = Fraction(change) - sum(amounts.values(), NOTHING)
    has_terms = before.scenario.has_terms_on_totals or after.scenario.has_terms_on_totals
    amounts[Cause.TERMS] = rest if has_terms else NOTHING
    amounts[Cause.PRICE] += NOTHING if has_terms else rest
    return dict(zip(amounts, as_decimals(list(amounts.values()), change), strict=True))


def _level(old_above: Counts, old: Counts, new_above: Counts, new: Counts) -> _Level:
    cells = {**old, **new}
    return _Level(_cut(per(old, old_above, cells)), _cut(per(new, new_above, cells)))


def _cut(rates: Rates) -> Rates:
    """Return rates with a common denominator: sums of many others have one of thousands of digits."""
    return {
        cell: None if rate is None else Fraction(round(rate * _PLACES), _PLACES)
        for cell, rate in rates.items()
    }


def _month(side: Side, strategy: str) -> _Month:
    """Return the counts and costs of a month, by task type and tier, and by meter and price step."""
    scenario, days = side.scenario, Fraction(side.scenario.days_per_month)
    tiers = tier_models_of(scenario, side.comparison.as_of)
    flow_of = flows_among(scenario.strategies[strategy], scenario.workload, tiers)
    month = _Month(days * Fraction(scenario.workload.tasks_per_day))
    for task in scenario.workload.task_types:
        flow, _ = flow_of(task) if task.tasks_per_day else (None, None)
        for calls, (_, used) in () if flow is None else zip(flow.calls, flow.usages(), strict=True):
            _add(month, (task.name, calls.tier), used, side, days)
    return month


def _add(month: _Month, cell: Cell, used: Usage, side: Side, days: Fraction) -> None:
    sheet = side.scenario.pricing

    def leaf(model: str, meter: str, above: int) -> Cell:
        steps = sum(edge <= above for edge in sheet.context_edges(model))
        return (*cell, meter, str(steps))

    for key, count in used.counts.items():
        place = leaf(key.model, key.meter, key.above)
        month.units[place] = month.units.get(place, NOTHING) + days * Fraction(count)
        if key.meter == CALLS:
            month.calls[cell] = month.calls.get(cell, NOTHING) + days * Fraction(count)
    for line in price(used, sheet, side.comparison.as_of).lines:
        place = leaf(line.key.model, line.key.meter, line.key.above)
        cost = days * Fraction(line.amount) * Fraction(line.factor)
        month.costs[place] = month.costs.get(place, NOTHING) + cost
