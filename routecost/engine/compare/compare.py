"""Comparison of strategies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from routecost.engine.compare.budget_tasks import tasks_in_budget
from routecost.engine.compare.day_bill import check_fees, day_bill
from routecost.engine.compare.outcomes import (
    failures_of,
    measured_rates,
    overhead,
    quality,
    reviews_unknown,
    rework_unknown,
    seconds_per_task,
)
from routecost.engine.compare.savings import month_of, savings_of, with_range
from routecost.engine.compare.spare import spare
from routecost.engine.compare.verdict import verdict
from routecost.engine.pricing.subscriptions.payers import (
    calls_per_task,
    changes_payment_only,
    has_range,
    served_part,
    subscribed_months,
)
from routecost.engine.pricing.subscriptions.wording import wording
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.pricing.token_scaling import scalings
from routecost.errors import RoutecostError, UnpricedError
from routecost.model.pricing.bill import Bill
from routecost.model.results.comparison import Comparison, StrategyCost
from routecost.model.results.failures import Failures, WorstCase, cost_of
from routecost.model.scenario.caching import NO_CACHE
from routecost.model.scenario.strategy import Expansion, Strategy, TierModels
from routecost.model.scenario.workload import Workload
from routecost.units import MONTHS_PER_YEAR, ZERO, exact

if TYPE_CHECKING:
    from routecost.engine.compare.router_errors import Month
    from routecost.model.results.subscriptions.seat_groups import SubscribedMonth
    from routecost.model.results.verdicts.router_error import RouterError
    from routecost.model.results.verdicts.scaling import Scaling
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.strategy import TokenScaling

Priced = Mapping[str, tuple[Expansion, Bill]]
"""Strategy -> its expansion of a day's work, and the bill of that."""


@exact
def compare(scenario: Scenario, as_of: date) -> Comparison:
    """Price every strategy of a scenario for the workload of a day, at the rates of ``as_of``.

    Raises UnknownNameError and UnpricedError as :func:`routecost.engine.pricing.price.price` does.
    """
    priced = price_all(scenario, as_of)
    check_fees(scenario, {name: bill for name, (_, bill) in priced.items()})
    months = {name: settled_bill(bill, scenario) for name, (_, bill) in priced.items()}
    subscribed = subscribed_months(scenario, priced)
    work = {name: calls_per_task(expansion, subscribed.get(name)) for name, (expansion, _) in priced.items()}
    costs = costs_of(scenario, as_of, priced, months, work)
    savings = None
    if work.get(scenario.proposed or "") == work.get(scenario.default or ""):
        savings = savings_of(scenario, months, costs, tier_models_of(scenario, as_of).tiers)
    rework = {name: rework_unknown(cost.expansion, scenario.workload) for name, cost in costs.items()}
    unknown_rework = {name: types for name, types in rework.items() if types}
    unreviewed = tuple(name for name, cost in costs.items() if reviews_unknown(cost.expansion))
    if_all_escalate = _if_all_escalate(scenario, as_of, priced)
    return Comparison(
        scenario=scenario.name,
        pricing=scenario.pricing.name,
        as_of=as_of,
        currency=scenario.pricing.currency,
        tasks_per_day=scenario.workload.tasks_per_day,
        baseline=scenario.baseline,
        default=scenario.default,
        proposed=scenario.proposed,
        savings=savings,
        strategies=tuple(costs.values()),
        has_budget=scenario.budget is not None,
        budget_counts_failures=scenario.budget is not None and scenario.budget.counts_failures,
        caching_losses=_caching_losses(scenario, months, as_of),
        scaling=_scaling_used(scenario, priced, as_of),
        illustrative=scenario.illustrative,
        what_if=tuple(change.on(as_of) for change in scenario.pricing.what_if),
        at_means=scenario.at_means,
        of_plan=() if scenario.plan is None else scenario.plan.costs_beside_calls,
        worst_of=wording(scenario, (expansion for expansion, _ in priced.values())),
        verdict=None
        if changes_payment_only(priced, subscribed, scenario.proposed, scenario.default)
        else verdict(
            scenario,
            savings,
            costs.get(scenario.proposed or ""),
            tier_models_of(scenario, as_of),
            unknown_rework,
            unreviewed,
            {name: most - costs[name].cost_per_month for name, most in if_all_escalate.items()},
        ),
        measured=measured_rates(scenario.workload),
        calls_per_task=work if len(set(work.values())) > 1 else {},
        unknown_rework=unknown_rework,
        if_all_escalate=if_all_escalate,
        unpriced_reviews=unreviewed,
        solve_router_errors=partial(_router_errors, scenario, costs, as_of),
    )


