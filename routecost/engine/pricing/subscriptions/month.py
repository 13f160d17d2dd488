"""A month of strategies that subscriptions pay for, in the best and the worst case."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.pricing.subscriptions.fractions import unknowns
from routecost.engine.pricing.subscriptions.parts import terms_on
from routecost.model.pricing.subscription import Beyond
from routecost.model.results.subscriptions.seat_groups import SeatGroupMonth, SubscribedMonth
from routecost.units import exact

if TYPE_CHECKING:
    from routecost.engine.pricing.pieces import GroupMonth
    from routecost.model.pricing.bill import Bill
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.strategy import Expansion


@exact
def subscribed_month(scenario: Scenario, name: str, daily: Bill) -> SubscribedMonth | None:
    """Return the month of a strategy; None if no subscription pays for it."""
    paid = scenario.subscriptions.get(daily.fees_of or "")
    if paid is None:
        return None
    _, terms = terms_on(paid, daily)
    best, worst = (_groups(replace(scenario, worst_case=case), daily) for case in (scenario.worst_case, True))
    rows = [
        SeatGroupMonth(
            strategy=name,
            subscription=paid.subscription.name,
            owner=one.owner,
            group=one.group,
            seats=one.seats,
            tasks_per_month=one.tasks,
            api_cost_per_month=one.value,
            fee_per_month=one.fee,
            beyond_per_month=one.beyond,
            beyond_per_month_high=other.beyond,
            included_share=one.served,
            included_share_low=other.served,
            stops=terms.beyond is Beyond.STOP,
            slows=terms.beyond is Beyond.SLOW,
        )
        for one, other in zip(best, worst, strict=True)
    ]
    return SubscribedMonth(paid.subscription.name, tuple(rows), unknowns(paid))


def _groups(scenario: Scenario, daily: Bill) -> list[GroupMonth]:
    stage = SecondStage.of(scenario)
    month = {piece: amount * scenario.days_per_month for piece, amount in stage.pieces(daily).items()}
    settled = stage.month(month).paid
    return [] if settled is None else settled.groups[daily.fees_of or ""]


@exact
def with_served(
    expansion: Expansion, scenario: Scenario, month: SubscribedMonth, *, worst: bool
) -> Expansion:
    """Return the expansion with the outcomes of the tasks that are served."""
    owners = {task.name: task.owner for task in scenario.workload.task_types}

    def share(task: str) -> Decimal:
        return month.served_share(owners[task], worst=worst)

    outcomes = (
        replace(outcome, tasks_per_day=outcome.tasks_per_day * share(outcome.task))
        for outcome in expansion.outcomes
    )
    return replace(expansion, outcomes=tuple(outcomes))
