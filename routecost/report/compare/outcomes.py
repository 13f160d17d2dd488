"""Task outcomes of a comparison, overhead, and notes on quality and failures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from routecost.model.report.cells import Column, Quantity, Unit
from routecost.model.report.report import Audience, Block, Note, Table
from routecost.report import worst_case
from routecost.report.caveats import at_means, if_all_escalate, made_up, named, unpriced_reviews
from routecost.units import ZERO

if TYPE_CHECKING:
    from routecost.model.results.comparison import Comparison

NOT_MODELLED = "Quality is not modelled: the scenario states no success rates."
SOME_MISSING = "Quality is not modelled: some success rates are missing."


def tables(comparison: Comparison) -> Iterator[Block]:
    """Yield task outcomes, measured success rates and overhead as tables."""
    rows = [
        (cost.strategy, *(getattr(outcome, field) for field in _FIELDS))
        for cost in comparison.strategies
        for outcome in cost.expansion.outcomes
    ]
    columns = tuple(
        replace(column, machine_only=all(cell is None for cell in cells))
        for column, cells in zip(_OUTCOMES, zip(*rows, strict=True), strict=True)
    )
    yield Table("outcomes", columns, rows, "Task outcomes", _audience(comparison))
    yield from _measured(comparison)
    overheads = [
        (cost.strategy, role, amount)
        for cost in comparison.strategies
        for role, amount in cost.overhead.items()
    ]
    if overheads:
        columns = (
            Column("strategy", "strategy"),
            Column("role", "role"),
            Column("cost_per_month", "per month", Unit.MONEY),
        )
        yield Table(
            "overhead",
            columns,
            overheads,
            "Overhead (planner, judge, reviewer and rework calls; included above)",
        )


def _measured(comparison: Comparison) -> Iterator[Block]:
    """Yield the measured success rates with their confidence intervals."""
    rows = [[getattr(outcome, column.key) for column in _MEASURED] for outcome in comparison.measured]
    if rows:
        yield Table("success_rates", _MEASURED, rows, "Measured success rates with 95% confidence intervals")


_MEASURED = (
    Column("task_type", "task type"),
    Column("tier", "tier"),
    Column("successes", "successes", Unit.COUNT),
    Column("trials", "trials", Unit.COUNT),
    Column("rate", "rate", Unit.SHARE),
    Column("low", "from", Unit.SHARE),
    Column("high", "to", Unit.SHARE),
)
_FIELDS = ("task", "right", "wrong", "reworked", "escalated", "reviewed", "seconds")
_OUTCOMES = (
    Column("strategy", "strategy"),
    Column("task_type", "task type"),
    Column("right", "right", Unit.SHARE),
    Column("wrong", "wrong, undetected", Unit.SHARE),
    Column("reworked", "reworked", Unit.SHARE),
    Column("escalated", "escalated", Unit.SHARE),
    Column("reviewed", "reviewed", Unit.SHARE),
    Column("seconds", "seconds", Unit.SECONDS),
)


def _audience(comparison: Comparison) -> Audience:
    """Return whether people see outcomes: if success is known or a task takes several calls."""
    is_more = comparison.has_quality or any(cost.overhead for cost in comparison.strategies)
    escalates = any(
        outcome.escalated for cost in comparison.strategies for outcome in cost.expansion.outcomes
    )
    return Audience.ALL if is_more or escalates else Audience.MACHINES


def notes(comparison: Comparison) -> Iterator[Note]:
    """Yield caveats and notes on quality and failures."""
    yield from made_up(comparison.illustrative)
    yield from at_means(comparison.at_means)
    yield from _lower_bounds(comparison)
    yield from if_all_escalate(comparison)
    shown = {cost.strategy for cost in comparison.strategies}
    yield from unpriced_reviews([name for name in comparison.unpriced_reviews if name in shown])
    if not comparison.has_quality:
        outcomes = (outcome for cost in comparison.strategies for outcome in cost.expansion.outcomes)
        is_partial = any(outcome.right is not None for outcome in outcomes)
        yield Note.of(SOME_MISSING if is_partial else NOT_MODELLED)
        return
    yield from _known_in_part(comparison)
    if not comparison.calls_per_task:
        yield from _ranking(comparison)
        yield from worst_case.cheapest_notes(comparison)


def _known_in_part(comparison: Comparison) -> Iterator[Note]:
    """Yield a note for the strategies of whose tasks some have unknown success."""
    by_types: dict[tuple[str, ...], list[str]] = {}
    for cost in comparison.strategies:
        outcomes = (outcome for outcome in cost.expansion.outcomes if outcome.tasks_per_day)
        types = tuple(outcome.task for outcome in outcomes if outcome.right is None)
        by_types.setdefault(types, []).append(cost.strategy)
    tasks = comparison.tasks_per_day
    for types, strategies in by_types.items():
        if types and tasks:
            outcomes_of = comparison[strategies[0]].expansion.outcomes
            count = sum((outcome.tasks_per_day for outcome in outcomes_of if outcome.task in types), ZERO)
            yield Note.of(
                f"The success of {named(types)} (",
                Quantity(count / tasks, Unit.SHARE),
                f" of the tasks) with {named(strategies)} is unknown. State the success rates of their tiers "
                "(success) to close the bounds.",
            )


def _lower_bounds(comparison: Comparison) -> Iterator[Note]:
    """Yield a warning for each strategy whose calls of rework are unknown."""
    shown = {cost.strategy for cost in comparison.strategies}
    for strategy, types in comparison.unknown_rework.items():
        if strategy in shown:
            yield Note.of(
                f"The calls of rework of {', '.join(types)} are not included for {strategy}, because its "
                "success rate is unknown: its costs are lower bounds, and its savings upper bounds.",
                warning=True,
            )


def _ranking(comparison: Comparison) -> Iterator[Note]:
    """Yield a note on whether failures change the order of the strategies."""
    totals = {cost.strategy: cost.total_cost_per_month for cost in comparison.strategies}
    known = {name: total for name, total in totals.items() if total is not None}
    if not known:
        if not any(cost.counts_failures for cost in comparison.strategies):
            yield Note.of("Failure costs are not modelled: the scenario states no failure_cost.")
        return
    costs = {cost.strategy: cost.cost_per_month for cost in comparison.strategies if cost.strategy in known}
    of_these = "" if len(known) == len(totals) else " whose failures are known"
    if sorted(known, key=known.__getitem__) == sorted(costs, key=costs.__getitem__):
        yield Note.of(f"Failures do not change the order of the strategies{of_these} by cost.")
        return
    cheapest, by_calls = min(known, key=known.__getitem__), min(costs, key=costs.__getitem__)
    if cheapest == by_calls:
        yield Note.of(
            f"Failures change the order of the strategies{of_these} by cost; {cheapest} remains the cheapest."
        )
        return
    yield Note.of(
        f"Including failures, {cheapest} is the cheapest{f' of those{of_these}' if of_these else ''} (",
        Quantity(known[cheapest], Unit.MONEY),
        f" a month); on call costs alone, {by_calls} is (",
        Quantity(costs[by_calls], Unit.MONEY),
        " a month; ",
        Quantity(known[by_calls], Unit.MONEY),
        " including failures).",
        warning=True,
    )
