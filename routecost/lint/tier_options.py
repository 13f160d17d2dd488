"""The tiers that a row could go to, with what a task costs on each of them."""

from __future__ import annotations

from decimal import Decimal

from routecost.lint.facts.expected_cost import Option
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route


def failure_cost(subject: Subject, route: Route) -> Decimal | None:
    """Return what a failure of a row's task type costs: as the scenario says, else the table."""
    said = None if subject.risk is None else subject.risk.failure_cost(route.task)
    return route.failure_cost if said is None else said


def options(subject: Subject, route: Route) -> list[Option]:
    """Return the tiers with a price and enough evidence that still stands, low to high.

    What was measured goes before the success rates of the scenario. None without a scenario, or
    where nobody said what a failure costs.
    """
    cost = failure_cost(subject, route)
    if subject.risk is None or cost is None:
        return []
    samples = subject.risk.samples(route.task)
    samples |= {tier: found.sample for tier, found in subject.standing_tiers(route.task).items()}
    enough = subject.limits.trials
    known = {tier: samples[tier] for tier in subject.ranks if tier in samples}
    plenty = {tier: sample for tier, sample in known.items() if sample.trials >= enough}
    return subject.risk.options(route.task, plenty, cost)


def is_admitted(subject: Subject, route: Route, tier: str) -> bool:
    """Whether the taxonomy admits a tier for a row's task type; also where it does not know the type."""
    kind = subject.taxonomy.task_types.get(route.task)
    return kind is None or tier in kind.tiers


def admission(subject: Subject, route: Route, tier: str) -> str:
    """Return what a message about a tier that would do ends with, where the taxonomy does not admit it."""
    return "" if is_admitted(subject, route, tier) else f'; the taxonomy does not admit "{tier}" yet'
