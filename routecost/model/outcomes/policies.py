"""Policies as data: what is exported to a policy file, and what runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from routecost.records import dataclass

Shares: TypeAlias = Mapping[str, float]
"""The share of the queries that each model answers; they sum to 1."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression from the confidence of a model to the probability that its answer is right.

    ``transform`` is applied to the raw confidence first: ``identity``; ``one-sided``, -log(1 - p) of a log
    probability log(p); ``two-sided``, -log(2(1 - p)) from p = 0.5 and log(2p) below (Zellinger and Thomson
    2025).
    Transformed values are limited to ``low`` and ``high``, the range of the training data.
    """

    transform: str
    intercept: float
    slope: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mixture:
    """Each query goes to a model at random, by these shares: a single model, or two."""

    shares: Shares


@dataclass(frozen=True, slots=True)
class CategoryRouting:
    """Each query goes to a model by its category; one that is not in ``routes`` goes to ``default``."""

    routes: Mapping[str, Shares]
    default: Shares


@dataclass(frozen=True, slots=True)
class Clusters:
    """Groups of queries with similar ``features``, by name: each query belongs to the nearest center.

    Distance is Euclidean, after subtracting ``means`` from the features and dividing by ``deviations``.
    """

    features: tuple[str, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    centers: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class SystemRouting:
    """A controller chooses a system of agents for each query, by category or cluster (MasRouter, ACL 2025).

    A system is what the outcomes have as a model, such as ``debate/sonnet``. ``controller`` is the cost of
    the choice, in currency per query. With ``clusters``, ``routes`` are by cluster; else a query whose
    category is not in ``routes`` goes to ``default``.
    """

    routes: Mapping[str, Shares]
    default: Shares
    controller: float = 0.0
    clusters: Clusters | None = None


@dataclass(frozen=True, slots=True)
class Estimator:
    """Logistic regression from features of a query to the probability that a model's answer is right.

    ``weights`` are those of the numeric features, after subtracting ``means`` and dividing by
    ``deviations``; ``categories`` are added for the query's category (0 for one that is not there).
    """

    intercept: float
    weights: Mapping[str, float]
    means: Mapping[str, float]
    deviations: Mapping[str, float]
    categories: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class EstimatedRouting:
    """Each query goes to the model with the greatest estimated quality - ``price`` x mean cost.

    ``price`` (lambda) is the price of the budget: quality per unit of currency. Of the two best policies at
    that price, the cheaper takes ``share`` of the queries at random: ties go to the cheaper model there, to
    the better model elsewhere (arXiv:2410.10347).
    """

    estimators: Mapping[str, Estimator]
    costs: Mapping[str, float]
    price: float
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class ThresholdCascade:
    """Run the models of ``chain`` in order; stop at the first whose probability is at least its threshold.

    ``thresholds`` has one per model but the last; ``calibrations`` has one per such model, or None if the
    raw confidence is compared.
    """

    chain: tuple[str, ...]
    thresholds: tuple[float, ...]
    calibrations: tuple[Calibration | None, ...]


@dataclass(frozen=True, slots=True)
class CascadeRouting:
    """After each call, run the set of models that is best to add, or stop (arXiv:2410.10347).

    Before its call, the quality of a model is its estimate; after it, the probability from its confidence.
    The value of a set of models is the expected maximum of their qualities - ``price`` x their mean costs;
    ``independence`` says how far answers are right independently of each other. ``carry`` says, per model,
    how far what calls of others revealed changes its estimate. Their formulas are those of
    ``optimize/outcomes/cascade_routing.py``.
    """

    estimators: Mapping[str, Estimator]
    calibrations: Mapping[str, Calibration]
    costs: Mapping[str, float]
    price: float
    most_calls: int
    carry: Mapping[str, float] = field(default_factory=dict)
    independence: float = 0.0


Policy: TypeAlias = (
    Mixture | CategoryRouting | SystemRouting | EstimatedRouting | ThresholdCascade | CascadeRouting
)
