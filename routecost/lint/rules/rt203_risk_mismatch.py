"""RT203 risk-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import as_percent
from routecost.lint.facts.expected_cost import Option, cheapest, money
from routecost.lint.hit import Hit
from routecost.lint.placement import admission_note, is_agreed, options
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route
from routecost.problems import Severity


@rule("RT203", "risk-mismatch", Severity.WARNING, needs_prices=True, needs_scenario=True)
def check(subject: Subject) -> Iterator[Hit]:
    """Another tier has a lower expected cost per task, including failures.

    Compares the tiers with a price and enough current evidence (RT401, RT402), for task types with
    a ``failure_cost`` above 0. Reported only when the evidence makes it likely (see ``certainty``). Tiers
    that RT205, RT206, RT307, RT404 or RT407 would report are not proposed.

    Why:
        The model is the small part of the cost: the expected cost is the model cost plus the failure
        rate times the failure cost. If a wrong answer is expensive, the larger model costs less; if
        it is not, the smaller one does. (Article, "Task Taxonomy for Routing Decisions", on tier 3:
        the routing decision is a calculation of risk.)

    Example with --pricing dated --scenario steps --evidence on-opus:
        - task: draft
          tier: sonnet
          failure_cost: 50
          evidence: {successes: 232, trials: 250, evaluated: 2026-11-01}

    Use instead with --pricing dated --scenario steps --evidence on-opus:
        - task: draft
          tier: sonnet
          failure_cost: 0.01
          evidence: {successes: 232, trials: 250, evaluated: 2026-11-01}
    """
    for route, own, best in _mismatches(subject):
        message = _message(subject, route, own, best)
        yield Hit(message, ("routes", route.index, "tier"), move_to=best.tier)


def _mismatches(subject: Subject) -> Iterator[tuple[Route, Option, Option]]:
    for route, _ in subject.known_routes():
        by_tier = {option.tier: option for option in options(subject, route)}
        if route.tier not in by_tier:
            continue
        own, best = by_tier[route.tier], cheapest(list(by_tier.values()))
        is_likely = best.chance_cheaper_than(own) >= subject.limits.certainty
        if best.total < own.total and is_likely and is_agreed(subject, route, best.tier):
            yield route, own, best


def _message(subject: Subject, route: Route, own: Option, best: Option) -> str:
    currency = subject.sheet.currency if subject.sheet else ""
    costs = [_cost(option, currency) for option in (own, best)]
    break_even = own.break_even_with(best)
    higher = max(own, best, key=lambda option: option.model_cost).tier
    pays = "never pays off"
    if break_even is not None:
        pays = f"pays off above {money(break_even, currency)} per failure"
    chance = best.chance_cheaper_than(own)
    certainty = "over 99.9%" if chance > 0.999 else as_percent(chance)
    note = admission_note(subject, route, best.tier)
    return f'"{route.task}" costs {costs[0]}, but {costs[1]} ({certainty} certain); "{higher}" {pays}{note}'


def _cost(option: Option, currency: str) -> str:
    failures = as_percent(option.sample.failures.rate)
    costs = (option.total, option.model_cost, option.failure_cost)
    total, model, failure = (money(amount, currency) for amount in costs)
    return f'{total} on "{option.tier}" ({model} and {failures} failures at {failure})'
