"""Sources of the variance of totals."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, reduce

from routecost.engine.uncertainty.linear_combination import LinearCombination, Shape
from routecost.engine.uncertainty.monthly_costs import Costs, costs
from routecost.engine.uncertainty.run_on_paths import Draws
from routecost.engine.uncertainty.sobol import Classes, shares
from routecost.model.results.outlook import INTERACTIONS, VarianceShare
from routecost.model.scenario.distributions import as_decimal
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.uncertain_field import UncertainField


class Sources:
    """Computes the variance that fields explain; totals that differ by a factor share the result.

    A field with another value in each month, or for each share of a mix, is many inputs. Their joint effect
    is taken to be the variance of the total if they alone are drawn, with all else at its mean.
    """

    def __init__(self, horizon: Horizon, draws: Draws, costs: Costs) -> None:
        self._horizon, self._draws, self._costs = horizon, draws, costs
        uncertainty = costs.scenario.uncertainty
        self._fields = () if uncertainty is None else uncertainty.fields
        self._known: dict[Shape, tuple[VarianceShare, ...]] = {(): ()}

    def of(self, strategy: str, total: LinearCombination) -> tuple[VarianceShare, ...]:
        """Return the shares of the fields, the greatest first, and the rest as interactions."""
        if total.shape not in self._known:
            inputs = {**self._classes, **dict(self._monthly(strategy))}
            explained = shares(inputs, self._costs.space.values(total))
            rows = sorted(explained.items(), key=lambda row: -row[1])
            rows.append((INTERACTIONS, max(0.0, 1 - sum(explained.values()))))
            self._known[total.shape] = tuple(VarianceShare(name, as_decimal(share)) for name, share in rows)
        return self._known[total.shape]

    @cached_property
    def _classes(self) -> dict[str, Classes]:
        fields = [field for field in self._fields if not field.has_many]
        return {field.name: Classes.of(self._draws[field.path]) for field in fields}

    @cached_property
    def _alone(self) -> dict[str, Costs]:
        return {field.name: self._only(field) for field in self._fields if field.has_many}

    def _only(self, field: UncertainField) -> Costs:
        """Return the costs if a field alone is drawn.

        If the rest of the plan is known, everything else is in the cost of days, whose mean is used.
        """
        is_alone = [other for other in self._fields if other.path[0] == field.path[0]] == [field]
        if field.monthly and is_alone and not self._costs.planned.follows_volume:
            return self._costs.with_mean_days()
        alone = {field.path: self._draws[field.path]}
        return costs(self._costs.scenario, self._horizon, alone, self._costs.resample)

    def _monthly(self, strategy: str) -> Iterator[tuple[str, Classes]]:
        for name, alone in self._alone.items():
            total = reduce(LinearCombination.plus, alone.row(strategy))
            yield name, Classes.of(alone.space.values(total))
