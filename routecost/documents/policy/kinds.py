"""The kinds of policies, as documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import (
    Amount,
    Context,
    Count,
    Leaf,
    Name,
    Share,
    read_text,
    reads_number,
)
from routecost.documents.core.scalars import fault as invalid
from routecost.model.outcomes.policies import (
    Calibration,
    CascadeRouting,
    CategoryRouting,
    Clusters,
    EstimatedRouting,
    Estimator,
    Mixture,
    SystemRouting,
    ThresholdCascade,
)
from routecost.problems import KeyPath, did_you_mean

TRANSFORMS = ("identity", "one-sided", "two-sided")

Real = Annotated[Decimal, reads_number("a number")]
Reals = dict[Name, Real]
Shares = dict[Name, Share]

_ROUNDING = Decimal("1e-9")
"""The most by which shares, which are binary fractions, may differ from 1 in sum."""


def _read_transform(value: Any, _: Context) -> str:
    text = read_text(value)
    if text not in TRANSFORMS:
        raise invalid(f'unknown transform "{text}"{did_you_mean(text, TRANSFORMS)}')
    return text


def _floats(numbers: Mapping[str, Decimal]) -> dict[str, float]:
    return {name: float(number) for name, number in numbers.items()}


def _share_faults(shares: Mapping[str, Decimal], path: KeyPath) -> Iterator[Fault]:
    total = sum(shares.values(), Decimal(0))
    if abs(total - 1) > _ROUNDING:
        yield Fault(f"the shares sum to {total.normalize():f}; expected 1", path)


@document
class CalibrationDocument:
    """The logistic regression from a model's confidence to the probability that it is right."""

    transform: Annotated[str, Leaf(_read_transform, {"enum": list(TRANSFORMS)})]
    intercept: Real
    slope: Real
    low: Real
    high: Real

    def build(self) -> Calibration:
        """Return the calibration."""
        numbers = (self.intercept, self.slope, self.low, self.high)
        return Calibration(self.transform, *map(float, numbers))


@document
class EstimatorDocument:
    """The logistic regression from the features of a query to the probability that a model is right."""

    intercept: Real
    weights: Reals = field(default_factory=dict)
    means: Reals = field(default_factory=dict)
    deviations: Reals = field(default_factory=dict)
    categories: Reals = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Look for features that are not standardized, or whose deviation is 0."""
        for name in self.weights:
            if name not in self.means:
                yield Fault(f'no mean is given for "{name}"', ("means",))
            if not self.deviations.get(name):
                yield Fault(f'no deviation above 0 is given for "{name}"', ("deviations",))

    def build(self) -> Estimator:
        """Return the estimator."""
        numbers = (self.weights, self.means, self.deviations, self.categories)
        return Estimator(float(self.intercept), *map(_floats, numbers))


Calibrations = dict[Name, CalibrationDocument]
Estimators = dict[Name, Annotated[EstimatorDocument, Checked()]]


@document
class MixtureDocument:
    """Each query goes to a model at random, by these shares."""

    shares: Shares

    def faults(self) -> Iterator[Fault]:
        """Look for shares that do not sum to 1."""
        yield from _share_faults(self.shares, ("shares",))

    def build(self) -> Mixture:
        """Return the policy."""
        return Mixture(_floats(self.shares))


@document
class CategoryRoutingDocument:
    """Each query goes to a model by its category."""

    routes: dict[Name, Shares]
    default: Shares

    def faults(self) -> Iterator[Fault]:
        """Look for shares that do not sum to 1."""
        yield from _share_faults(self.default, ("default",))
        for category, shares in self.routes.items():
            yield from _share_faults(shares, ("routes", category))

    def build(self) -> CategoryRouting:
        """Return the policy."""
        routes = {category: _floats(shares) for category, shares in self.routes.items()}
        return CategoryRouting(routes, _floats(self.default))


@document
class ClustersDocument:
    """Clusters of queries: the center nearest to the standardized features of a query."""

    features: tuple[Name, ...]
    means: tuple[Real, ...]
    deviations: tuple[Real, ...]
    centers: dict[Name, tuple[Real, ...]]

    def faults(self) -> Iterator[Fault]:
        """Look for lists of another length than the features, and for deviations of 0."""
        lists: dict[KeyPath, tuple[Decimal, ...]] = {("means",): self.means, ("deviations",): self.deviations}
        lists |= {("centers", name): center for name, center in self.centers.items()}
        for path, numbers in lists.items():
            if len(numbers) != len(self.features):
                yield Fault(f"{len(numbers)} numbers; expected one for each of {len(self.features)}", path)
        if not all(self.deviations):
            yield Fault("a deviation is 0; expected numbers above 0", ("deviations",))

    def build(self) -> Clusters:
        """Return the clusters."""
        means, deviations = (tuple(map(float, numbers)) for numbers in (self.means, self.deviations))
        centers = {name: tuple(map(float, center)) for name, center in self.centers.items()}
        return Clusters(self.features, means, deviations, centers)


@document
class SystemRoutingDocument(CategoryRoutingDocument):
    """Each query goes to a system of agents by its category or cluster."""

    controller: Amount = Decimal(0)
    clusters: Annotated[ClustersDocument, Checked()] | None = None

    def build(self) -> SystemRouting:  # type: ignore[override]
        """Return the policy."""
        table = super().build()
        clusters = None if self.clusters is None else self.clusters.build()
        return SystemRouting(table.routes, table.default, float(self.controller), clusters)


@document
class EstimatedRoutingDocument:
    """Each query goes to the model with the greatest estimated quality less the price of its cost."""

    estimators: Estimators
    costs: Reals
    price: Real
    share: Share = Decimal(1)

    def faults(self) -> Iterator[Fault]:
        """Look for models without a cost."""
        yield from _cost_faults(self.estimators, self.costs)

    def build(self) -> EstimatedRouting:
        """Return the policy."""
        return EstimatedRouting(
            _built(self.estimators), _floats(self.costs), float(self.price), float(self.share)
        )


@document
class CascadeDocument:
    """Models in order, each but the last with a threshold for its confidence."""

    chain: tuple[Name, ...]
    thresholds: tuple[Real, ...]
    calibrations: Calibrations = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Look for missing thresholds, repeated models, and calibrations of others."""
        if not self.chain:
            yield Fault("no models are given; expected at least one", ("chain",))
        elif len(self.thresholds) != len(self.chain) - 1:
            message = (
                f"{len(self.thresholds)} thresholds; expected {len(self.chain) - 1}: all but the last model "
                "have one"
            )
            yield Fault(message, ("thresholds",))
        for at, model in enumerate(self.chain):
            if model in self.chain[:at]:
                yield Fault(f'"{model}" is listed twice', ("chain", at))
        for model in self.calibrations:
            if model not in self.chain[:-1]:
                message = f'"{model}" is not a model of the chain before its last'
                yield Fault(message, ("calibrations", model), on_key=True)

    def build(self) -> ThresholdCascade:
        """Return the policy."""
        known = _built(self.calibrations)
        calibrations = tuple(known.get(model) for model in self.chain[:-1])
        return ThresholdCascade(self.chain, tuple(map(float, self.thresholds)), calibrations)


