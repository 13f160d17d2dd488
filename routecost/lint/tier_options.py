"""Tier options of a row: tiers with a price and enough evidence, and their expected cost."""

from __future__ import annotations

from decimal import Decimal

from routecost.lint.facts.expected_cost import Option
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route


def failure_cost(subject: Subject, route: Route) -> Decimal | None:
    """Return the failure cost of a row's task type: the scenario's, else the table's."""
    costs = subject.expected_costs
    from_scenario = None if costs is None else costs.failure_cost(route.task)
    return route.failure_cost if from_scenario is None else from_scenario


def options(subject: Subject, route: Route) -> list[Option]:
    """Return the tiers with a price and enough current evidence, low to high.

    LocatedEvidence evidence overrides the success rates of the scenario. Empty without a scenario or
    without a failure cost.
    """
    cost = failure_cost(subject, route)
    if subject.expected_costs is None or cost is None:
        return []
    samples = subject.expected_costs.samples(route.task)
    samples |= {tier: measured.sample for tier, measured in subject.valid_tiers(route.task).items()}
    enough = subject.limits.trials
    known = {tier: samples[tier] for tier in subject.ranks if tier in samples}
    sufficient = {tier: sample for tier, sample in known.items() if sample.trials >= enough}
    return subject.expected_costs.options(route.task, sufficient, cost)


def is_allowed(subject: Subject, route: Route, tier: str) -> bool:
    """Return whether the taxonomy allows a tier for a row's task type; True for an unknown type."""
    kind = subject.taxonomy.task_types.get(route.task)
    return kind is None or tier in kind.tiers


def admission_note(subject: Subject, route: Route, tier: str) -> str:
    """Return a message suffix if the taxonomy does not allow a tier for a row's task type."""
    return "" if is_allowed(subject, route, tier) else f'; the taxonomy does not allow "{tier}" yet'
