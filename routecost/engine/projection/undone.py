"""Tasks of a month that subscriptions do not serve, or serve slowly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from routecost.engine.pricing.pieces import Settlement
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.projection.month_bills import Daily, begun_years, billed
from routecost.model.pricing.subscription import Beyond
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule
from routecost.units import ONE, ZERO, exact


class Undone(NamedTuple):
    """The tasks of a month beyond the included usage, in the best and in the worst case."""

    tasks_not_served: Decimal = ZERO
    tasks_not_served_high: Decimal = ZERO
    tasks_slowed: Decimal = ZERO
    tasks_slowed_high: Decimal = ZERO

    @exact
    def served_of(self, tasks: Decimal) -> Decimal:
        """Return the share of tasks that is served."""
        return ONE - self.tasks_not_served / tasks if tasks else ONE


NOTHING_UNDONE = Undone()


@exact
def undone_in(
    scenario: Scenario,
    months: Sequence[MonthSchedule],
    daily: Daily,
    stage: SecondStage,
    bills: Sequence[Settlement],
) -> list[Undone]:
    """Return the tasks that are not served in each month of a row, given its bills."""
    if not any(part.strategy in scenario.subscriptions for month in months for part in month.parts):
        return [NOTHING_UNDONE] * len(months)
    hard = replace(stage, worst_case=True)
    years = begun_years(scenario, months[0].month)
    worst = [billed(month, daily, hard, years) for month in months]
    return [
        Undone(
            _beyond(one, Beyond.STOP),
            _beyond(other, Beyond.STOP),
            _beyond(one, Beyond.SLOW),
            _beyond(other, Beyond.SLOW),
        )
        for one, other in zip(bills, worst, strict=True)
    ]


def _beyond(bill: Settlement, rule: Beyond) -> Decimal:
    """Return the tasks beyond the included usage of subscriptions with a rule."""
    groups = [] if bill.paid is None else [one for own in bill.paid.groups.values() for one in own]
    return sum((one.tasks * (ONE - one.served) for one in groups if one.rule == rule), ZERO)
