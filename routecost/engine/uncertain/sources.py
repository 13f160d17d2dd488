"""Where the variance of totals comes from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, reduce

from routecost.engine.uncertain.monthly import Rows, costs
from routecost.engine.uncertain.space import Shape, Space, Sum
from routecost.engine.uncertain.twin import Draws
from routecost.engine.uncertain.variance import Classes, shares
from routecost.model.horizon import Horizon
from routecost.model.outlook import INTERACTIONS, VarianceShare
from routecost.model.scenario import Scenario
from routecost.model.uncertain import as_decimal


class Sources:
    """Tells what the fields of a scenario explain; totals that differ by a factor have it from the same.

    A field with another value in each month is many inputs. What they explain together is taken to
    be what the total does where they alone are drawn, and all else is at its mean.
    """

    def __init__(self, scenario: Scenario, horizon: Horizon, draws: Draws) -> None:
        self._scenario, self._horizon, self._draws = scenario, horizon, draws
        self._fields = () if scenario.uncertainty is None else scenario.uncertainty.fields
        self._known: dict[Shape, tuple[VarianceShare, ...]] = {(): ()}

    def of(self, strategy: str, space: Space, total: Sum) -> tuple[VarianceShare, ...]:
        """Return the shares of the fields, the greatest first, and what is left for interactions."""
        if total.shape not in self._known:
            inputs = {**self._classes, **dict(self._monthly(strategy))}
            found = shares(inputs, space.values(total))
            rows = sorted(found.items(), key=lambda row: -row[1])
            rows.append((INTERACTIONS, max(0.0, 1 - sum(found.values()))))
            self._known[total.shape] = tuple(VarianceShare(name, as_decimal(share)) for name, share in rows)
        return self._known[total.shape]

    @cached_property
    def _classes(self) -> dict[str, Classes]:
        fields = [field for field in self._fields if not field.monthly]
        return {field.name: Classes.of(self._draws[field.path]) for field in fields}

    @cached_property
    def _alone(self) -> dict[str, tuple[Space, Rows]]:
        fields = [field for field in self._fields if field.monthly]
        return {
            field.name: costs(self._scenario, self._horizon, {field.path: self._draws[field.path]})
            for field in fields
        }

    def _monthly(self, strategy: str) -> Iterator[tuple[str, Classes]]:
        for name, (space, rows) in self._alone.items():
            yield name, Classes.of(space.values(reduce(space.added, rows[strategy])))
