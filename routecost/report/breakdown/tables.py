"""Tables of costs in parts, and notes on how amounts without a call of their own are divided."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from routecost.model.report.cells import Bounds, Cell, Column, Quantity, Unit
from routecost.model.report.report import Audience, Block, Note, Table
from routecost.model.results.breakdown.breakdown import (
    NOT_ALLOTTED,
    UNUSED,
    Breakdown,
    Kind,
    PartCost,
    total_of,
)
from routecost.model.results.breakdown.periods import MONTHS_PER_QUARTER, Period
from routecost.model.results.failures import Between
from routecost.model.scenario.horizon import CALENDAR_MONTHS, month_name
from routecost.units import MONTHS_PER_YEAR, exact, listed, percent

if TYPE_CHECKING:
    from routecost.model.scenario.month_plan import Commitment

_MOST_QUARTERS = 8
_TOTALS = ("failure_cost", "total_cost", "total_cost_low", "total_cost_high")
_TOTALS_OF_MONTH = (
    "failure_cost_per_month",
    "total_cost_per_month",
    "total_cost_per_month_low",
    "total_cost_per_month_high",
)
_SHARED = (
    "Discounts, allowances, {}commitments and fixed fees are divided in proportion to the cost of the calls "
    "that they apply to, before them."
)
_UNUSED = f"{UNUSED} are amounts in months without calls that use them."
_BEFORE = ("spent_before", "cost_with_spent_before")


def table_name(breakdown: Breakdown) -> str:
    """Return the name of the table for machines."""
    tag = re.sub(r"\W+", "_", breakdown.by.tag)
    return f"by_{breakdown.by.kind}{'_' * bool(tag)}{tag}"


def main_table(breakdowns: Sequence[Breakdown]) -> str | None:
    """Return the name of the first table; None if there is none."""
    return table_name(breakdowns[0]) if breakdowns else None


def of_month(breakdown: Breakdown) -> Iterator[Block]:
    """Yield the costs of a month in parts: a row per part, a column per strategy."""
    (month,) = breakdown.periods
    yield _by_strategy(breakdown, month, "calls", "Calls")
    if breakdown.has_failures:
        yield _by_strategy(breakdown, month, "totals", "Calls and failures")
    yield from _notes(breakdown)
    factors = {"month": 1, "quarter": MONTHS_PER_QUARTER, "year": MONTHS_PER_YEAR}
    columns = [f"cost_per_{name}" for name in factors]
    columns += _TOTALS_OF_MONTH if breakdown.has_failures else []
    rows = (
        (
            strategy,
            part,
            *(_times(parts[0], factor) for factor in factors.values()),
            *_with_failures(breakdown, parts[0]),
        )
        for strategy, costs in breakdown.costs.items()
        for part, parts in costs.items()
    )
    yield Table(
        table_name(breakdown),
        (
            Column("strategy", "strategy"),
            _part_column(breakdown),
            *(Column(key, key, Unit.MONEY) for key in columns),
        ),
        list(rows),
        audience=Audience.MACHINES,
    )


@exact
def _times(cost: PartCost, factor: int) -> Cell:
    return cost.cost * factor


def _by_strategy(breakdown: Breakdown, month: Period, name: str, title: str) -> Table:
    """Return the costs of calls, or with failures, of each part and of all parts."""

    def cell(strategy: str, part: str | None) -> Cell:
        if part is not None and part not in breakdown.costs[strategy]:
            return None
        cost = breakdown.total(strategy, month) if part is None else breakdown.cost(strategy, part, month)
        return cost.cost if name == "calls" else _shown(cost.total)

    names = list(breakdown.costs)
    rows = [[part or "total", *(cell(one, part) for one in names)] for part in (*breakdown.parts, None)]
    columns = (Column("part", breakdown.by.label), *(Column(one, one, Unit.MONEY) for one in names))
    heading = f"{title} per month by {breakdown.by.label}"
    return Table(f"{name}_{table_name(breakdown)}", columns, rows, heading, audience=Audience.PEOPLE)


def of_months(breakdown: Breakdown) -> Iterator[Block]:
    """Yield the costs of quarters and years in parts; for machines also those of months."""
    shown = _shown_periods(breakdown)
    columns = [Column("strategy", "strategy"), Column("part", breakdown.by.label)]
    columns += [Column(period.name, period.name, Unit.MONEY) for period in shown]
    if breakdown.has_failures:
        columns.append(Column("with_failures", "with failures", Unit.MONEY))
    rows = [row for strategy in breakdown.costs for row in _rows(breakdown, strategy, shown)]
    title = f"Calls by {breakdown.by.label}, in fiscal quarters and years"
    yield Table(f"spend_{table_name(breakdown)}", tuple(columns), rows, title, audience=Audience.PEOPLE)
    yield from _notes(breakdown)
    yield from _period_notes(breakdown, shown)
    yield _for_machines(breakdown)


def _shown_periods(breakdown: Breakdown) -> list[Period]:
    periods = breakdown.periods
    quarters = [period for period in periods if period.kind == "quarter"]
    years = [period for period in periods if period.kind == "year"]
    kept = quarters if len(quarters) <= _MOST_QUARTERS else []
    return [*kept, *(years if len(years) > 1 or not kept or breakdown.before else []), periods[-1]]


def _rows(breakdown: Breakdown, strategy: str, periods: Sequence[Period]) -> Iterator[list[Cell]]:
    is_counted = breakdown.first_year in periods
    parts = breakdown.rows(strategy) if is_counted else tuple(breakdown.costs[strategy])
    for part in (*parts, None):
        costs = [breakdown.whole(strategy, part, one) for one in periods]
        last = [_shown(costs[-1].total)] if breakdown.has_failures else []
        yield [strategy, part or "total", *(cost.cost for cost in costs), *last]


def _for_machines(breakdown: Breakdown) -> Table:
    columns = (
        Column("strategy", "strategy"),
        *(Column(key, key) for key in ("kind", "period", "first_month", "last_month")),
        _part_column(breakdown),
        Column("cost", "cost", Unit.MONEY),
        *(Column(key, key, Unit.MONEY) for key in (_TOTALS if breakdown.has_failures else ())),
        *(Column(key, key, Unit.MONEY) for key in (_BEFORE if breakdown.before else ())),
    )
    rows = (
        (
            *(strategy, one.kind, one.name, one.first, one.last, part, cost.cost),
            *_with_failures(breakdown, cost),
            *_with_spent(breakdown, strategy, part, one),
        )
        for strategy, costs in breakdown.costs.items()
        for one in breakdown.periods
        for part in (breakdown.rows(strategy) if one is breakdown.first_year else costs)
        for cost in [breakdown.cost(strategy, part, one)]
    )
    return Table(table_name(breakdown), columns, list(rows), audience=Audience.MACHINES)


def _part_column(breakdown: Breakdown) -> Column:
    """Return the column with the names of parts; a strategy is in force in months of another."""
    kind = breakdown.by.kind
    return Column("in_force" if kind is Kind.STRATEGY else kind.value, breakdown.by.label)


def _with_failures(breakdown: Breakdown, cost: PartCost) -> tuple[Cell, ...]:
    if not breakdown.has_failures:
        return ()
    failures, total = cost.failures or Between(), cost.total
    return failures.known, total.known, total.low, total.high


def _with_spent(breakdown: Breakdown, strategy: str, part: str, period: Period) -> tuple[Cell, ...]:
    """Return what was spent on a part before the months of a period, and its cost with that."""
    if not breakdown.before:
        return ()
    return breakdown.spent_before(part, period), breakdown.whole(strategy, part, period).cost


def _shown(amount: Between) -> Cell:
    return Bounds(*amount) if amount.known is None else amount.known


def _notes(breakdown: Breakdown) -> Iterator[Note]:
    label = breakdown.by.label
    if breakdown.shares_terms:
        yield Note.of(_SHARED.format("other " if breakdown.allotted else ""))
    for commitment in breakdown.allotted:
        yield _rule(commitment)
    if UNUSED in breakdown.parts:
        yield Note.of(_UNUSED)
    if breakdown.by.kind is Kind.OWNER and breakdown.parts == (breakdown.by.named(None),):
        yield Note.of("No task type states an owner.", warning=True)
    if breakdown.counts_failures and not breakdown.has_failures:
        yield Note.of(f"Failures belong to tasks: their cost is not divided by {label}.", warning=True)


def _rule(commitment: Commitment) -> Note:
    """Return the rule by which the amount of a commitment is divided."""
    rule = "in equal shares among the owners of the calls of the month that it covers"
    if commitment.shares:
        rule = listed([f"{percent(share)} to {owner}" for owner, share in commitment.shares])
    per, start = "year" if commitment.yearly else "month", month_name(commitment.start)
    amount = Quantity(commitment.amount, Unit.MONEY)
    what, beyond = f" a {per} committed from {start}", "what is paid beyond it by use"
    return Note.of("The amount of ", amount, f"{what} is divided by a stated rule: {rule}; {beyond}.")


def _period_notes(breakdown: Breakdown, periods: Sequence[Period]) -> Iterator[Note]:
    year = breakdown.first_year
    if breakdown.before and year is not None and year in periods:
        before = total_of(map(PartCost, breakdown.before.values())).cost
        parts: list[str | Quantity] = [
            f"{year.name} includes ",
            Quantity(before, Unit.MONEY),
            f" spent before {year.first}",
        ]
        rest = breakdown.before.get(NOT_ALLOTTED)
        if rest:
            parts += [", of which ", Quantity(rest, Unit.MONEY), " is not allotted"]
        yield Note.of(*parts, "; the total does not.")
    partial = [period.name for period in periods if period.lacks]
    if partial:
        yield Note.of(f"Months before and after the plan are missing in {listed(partial)}.")
    if not breakdown.year_is_stated:
        month = CALENDAR_MONTHS[int(breakdown.periods[0].first[5:]) - 1].capitalize()
        yield Note.of(f"Years begin in {month}, as the plan: it states no fiscal_year_starts.")
