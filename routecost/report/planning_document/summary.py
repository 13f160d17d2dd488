"""Summary of the planning document, in sentences."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from routecost.model.report.cells import Quantity, Unit
from routecost.model.report.report import Note, Report
from routecost.model.results.breakeven import BreakEven, Breakevens, Question
from routecost.model.results.comparison import Comparison, StrategyCost
from routecost.model.results.failures import Between, widest
from routecost.model.results.planning_document import Planning
from routecost.model.results.projection import Projection
from routecost.model.results.tornado import Side, Tornado
from routecost.model.results.verdicts.verdict import Decision, Verdict
from routecost.model.scenario.horizon import month_name
from routecost.model.scenario.month_plan import DayCount
from routecost.report import worst_case
from routecost.report.breakeven import UNITS
from routecost.report.compare import claims as check
from routecost.report.compare import verdict
from routecost.report.compare.savings import savings_notes
from routecost.report.projection import outlook, project
from routecost.report.projection.assumptions import growth_note
from routecost.report.projection.budget import budget_notes, owner_notes
from routecost.report.projection.payback import payback_notes
from routecost.report.projection.rate_limits import summary_notes as limit_notes
from routecost.report.routing import validate
from routecost.units import ONE

Part = str | Quantity

_MOST_PLACES = 6


def report(planning: Planning) -> Report:
    """Return the summary: costs, savings and sensitivities of the proposal."""
    return Report(
        command="report",
        title="Summary",
        meta={},
        blocks=tuple(_notes(planning)),
        currency=planning.comparison.currency,
    )


def _notes(planning: Planning) -> Iterator[Note]:
    comparison = planning.comparison
    has_plan = planning.projection.plan is not None
    if has_plan:  # the plan is the headline; what is stated is its first day
        yield from _projected(planning.projection)
        yield Note.of("At the stated volume, without the changes of the plan:")
    yield from _cost(comparison)
    if comparison.savings is not None:
        yield from savings_notes(comparison.savings)
    if not has_plan:
        yield from _projected(planning.projection)
    yield from _nearest_breakeven(planning.breakevens)
    yield from _passed(planning.projection, planning.breakevens)
    yield from _most_sensitive(planning.tornado)
    if comparison.verdict is not None:
        yield verdict.note(comparison.verdict)
        yield from _plan_differs(comparison.verdict, planning.projection)
    for table in planning.routed_by:
        validation = table.validation
        yield Note.of(
            f"Routing table {validation.table}: {validate.tally(validation)}.", warning=validation.fails()
        )
    if planning.check is not None:
        tally = check.tally(planning.check.claims)
        is_stated = has_plan and not any(claim.is_plan for claim in planning.check.claims)
        start = ("At the stated volume: ",) if is_stated else ()
        yield Note.of(*start, *tally.parts, warning=bool(planning.check.failed))


def _plan_differs(stated: Verdict, projection: Projection) -> Iterator[Note]:
    """Yield that a proposal that is worth it at the stated volume loses money over the months of the plan."""
    savings = projection.savings
    if savings is None or projection.plan is None or stated.decision is Decision.DO_NOT_ROUTE:
        return
    net = savings.with_failures or Between.exactly(savings.amount)
    if projection.payback is not None:
        net = projection.payback.net
    if net.high is not None and net.high < 0:
        text = f"Over the months of the plan, {savings.strategy} loses money, with all costs of the plan: "
        yield Note.of(f"{text}the verdict holds for the stated volume only.", warning=True)


def _cost(comparison: Comparison) -> Iterator[Note]:
    if comparison.proposed not in {cost.strategy for cost in comparison.strategies}:
        yield from _extremes(comparison)
        return
    cost = comparison[comparison.proposed]
    yield Note.of(
        f"{cost.strategy} (proposed) costs ",
        *worst_case.amount(cost.cost_per_month, cost.cost_per_month_high),
        " a month, ",
        *worst_case.amount(cost.cost_per_year, cost.cost_per_year_high),
        " a year",
        " for calls" if cost.counts_failures else "",
        *_against_baseline(cost, comparison),
        *_with_failures(cost),
        ".",
    )


def _with_failures(cost: StrategyCost) -> Iterator[Part]:
    least = cost.total_cost_per_month_low
    if least is not None:
        yield "; including failures, "
        yield from worst_case.amount(least, cost.total_cost_per_month_high)
        yield " a month"


def _against_baseline(cost: StrategyCost, comparison: Comparison) -> Iterator[Part]:
    """Yield the comparison with the baseline, unless it is also the default."""
    change = cost.vs_baseline
    if change is None or comparison.baseline in (cost.strategy, comparison.default):
        return
    low, high = cost.vs_baseline_low, cost.vs_baseline_high
    if cost.subscribed is not None and low is not None and high is not None and low != high:
        yield from (", between ", Quantity(low, Unit.CHANGE), " and ", Quantity(high, Unit.CHANGE), " of ")
    elif change:
        yield from (", ", Quantity(abs(change), Unit.SHARE), f" {'less' if change < 0 else 'more'} than ")
    else:
        yield ", as much as "
    yield f"{comparison.baseline} (baseline)"


def _extremes(comparison: Comparison) -> Iterator[Note]:
    is_known = all(cost.total_cost_per_month is not None for cost in comparison.strategies)
    by_total = comparison.counts_failures and is_known
    served = [cost for cost in comparison.strategies if not cost.leaves_tasks]
    costs = sorted(served or comparison.strategies, key=lambda cost: _amount(cost, by_total))
    least, most = costs[0], costs[-1]
    if comparison.proposed is None:
        yield Note.of("The scenario proposes no strategy, so there are no savings to report.", warning=True)
    if least is most:
        yield Note.of(
            f"{least.strategy} costs ", _money(least.cost_per_month), " a month", *_with_failures(least), "."
        )
        return
    yield Note.of(
        f"{'Including failures' if by_total else 'On call costs'}, the cheapest strategy"
        f"{'' if len(costs) == len(comparison.strategies) else ' that does all tasks'} is "
        f"{least.strategy} (",
        *_ends(least, by_total),
        f" a month), the most expensive is {most.strategy} (",
        *_ends(most, by_total),
        ").",
    )
    other = min(costs, key=lambda cost: _most(cost, by_total))
    if _most(other, by_total) < _most(least, by_total):
        yield Note.of(
            f"If {comparison.worst_of.condition}, {other.strategy} is the cheapest (",
            _money(_most(other, by_total)),
            f" a month), and not {least.strategy}.",
            warning=True,
        )


def _ends(cost: StrategyCost, by_total: bool) -> Iterator[Part]:
    yield from worst_case.amount(_amount(cost, by_total), _most(cost, by_total))


def _most(cost: StrategyCost, by_total: bool) -> Decimal:
    return (cost.total_cost_per_month_high if by_total else None) or cost.cost_per_month_high


def _amount(cost: StrategyCost, by_total: bool) -> Decimal:
    return (cost.total_cost_per_month if by_total else None) or cost.cost_per_month


def _projected(projection: Projection) -> Iterator[Note]:
    horizon, proposed = projection.horizon, projection.proposed
    parts = [*growth_note(projection).parts]
    if proposed in {spend.strategy for spend in projection.strategies}:
        months = f"Over {project.months_of(horizon.months)} from {month_name(horizon.start)}"
        most = (projection.worst or projection)[proposed].total
        costs = worst_case.amount(projection[proposed].total, most)
        parts += [f" {months}, {proposed} costs ", *costs, " in total"]
        parts += _total_with_failures(projection, proposed)
    yield Note.of(*parts)
    if projection.savings is not None:
        yield project.savings_note(projection.savings, horizon.months)
    yield from payback_notes(projection)
    yield from project.worst_notes(projection)
    if projection.budget is None:
        yield Note.of("The scenario has no budget.")
    else:
        yield from budget_notes(projection.budget, projection.horizon.start, projection.best_case)
        yield from owner_notes(projection.owner_budgets)
    yield from limit_notes(projection)
    if projection.outlook is not None:
        yield from outlook.summary_notes(projection, projection.outlook)


def _total_with_failures(projection: Projection, strategy: str) -> Iterator[Part]:
    """Yield the end of a sentence on calls: the total with failures, if these cost something."""
    if not projection.counts_failures:
        yield "."
        return
    cases = [projection, projection.worst or projection]
    span = widest([case[strategy].with_failures for case in cases])
    yield " for calls, "
    yield from worst_case.amount(span.low or Decimal(0), span.high)
    yield " including failures."


def _nearest_breakeven(breakevens: Breakevens) -> Iterator[Note]:
    nearest = breakevens.nearest
    if nearest is None:
        yield Note.of("No break-even point can be compared with the current value; see the reasons below.")
        return
    unit = UNITS[nearest.question]
    yield Note.of(
        f"Nearest break-even point: {nearest.question} at ",
        Quantity(nearest.value, unit, places=places_apart(nearest.value, nearest.now, unit)),
        f" ({', '.join(_about(nearest))}",
        *_now(nearest),
        f"). {nearest.meaning}",
    )


def places_apart(value: Decimal | None, now: Decimal | None, unit: Unit) -> int:
    """Return the least decimal places that show a difference between two figures; 0 if the usual ones do."""
    if value is None or now is None or value == now or unit is not Unit.SHARE:
        return 0
    percents = [figure.scaleb(2) for figure in (value, now)]
    for places in range(1, _MOST_PLACES):
        first, second = (percent.quantize(ONE.scaleb(-places), ROUND_HALF_UP) for percent in percents)
        if first != second:
            return 0 if places == 1 else places
    return _MOST_PLACES


def _passed(projection: Projection, breakevens: Breakevens) -> Iterator[Note]:
    """Yield the month in which the volume of the plan passes the break-even volume."""
    plan = projection.plan
    if plan is None or plan.days is DayCount.WORKING:
        return
    for row in breakevens.of(Question.VOLUME):
        value, now = row.value, row.now
        if value is None or now is None:
            continue
        for month, tasks in zip(projection.horizon.first_days, projection.tasks, strict=True):
            is_calendar = plan.days is DayCount.CALENDAR
            days = monthrange(month.year, month.month)[1] if is_calendar else projection.days_per_month
            if (tasks / days >= value) != (now >= value):
                yield Note.of(
                    f"The plan passes this volume in {month_name(month)}: ",
                    Quantity(tasks / days, Unit.COUNT),
                    " tasks a day.",
                )
                break


def _about(row: BreakEven) -> Iterator[str]:
    yield row.unit
    if row.parameter and row.parameter.replace("_", " ") not in row.unit:
        yield row.parameter


def _now(row: BreakEven) -> Iterator[Part]:
    if row.now is not None:
        yield from ("; now ", Quantity(row.now, UNITS[row.question]))


def _most_sensitive(tornado: Tornado) -> Iterator[Note]:
    if not tornado.assumptions or not tornado.assumptions[0].swing(tornado.costs):
        yield Note.of(f"No assumption changes the cost of {tornado.strategy}.")
        return
    most = tornado.assumptions[0]
    yield Note.of(
        f"The assumption with the largest effect on {tornado.strategy} is {most.name}: instead of ",
        *worst_case.amount(*tornado.ends(tornado.costs)),
        *_changed(tornado, most.down, "less"),
        *_changed(tornado, most.up, "more"),
        ", including failures." if tornado.counts_failures else ".",
    )


def _changed(tornado: Tornado, side: Side, change: str) -> Iterator[Part]:
    if side.costs is not None:
        if side.is_limited:
            yield ", 100% gives "
        else:
            yield from (", ", Quantity(tornado.by, Unit.SHARE), f" {change} gives ")
        yield from worst_case.amount(*tornado.ends(side.costs))


def _money(amount: Decimal) -> Quantity:
    return Quantity(amount, Unit.MONEY)
