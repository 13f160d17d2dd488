"""A scenario with the success rates, tokens and escalation that outcomes measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from routecost.errors import UsageError
from routecost.model.outcomes.policies import (
    CascadeRouting,
    CategoryRouting,
    Policy,
    SystemRouting,
    ThresholdCascade,
)
from routecost.optimize.outcomes.calibration import probability
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.export.measured import mean_tokens, number, ratio
from routecost.records import dataclass

LEARNED = "learned"
"""The name of the policy among the strategies of the scenario."""

QUERIES = "queries"
"""The name of the task type of queries that are not told apart."""

_TASKS_PER_DAY = 1000
_METERS = ("input", "output")


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A task type: the queries, by weight, that a policy sends to ``model``."""

    task: str
    model: str
    weights: Floats


def scenario_data(
    policy: Policy,
    outcomes: Outcomes,
    reference: str,
    tiers: Mapping[str, str],
    *,
    pricing: str,
    as_of: date,
) -> dict[str, Any]:
    """Return a scenario in which the policy and all single models cost and succeed as they did on outcomes.

    ``tiers`` has the tier of each model. The task types of a routing policy are the queries of each of its
    routes, since these differ in tokens and success. Raises UsageError if tokens are unknown, a model has no
    tier, or no strategy states the policy.
    """
    why = obstacle(policy, outcomes, tiers)
    if why is not None:
        raise UsageError(why)
    routes = list(_routes(policy, outcomes))
    return {
        "version": "1",
        "description": f"measured on {len(outcomes)} held-out queries; the volume is a placeholder",
        "pricing": pricing,
        "as_of": as_of.isoformat(),
        "workload": {"task_types": {route.task: _task(route, outcomes, tiers) for route in routes}},
        "strategies": {
            **{f"all-{tiers[model]}": _single(model, routes, outcomes, tiers) for model in outcomes.models},
            LEARNED: _learned(policy, routes, outcomes, tiers),
        },
        "baseline": f"all-{tiers[reference]}",
        "default": f"all-{tiers[reference]}",
        "proposed": LEARNED,
    }


def obstacle(policy: Policy, outcomes: Outcomes, tiers: Mapping[str, str]) -> str | None:
    """Return why no scenario can state a policy with its tokens, and what is possible; None if one can."""
    if isinstance(policy, CascadeRouting):
        return (
            "no strategy of a scenario chooses the next model after each call, as cascade routing does; "
            "exclude it with --families"
        )
    if isinstance(policy, SystemRouting):
        return (
            "the calls of systems of agents are not in the outcomes; expected a policy of single models, by "
            "--families"
        )
    lacking = [meter for meter in _METERS if meter not in outcomes.tokens]
    if lacking:
        return (
            f"a scenario is priced from tokens, and the outcomes have no {lacking[0]} tokens; expected "
            "columns of input and output tokens, and --pricing"
        )
    others = [meter for meter in outcomes.tokens if meter not in _METERS and outcomes.tokens[meter].any()]
    if others:
        return f'the tokens of "{others[0]}" cannot be stated per strategy of a scenario'
    unknown = [model for model in outcomes.models if model not in tiers]
    if unknown:
        return f'the pricing sheet has no tier for the model "{unknown[0]}", by which a scenario names it'
    return None


def _routes(policy: Policy, outcomes: Outcomes) -> Iterator[Route]:
    """Yield the routes of a policy; a cascade has one, of all queries."""
    if isinstance(policy, ThresholdCascade):
        yield Route(QUERIES, policy.chain[0], np.ones(len(outcomes)))
        return
    answered = execute(policy, outcomes).answered
    names = np.array(outcomes.categories or ("",) * len(outcomes))
    by_category = isinstance(policy, CategoryRouting)
    for category in sorted(set(names.tolist())) if by_category else [QUERIES]:
        inside = names == category if by_category else np.ones(len(outcomes), dtype=bool)
        used = [at for at in range(len(outcomes.models)) if answered[inside, at].any()]
        for at in used:
            task = category if len(used) == 1 else f"{category} to {outcomes.models[at]}"
            yield Route(task, outcomes.models[at], answered[:, at] * inside)


def _task(route: Route, outcomes: Outcomes, tiers: Mapping[str, str]) -> dict[str, Any]:
    share = float(route.weights.sum()) / len(outcomes)
    rates = np.average(outcomes.score, axis=0, weights=route.weights)
    at = outcomes.models.index(route.model)
    return {
        "tasks_per_day": number(_TASKS_PER_DAY * share),
        "tokens": mean_tokens(outcomes.tokens, at, route.weights),
        "success": {
            tiers[model]: number(float(rate)) for model, rate in zip(outcomes.models, rates, strict=True)
        },
    }


def _single(model: str, routes: list[Route], outcomes: Outcomes, tiers: Mapping[str, str]) -> dict[str, Any]:
    """Return the strategy of one model, with its own tokens."""
    at = outcomes.models.index(model)
    entries = {
        route.task: {
            "cascade": [tiers[model]],
            "tokens": {tiers[model]: mean_tokens(outcomes.tokens, at, route.weights)},
        }
        for route in routes
    }
    return next(iter(entries.values())) if len(entries) == 1 else {"assign": entries}


def _learned(
    policy: Policy, routes: list[Route], outcomes: Outcomes, tiers: Mapping[str, str]
) -> dict[str, Any]:
    if isinstance(policy, ThresholdCascade):
        return _cascade(policy, outcomes, tiers)
    strategies: dict[str, Any] = {route.task: {"tier": tiers[route.model]} for route in routes}
    return next(iter(strategies.values())) if len(strategies) == 1 else {"assign": strategies}


def _cascade(policy: ThresholdCascade, outcomes: Outcomes, tiers: Mapping[str, str]) -> dict[str, Any]:
    """Return a cascade with measured detection, success after rejection, and tokens of each of its models."""
    running = np.ones(len(outcomes))
    detection, after, tokens = {}, {}, {}
    rejected = wrong = right = np.zeros(0)
    for step, model in enumerate(policy.chain):
        at = outcomes.models.index(model)
        score = outcomes.score[:, at]
        if not running.any():
            running = np.ones(len(outcomes))  # no query gets here; its figures do not count
        if step:
            after[tiers[model]] = {
                "when_wrong": number(ratio(wrong * score, wrong)),
                "when_right": number(ratio(right * score, right)),
            }
        tokens[tiers[model]] = mean_tokens(outcomes.tokens, at, running)
        if step == len(policy.chain) - 1:
            break
        rejected = running * _rejects(policy, step, outcomes)
        wrong, right = rejected * (1 - score), rejected * score
        detection[tiers[model]] = {
            "wrong_rejected": number(ratio(wrong, running * (1 - score))),
            "right_rejected": number(ratio(right, running * score)),
        }
        running = rejected
    data: dict[str, Any] = {"cascade": [tiers[model] for model in policy.chain]}
    parts = {"detection": detection, "success_after": after, "tokens": tokens}
    return data | {key: part for key, part in parts.items() if part}


def _rejects(policy: ThresholdCascade, step: int, outcomes: Outcomes) -> Floats:
    assert outcomes.confidence is not None  # else it could not be executed
    confidence = outcomes.confidence[:, outcomes.models.index(policy.chain[step])]
    chance = probability(policy.calibrations[step], confidence)
    return (chance < policy.thresholds[step]).astype(float)
