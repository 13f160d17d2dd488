"""Placement of a row: the tiers fit for its tasks, and the one that costs or evidence speak for.

All rules that ask to move a row take their answer from here, so that they never disagree: a known
failure cost decides (RT203), else the evidence (RT406, RT408). Neither proposes a tier that another
rule would reject.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from routecost.engine.numeric.non_inferiority import is_non_inferior
from routecost.engine.numeric.proportions import Sample, newcombe, wilson
from routecost.lint.facts.calibration import FailureGap, failure_gaps
from routecost.lint.facts.escalation import Step
from routecost.lint.facts.expected_cost import Option, cheapest
from routecost.lint.facts.tier_prices import NEEDED
from routecost.lint.facts.verdicts import escalates_too_often, fails
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Better:
    """A tier that the evidence prefers to a row's own; ``shown`` is the one that proves it by its sample.

    If the better tier is lower, it is that tier; if higher, the one with the best success rate.
    """

    tier: str
    own: Sample
    shown: str
    sample: Sample


def failure_cost(subject: Subject, route: Route) -> Decimal | None:
    """Return the failure cost of a row's task type: the scenario's, else the table's."""
    costs = subject.expected_costs
    from_scenario = None if costs is None else costs.failure_cost(route.task)
    return route.failure_cost if from_scenario is None else from_scenario


def options(subject: Subject, route: Route) -> list[Option]:
    """Return the fit tiers with a price, low to high, by their cost including failures.

    Current evidence overrides the success rates of the scenario. Empty without a scenario,
    without a failure cost, or if failures cost nothing.
    """
    cost = failure_cost(subject, route)
    if subject.expected_costs is None or not cost:
        return []
    fit = _fit(subject, route, subject.expected_costs.samples(route.task))
    return subject.expected_costs.options(route.task, fit, cost)


def is_over_routed(subject: Subject, route: Route) -> bool:
    """Return whether a row is above all tiers that its taxonomy allows (RT202)."""
    kind = subject.taxonomy.task_types.get(route.task)
    return kind is not None and subject.ranks[route.tier] > max(map(subject.ranks.__getitem__, kind.tiers))


def is_settled(subject: Subject, route: Route) -> bool:
    """Return whether a row must not go up: by the taxonomy, its failure cost, or evidence on higher tiers."""
    if is_over_routed(subject, route):
        return True
    rank, known = subject.ranks[route.tier], options(subject, route)
    if len(known) > 1 and any(option.tier == route.tier for option in known):
        return subject.ranks[cheapest(known).tier] <= rank
    fit, tier = _preferred(subject, route)
    is_compared = tier is not None and any(subject.ranks[other] > rank for other in fit)
    return tier is not None and is_compared and subject.ranks[tier] <= rank


def gaps(subject: Subject) -> list[FailureGap]:
    """Return the gaps that RT405 reports: those of rows that may go up."""

    def settled() -> set[str]:
        return {route.task for route, _ in subject.measured_routes if is_settled(subject, route)}

    return list(failure_gaps(subject.measured_routes, tuple(subject.ranks), subject.limits, settled))


def better_lower(subject: Subject, route: Route) -> Better | None:
    """Return the lowest tier that is shown to do as well, if it is below the row's."""
    fit, tier = _preferred(subject, route)
    if tier is None or failure_cost(subject, route) or not is_agreed(subject, route, tier, up=False):
        return None
    own, sample = fit[route.tier], fit[tier]
    if not is_non_inferior(sample, own, float(subject.limits.margin), subject.confidence):
        return None
    return None if _is_priced_above(subject, tier, route.tier) else Better(tier, own, tier, sample)


def better_higher(subject: Subject, route: Route) -> Better | None:
    """Return the tier above the row's that is as good as the best, if the best is clearly better."""
    fit, tier = _preferred(subject, route)
    is_known = failure_cost(subject, route) is not None
    if tier is None or is_known or not is_agreed(subject, route, tier, up=True):
        return None
    own, best = fit[route.tier], _best(fit, subject.confidence)
    gap = newcombe(fit[best], own, subject.confidence)
    return Better(tier, own, best, fit[best]) if gap.low > float(subject.limits.margin) else None


