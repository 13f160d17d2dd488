"""Report of a projection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal

from routecost.model.report.cells import Bounds, Cell, Column, Quantity, Range, Scalar, Shown, Unit
from routecost.model.report.report import Audience, Block, Meta, Note, Report, Table
from routecost.model.results.failures import Between, widest
from routecost.model.results.projection import (
    UNDONE,
    PriceChange,
    Projection,
    StrategySpend,
    TotalSavings,
)
from routecost.model.scenario.budget import Budget
from routecost.model.scenario.horizon import month_name
from routecost.report.breakdown import tables as breakdown
from routecost.report.caveats import (
    escalates,
    left_out,
    made_up,
    same_strategy,
    unpriced_reviews,
    what_if_notes,
    work_differs,
)
from routecost.report.projection import actuals
from routecost.report.projection.actuals_figure import with_actuals
from routecost.report.projection.assumptions import growth_note, plan_notes, plan_table, rates
from routecost.report.projection.budget import budget_notes, outcome_note, owner_notes, owner_table
from routecost.report.projection.figure import figure
from routecost.report.projection.outlook import outlook_blocks, uncertain_meta, variance_table
from routecost.report.projection.payback import payback_meta, payback_notes, payback_tables
from routecost.report.projection.rate_limits import limit_blocks
from routecost.report.projection.undone import undone_notes
from routecost.report.savings import Part, bounded, bounded_between, calls_alone, chance, figures
from routecost.units import ZERO

_MOST_CHANGES = 8
_UNITS = {
    "month": Unit.TEXT,
    "strategy": Unit.TEXT,
    "tasks": Unit.NUMBER,
    **dict.fromkeys(UNDONE, Unit.NUMBER),
    "over_budget_probability": Unit.SHARE,
}


def report(projection: Projection) -> Report:
    """Return the report of a projection: a row per month, savings, budget and plan."""
    horizon = projection.horizon
    pinned = "" if horizon.pinned is None else f" as of {horizon.pinned}"
    return Report(
        command="project",
        title=f"{projection.scenario}: {months_of(horizon.months)} from {month_name(horizon.start)} "
        f"at {projection.pricing} prices{pinned}",
        meta=_meta(projection),
        blocks=(
            _for_people(projection),
            *_with_failures(projection),
            *(block for one in projection.breakdowns for block in breakdown.of_months(one)),
            *_notes(projection),
            *(() if projection.outlook is None else outlook_blocks(projection, projection.outlook)),
            *(() if projection.actuals is None else actuals.blocks(projection, projection.actuals)),
            *made_up(projection.illustrative),
            _for_machines(projection),
            *(() if projection.payback is None else payback_tables(projection.payback)),
            *([] if projection.plan is None else [plan_table(projection)]),
            *(() if projection.outlook is None else (variance_table(projection.outlook),)),
            *limit_blocks(projection),
            *([owner_table(projection.owner_budgets)] if projection.owner_budgets else []),
            *(() if projection.actuals is None else actuals.tables(projection.actuals)),
            actuals.template(projection.horizon),
        ),
        currency=projection.currency,
        figure=with_actuals(figure(projection), projection.actuals),
        main=breakdown.main_table(projection.breakdowns),
    )


def months_of(count: int) -> str:
    """Return a number of months as text."""
    return "1 month" if count == 1 else f"{count} months"


def _for_machines(projection: Projection) -> Table:
    columns = tuple(Column(key, key, _UNITS.get(key, Unit.MONEY)) for key in projection.columns)
    rows = (list(record.values()) for record in projection.records())
    return Table("months", columns, rows, audience=Audience.MACHINES)


def _for_people(projection: Projection) -> Table:
    strategies = projection.strategies
    columns = (
        Column("month", "month"),
        *([] if projection.plan is None else [Column("tasks", "tasks", Unit.COUNT)]),
        *(Column(spend.strategy, spend.strategy, Unit.MONEY) for spend in strategies),
    )
    title = "Calls" if projection.counts_failures else None
    return Table("spend", columns, list(_rows(projection)), title, Audience.PEOPLE)


def _rows(projection: Projection) -> Iterator[Sequence[Cell]]:
    strategies, has_plan = projection.strategies, projection.plan is not None
    worst = projection if projection.worst is None else projection.worst
    for at, month in enumerate(projection.horizon.first_days):
        tasks = projection.tasks[at : at + has_plan]
        costs = (_calls(spend.months[at].cost, worst[spend.strategy].months[at].cost) for spend in strategies)
        yield [month_name(month), *tasks, *costs]
    tasks = (sum(projection.tasks, ZERO),) if has_plan else ()
    totals = (_calls(spend.total, worst[spend.strategy].total) for spend in strategies)
    yield ["total", *tasks, *totals]
    if projection.baseline is not None:
        changes = (_change(projection, spend, projection.baseline) for spend in strategies)
        yield [f"vs. {projection.baseline}", *([None] * has_plan), *changes]


def _with_failures(projection: Projection) -> Iterator[Table]:
    """Yield the costs with failures as a table, if failures cost something."""
    if not projection.counts_failures:
        return
    strategies = projection.strategies
    columns = (
        Column("month", "month"),
        *(Column(one.strategy, one.strategy, Unit.MONEY) for one in strategies),
    )
    rows: list[Sequence[Cell]] = [
        [month_name(month), *(_amount(*projection.totals(spend.strategy, at)) for spend in strategies)]
        for at, month in enumerate(projection.horizon.first_days)
    ]
    worst = projection if projection.worst is None else projection.worst
    totals = ((spend.with_failures, worst[spend.strategy].with_failures) for spend in strategies)
    rows.append(["total", *(_amount(*cases) for cases in totals)])
    changes = [_total_change(projection, spend.strategy) for spend in strategies]
    if any(change is not None for change in changes):
        rows.append([f"vs. {projection.baseline}", *changes])
    yield Table("totals", columns, rows, "Calls and failures", audience=Audience.PEOPLE)


def _total_change(projection: Projection, strategy: str) -> Cell:
    """Return the change of the total with failures from the baseline, if both are known to be exact."""
    names = {spend.strategy for spend in projection.strategies}
    if projection.baseline not in names or projection[strategy].vs_baseline is None:
        return None
    total, base = (projection[name].with_failures for name in (strategy, projection.baseline))
    worst = projection.worst
    if worst is not None and any(
        worst[name].with_failures != projection[name].with_failures
        for name in (strategy, projection.baseline)
    ):
        return None
    if strategy == projection.baseline:
        return Shown(None, "baseline")
    if total.known is None or not base.known:
        return None
    return Quantity(total.known / base.known - 1, Unit.CHANGE)


def _amount(usual: Between, worst: Between) -> Cell:
    """Return a cost, with its range by how hard repeated work is, or its bounds if it is unknown."""
    if usual.known is None:
        return Bounds(*widest([usual, worst]))
    return usual.known if usual == worst else Range(usual.known, worst.high)


def _calls(usual: Decimal, worst: Decimal) -> Cell:
    """Return a cost of calls, with its range by how hard repeated work is."""
    return usual if usual == worst else Range(usual, worst)


def _change(projection: Projection, spend: StrategySpend, baseline: str) -> Cell:
    """Return the change from the baseline, with its range over the usual and the worst case of both."""
    if spend.strategy == baseline:
        return Shown(spend.vs_baseline, "baseline")
    cases = [projection, projection.worst or projection]
    changes = [change for case in cases if (change := case[spend.strategy].vs_baseline) is not None]
    if baseline in {one.strategy for one in projection.strategies}:
        bases = [case[baseline].total for case in cases]
        costs = [case[spend.strategy].total for case in cases]
        changes += [cost / base - 1 for base in bases if base for cost in costs]
    if spend.vs_baseline is None or min(changes) == max(changes):
        return Quantity(spend.vs_baseline, Unit.CHANGE)
    return Quantity(Bounds(min(changes), max(changes), spend.vs_baseline), Unit.CHANGE)


def _budget(budget: Budget) -> dict[str, Scalar]:
    """Return the budget without the amounts of owners, which ``check`` has."""
    return {key: value for key, value in asdict(budget).items() if key != "owners"}


def _meta(projection: Projection) -> Meta:
    horizon, tracking = projection.horizon, projection.budget
    return {
        "scenario": projection.scenario,
        "pricing": projection.pricing,
        "currency": projection.currency,
        "start": month_name(horizon.start),
        "growth": rates(projection)[0][1] if len(rates(projection)) == 1 else None,
        "as_of": horizon.pinned,
        "days_per_month": projection.days_per_month,
        **({} if projection.plan is None else {"days": projection.plan.days.value}),
        "baseline": projection.baseline,
        "default": projection.default,
        "proposed": projection.proposed,
        "savings": None if projection.savings is None else _savings(projection.savings),
        **({} if projection.payback is None else {"payback": payback_meta(projection.payback)}),
        **_savings_probability(projection.savings),
        "budget": None if tracking is None else _budget(tracking.budget),
        "budget_crossed": None if tracking is None or tracking.crossed is None else tracking.crossed.month,
        **({} if projection.actuals is None else {"rebased": actuals.meta(projection.actuals)}),
        **({"what_if": list(projection.what_if)} if projection.what_if else {}),
        **uncertain_meta(projection.outlook),
    }


def _savings(savings: TotalSavings) -> dict[str, Scalar]:
    """Return the savings; with failures where these cost something."""
    known: dict[str, Scalar] = {
        "strategy": savings.strategy,
        "against": savings.against,
        "amount": savings.amount,
        "fraction": savings.fraction,
    }
    total = savings.with_failures
    if total is not None:
        known["with_failures"] = total.known
        if total.known is None:
            known |= {"with_failures_low": total.low, "with_failures_high": total.high}
    for key, span in (("amount", savings.span), ("with_failures", savings.total_span)):
        if span is not None:
            known |= {f"{key}_low": span.low, f"{key}_high": span.high}
    return known


def _savings_probability(savings: TotalSavings | None) -> Meta:
    known = None if savings is None else savings.probability
    return {} if known is None else {"savings_probability": figures(known)}


def _notes(projection: Projection) -> Iterator[Block]:
    yield growth_note(projection)
    yield from plan_notes(projection)
    if projection.savings is not None:
        yield savings_note(projection.savings, projection.horizon.months)
    yield from payback_notes(projection)
    yield from work_differs(projection.calls_per_task)
    yield from undone_notes(projection)
    if projection.budget is not None:
        yield from budget_notes(projection.budget, projection.horizon.start, projection.best_case)
    yield from owner_notes(projection.owner_budgets)
    yield from worst_notes(projection)
    if projection.horizon.pinned is not None:
        yield Note.of(f"Every month uses the prices as of {projection.horizon.pinned}.")
    if projection.changes:
        yield _changes_note(projection.changes)
    yield from _if_all_escalate(projection)
    shown = {spend.strategy for spend in projection.strategies}
    yield from unpriced_reviews([name for name in projection.unpriced_reviews if name in shown])
    if projection.exchanged_on is not None:
        yield Note.of(
            f"Budgets, commitments and costs of failures that are stated in another currency than "
            f"{projection.currency} are converted at the rate of {projection.exchanged_on} in every month, "
            "although exchange rates change later.",
            warning=True,
        )
    yield from what_if_notes(projection.what_if)
    yield from left_out(projection.left_out)


def _if_all_escalate(projection: Projection) -> Iterator[Note]:
    """Yield a warning for each strategy of which an unknown share of the tasks escalates."""
    for spend in projection.strategies:
        most = projection.if_all_escalate.get(spend.strategy)
        if most is not None:
            yield escalates(spend.strategy, spend.total, most, "in total")


def savings_note(savings: TotalSavings, months: int) -> Note:
    """Return a sentence with the savings of the proposal over the months."""
    if savings.strategy == savings.against:
        return same_strategy(savings.strategy)
    start, span = f"Over {months_of(months)}, ", savings.with_failures
    if span is not None and span.known is None:
        words = bounded(savings.strategy, savings.against, span, savings.assumed)
        return Note.of(start, *words, *calls_alone(savings.amount, None), *_chance(savings), warning=True)
    if savings.span is not None:
        return Note.of(start, *_between(savings, savings.span), *_chance(savings), warning=savings.crosses)
    amount = savings.amount if span is None or span.known is None else span.known
    costs_more = amount < 0
    saved = savings.fraction if span is None else None
    fraction: list[Part] = [] if saved is None else [" (", Quantity(abs(saved), Unit.SHARE), ")"]
    return Note.of(
        f"{start}{savings.strategy} (proposed) {'costs' if costs_more else 'saves'} ",
        Quantity(abs(amount), Unit.MONEY),
        *fraction,
        f" {'more than' if costs_more else 'compared with'} {savings.against} (default)",
        "" if span is None else ", including failures",
        ".",
        *calls_alone(savings.amount, amount),
        *_chance(savings),
        warning=costs_more != (savings.amount < 0),
    )


def _between(savings: TotalSavings, calls: Between) -> Iterator[Part]:
    """Yield the savings between their bounds, of which none is an estimate."""
    names = f"{savings.strategy} (proposed)", f"{savings.against} (default)"
    by, total = f"by {savings.worst_of.how}", savings.total_span
    if total is not None:
        yield from bounded_between(*names, total, (), "", f"including failures, {by}")
        yield " On call costs alone, "
    yield from bounded_between(*names, calls, (), "", by)


def _chance(savings: TotalSavings) -> Iterator[Part]:
    if savings.probability is not None:
        yield from chance(savings.probability, savings.strategy, failures=savings.with_failures is not None)
        if savings.probability.is_too_close:
            yield " That is too close to call."


def worst_notes(projection: Projection) -> Iterator[Note]:
    """Yield the range of costs by how hard repeated work is, and what changes within it."""
    worst = projection.worst
    if worst is None:
        return
    parts: list[str | Quantity] = []
    for spend in projection.strategies:
        ends = sorted((spend.total, worst[spend.strategy].total))
        if ends[0] != ends[1]:
            low, high = (Quantity(end, Unit.MONEY) for end in ends)
            parts += ["; " if parts else "", f"{spend.strategy} costs ", low, " to ", high]
    start = f"Over {months_of(projection.horizon.months)}, by {projection.worst_of.how}: "
    if parts:
        yield Note.of(start, *parts, ".")
    usual, hard = projection.savings, worst.savings
    if (
        usual is not None
        and usual.span is None
        and hard is not None
        and _decisive(usual) * _decisive(hard) < 0
    ):
        amount = _decisive(hard)
        cheaper = usual.against if amount < 0 else usual.strategy
        counted = "" if usual.with_failures is None else ", including failures"
        text = f"If {projection.worst_of.condition}, {cheaper} costs less over these months, by "
        yield Note.of(text, Quantity(abs(amount), Unit.MONEY), f"{counted}.", warning=True)
    budget = worst.budget
    if budget is not None and budget.crossed is not None:
        before = None if projection.budget is None else projection.budget.crossed
        if before is None or before.month != budget.crossed.month:
            text = f"If {projection.worst_of.condition}: "
            yield Note.of(text, *outcome_note(budget).parts, warning=True)


def _decisive(savings: TotalSavings) -> Decimal:
    """Return the savings that decide; 0 if failures are unknown in part."""
    return savings.amount if savings.with_failures is None else savings.with_failures.known or ZERO


def _changes_note(changes: Sequence[PriceChange]) -> Note:
    shown = [_change_text(change) for change in changes[:_MOST_CHANGES]]
    more = [f"{len(changes) - len(shown)} more"] if len(changes) > len(shown) else []
    return Note.of(f"Prices change in this period: {'; '.join(shown + more)}.")


def _change_text(change: PriceChange) -> str:
    becomes = "" if change.becomes is None else f" becomes {change.becomes}"
    return f"{change.subject}{becomes} on {change.day}"
