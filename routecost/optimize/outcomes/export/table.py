"""A routing table learned from outcomes by category, with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from routecost.errors import UsageError
from routecost.model.outcomes.policies import CategoryRouting
from routecost.model.routing.table import Taxonomy
from routecost.optimize.outcomes.category_routing import fit_category_routing
from routecost.optimize.outcomes.data import Outcomes, Split
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.learn.choice import Candidate, choose, least_quality, pareto
from routecost.optimize.outcomes.learn.learned import Learned
from routecost.problems import did_you_mean

_NEVER = 1e6
"""By this factor of the greatest cost, a model that is not allowed costs more than any other."""


def table_data(
    learned: Learned, taxonomy: Taxonomy, tiers: Mapping[str, str], evaluated: date
) -> dict[str, Any]:
    """Return the best routing table by category within what a taxonomy allows.

    It is chosen on train as other policies are; the evidence of its rows is that of the held-out queries.
    ``tiers`` has the tier of a model that is not named as its tier. Raises UsageError if categories are
    unknown, or the taxonomy does not have them or allows no model for them.
    """
    outcomes = learned.outcomes
    by_model = {model: tiers.get(model, model) for model in outcomes.models}
    _refuse(outcomes, taxonomy, by_model)
    routes = _routes(learned, taxonomy, by_model)
    test = outcomes.part(Split.TEST)
    others = {
        kind.name: min(kind.tiers, key=taxonomy.tiers.index)
        for kind in taxonomy.task_types.values()
        if kind.name not in routes
    }
    rest = "; task types without outcomes go to the lowest tier allowed" if others else ""
    return {
        "version": "1",
        "description": f"learned from outcomes; evidence of {len(test)} held-out queries{rest}",
        "taxonomy": taxonomy.name,
        "escalation": list(taxonomy.tiers),
        "routes": [
            *(
                _row(task, by_model[model], taxonomy) | _evidence(task, model, test, evaluated)
                for task, model in routes.items()
            ),
            *(_row(task, tier, taxonomy) for task, tier in others.items()),
        ],
    }


def _refuse(outcomes: Outcomes, taxonomy: Taxonomy, tiers: Mapping[str, str]) -> None:
    if outcomes.categories is None:
        raise UsageError("a routing table needs the category of each query; the outcomes have none")
    for category in sorted(set(outcomes.categories)):
        kind = taxonomy.task_types.get(category)
        if kind is None:
            hint = did_you_mean(category, taxonomy.task_types)
            raise UsageError(f'the category "{category}" is no task type of taxonomy "{taxonomy.name}"{hint}')
        if not set(kind.tiers) & set(tiers.values()):
            raise UsageError(
                f'the taxonomy allows {", ".join(kind.tiers)} for "{category}", and no model of the outcomes '
                "is one of these tiers; --pricing names the tiers of models"
            )


def _routes(learned: Learned, taxonomy: Taxonomy, tiers: Mapping[str, str]) -> dict[str, str]:
    """Return the model of each category."""
    train = learned.outcomes.part(Split.TRAIN)
    names = sorted(set(learned.outcomes.categories or ()))
    best = max(learned.models, key=lambda model: (model.quality, -model.cost))
    ceiling = Candidate(best.name, "single", best.policy, best.cost, best.quality)
    floor = least_quality(learned.options, ceiling)
    candidates = []
    for policy in fit_category_routing(
        _allowed(train, taxonomy, tiers), budget=learned.options.budget, min_quality=floor
    ):
        whole = CategoryRouting(
            {name: {_most(policy.routes.get(name, policy.default)): 1.0} for name in names}, policy.default
        )
        run = execute(whole, train)
        if all(tiers[model] in taxonomy.task_types[name].tiers for name, (model,) in whole.routes.items()):
            candidates.append(Candidate("table", "category", whole, run.cost_per_query, run.quality))
    chosen, _ = choose(pareto(candidates), learned.options, None, ceiling, None)
    assert isinstance(chosen.policy, CategoryRouting)
    return {name: model for name, (model,) in chosen.policy.routes.items()}


def _most(shares: Mapping[str, float]) -> str:
    return max(shares, key=lambda model: shares[model])


def _allowed(train: Outcomes, taxonomy: Taxonomy, tiers: Mapping[str, str]) -> Outcomes:
    """Return outcomes in which models that are not allowed for a category are of no use."""
    forbidden = np.array(
        [
            [tiers[model] not in taxonomy.task_types[category].tiers for model in train.models]
            for category in train.categories or ()
        ]
    )
    never = _NEVER * (float(train.cost.max()) or 1.0)
    return replace(
        train, score=np.where(forbidden, 0.0, train.score), cost=np.where(forbidden, never, train.cost)
    )


def _evidence(task: str, model: str, test: Outcomes, evaluated: date) -> dict[str, Any]:
    scores = test.score[np.array(test.categories) == task, test.models.index(model)]
    if not len(scores):
        return {}
    counts = {"successes": str(int(np.floor(scores.sum() + 1e-9))), "trials": str(len(scores))}
    return {"evidence": {**counts, "evaluated": evaluated.isoformat(), "model": model}}


def _row(task: str, tier: str, taxonomy: Taxonomy) -> dict[str, Any]:
    confidence = {} if tier == taxonomy.tiers[-1] else {"confidence": "required"}
    return {"task": task, "tier": tier, **confidence}
