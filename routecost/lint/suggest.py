"""Tier suggestions: for each row the tier with the lowest expected cost, including failures."""

from __future__ import annotations

from collections.abc import Sequence

from routecost.engine.numeric.non_inferiority import is_non_inferior, trials_for_non_inferiority
from routecost.errors import UsageError
from routecost.lint.facts.expected_cost import Option, cheapest
from routecost.lint.placement import failure_cost, keys_to_change, options
from routecost.lint.subject import Subject
from routecost.model.results.validation import Suggestion, Suggestions
from routecost.model.routing.limits import Limits
from routecost.model.routing.table import Route


def suggestions(subject: Subject) -> Suggestions:
    """Return a suggestion for each effective row. Raises UsageError without a scenario."""
    scenario = subject.scenario
    if scenario is None:
        raise UsageError("suggestions need a scenario for tokens and prices; add --scenario")
    rows = tuple(_suggestion(subject, route) for route, _ in subject.known_routes())
    sheet = scenario.pricing
    return Suggestions(subject.table.name, scenario.name, sheet.name, subject.day, sheet.currency, rows)


def _suggestion(subject: Subject, route: Route) -> Suggestion:
    candidates = options(subject, route)
    if not candidates:
        return Suggestion(route.task, route.tier, why=_missing(subject, route))
    best = cheapest(candidates)
    own = next((option.total for option in candidates if option.tier == route.tier), None)
    others = [option for option in candidates if option is not best]
    note = _note(subject, route, best.tier)
    if not others and best.tier != route.tier:
        return Suggestion(route.task, route.tier, why=f"only {best.tier} has enough current evidence")
    if not others:
        why = note or f"only {best.tier} has enough current evidence"
        return Suggestion(route.task, route.tier, own, best.tier, best.total, why=why)
    second = cheapest(others)
    return Suggestion(
        task=route.task,
        tier=route.tier,
        cost=own,
        suggested=best.tier,
        suggested_cost=best.total,
        runner_up=second.tier,
        sure=best.chance_cheaper_than(second),
        more_trials=_more_trials(sorted((best, second), key=candidates.index), subject.limits),
        why=note,
    )


def _note(subject: Subject, route: Route, tier: str) -> str | None:
    """Return what else a move to a tier takes; None if nothing."""
    keys = keys_to_change(subject, route, tier) if tier != route.tier else ""
    notes = [] if subject.is_allowed(route.task, tier) else [f"the taxonomy does not allow {tier}"]
    notes += [f"change its {keys}, too"] if keys else []
    return "; ".join(notes) or None


def _missing(subject: Subject, route: Route) -> str:
    if failure_cost(subject, route) is None:
        return "no failure cost is set"
    if not failure_cost(subject, route):
        return "a failure costs nothing"
    if route.task not in subject.volumes:
        return "the scenario has no tasks of this type"
    if not subject.evidence_by_tier(route.task):
        return "there is no evidence"
    samples = [measured.sample for measured in subject.valid_tiers(route.task).values()]
    if any(sample.trials >= subject.limits.trials for sample in samples):
        return "no measured tier has a price and is good enough"
    return f"no tier has a price and current evidence of at least {subject.limits.trials} trials"


def _more_trials(pair: Sequence[Option], limits: Limits) -> int | None:
    """Return how many more trials each of two tiers (low, high) needs to show non-inferiority."""
    low, high = (option.sample for option in pair)
    margin, confidence = float(limits.margin), float(limits.confidence)
    if is_non_inferior(low, high, margin, confidence):
        return 0
    needed = trials_for_non_inferiority(low.rate, high.rate, margin, confidence, float(limits.power))
    return None if needed is None else max(1, needed - min(low.trials, high.trials))
