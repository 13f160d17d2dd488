"""Prices of cells: the one pricing function, once per rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from routecost.engine.logs.model_names import matching_models
from routecost.engine.pricing.price import entry_on, price
from routecost.engine.pricing.tier_models import tier_models
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.logs.cells import NO_USAGE, Bounds, Cell
from routecost.model.pricing.bill import Bill
from routecost.model.pricing.hours import Hours
from routecost.model.pricing.sheet import STANDARD, PricingSheet
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.model.results.logs.usage import Unpriced
from routecost.problems import Names
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

UNKNOWN_USAGE = "the log has a cost or a total of tokens, but no usage"
"""Why calls have no price that cost something, by a log that does not say what they used."""


class PriceKey(NamedTuple):
    """What the price of a unit depends on."""

    model: str
    meter: str
    mode: str
    day: date
    above: int
    upto: int | None


class When(NamedTuple):
    """When calls were made: on one of the days, and in hours of the sheets; None if these are unknown."""

    days: Sequence[date]
    hours: frozenset[Hours] | None = None


def mode_in(inside: frozenset[Hours], hours: Mapping[str, Sequence[Hours]]) -> str:
    """Return the mode that applies in hours."""
    return next((mode for mode, times in hours.items() if not inside.isdisjoint(times)), STANDARD)


def price_hours(sheets: Iterable[PricingSheet]) -> tuple[Hours, ...]:
    """Return the hours in which modes of the sheets apply."""
    entries = (entry for sheet in sheets for dated in sheet.models.values() for entry in dated)
    return tuple(dict.fromkeys(one for entry in entries for times in entry.hours.values() for one in times))


def price_starts(sheets: Iterable[PricingSheet]) -> tuple[date, ...]:
    """Return the days on which any price, tier or exchange rate of the sheets begins or has ended."""
    starts: set[date | None] = set()
    for sheet in sheets:
        entries = [entry for dated in sheet.models.values() for entry in dated]
        starts |= {entry.start for entry in entries}
        starts |= {entry.until + timedelta(days=1) for entry in entries if entry.until is not None}
        starts |= {model.start for dated in sheet.tiers.values() for model in dated}
        starts |= {rate.start for terms in sheet.terms for rate in terms.exchange or ()}
    return tuple(sorted(start for start in starts if start is not None))


def context_edges(sheets: Iterable[PricingSheet]) -> tuple[int, ...]:
    """Return the context sizes above which any price of the sheets steps."""
    return tuple(
        sorted({edge for sheet in sheets for model in sheet.models for edge in sheet.context_edges(model)})
    )


@dataclass
class CellPricer:
    """Prices cells at the rates of a sheet, exactly; terms on a month's total are not included.

    ``names`` are models of the sheet by logged name, besides those that :func:`matching_models` finds.
    """

    sheet: PricingSheet
    names: Mapping[str, str] = field(default_factory=dict)
    _units: dict[PriceKey, Decimal] = field(default_factory=dict)
    _models: dict[str, str] = field(default_factory=dict)
    _tiers: dict[date, dict[str, str]] = field(default_factory=dict)

    def model(self, logged: str) -> str:
        """Return the model of the sheet for a logged name. Raises UnknownNameError if there is none."""
        if logged not in self._models:
            self._models[logged] = self._found(logged)
        return self._models[logged]

    def _found(self, logged: str) -> str:
        name = self.names.get(logged, logged)
        if name in self.sheet.models:
            return name
        matches = matching_models(self.sheet.models, name)
        if len(matches) == 1:
            return matches[0]
        choices = " or ".join(f'"{one}"' for one in matches)
        where = f'in pricing sheet "{self.sheet.name}"'
        if matches:
            raise UnknownNameError(f'model "{name}" can be {choices} {where}; state which it is')
        raise UnknownNameError(f'no model "{name}" {where}{Names(self.sheet.models).suggestion(name)}')

    def tier(self, cell: Cell) -> str | None:
        """Return the tier that the model of a cell serves when the calls were made, if it serves one."""
        day = cell.days[-1]
        if day not in self._tiers:
            serving = tier_models(self.sheet, day).models
            self._tiers[day] = {model: tier for tier, model in reversed([*serving.items()])}
        return self._tiers[day].get(self.model(cell.model))

    @exact
    def amounts(self, cell: Cell, model: str | None = None) -> dict[str, Bounds]:
        """Return the cost of a cell by meter, on its own or another model of the sheet.

        Raises UnknownNameError and UnpricedError as :func:`routecost.engine.pricing.price.price` does, and
        UnpricedError for calls that cost something without usage in the log.
        """
        if cell.mode == NO_USAGE:
            raise UnpricedError(UNKNOWN_USAGE)
        model = self.model(cell.model) if model is None else model
        counts = {**cell.units, CALLS: cell.calls}
        when = When(cell.days, cell.hours)
        return self.priced(model, cell.mode, counts, when, self.buckets(model, cell))

    @exact
    def priced(
        self,
        model: str,
        mode: str,
        counts: Mapping[str, int | Decimal],
        when: When,
        buckets: Sequence[tuple[int, int | None]],
    ) -> dict[str, Bounds]:
        """Return the cost by meter of counts of a model, on one of the days and in one of the buckets.

        If modes of the model apply at certain hours, and those of the calls are unknown, the cost of
        standard calls is between the prices of all hours.
        """
        bounds: dict[str, Bounds] = {}
        for meter, count in counts.items():
            prices = [self.unit_price(key) for key in self.price_keys(model, mode, meter, when, buckets)]
            if count and any(prices):
                bounds[meter] = Bounds(count * min(prices), count * max(prices))
        return bounds

    def price_keys(
        self,
        model: str,
        mode: str,
        meter: str,
        when: When,
        buckets: Sequence[tuple[int, int | None]],
    ) -> list[PriceKey]:
        """Return the prices that a unit may have, on one of the days and in one of the buckets."""
        return [
            PriceKey(model, meter, one, day, above, upto)
            for day in when.days
            for one in self.timed_modes(model, mode, When((day,), when.hours))
            for above, upto in buckets
        ]

    def cost(self, cell: Cell, model: str | None = None) -> Bounds:
        """Return the cost of a cell, on its own or another model; raises as :meth:`amounts` does."""
        amounts = self.amounts(cell, model).values()
        return Bounds(_sum(one.low for one in amounts), _sum(one.high for one in amounts))

    def buckets(self, model: str, cell: Cell) -> list[tuple[int, int | None]]:
        """Return the context-size buckets that the calls of a cell may be in, between price steps."""
        if not cell.is_sum:
            return [(cell.above, cell.upto)]
        within = [
            edge
            for edge in self.sheet.context_edges(model)
            if cell.above < edge and (cell.upto is None or edge < cell.upto)
        ]
        return list(zip([cell.above, *within], [*within, cell.upto], strict=True))

    def timed_modes(self, model: str, mode: str, when: When) -> tuple[str, ...]:
        """Return the modes that calls of a mode have by their hours: one if these are known."""
        if mode != STANDARD:
            return (mode,)
        entries = [entry_on(self.sheet, model, day) for day in when.days]
        if when.hours is None:
            return tuple(dict.fromkeys((mode, *(one for entry in entries for one in entry.hours))))
        modes = (mode_in(when.hours, entry.hours) for entry in entries)
        return tuple(dict.fromkeys(modes))

    def mode(self, cell: Cell) -> str:
        """Return the mode of the prices of a cell; its own if its hours are unknown."""
        modes = self.timed_modes(self.model(cell.model), cell.mode, When(cell.days, cell.hours))
        return modes[0]

    def unit_price(self, key: PriceKey) -> Decimal:
        """Return the price of a unit. Raises as :meth:`amounts` does."""
        if key not in self._units:
            self._units[key] = self.unit_bill(key).total
        return self._units[key]

    def unit_bill(self, key: PriceKey) -> Bill:
        """Return the bill of a unit, without a line if it is free. Raises as :meth:`amounts` does."""
        usage = UsageKey(key.model, self._meter(key), key.mode, key.above, key.upto)
        return price(Usage({usage: ONE}), self.sheet, key.day)

    def _meter(self, key: PriceKey) -> str:
        """Return the meter that a model bills a unit by: images as text if it has no rate for images."""
        plain = _IMAGES.get(key.meter)
        entries = self.sheet.models.get(key.model, ())
        if plain is None or any(key.meter in entry.card.standard for entry in entries):
            return key.meter
        return plain


_IMAGES = {"input_image": "input", "cache_read_image": "cache_read"}


@exact
def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def unpriced(cells: Iterable[Cell], pricer: CellPricer) -> list[Unpriced]:
    """Return the calls that a sheet cannot price, by model and reason with the day of the first."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        if (reason := _reason(cell, pricer)) is not None:
            groups.setdefault((cell.model, reason), []).append(cell)
    missing = []
    for (model, reason), group in groups.items():
        day = min((cell.first for cell in group if cell.first is not None), default=None)
        dated = None if day is None else _reason(replace(group[0], days=(day,)), pricer)
        missing.append(Unpriced(model, dated or reason, sum(cell.calls for cell in group)))
    return sorted(missing, key=lambda one: (-one.calls, one.model, one.reason))


def _reason(cell: Cell, pricer: CellPricer) -> str | None:
    try:
        pricer.amounts(cell)
    except (UnknownNameError, UnpricedError) as error:
        return str(error)
    return None
