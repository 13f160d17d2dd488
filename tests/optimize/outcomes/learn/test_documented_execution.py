"""The formulas of docs/outcomes.md ("Run a policy file") execute a policy file as routecost does."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from math import exp, log, prod
from typing import Any

import numpy as np
import pytest

from routecost.documents.policy.text import policy_json
from routecost.model.outcomes.policies import CascadeRouting, EstimatedRouting
from routecost.model.outcomes.promises import Estimate, LearnedPolicy, Promises
from routecost.optimize.outcomes.cascade_routing import fit_cascade_routing
from routecost.optimize.outcomes.data import Outcomes, Split
from routecost.optimize.outcomes.estimated_routing import fit_estimated_routing
from routecost.optimize.outcomes.execute import execute
from tests.support.made_up_outcomes import made_up

OUTCOMES = made_up(400)
TRAIN = OUTCOMES.part(Split.TRAIN)
NEW = replace(
    OUTCOMES, categories=tuple(name.replace("extraction", "new") for name in OUTCOMES.categories or ())
)


def sigmoid(value: float) -> float:
    return 1 / (1 + exp(-value))


def logit(chance: float) -> float:
    within = min(max(chance, 0.0001), 0.9999)
    return log(within / (1 - within))


def as_json(policy: CascadeRouting | EstimatedRouting) -> Any:
    some = Estimate(0.5, 0.4, 0.6)
    text = policy_json(LearnedPolicy(policy, Promises(1, some, some), "USD", "evals.csv"))
    (data,) = json.loads(text)["policy"].values()
    return data


def estimate(data: Any, features: dict[str, float], category: str) -> float:
    return sigmoid(
        data["intercept"]
        + sum(
            weight * (features[name] - data["means"][name]) / data["deviations"][name]
            for name, weight in data.get("weights", {}).items()
        )
        + data.get("categories", {}).get(category, 0)
    )


def calibrated(data: Any, confidence: float) -> float:
    if data["transform"] == "identity":
        value = confidence
    elif data["transform"] == "one-sided":
        value = -log(1 - exp(confidence))
    else:
        p = exp(confidence)
        value = -log(2 * (1 - p)) if p >= 0.5 else log(2 * p)
    return sigmoid(data["intercept"] + data["slope"] * min(max(value, data["low"]), data["high"]))


def route(data: Any, e: dict[str, float], confidence: dict[str, float]) -> tuple[set[str], str]:
    """Run cascade routing on one query; returns the models that ran, and the one that answers."""
    costs, i = data["costs"], data.get("independence", 0)
    c = {
        m: calibrated(data["calibrations"][m], confidence[m]) if m in data["calibrations"] else e[m]
        for m in e
    }
    cheap = sorted(costs, key=lambda m: costs[m])
    run: list[str] = []
    while len(run) < data["most_calls"]:
        known = max((c[m] for m in run), default=0.0)
        s = sum(logit(c[m]) - logit(e[m]) for m in run) / max(len(run), 1)
        others = [m for m in cheap if m not in run]
        q = {m: sigmoid(logit(e[m]) + data["carry"].get(m, 0) * s) if run else e[m] for m in others}
        best, chosen = (known, None) if run else (-1e9, None)
        for size in range(1, data["most_calls"] - len(run) + 1):
            for added in combinations(others, size):
                g = max(known, *(q[m] for m in added))
                u = 1 - (1 - known) * prod(1 - q[m] for m in added)
                value = (1 - i) * g + i * u - data["price"] * sum(costs[m] for m in added)
                if value > best + 1e-12:
                    best, chosen = value, added[0]
        if chosen is None:
            break
        run.append(chosen)
    return set(run), max((m for m in cheap if m in run), key=lambda m: c[m])


def queries(data: Any, outcomes: Outcomes) -> list[tuple[dict[str, float], dict[str, float]]]:
    """Return the estimates and the confidences of each query."""
    assert outcomes.categories is not None
    assert outcomes.confidence is not None
    found = []
    for row, category in enumerate(outcomes.categories):
        features = {name: float(values[row]) for name, values in outcomes.features.items()}
        e = {m: estimate(part, features, category) for m, part in data["estimators"].items()}
        found.append((e, dict(zip(outcomes.models, outcomes.confidence[row].tolist(), strict=True))))
    return found


@pytest.mark.parametrize("transform", ["identity", "one-sided", "two-sided"])
@pytest.mark.parametrize("independence", [0.0, 0.7])
def test_cascade_routing(transform: str, independence: float) -> None:
    assert NEW.confidence is not None
    confidence = NEW.confidence if transform == "identity" else np.log(NEW.confidence)
    new = replace(NEW, confidence=confidence)
    train = replace(OUTCOMES, confidence=confidence).part(Split.TRAIN)
    policies = fit_cascade_routing(train, transform=transform, independence=independence, most=12)
    runs = [execute(policy, new) for policy in policies]
    most = max(range(len(runs)), key=lambda at: runs[at].calls.sum())
    data, run = as_json(policies[most]), runs[most]
    for row, (e, given) in enumerate(queries(data, new)):
        called, answered = route(data, e, given)
        assert called == {m for at, m in enumerate(new.models) if run.calls[row, at]}
        assert answered == new.models[int(run.answered[row].argmax())]
    assert 1 < run.calls.sum(axis=1).mean() < 3


def test_estimated_routing() -> None:
    policies = fit_estimated_routing(TRAIN)
    policy = policies[len(policies) // 2]
    data, answered = as_json(policy), execute(policy, NEW).answered
    for row, (e, _) in enumerate(queries(data, NEW)):
        best = max(e, key=lambda m: e[m] - data["price"] * data["costs"][m])
        assert answered[row, NEW.models.index(best)] == 1
    assert len({*answered.argmax(axis=1).tolist()}) > 1
