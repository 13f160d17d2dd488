"""Models that retire, without a successor, before a plan ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from routecost.engine.compare.compare import price_all
from routecost.engine.pricing.tier_models import retires
from routecost.errors import RoutecostError
from routecost.model.scenario.horizon import DEFAULT_MONTHS
from routecost.problems import Severity
from routecost.units import listed

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario
    from routecost.problems import Finding

_DAYS = 366


def retiring_models(scenario: Scenario, day: date) -> tuple[Finding, ...]:
    """Return a warning, at the plan, for each model that retires within a year of its start.

    Counts the models that strategies use on the first day. There is none without a plan.
    """
    plan = scenario.plan
    if plan is None or scenario.place is None:
        return ()
    start = max(plan.start or day, day)
    sheet = scenario.pricing
    ends = {retiring for tier in sheet.tiers if (retiring := retires(sheet, tier, start)) is not None}
    soon = {model: last for model, last in ends if start <= last < start + timedelta(days=_DAYS)}
    return tuple(_warnings(scenario, soon, start)) if soon else ()


def _warnings(scenario: Scenario, soon: dict[str, date], day: date) -> Iterator[Finding]:
    try:
        bills = {name: bill for name, (_, bill) in price_all(scenario, day).items()}
    except RoutecostError:  # an error of the command
        return
    assert scenario.place is not None
    for model, last in sorted(soon.items()):
        users = [
            f'"{name}"' for name, bill in bills.items() if any(line.key.model == model for line in bill.lines)
        ]
        if users:
            message = (
                f'"{model}" retires on {last}, within {DEFAULT_MONTHS} months of the plan, and no later '
                f'model of its tier is in "{scenario.pricing.name}"; {listed(users, 5)} '
                f"{'has' if len(users) == 1 else 'have'} no price after it"
            )
            yield replace(scenario.place(message, ("plan",)), severity=Severity.WARNING)
