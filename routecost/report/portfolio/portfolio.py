"""Report of the costs of a portfolio: by scenario and owner, with savings and the budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from routecost.model.report.cells import Cell, Column, Quantity, Unit
from routecost.model.report.report import Audience, Block, Meta, Note, Report, Table
from routecost.model.results.portfolio.portfolio import Portfolio
from routecost.model.results.portfolio.totals import BudgetLine, PortfolioCosts
from routecost.model.scenario.budget import Counted
from routecost.report.breakdown.tables import of_month, of_months, table_name
from routecost.report.caveats import named
from routecost.report.savings import bounded_between

_UNITS = {"cost": Unit.MONEY, "amount": Unit.MONEY, "over": Unit.FLAG}


def report(costs: PortfolioCosts, command: str, main: str = "scenario") -> Report:
    """Return the report of a portfolio; CSV holds the costs by ``main``."""
    portfolio = costs.portfolio
    count = sum(period.kind == "month" for period in costs.members.periods)
    first = costs.members.periods[0].first
    when = "a month" if costs.is_month else f"{count} month{'s' if count > 1 else ''} from {first}"
    return Report(
        command=command,
        shape="portfolio",
        title=f"{portfolio.name}: {when} of {len(portfolio.members)} scenarios",
        meta=_meta(costs),
        blocks=tuple(_once(_blocks(costs))),
        currency=portfolio.currency,
        main=next(table_name(one) for one in costs.breakdowns if str(one.by) == main),
    )


def planning(month: PortfolioCosts, months: PortfolioCosts) -> Report:
    """Return the planning report of a portfolio: its month and its projection."""
    parts = {
        "comparison": replace(report(month, "compare"), title="Cost of a month"),
        "projection": replace(report(months, "project"), title="Month by month"),
    }
    title = f"{months.portfolio.name}: planning report"
    return Report(
        "report", title, _meta(months), (), months.portfolio.currency, parts=parts, shape="portfolio"
    )


def _once(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks; of notes that several breakdowns have, the last."""
    kept = list(blocks)
    yield from (block for at, block in enumerate(kept) if block not in kept[at + 1 :])


def _meta(costs: PortfolioCosts) -> Meta:
    portfolio, savings = costs.portfolio, costs.savings
    span = savings.with_failures
    return {
        "portfolio": portfolio.name,
        "currency": portfolio.currency,
        "savings": {
            "amount": savings.amount,
            "fraction": savings.fraction,
            "with_failures": None if span is None else span.known,
            "with_failures_low": None if span is None else span.low,
            "with_failures_high": None if span is None else span.high,
        },
        "budget": None
        if portfolio.budget is None
        else {"amount": portfolio.budget.amount, "per": portfolio.budget.per.value},
    }


def _blocks(costs: PortfolioCosts) -> Iterator[Block]:
    yield _members(costs)
    for breakdown in costs.breakdowns:
        yield from of_month(breakdown) if costs.is_month else of_months(breakdown)
    yield _savings(costs)
    if costs.portfolio.commitments and costs.is_month:
        yield Note.of("Commitments of the portfolio are part of projections only.")
    if any(member.scenario.at_means for member in costs.portfolio.members):
        yield Note.of("Uncertain inputs of the scenarios are at their means.")
    if costs.portfolio.budget is not None:
        yield _budget_note(costs, costs.budget)
        yield from _other_budgets(costs.portfolio)
        for lines in costs.owner_budgets.values():
            yield _budget_note(costs, lines)
        yield _budget_table("budget_periods", costs.budget)
        if costs.owner_budgets:
            every = [line for lines in costs.owner_budgets.values() for line in lines]
            yield _budget_table("owner_budget_periods", every, ("owner",))


def _members(costs: PortfolioCosts) -> Table:
    columns = tuple(Column(key, key) for key in ("scenario", "owner", "default", "proposed", "currency"))
    rows: list[list[Cell]] = [
        [member.name, member.owner, *costs.strategies[member.name], member.scenario.pricing.currency]
        for member in costs.portfolio.members
    ]
    return Table("scenarios", columns, rows)