def costs_of(
    scenario: Scenario,
    as_of: date,
    priced: Priced,
    months: Mapping[str, Bill],
    work: Mapping[str, tuple[Decimal, ...]],
) -> dict[str, StrategyCost]:
    """Return the costs of each strategy, compared with the baseline if it does the same work."""
    baseline = month_of(months, scenario.baseline)
    subscribed = subscribed_months(scenario, priced)
    worst = _worst_cases(scenario, as_of, priced, subscribed)
    costs = {}
    for name, month in months.items():
        comparable = baseline if work[name] == work.get(scenario.baseline or "") else None
        cases = worst.get(name), subscribed.get(name)
        costs[name] = _cost(scenario, as_of, name, priced[name], month, comparable, cases)
    return {name: with_range(cost, costs.get(scenario.baseline or "")) for name, cost in costs.items()}


def price_all(scenario: Scenario, day: date) -> Priced:
    """Return each strategy's expansion and bill for the workload of a day, at the rates of ``day``.

    Raises UnpricedError for all strategies without a price, and UsageError and UnknownNameError for one;
    all have their places in the scenario's document.
    """
    tiers = tier_models_of(scenario, day)
    priced, errors = {}, dict[str, UnpricedError]()
    for name in scenario.strategies:
        try:
            priced[name] = _priced(scenario, name, tiers)
        except UnpricedError as error:
            errors[name] = error
    if errors:
        from routecost.engine.compare.unpriced import all_unpriced

        raise all_unpriced(errors)
    return priced


def _priced(scenario: Scenario, name: str, tiers: TierModels) -> tuple[Expansion, Bill]:
    """Return the expansion and the bill of a strategy for a day's work; errors have their places."""
    try:
        expansion, bill = day_bill(scenario, scenario.strategies[name], tiers)
        if scenario.fixed_fees:
            from routecost.engine.pricing.settlement import SecondStage

            list(SecondStage.of(scenario).fixed(bill))  # raises for a fee without a rate
    except RoutecostError as error:
        from routecost.engine.compare.unpriced import with_place

        raise with_place(error, scenario, name) from None
    return expansion, bill


def tier_models_of(scenario: Scenario, day: date) -> TierModels:
    """Return the tiers of the scenario's sheet on a day, with the scaling of its tokens."""
    line = replace(
        tier_models(scenario.pricing, day),
        latency=scenario.latency,
        worst_case=scenario.worst_case,
        all_escalate=scenario.all_escalate,
    )
    if scenario.tokens_measured_on is None:
        return line
    scaling, unscaled = scalings(scenario.pricing, line.models.values(), scenario.tokens_measured_on, day)
    return replace(line, scaling=scaling, unscaled=unscaled)


def settled_bill(daily: Bill, scenario: Scenario) -> Bill:
    """Return a month's bill from a day's, terms on totals included."""
    days = scenario.days_per_month
    month = daily.scaled(days)
    if not scenario.has_terms_on_totals:
        return month
    from routecost.engine.pricing.settlement import SecondStage  # few scenarios have such terms

    stage = SecondStage.of(scenario)
    pieces = stage.pieces(daily)
    changes = [stage.days(pieces, days)] if stage.has_daily else []
    terms = stage.month({piece: amount * days for piece, amount in pieces.items()}, changes).lines
    for _, fee in stage.fixed(daily):
        month += fee.scaled(days)
    return replace(month, terms=(*month.terms, *terms))


