"""RT203 risk-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import percent
from routecost.lint.facts.expected_cost import Option, cheapest, money
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.lint.tier_options import admission, options
from routecost.model.routing.table import Route
from routecost.problems import Severity


@rule("RT203", "risk-mismatch", Severity.WARNING, needs_prices=True, needs_scenario=True)
def check(subject: Subject) -> Iterator[Hit]:
    """At another tier a task costs less, once its failures are paid for.

    Compared are the tiers with a price and enough evidence that still stands (RT401, RT402), for tasks
    that cost something when they fail (``failure_cost``). It is said only where it is likely enough,
    given how much was measured.

    Why:
        The model is the small part of the bill: what counts is the model plus the share of failures
        times what one costs. Where a wrong answer is dear, the larger model is the cheaper one, and
        where it is not, the smaller. (Article, "Task Taxonomy for Routing Decisions", on tier 3: the
        routing decision is a calculation of risk.)

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
        yield Hit(_message(subject, route, own, best), ("routes", route.index, "tier"))


def _mismatches(subject: Subject) -> Iterator[tuple[Route, Option, Option]]:
    for route, _ in subject.placed():
        found = {option.tier: option for option in options(subject, route)}
        if route.tier not in found:
            continue
        own, best = found[route.tier], cheapest(list(found.values()))
        sure = best.total < own.total and best.chance_cheaper_than(own) >= subject.limits.certainty
        if sure:
            yield route, own, best


def _message(subject: Subject, route: Route, own: Option, best: Option) -> str:
    currency = subject.sheet.currency if subject.sheet else ""
    costs = [_cost(option, currency) for option in (own, best)]
    turn = own.break_even_with(best)
    dear = max(own, best, key=lambda option: option.model_cost).tier
    pays = "never pays" if turn is None else f"pays above {money(turn, currency)} per failure"
    chance = best.chance_cheaper_than(own)
    sure = "over 99.9%" if chance > 0.999 else percent(chance)
    admitted = admission(subject, route, best.tier)
    return f'"{route.task}" costs {costs[0]}, but {costs[1]} ({sure} sure); "{dear}" {pays}{admitted}'


def _cost(option: Option, currency: str) -> str:
    failures = percent(option.sample.failures.rate)
    costs = (option.total, option.model_cost, option.failure_cost)
    total, model, each = (money(amount, currency) for amount in costs)
    return f'{total} on "{option.tier}" ({model} and {failures} failures at {each})'