def is_agreed(subject: Subject, route: Route, tier: str, *, up: bool | None = None) -> bool:
    """Return whether a move to a tier goes ``up`` or down as wanted, and as RT201 and RT202 ask."""
    rise = subject.ranks[tier] - subject.ranks[route.tier]
    if not rise or (up is not None and up != (rise > 0)):
        return False
    kind = subject.taxonomy.task_types.get(route.task)
    if kind is None or route.tier in kind.tiers:
        return True
    allowed = [subject.ranks[known] for known in kind.tiers]
    own = subject.ranks[route.tier]
    return rise > 0 if own < min(allowed) else rise < 0


def admission_note(subject: Subject, route: Route, tier: str) -> str:
    """Return a message suffix with what else a move to a tier takes; empty if nothing."""
    note = "" if subject.is_allowed(route.task, tier) else f'; the taxonomy does not allow "{tier}" yet'
    keys = keys_to_change(subject, route, tier)
    return f"{note}; change its {keys}, too" if keys else note


def keys_to_change(subject: Subject, route: Route, tier: str) -> str:
    """Return the keys of a row that do not suit another tier (RT301, RT303, RT305), as text."""
    moved, ranks = replace(route, tier=tier), subject.ranks
    path = subject.path_of(moved)
    keys = []
    if path is not None and any(_is_uneven(subject, moved, step) for step in path.steps()):
        keys.append("escalation")
    if route.reviewer is not None and ranks.get(route.reviewer, ranks[tier]) < ranks[tier]:
        keys.append("reviewer")
    return " and ".join(keys)


def _is_uneven(subject: Subject, route: Route, step: Step) -> bool:
    """Return whether a step does not go up, or skips a tier that may see the work."""
    rank = subject.ranks[step.source]
    between = subject.taxonomy.tiers[rank + 1 : rank + step.rise]
    return step.rise <= 0 or any(subject.why_forbidden(route.task, tier) is None for tier in between)


def _leads_astray(subject: Subject, route: Route, tier: str) -> bool:
    """Return whether work of a row on another tier would reach one that may not see it (RT307)."""
    if tier == route.tier:
        return False
    moved, table = replace(route, tier=tier), subject.table
    seen = {*table.path_above(moved), *table.reviewers_of(moved).values()}
    return any(subject.why_forbidden(route.task, step) is not None for step in seen)


def _preferred(subject: Subject, route: Route) -> tuple[Mapping[str, Sample], str | None]:
    """Return the fit tiers, and the lowest that is not inferior to the best; None if nothing is compared."""
    if len(subject.valid_tiers(route.task)) < 2:
        return {}, None
    fit = _fit(subject, route)
    if len(fit) < 2 or route.tier not in fit:
        return fit, None
    margin, best = float(subject.limits.margin), fit[_best(fit, subject.confidence)]
    return fit, next(
        tier
        for tier, sample in fit.items()
        if sample == best or is_non_inferior(sample, best, margin, subject.confidence)
    )


def _best(fit: Mapping[str, Sample], confidence: float) -> str:
    """Return the tier whose success rate is surely highest; the lowest of equals."""
    return max(fit, key=lambda tier: wilson(fit[tier], confidence).low)


def _fit(subject: Subject, route: Route, stated: Mapping[str, Sample] | None = None) -> dict[str, Sample]:
    """Return the tiers, low to high, with enough trials, that no rule would reject for the row's tasks.

    The taxonomy may not allow a tier yet, unless it forbids it.
    """
    current, limits = subject.valid_tiers(route.task), subject.limits
    samples = {**(stated or {}), **{tier: measured.sample for tier, measured in current.items()}}
    fit = {}
    for tier in subject.ranks:
        sample, escalated = samples.get(tier), current[tier].escalated if tier in current else None
        if sample is None or sample.trials < limits.trials or fails(sample, limits):
            continue
        leaves = escalated is not None and escalates_too_often(escalated[0], limits)
        is_forbidden = subject.why_forbidden(route.task, tier) is not None
        if not leaves and not is_forbidden and not _leads_astray(subject, route, tier):
            fit[tier] = sample
    return fit


def _is_priced_above(subject: Subject, low: str, high: str) -> bool:
    """Return whether a lower tier costs more than a higher one, as RT204 reports."""
    rates = subject.prices.rates
    return low in rates and high in rates and any(rates[low][meter] > rates[high][meter] for meter in NEEDED)
