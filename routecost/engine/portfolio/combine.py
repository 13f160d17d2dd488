"""The costs of a portfolio: those of its scenarios in one currency, under the contracts that they share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.engine.breakdown.allot import OwnerOf, allotted
from routecost.engine.breakdown.cells import Cell, tasks_of
from routecost.engine.breakdown.divide import (
    A_MONTH,
    Month,
    Months,
    breakdown_of,
    cells_of_month,
    cells_of_months,
    counts_failures,
    namer,
    order_of,
    refuse_unknown,
    ruled,
    without_calls,
)
from routecost.engine.breakdown.spent import spent_parts
from routecost.engine.compare.unpriced import only
from routecost.engine.portfolio.refused import refuse_parts
from routecost.engine.portfolio.savings import savings_of
from routecost.engine.pricing.pieces import Covers, Piece
from routecost.engine.pricing.settlement import SecondStage
from routecost.errors import UsageError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.pricing.terms import Terms
from routecost.model.results.breakdown.breakdown import Breakdown, Dimension, Kind
from routecost.model.results.breakdown.periods import Period, ended, periods_of
from routecost.model.results.portfolio.portfolio import Member, Portfolio
from routecost.model.results.portfolio.totals import DEFAULT, PROPOSED, PortfolioCosts
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import NO_PLAN, Commitment
from routecost.model.scenario.workload import TaskType
from routecost.units import ZERO, exact

Of = Callable[[Member], Months]
"""The months of the strategies of a member."""


@exact
def combine_month(portfolio: Portfolio, today: date, by: Sequence[Dimension]) -> PortfolioCosts:
    """Return the costs of a month of a portfolio, each member at the prices of its own day or today's."""
    chosen = {member.name: (member.default, _today(member)) for member in portfolio.members}
    refuse_parts(portfolio, chosen)
    days = {member.name: member.scenario.as_of or today for member in portfolio.members}

    def months(member: Member) -> Months:
        return cells_of_month(only(member.scenario, set(chosen[member.name])), days[member.name])

    rates = {
        member.name: [portfolio.rate(member.scenario.pricing.currency, days[member.name])]
        for member in portfolio.members
    }
    shared = replace(portfolio, commitments=())
    return replace(_costs(shared, months, chosen, rates, A_MONTH, by), is_month=True)


@exact
def combine_months(
    portfolio: Portfolio, horizons: Mapping[str, Horizon], by: Sequence[Dimension]
) -> PortfolioCosts:
    """Return the costs of the months of a portfolio; ``horizons`` are by member and have the same months."""
    chosen = {member.name: (member.default, member.proposed) for member in portfolio.members}
    refuse_parts(portfolio, chosen)
    first_days = next(iter(horizons.values())).first_days

    def months(member: Member) -> Months:
        return cells_of_months(member.scenario, horizons[member.name], dict.fromkeys(chosen[member.name]))

    rates = {
        member.name: [portfolio.rate(member.scenario.pricing.currency, day) for day in first_days]
        for member in portfolio.members
    }
    periods = periods_of(first_days, portfolio.year_starts)
    if portfolio.year_starts and portfolio.counting_spent(first_days[0]) == portfolio.members:
        periods = ended(periods, portfolio.year_starts)
    return _costs(portfolio, months, chosen, rates, periods, by)


def _today(member: Member) -> str:
    """Return the strategy that a member proposes; of a migration, the last one."""
    phases = (member.scenario.plan or NO_PLAN).migrations.get(member.proposed)
    return member.proposed if phases is None else phases[-1].strategy


def _costs(  # noqa: PLR0917  all that the costs depend on
    portfolio: Portfolio,
    months: Of,
    chosen: Mapping[str, tuple[str, str]],
    rates: Mapping[str, Sequence[Decimal]],
    periods: tuple[Period, ...],
    by: Sequence[Dimension],
) -> PortfolioCosts:
    of_members = {member.name: months(member) for member in portfolio.members}
    days = _days(periods)
    stage = _stage(portfolio)
    before: dict[str, list[Month]] = {DEFAULT: [], PROPOSED: []}
    for at, choice in enumerate(before):
        for place in range(len(next(iter(rates.values())))):
            parts = [
                _converted(name, of_member[chosen[name][at]][place], rates[name][place])
                for name, of_member in of_members.items()
            ]
            before[choice].append(_joined(parts))
    after = {
        choice: [_shared(portfolio, stage, month, day) for month, day in zip(joined, days, strict=True)]
        for choice, joined in before.items()
    }
    dimensions = dict.fromkeys([Dimension(Kind.SCENARIO), Dimension(Kind.OWNER), *by])
    breakdowns = tuple(_breakdown(portfolio, one, after, periods, stage) for one in dimensions)
    return PortfolioCosts(portfolio, breakdowns, savings_of(portfolio, after, chosen), chosen)


def _days(periods: Sequence[Period]) -> list[date | None]:
    """Return the first days of months; None for a month of no date."""
    months = [one for one in periods if one.kind == "month"]
    return [date.fromisoformat(f"{one.name}-01") if one.first else None for one in months]


def _stage(portfolio: Portfolio) -> SecondStage:
    """Return the contracts on the sum of all members."""
    terms = () if portfolio.volume is None else (Terms(portfolio.currency, volume=portfolio.volume),)
    return SecondStage(
        PricingSheet(portfolio.name, portfolio.currency, "", {}, {}, terms), portfolio.commitments
    )