@document
class CascadeRoutingDocument:
    """After each call, the set of models that is best to add, or the end."""

    estimators: Estimators
    calibrations: Calibrations
    costs: Reals
    price: Real
    most_calls: Count
    carry: Reals = field(default_factory=dict)
    independence: Share = Decimal(0)

    def faults(self) -> Iterator[Fault]:
        """Look for models without a cost, and an invalid number of calls."""
        yield from _cost_faults(self.estimators, self.costs)
        if self.most_calls != int(self.most_calls) or not self.most_calls:
            yield Fault(f'"{self.most_calls}" calls; expected a whole number of at least 1', ("most_calls",))

    def build(self) -> CascadeRouting:
        """Return the policy."""
        parts = (_built(self.estimators), _built(self.calibrations), _floats(self.costs))
        carry, independence = _floats(self.carry), float(self.independence)
        return CascadeRouting(*parts, float(self.price), int(self.most_calls), carry, independence)


def _cost_faults(models: Mapping[str, Any], costs: Mapping[str, Any]) -> Iterator[Fault]:
    for model in models:
        if model not in costs:
            yield Fault(f'no cost is given for "{model}"', ("costs",))


def _built(documents: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part.build() for name, part in documents.items()}


KINDS = {
    "cascade": Annotated[CascadeDocument, Checked()],
    "cascade_routing": Annotated[CascadeRoutingDocument, Checked()],
    "category_routing": Annotated[CategoryRoutingDocument, Checked()],
    "estimated_routing": Annotated[EstimatedRoutingDocument, Checked()],
    "mixture": Annotated[MixtureDocument, Checked()],
    "system_routing": Annotated[SystemRoutingDocument, Checked()],
}
"""The key of each kind of policy, and its document type."""

CLASSES = {
    ThresholdCascade: "cascade",
    CascadeRouting: "cascade_routing",
    CategoryRouting: "category_routing",
    EstimatedRouting: "estimated_routing",
    Mixture: "mixture",
    SystemRouting: "system_routing",
}
"""The key of the kind of each class of policies."""
