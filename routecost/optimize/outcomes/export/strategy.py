"""A policy in the vocabulary of scenarios, with the shares that its execution measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routecost.model.outcomes.policies import (
    CascadeRouting,
    CategoryRouting,
    EstimatedRouting,
    Mixture,
    Policy,
    Shares,
    SystemRouting,
    ThresholdCascade,
)
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.export.measured import number, whole_shares

_EXACT = 0.01
"""The greatest relative difference between means that counts as none."""


def strategy_of(policy: Policy, outcomes: Outcomes, tiers: Mapping[str, str]) -> dict[str, Any] | None:
    """Return a policy as the data of a strategy; None if no strategy states it.

    ``tiers`` has the tier of a model, where it is not named as the model. Shares of accepted queries are
    those of its execution on ``outcomes``. Routing by estimated quality has none: shares of models would
    leave out that the queries of each model have tokens of their own.
    """
    match policy:
        case Mixture(shares):
            return _mix(shares, tiers)
        case CategoryRouting(routes, default):
            names = sorted({*routes, *(outcomes.categories or ())})
            return {"assign": {name: _mix(routes.get(name, default), tiers) for name in names}}
        case ThresholdCascade(chain):
            return _cascade(policy, outcomes, tiers) if len(chain) > 1 else _mix({chain[0]: 1.0}, tiers)
        case EstimatedRouting() | CascadeRouting() | SystemRouting():
            return None


def inexact(policy: Policy, outcomes: Outcomes) -> str | None:
    """Return how calls of a cascade differ from those of all queries, which its strategy does not state.

    None for other policies, and for differences of up to 1%. The greatest one is stated.
    """
    if not isinstance(policy, ThresholdCascade):
        return None
    calls = execute(policy, outcomes).calls
    gaps = [(0.0, "", "")]
    for model in policy.chain[1:]:
        at = outcomes.models.index(model)
        for name, values in {**outcomes.tokens, "cost": outcomes.cost}.items():
            every, called = values[:, at].mean(), float(calls[:, at].sum())
            if called and every:
                gap = float(calls[:, at] @ values[:, at]) / called / float(every) - 1
                gaps.append((gap, model, "cost" if name == "cost" else f"{name} tokens"))
    gap, model, name = max(gaps, key=lambda entry: abs(entry[0]))
    if abs(gap) <= _EXACT:
        return None
    side = "more" if gap > 0 else "less"
    return f"the calls of {model} have {abs(gap):.2%} {side} {name} than if all queries reached it"


def _mix(shares: Shares, tiers: Mapping[str, str]) -> dict[str, Any]:
    by_tier: dict[str, float] = {}
    for model, share in shares.items():
        tier = tiers.get(model, model)
        by_tier[tier] = by_tier.get(tier, 0.0) + share
    texts = whole_shares(by_tier)
    return {"tier": next(iter(texts))} if len(texts) == 1 else {"mix": texts}


def _cascade(policy: ThresholdCascade, outcomes: Outcomes, tiers: Mapping[str, str]) -> dict[str, Any]:
    run = execute(policy, outcomes)
    accept = {}
    for model in policy.chain[:-1]:
        at = outcomes.models.index(model)
        called = float(run.calls[:, at].sum())
        accept[tiers.get(model, model)] = number(float(run.answered[:, at].sum()) / called if called else 0.0)
    return {"cascade": [tiers.get(model, model) for model in policy.chain], "accept": accept}