def _converted(name: str, month: Month, rate: Decimal) -> Month:
    """Return the month of a member, called ``name``, in the currency of the portfolio."""
    costs: dict[Cell | None, Decimal] = {
        Cell("", "", member=name) if cell is None else cell._replace(member=name): cost * rate
        for cell, cost in month.costs.items()
    }
    failures = [
        (
            cell._replace(member=name),
            replace(
                one,
                failure_cost=None if one.failure_cost is None else one.failure_cost * rate,
                rework=one.rework * rate,
                most_rework=one.most_rework * rate,
            ),
        )
        for cell, one in month.failures
    ]
    return Month(costs, failures)


def _joined(months: Sequence[Month]) -> Month:
    costs = {cell: cost for month in months for cell, cost in month.costs.items()}
    return Month(costs, [failure for month in months for failure in month.failures])


def _shared(portfolio: Portfolio, stage: SecondStage, month: Month, day: date | None) -> Month:
    """Return a month under the shared contracts, each divided among the calls that it covers."""
    if stage.is_empty:
        return month
    sheets = {member.name: member.scenario.pricing for member in portfolio.members}
    spends: dict[Cell, dict[Covers, Decimal]] = {}
    pieces: dict[Piece, Decimal] = {Piece(()): ZERO}
    for cell, cost in month.costs.items():
        if cell is not None:
            covers = stage.covers(cell.model, sheets[cell.member].provider(cell.model))
            spends[cell] = {covers: cost}
            pieces[Piece(covers)] = pieces.get(Piece(covers), ZERO) + cost
    in_force = [one for one in stage.commitments if day is not None and one.holds(day)]
    if any(commitment.yearly for commitment in in_force):
        raise UsageError(
            "a portfolio cannot settle a yearly commitment (per: year); expected commitments per month"
        )
    settled = stage.month(pieces, (), in_force)
    owners = {member.name: _owner_of(member) for member in portfolio.members}
    costs = allotted(spends, pieces, settled, stage, settled.total, lambda cell: owners[cell.member](cell))
    return Month(costs, month.failures)


def _owner_of(member: Member) -> OwnerOf:
    """Return the function that names the owner of a cell of a member."""
    tasks = tasks_of(member.scenario)
    return lambda cell: (tasks[cell.task].owner if cell.task else cell.owner) or member.owner


def _breakdown(
    portfolio: Portfolio, by: Dimension, months: Months, periods: tuple[Period, ...], stage: SecondStage
) -> Breakdown:
    tasks = {member.name: tasks_of(member.scenario) for member in portfolio.members}
    refuse_unknown(by, [task for of_member in tasks.values() for task in of_member.values()])
    namers = {member.name: _namer(member, by, tasks[member.name]) for member in portfolio.members}
    counts = any(counts_failures(of_member.values()) for of_member in tasks.values())
    shares = not stage.is_empty or any(
        not SecondStage.of_month_plan(member.scenario).is_empty for member in portfolio.members
    )
    order = list(_order(portfolio, by, tasks))
    breakdown = breakdown_of(
        by,
        months,
        lambda cell: namers[cell.member](cell) if cell.member else without_calls(by, cell),
        order,
        periods,
        (shares, counts),
    )
    first_days = [day for day in _days(periods) if day is not None]
    return replace(
        breakdown,
        year_is_stated=portfolio.year_starts is not None,
        allotted=ruled(_contracts(portfolio), first_days),
        before=_before(portfolio, by, first_days[0]) if first_days else {},
    )


def _contracts(portfolio: Portfolio) -> Iterator[Commitment]:
    """Yield the commitments of members and of the portfolio."""
    for member in portfolio.members:
        yield from (member.scenario.plan or NO_PLAN).commitments
    yield from portfolio.commitments


def _before(portfolio: Portfolio, by: Dimension, first: date) -> dict[str, Decimal]:
    """Return the parts of what members spent in the fiscal year before a first month."""
    parts: dict[str, Decimal] = defaultdict(Decimal)
    for member in portfolio.counting_spent(first):
        plan, rate = member.scenario.plan or NO_PLAN, portfolio.rate(member.scenario.pricing.currency, first)
        of_cell = _namer(member, by, tasks_of(member.scenario))
        whole = {member.name: plan.spent_before(first) or ZERO}
        of_member = whole if by.kind is Kind.SCENARIO else spent_parts(plan, by, first, of_cell)
        for part, amount in of_member.items():
            parts[part] += amount * rate
    return dict(parts)


def _namer(member: Member, by: Dimension, tasks: Mapping[str, TaskType]) -> Callable[[Cell], str]:
    """Return the function that names the part of a cell of a member; its owner owns what states none."""
    owned = {name: replace(task, owner=task.owner or member.owner) for name, task in tasks.items()}
    if by.kind is Kind.SCENARIO:
        return lambda _: member.name
    return namer(member.scenario, by, owned)


def _order(portfolio: Portfolio, by: Dimension, tasks: Mapping[str, Mapping[str, TaskType]]) -> Iterator[str]:
    for member in portfolio.members:
        if by.kind is Kind.SCENARIO:
            yield member.name
        else:
            yield from order_of(by, member.scenario, tasks[member.name].values())
