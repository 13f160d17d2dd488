"""A routing table learned from outcomes by category, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from routecost.errors import UsageError
from routecost.model.outcomes.policies import CategoryRouting
from routecost.model.routing.requirements import gap
from routecost.model.routing.table import Taxonomy
from routecost.optimize.outcomes.category_routing import fit_category_routing
from routecost.optimize.outcomes.data import Outcomes, Split
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.learn.choice import Candidate, choose, pareto
from routecost.optimize.outcomes.learn.fit import candidate_of, reported, risk_verdicts
from routecost.optimize.outcomes.learn.learned import Fitted, Learned
from routecost.optimize.outcomes.learn.optimism import optimism
from routecost.optimize.table_rows import lowest_tier, row
from routecost.problems import did_you_mean
from routecost.records import dataclass

_NEVER = 1e6
"""By this factor of the greatest cost, a model that is not allowed costs more than any other."""


@dataclass(frozen=True, slots=True, eq=False)
class LearnedTable:
    """The data of a routing table, and the policy that it states with its results.

    ``fell_back``: no table is known to keep the bound of risk, so that all go to the reference model.
    """

    data: dict[str, Any]
    policy: Fitted
    fell_back: bool


def learned_table(
    learned: Learned, taxonomy: Taxonomy, tiers: Mapping[str, str], evaluated: date
) -> LearnedTable:
    """Return the best routing table by category within what a taxonomy allows.

    It is chosen on train by the limits of other policies, and tested for the bound of risk as they are; the
    evidence of its rows is that of the held-out queries. ``tiers`` has the tier of a model that is not named
    as its tier. Raises UsageError if categories are unknown, the taxonomy does not have them or allows no
    model for them, or no table is within the limits.
    """
    outcomes = learned.outcomes
    by_model = {model: tiers.get(model, model) for model in outcomes.models}
    _refuse(outcomes, taxonomy, by_model)
    chosen, fell_back = _chosen(learned, taxonomy, by_model)
    assert isinstance(chosen.policy, CategoryRouting)
    routes = {name: model for name, (model,) in chosen.policy.routes.items()}
    test = outcomes.part(Split.TEST)
    others = {
        kind.name: lowest_tier(kind, taxonomy, ())
        for kind in taxonomy.task_types.values()
        if kind.name not in routes
    }
    gaps = {name: gap(kind, taxonomy.tiers) for name, kind in taxonomy.task_types.items()}
    rest = "; task types without outcomes go to the lowest tier allowed" if others else ""
    data = {
        "version": "1",
        "description": f"learned from outcomes; evidence of {len(test)} held-out queries{rest}",
        "taxonomy": taxonomy.name,
        "escalation": list(taxonomy.tiers),
        "routes": [
            *(
                row(task, by_model[model], taxonomy, gaps[task]) | _evidence(task, model, test, evaluated)
                for task, model in routes.items()
            ),
            *(row(task, tier, taxonomy, gaps[task]) for task, tier in others.items()),
        ],
    }
    return LearnedTable(data, chosen, fell_back)


def _refuse(outcomes: Outcomes, taxonomy: Taxonomy, tiers: Mapping[str, str]) -> None:
    if outcomes.categories is None:
        raise UsageError("a routing table needs the category of each query; the outcomes have none")
    for category in sorted(set(outcomes.categories)):
        kind = taxonomy.task_types.get(category)
        if kind is None:
            hint = did_you_mean(category, taxonomy.task_types)
            raise UsageError(f'the category "{category}" is no task type of taxonomy "{taxonomy.name}"{hint}')
        if kind.requires:
            raise UsageError(
                f'taxonomy "{taxonomy.name}" has requirements for "{category}", which a table learned from '
                "outcomes cannot check; expected a taxonomy without"
            )
        if not set(kind.tiers) & set(tiers.values()):
            raise UsageError(
                f'the taxonomy allows {", ".join(kind.tiers)} for "{category}", and no model of the outcomes '
                "is one of these tiers; --pricing names the tiers of models"
            )


def _chosen(learned: Learned, taxonomy: Taxonomy, tiers: Mapping[str, str]) -> tuple[Fitted, bool]:
    """Return the policy of the table with its results, and whether it is the fallback."""
    outcomes, options = learned.outcomes, learned.options
    candidates = [*_uniform(outcomes, taxonomy, tiers), *_fitted(learned, taxonomy, tiers)]
    reference = next((item for item in candidates if item.name == f"all to {learned.reference}"), None)
    offered = pareto(candidates, expected=True)
    rows = risk_verdicts(offered, outcomes, options, learned.reference)
    passing = None if rows is None else {key: row.passes for key, row in rows.items()}
    kind = f'routing table within taxonomy "{taxonomy.name}"'
    if rows is not None and reference is None and not any(row.passes for row in rows.values()):
        best = min(rows.values(), key=lambda row: row.p_value)
        raise UsageError(
            f"no {kind} is known to keep the bound of risk; the best, which falls short of "
            f"{learned.reference} by {best.shortfall:.6g} in calibration, has a p-value of {best.p_value:.3g}"
        )
    best_model = max(learned.models, key=lambda model: (model.quality, -model.cost))
    ceiling = Candidate(best_model.name, "single", best_model.policy, best_model.cost, best_model.quality)
    chosen, fell_back = choose(offered, options, passing, ceiling, reference, kind=kind)
    ((_, result),) = reported([chosen], outcomes.part(Split.TEST), options, passing)
    return result, fell_back


def _uniform(outcomes: Outcomes, taxonomy: Taxonomy, tiers: Mapping[str, str]) -> Iterator[Candidate]:
    """Yield the tables that send all to one model; nothing of them is fitted."""
    train, names = outcomes.part(Split.TRAIN), sorted(set(outcomes.categories or ()))
    for model in outcomes.models:
        if all(tiers[model] in taxonomy.task_types[name].tiers for name in names):
            policy = CategoryRouting({name: {model: 1.0} for name in names}, {model: 1.0})
            yield candidate_of(f"all to {model}", "category", policy, execute(policy, train))


def _fitted(learned: Learned, taxonomy: Taxonomy, tiers: Mapping[str, str]) -> Iterator[Candidate]:
    """Yield the tables on the frontier, with what their quality on train is too high by."""
    outcomes = learned.outcomes
    train, names = outcomes.part(Split.TRAIN), sorted(set(outcomes.categories or ()))
    allowed = _allowed(train, taxonomy, tiers)
    excess = optimism(allowed, replace(learned.options, families=("category",))).get("category", 0.0)
    options = learned.options
    floor = None if options.min_quality is None else options.min_quality + excess
    policies = fit_category_routing(allowed, budget=options.budget, min_quality=floor)
    for number, policy in enumerate(policies, 1):
        routes = {name: {_most(policy.routes.get(name, policy.default)): 1.0} for name in names}
        for name, (model,) in routes.items():
            permitted = taxonomy.task_types[name].tiers
            if tiers[model] not in permitted:  # a category without queries in train
                cheapest = (train.models[at] for at in train.by_cost if tiers[train.models[at]] in permitted)
                routes[name] = {next(cheapest): 1.0}
        whole = CategoryRouting(routes, policy.default)
        yield candidate_of(f"table {number}", "category", whole, execute(whole, train), excess)


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
