"""Execution of policies on outcomes, query by query: every reported cost and quality comes from here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

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
from routecost.optimize.outcomes.calibration import confidence_of, probability
from routecost.optimize.outcomes.cascade_routing import decide
from routecost.optimize.outcomes.clusters import members
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.optimize.outcomes.estimated_routing import shares as estimated_shares
from routecost.optimize.outcomes.statistics.bounded import ends
from routecost.records import dataclass

WIDTH = 1.959963984540054
"""The standard errors on either side of a 95% interval of the normal distribution."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Result:
    """The ``score`` and ``cost`` of a policy by query."""

    score: Floats
    cost: Floats

    @property
    def quality(self) -> float:
        """The mean score."""
        return mean(self.score)

    @property
    def cost_per_query(self) -> float:
        """The mean cost."""
        return mean(self.cost)

    @property
    def quality_ends(self) -> tuple[float, float]:
        """The 95% interval of the quality."""
        middle, error = mean(self.score), min(1.0, WIDTH * standard_error(self.score))
        return ends(self.score, middle, (middle - error, middle + error))


def standard_error(values: Floats) -> float:
    """Return the standard error of the mean; infinite for one value."""
    return float(values.std(ddof=1) / len(values) ** 0.5) if len(values) > 1 else inf


def mean(values: Floats) -> float:
    """Return the mean; that of equal values is exactly that value."""
    return float(values[0] + (values - values[0]).mean())


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Execution(Result):
    """The outcome of a policy by query, with ``calls`` (queries x models).

    What is chosen at random counts by its share, so that each value is an expectation.
    ``answered`` (queries x models) is the share that each model's answer is the final one.
    """

    calls: Floats
    answered: Floats


def results(policies: Iterable[Policy], outcomes: Outcomes) -> Iterator[Result]:
    """Run policies in turn; each result has a number per query only, so that many fit in memory."""
    known: dict[object, tuple[object, Any]] = {}
    for policy in policies:
        run = execute(policy, outcomes, known)
        yield Result(run.score, run.cost)


def execute(
    policy: Policy, outcomes: Outcomes, known: dict[object, tuple[object, Any]] | None = None
) -> Execution:
    """Run a policy on the outcomes of its models.

    ``known`` keeps estimates and probabilities on these outcomes for policies with the same estimators and
    calibrations. Raises
    ValueError for a model that the outcomes lack, and for a confidence that is not known.
    """
    match policy:
        case Mixture(shares):
            answered = np.tile(_row(shares, outcomes), (len(outcomes), 1))
            return _single(answered, outcomes)
        case CategoryRouting(routes, default):
            return _by_category(outcomes.categories, routes, default, outcomes)
        case SystemRouting(routes, default, controller, clusters):
            names = outcomes.categories if clusters is None else members(clusters, outcomes)
            run = _by_category(names, routes, default, outcomes)
            return Execution(run.score, run.cost + controller, run.calls, run.answered)
        case EstimatedRouting():
            return _single(estimated_shares(policy, outcomes, known), outcomes)
        case ThresholdCascade():
            return _paid(*_cascade(policy, outcomes, {} if known is None else known), outcomes)
        case CascadeRouting():
            return _paid(*decide(policy, outcomes, {} if known is None else known), outcomes)


def _by_category(
    categories: Sequence[str] | None, routes: Mapping[str, Shares], default: Shares, outcomes: Outcomes
) -> Execution:
    rows = np.array([_row(shares, outcomes) for shares in (*routes.values(), default)])
    place = {category: at for at, category in enumerate(routes)}
    names = categories or ("",) * len(outcomes)
    return _single(rows[[place.get(name, len(routes)) for name in names]], outcomes)


def _row(shares: Mapping[str, float], outcomes: Outcomes) -> Floats:
    row = np.zeros(len(outcomes.models))
    for model, share in shares.items():
        row[outcomes.models.index(model)] = share
    return row


def _single(answered: Floats, outcomes: Outcomes) -> Execution:
    """Return the execution of policies that run one model for each query."""
    return _paid(answered, answered, outcomes)


def _paid(calls: Floats, answered: Floats, outcomes: Outcomes) -> Execution:
    score = np.einsum("ij,ij->i", answered, outcomes.score)
    cost = np.einsum("ij,ij->i", calls, outcomes.cost)
    return Execution(score, cost, calls, answered)


def _cascade(
    policy: ThresholdCascade, outcomes: Outcomes, known: dict[object, tuple[object, Any]]
) -> tuple[Floats, Floats]:
    """Return the calls and the final answers (queries x models, 0 or 1)."""
    calls, answered = np.zeros((2, len(outcomes), len(outcomes.models)))
    running = np.ones(len(outcomes), dtype=bool)
    steps = zip(policy.chain, (*policy.thresholds, -np.inf), (*policy.calibrations, None), strict=True)
    for model, threshold, calibration in steps:
        at = outcomes.models.index(model)
        calls[running, at] = 1
        stops = running.copy()
        if threshold != -np.inf:
            if (key := (id(calibration), at)) not in known:
                known[key] = calibration, probability(calibration, confidence_of(outcomes, model))
            chance = known[key][1]
            if np.isnan(chance[running]).any():
                raise ValueError(f"the confidence of {model} is not known for every query that reaches it")
            stops &= chance >= threshold
        answered[stops, at] = 1
        running &= ~stops
    return calls, answered
