"""All break-evens of a scenario; each re-prices both sides at other values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from routecost.engine.breakeven.escalation import escalations
from routecost.engine.breakeven.router import router
from routecost.engine.breakeven.tier_choice import failure_costs, success_rates
from routecost.engine.breakeven.volume import volume
from routecost.engine.breakeven.wrong_tier import wrong_tier
from routecost.engine.compare.compare import compare, price_all
from routecost.engine.pricing.subscriptions.payers import has_range
from routecost.model.results.breakeven import BreakEven, Breakevens
from routecost.model.results.comparison import Comparison
from routecost.model.results.verdicts.worst_of import WorstOf
from routecost.model.scenario.scenario import Scenario
from routecost.units import exact


@exact
def breakeven(scenario: Scenario, as_of: date) -> Breakevens:
    """Return the break-evens of a scenario, at the prices of ``as_of``.

    Raises as :func:`routecost.engine.compare.compare.compare` does for strategies that cannot be
    priced; a tier without a price that none of them uses gives the answer "not modelled".
    """
    comparison = compare(scenario, as_of)  # first: it names all strategies that cannot be priced
    rows = _rows(scenario, as_of, comparison)
    if _repeats(scenario, as_of):
        worst_case = replace(scenario, worst_case=True)
        hard = _rows(worst_case, as_of, compare(worst_case, as_of))
        rows = tuple(
            with_worst(row, worst, comparison.worst_of) for row, worst in zip(rows, hard, strict=True)
        )
    return Breakevens(
        scenario=scenario.name,
        pricing=scenario.pricing.name,
        as_of=as_of,
        currency=scenario.pricing.currency,
        default=scenario.default,
        proposed=scenario.proposed,
        breakevens=rows,
        illustrative=scenario.illustrative,
        at_means=scenario.at_means,
        escalates_unknown=tuple(comparison.if_all_escalate),
        unpriced_reviews=comparison.unpriced_reviews,
        own_fees=tuple(
            cost.strategy
            for cost in comparison.strategies
            if cost.bill.fees_of is not None and cost.subscribed is None
        ),
        worst_of=comparison.worst_of,
    )


def _rows(scenario: Scenario, as_of: date, comparison: Comparison) -> tuple[BreakEven, ...]:
    return (
        volume(scenario, as_of),
        *wrong_tier(scenario, as_of),
        *router(comparison),
        *success_rates(scenario, as_of),
        *failure_costs(scenario, as_of),
        *escalations(scenario, as_of),
        *_subscriptions(scenario, as_of),
    )


def _subscriptions(scenario: Scenario, as_of: date) -> tuple[BreakEven, ...]:
    if not scenario.subscriptions:
        return ()
    from routecost.engine.breakeven.subscription import subscriptions  # few scenarios have any

    return tuple(subscriptions(scenario, as_of))


def _repeats(scenario: Scenario, as_of: date) -> bool:
    """Return whether the success of some repeated work is not stated."""
    if any(has_range(scenario, name) for name in scenario.strategies):
        return True
    tasks = scenario.workload.task_types
    expansions = [expansion for expansion, _ in price_all(scenario, as_of).values()]
    outcomes = (outcome for expansion in expansions for outcome in expansion.outcomes)
    return any(task.rework is not None for task in tasks) or any(outcome.is_assumed for outcome in outcomes)


def with_worst(row: BreakEven, worst: BreakEven, of: WorstOf) -> BreakEven:
    """Return an answer with that of the worst case of repeated work, if that is another."""
    if (row.answer, row.value) == (worst.answer, worst.value):
        return row
    meaning = row.meaning
    if row.answer is not worst.answer:
        meaning += f" If {of.condition}: {worst.meaning}"
    return replace(row, meaning=meaning, worst_value=worst.value, worst_answer=worst.answer)