def _cost(  # noqa: PLR0917  a row of the comparison
    scenario: Scenario,
    as_of: date,
    name: str,
    priced: tuple[Expansion, Bill],
    month: Bill,
    baseline: Decimal | None,
    cases: tuple[WorstCase | None, SubscribedMonth | None],
) -> StrategyCost:
    (expansion, day), (worst, subscribed) = priced, cases
    tasks, per_month = scenario.workload.tasks_per_day, month.total
    if subscribed is not None and subscribed.leaves_tasks:
        expansion = served_part(expansion, scenario, subscribed, worst=scenario.worst_case)
        tasks = sum((outcome.tasks_per_day for outcome in expansion.outcomes), ZERO)
    failures = failures_of(expansion, scenario)
    per_day = _per_day(scenario, day, month)
    cost = StrategyCost(
        strategy=name,
        cost_per_task=per_day / tasks if tasks else None,
        cost_per_day=per_day,
        cost_per_month=per_month,
        cost_per_year=per_month * MONTHS_PER_YEAR,
        vs_baseline=per_month / baseline - 1 if baseline else None,
        tasks_per_budget=None
        if subscribed is not None and subscribed.is_capped
        else _in_budget(scenario, as_of, name, day, per_day, failures),
        bill=month,
        expansion=expansion,
        quality=quality(expansion, scenario, per_day),
        failures=failures,
        overhead=overhead(expansion, scenario, as_of),
        days_per_month=scenario.days_per_month,
        seconds_per_task=seconds_per_task(expansion),
        subscribed=subscribed,
        **spare(scenario, day),
    )
    figures = per_month, cost.quality, cost.failures
    is_equal = worst is None or (worst.cost_per_month, worst.quality, worst.failures) == figures
    return cost if is_equal else replace(cost, worst=worst)


def _in_budget(  # noqa: PLR0917  all that decides
    scenario: Scenario, as_of: date, name: str, day: Bill, per_day: Decimal, failures: Failures
) -> Decimal | None:
    """Return the tasks that the budget pays for, of which ``day`` is the bill as stated."""
    bill = partial(_times, scenario, as_of, name, day)
    return tasks_in_budget(scenario, per_day, lambda by: settled_bill(bill(by), scenario), cost_of(failures))


def _worst_cases(
    scenario: Scenario, day: date, priced: Priced, subscribed: Mapping[str, SubscribedMonth]
) -> dict[str, WorstCase]:
    """Return the worst case of strategies with repeated work, or a subscription, that leaves a range."""
    assumed = {
        name: scenario.strategies[name]
        for name, (expansion, _) in priced.items()
        if any(outcome.is_assumed for outcome in expansion.outcomes) or has_range(scenario, name)
    }
    if not assumed or scenario.worst_case:
        return {}
    in_worst = replace(scenario, strategies=assumed, worst_case=True)
    hard = price_all(in_worst, day)
    worst = {}
    for name, (whole, bill) in hard.items():
        month = settled_bill(bill, in_worst)
        expansion = served_part(whole, scenario, subscribed.get(name), worst=True)
        case = WorstCase(
            month.total,
            quality(expansion, scenario, _per_day(scenario, bill, month)),
            failures_of(expansion, scenario),
        )
        if name in subscribed and not subscribed[name].is_capped:
            per_day = _per_day(scenario, bill, month)
            case = replace(
                case, tasks_per_budget=_in_budget(in_worst, day, name, bill, per_day, case.failures)
            )
        worst[name] = case
        if scenario.has_terms_on_totals:
            worst[name] = replace(case, between=tuple(_between(scenario, priced[name], bill, case)))
    return worst


def _between(
    scenario: Scenario, usual: tuple[Expansion, Bill], hard: Bill, worst: WorstCase
) -> Iterator[WorstCase]:
    """Yield the cases between the usual and the worst one in which the cost of the month jumps."""
    from routecost.engine.compare.between_cases import between, jumps  # few sheets have such terms

    expansion, bill = usual
    own, failures = quality(expansion, scenario, bill.total), failures_of(expansion, scenario)
    month = between(bill, hard, lambda daily: settled_bill(daily, scenario))
    for share, at_jump in jumps(scenario.pricing, month):
        yield worst.towards(own, failures, 1 - share, at_jump.total)


def _if_all_escalate(scenario: Scenario, day: date, priced: Priced) -> dict[str, Decimal]:
    """Return the cost per month of strategies if all tasks escalate of which the share is unknown."""
    unknown = {
        name: scenario.strategies[name]
        for name, (expansion, _) in priced.items()
        if any(outcome.escalates_unknown and outcome.tasks_per_day for outcome in expansion.outcomes)
    }
    if not unknown or scenario.all_escalate:
        return {}
    everything = price_all(replace(scenario, strategies=unknown, all_escalate=True), day)
    return {name: settled_bill(bill, scenario).total for name, (_, bill) in everything.items()}


