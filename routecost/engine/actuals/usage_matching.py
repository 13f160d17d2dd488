"""Planned and actual usage of a month, matched by cell so that they can be compared.

A cell is a model, or the models that served a tier in the month; tiers that share one share a cell. A
month whose usage is known only in total is one cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from routecost.engine.actuals.planned_usage import NOTHING, Place, PlannedMonth
from routecost.errors import UnpricedError
from routecost.model.pricing.usage import CALLS
from routecost.model.results.actuals import ActualMonth, Grain, Used
from routecost.records import dataclass

Cell = tuple[str, ...]
"""The name of a cell, empty for the only one of a month; followed by a meter it is a leaf."""

Counts = dict[Cell, Fraction]
WHOLE: Cell = ()
_LEAST = ("input", "output")
"""The meters that must be known for the usage of a tier that was not planned."""


@dataclass(frozen=True)
class Cells:
    """The usage of a month by cell, planned and actual."""

    planned: PlannedMonth
    actual: ActualMonth

    def of_model(self, model: str) -> Cell:
        """Return the cell of a planned model."""
        if self.actual.grain is Grain.MONTH:
            return WHOLE
        return (self._shared(model) if self.actual.grain is Grain.TIER else model,)

    def of_used(self, name: str) -> Cell:
        """Return the cell of a tier or model that was used."""
        if self.actual.grain is not Grain.TIER:
            return (name,) if name else WHOLE
        models = self.planned.models_of.get(name, ())
        return (self._shared(models[0]) if models else name,)

    def _shared(self, model: str) -> str:
        """Return the joined name of all the models that shared tiers connect to one."""
        tied = {model}
        for _ in self.planned.models_of:
            for models in self.planned.models_of.values():
                tied |= set(models) if tied & set(models) else set()
        return " ".join(sorted(tied))

    def planned_costs(self) -> Counts:
        """Return the planned cost of each cell."""
        return _summed((self.of_model(model), cost) for (model, _), cost in self.planned.costs.items())

    def planned_leaf_costs(self) -> Counts:
        """Return the planned cost of each cell and meter."""
        return self._leaves(self.planned.costs)

    def planned_calls(self) -> Counts:
        """Return the planned calls of each cell."""
        calls = ((place, count) for place, count in self.planned.units.items() if place[1] == CALLS)
        return _summed((self.of_model(model), count) for (model, _), count in calls)

    def planned_units(self) -> Counts:
        """Return the planned counts of each cell and meter."""
        return self._leaves(self.planned.units)

    def _leaves(self, places: Mapping[Place, Fraction]) -> Counts:
        """Return sums by cell and meter, without calls that have no cost."""
        return _summed(
            ((*self.of_model(model), meter), count)
            for (model, meter), count in places.items()
            if meter != CALLS or self.planned.costs.get((model, meter))
        )

    def actual_counts(self, count: Callable[[Used], Decimal | None]) -> Counts:
        """Return a count of the usage by cell; unknown counts are skipped."""
        return _summed(
            (self.of_used(name), Fraction(count(used) or 0)) for name, used in self.actual.used.items()
        )

    def actual_units(self, calls: Counts | None) -> Counts:
        """Return the counts of each cell and meter; ``calls`` if those are known."""
        by_leaf = _summed(
            ((*self.of_used(name), meter), Fraction(units))
            for name, used in self.actual.used.items()
            for meter, units in used.units.items()
        )
        fees = [leaf for leaf in self.planned_units() if leaf[-1] == CALLS]
        by_leaf |= {leaf: calls.get(leaf[:-1], NOTHING) for leaf in fees if calls is not None}
        return by_leaf

    def unknown_units(self, calls: Counts | None) -> Iterator[str]:
        """Yield required figures of the usage that are unknown: ``cache_read of "haiku"``."""
        needed: dict[Cell, set[str]] = {}
        for leaf in self.planned_units():
            needed.setdefault(leaf[:-1], set()).add(leaf[-1])
        for name, used in self.actual.used.items():
            is_idle = calls is not None and not calls.get(self.of_used(name)) and not used.units
            wanted = needed.get(self.of_used(name), set(_LEAST))
            for meter in sorted(set() if is_idle else wanted - set(used.units)):
                if meter != CALLS or calls is None:
                    yield f'{meter} of "{name}"' if name else meter
        if self.actual.grain is Grain.MONTH:
            yield from self._unplanned(needed.get(WHOLE, set()))

    def _unplanned(self, planned: set[str]) -> Iterator[str]:
        """Yield meters that were not planned, which have no price without a tier or model."""
        for used in self.actual.used.values():
            yield from (f"the tier of {meter}" for meter in used.units if meter not in planned)

    def sheet_prices(self) -> Counts:
        """Return the price per unit of the usage of each cell and meter, by the sheet.

        Raises UnpricedError, with the position at which the usage is stated.
        """
        money, units = Counts(), Counts()
        planned = self.planned_units()
        for name, used in self.actual.used.items():
            for meter, count in used.units.items():
                leaf = (*self.of_used(name), meter)
                if leaf not in planned and count:
                    price = self._sheet_price(name, used, meter)
                    money[leaf] = money.get(leaf, NOTHING) + price * Fraction(count)
                    units[leaf] = units.get(leaf, NOTHING) + Fraction(count)
        return {leaf: money[leaf] / units[leaf] for leaf in units}

    def _sheet_price(self, name: str, used: Used, meter: str) -> Fraction:
        try:
            return self.planned.sheet_price(name, meter, is_tier=self.actual.grain is Grain.TIER)
        except UnpricedError as error:
            raise UnpricedError(f"{used.position}: {error}" if used.position else str(error)) from error


def _summed(counts: Iterable[tuple[Cell, Fraction]]) -> Counts:
    sums: Counts = {}
    for cell, count in counts:
        sums[cell] = sums.get(cell, NOTHING) + count
    return sums