def _savings(costs: PortfolioCosts) -> Note:
    """Return the savings of the proposals, on calls and with failures."""
    savings = costs.savings
    per = " a month" if costs.is_month else " in all"
    calls: list[str | Quantity] = ["The proposals ", *_saved(savings.amount), per]
    calls.append(" compared with the defaults")
    if savings.fraction is not None:
        calls += [" (", Quantity(-savings.fraction, Unit.CHANGE), ")"]
    span = savings.with_failures
    if span is None:
        return Note.of(*calls, ".")
    calls.append(", on call costs alone.")
    if span.known is not None:
        total = ("The proposals ", *_saved(span.known), f"{per} including failures. ")
        return Note.of(*total, *calls, warning=span.known < 0)
    who, than = "The sum of the proposals", "that of the defaults"
    total = tuple(bounded_between(who, than, span, savings.assumed, per))
    unknown = f" The cost of failures of {named(savings.unknown)} is unknown. "
    return Note.of(*total, unknown, *calls, warning=True)


def _saved(amount: Decimal) -> tuple[str | Quantity, ...]:
    quantity = Quantity(abs(amount), Unit.MONEY)
    return ("save ", quantity) if amount >= 0 else ("cost ", quantity, " more")


def _budget_note(costs: PortfolioCosts, lines: Sequence[BudgetLine]) -> Note:
    budget = costs.portfolio.budget
    assert budget is not None
    over = [line for line in lines if line.is_over]
    amount, owner = Quantity(lines[0].amount, Unit.MONEY), lines[0].owner
    who, whose, s = ("The proposals", "the", "") if owner is None else (owner, "its", "s")
    has_failures = costs.savings.with_failures is not None or budget.counts is Counted.TOTAL
    counted = f" for {budget.counts.label}" if has_failures else ""
    unsure = [line for line in lines if line.may_exceed]
    if unsure and not over:
        first = unsure[0]
        when = f" in {first.period.name}" if first.period.first else ""
        start = f"{who} may exceed {whose} budget of "
        if first.unallotted:
            rest, why = Quantity(first.unallotted, Unit.MONEY), " of spent_so_far is not allotted."
            parts = (start, amount, f" a {budget.per}{counted}{when}, because ", rest, why)
        else:
            least, why = Quantity(first.cost, Unit.MONEY), " or more, because failures are unknown in part."
            parts = (start, amount, f" a {budget.per}{counted}{when}: ", least, why)
        return Note.of(*parts, warning=True)
    if not over:
        return Note.of(f"{who} keep{s} {whose} budget of ", amount, f" a {budget.per}{counted}.")
    first = over[0]
    when = f" in {first.period.name}" if first.period.first else ""
    more = f", and in {len(over) - 1} later" if len(over) > 1 else ""
    excess = Quantity(first.cost - first.amount, Unit.MONEY)
    start = f" a {budget.per}{counted}{when} by "
    return Note.of(f"{who} exceed{s} {whose} budget of ", amount, start, excess, f"{more}.", warning=True)


def _other_budgets(portfolio: Portfolio) -> Iterator[Note]:
    """Yield which scenarios have budgets that do not count here, and why."""
    plans = {member.name: member.scenario.plan for member in portfolio.members}
    own = [
        member.name
        for member in portfolio.members
        if member.scenario.budget is not None or getattr(plans[member.name], "budget", None) is not None
    ]
    if own:
        yield Note.of(
            f"This budget counts, because it is for all scenarios; those of {named(own)} are for their own "
            "strategies."
        )


def _budget_table(name: str, lines: Sequence[BudgetLine], first: tuple[str, ...] = ()) -> Table:
    keys = (*first, "period", "cost", "amount", "over")
    columns = tuple(Column(key, key, _UNITS.get(key, Unit.TEXT)) for key in keys)
    rows = [
        (*([line.owner] if first else []), line.period.name, line.cost, line.amount, line.is_over)
        for line in lines
    ]
    return Table(name, columns, rows, audience=Audience.MACHINES)