def _per_day(scenario: Scenario, day: Bill, month: Bill) -> Decimal:
    """Return the cost of a day.

    Terms on totals may depend on the month, and fixed fees on its length: a day by itself has neither.
    """
    is_linear = (len(month.lines), len(month.terms)) == (len(day.lines), len(day.terms))
    return day.total if is_linear else month.total / scenario.days_per_month


def _times(scenario: Scenario, as_of: date, name: str, day: Bill, factor: Decimal) -> Bill:
    """Return the bill of a day with ``factor`` times the work, of which ``day`` is the bill as stated."""
    if not scenario.workload.follows_volume:
        return day.scaled(factor)
    alone = {name: scenario.strategies[name]}
    more = replace(scenario, strategies=alone, workload=scenario.workload.times(factor))
    return price_all(more, as_of)[name][1]


def _caching_losses(scenario: Scenario, months: Mapping[str, Bill], day: date) -> dict[str, Decimal]:
    """Return the net loss per month of caching, for strategies for which it costs more than it saves."""
    if all(task.cache == NO_CACHE for task in scenario.workload.task_types):
        return {}
    tasks = tuple(replace(task, cache=NO_CACHE) for task in scenario.workload.task_types)
    without = price_all(replace(scenario, workload=Workload(tasks)), day)
    extra = {name: months[name].total - settled_bill(without[name][1], scenario).total for name in months}
    return {name: loss for name, loss in extra.items() if loss > 0}


def _scaling_used(scenario: Scenario, priced: Priced, day: date) -> Scaling | None:
    if scenario.tokens_measured_on is None:
        return None
    from routecost.model.results.verdicts.scaling import Scaling

    line = tier_models_of(scenario, day)
    used = {key.model for expansion, _ in priced.values() for key in expansion.usage.counts}
    scaled = tuple(scaling for model, scaling in line.scaling.items() if model in used)
    unknown = tuple(model for model in line.unscaled if model in used)
    bounds = {
        name: _bounds(scenario, name, bill, line)
        for name, (expansion, bill) in priced.items()
        if any(_is_ranged(line.scaling.get(key.model)) for key in expansion.usage.counts)
    }
    return Scaling(scenario.tokens_measured_on, scaled, unknown, bounds)


def _bounds(scenario: Scenario, name: str, bill: Bill, line: TierModels) -> tuple[Decimal, Decimal]:
    """Return the costs per month with all factors at their bounds: price steps count as they are reached."""
    months = [settled_bill(bill, scenario).total]
    for end in ("low", "high"):
        scaling = {
            model: replace(scale, factor=getattr(scale, end)) if _is_ranged(scale) else scale
            for model, scale in line.scaling.items()
        }
        _, daily = day_bill(scenario, scenario.strategies[name], replace(line, scaling=scaling))
        months.append(settled_bill(daily, scenario).total)
    return min(months), max(months)


def _is_ranged(scale: TokenScaling | None) -> bool:
    return scale is not None and scale.low is not None and scale.high is not None


@exact
def _router_errors(
    scenario: Scenario, costs: Mapping[str, StrategyCost], day: date
) -> tuple[RouterError, ...]:
    if not any(hasattr(strategy, "router") for strategy in scenario.strategies.values()):
        return ()
    from routecost.engine.compare.router_errors import (
        router_errors,  # slow to import, and few scenarios have routers
    )

    errors = router_errors(scenario, costs, partial(_month_with, scenario, day))
    if all(cost.worst is None for cost in costs.values()):
        return errors
    hard = replace(scenario, worst_case=True)
    hard_costs = {name: cost.in_worst_case for name, cost in costs.items()}
    worst = router_errors(hard, hard_costs, partial(_month_with, hard, day))
    return tuple(
        error if error == in_worst else replace(error, worst=in_worst)
        for error, in_worst in zip(errors, worst, strict=True)
    )


def _month_with(scenario: Scenario, day: date, strategy: Strategy) -> Month:
    """Return the monthly cost of a strategy, and that with failures if known."""
    expansion, daily = day_bill(scenario, strategy, tier_models_of(scenario, day))
    month = settled_bill(daily, scenario).total
    outcome = quality(expansion, scenario, daily.total)
    failures = None if outcome is None else outcome.failure_cost_per_month
    return month, None if failures is None else month + failures
