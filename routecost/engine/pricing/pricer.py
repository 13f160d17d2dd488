"""Prices of many calls: rates are resolved once, then multiplied.

A second implementation of :func:`routecost.engine.pricing.price.price`, for logs and simulations. Its
unit prices are computed by that function, terms included, and a property test checks that the sums
agree: exactly for single calls, within 1e-9 relative for arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Context, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from routecost.engine.pricing.price import entry_on, price
from routecost.errors import UnpricedError, UsageError
from routecost.model.pricing.sheet import STANDARD, PricingSheet
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import CONTEXT_METERS, EXACT_DIGITS, METERS, ONE, ZERO

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

_EXACT = Context(prec=EXACT_DIGITS)
_multiply = _EXACT.multiply
_CONTEXT = frozenset(CONTEXT_METERS)


@dataclass(frozen=True, slots=True)
class UnitPrices:
    """Prices of single units above a context size, as integer multiples of a small amount.

    ``call`` is the price of a call before its units.
    """

    above: int
    units: Mapping[str, int]
    call: int


@dataclass(frozen=True, slots=True)
class Pricer:
    """Prices calls of one model in one processing mode at the rates of one day.

    Counts are tokens or pieces per call, by meter; the call itself is also counted. Money is in
    ``currency``, commercial terms included, volume discounts on a month's total excluded.
    """

    model: str
    mode: str
    day: date
    currency: str
    unit: Decimal
    steps: tuple[UnitPrices, ...]

    def __call__(self, **counts: int) -> Decimal:
        """Return the exact price of one call, as in ``pricer(input=2000, output=500)``.

        Raises UnpricedError for a meter without a rate, UsageError for a count that is negative or
        not whole.
        """
        step = self.steps[0]
        if len(self.steps) > 1 and sum(counts.values()) > self.steps[1].above:
            step = self._step(counts)
        total, units = step.call, step.units
        try:
            for meter, count in counts.items():
                if count < 0:
                    raise self._bad_count(counts)
                total += units[meter] * count
        except KeyError:
            return self(**self._billed(counts, step))
        if type(total) is not int:
            raise self._bad_count(counts)
        return _multiply(total, self.unit)

    def many(self, **counts: ArrayLike) -> NDArray[np.float64]:
        """Return the prices of calls as float64, from an array of counts per meter.

        Arrays broadcast: a meter may be one number for all calls. Raises as a single call does.
        """
        import numpy as np

        arrays = {meter: self._checked(meter, np.asarray(values)) for meter, values in counts.items()}
        context: Any = sum((array for meter, array in arrays.items() if meter in _CONTEXT), np.zeros(()))
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        total: NDArray[np.float64] = self._summed(self.steps[0], arrays) + np.zeros(shape)
        for step in self.steps[1:]:
            reached = context > step.above
            if reached.any():
                total = np.where(reached, self._summed(step, arrays), total)
        return total

    def _summed(self, step: UnitPrices, arrays: Mapping[str, Any]) -> Any:
        billed = self._billed(arrays, step)
        money = (array * float(step.units[meter]) for meter, array in billed.items())
        return sum(money, float(step.call)) * float(self.unit)

    def _billed(self, counts: Mapping[str, Any], step: UnitPrices) -> dict[str, Any]:
        """Drop meters without a rate if their counts are 0; raise UnpricedError if not."""
        for meter, count in counts.items():
            is_counted = count.any() if hasattr(count, "any") else count
            if meter not in step.units and (is_counted or meter not in METERS):
                raise self._unpriced(meter)
        return {meter: count for meter, count in counts.items() if meter in step.units}

    def _checked(self, meter: str, values: Any) -> Any:
        if values.size and not values.min() >= 0:
            raise self._bad_count({meter: values.min()})
        return values.astype("float64")

    def _step(self, counts: Mapping[str, int]) -> UnitPrices:
        context = 0
        for meter, count in counts.items():
            if meter in _CONTEXT:
                context += count
        highest = self.steps[0]
        for step in self.steps:
            if context > step.above:
                highest = step
        return highest

    def _unpriced(self, meter: str) -> UnpricedError:
        where = f'model "{self.model}" on {self.day}{did_you_mean(meter, self.steps[0].units)}'
        return UnpricedError(f'no rate for meter "{meter}" ({self.mode}) of {where}')

    def _bad_count(self, counts: Mapping[str, object]) -> UsageError:
        shown = ", ".join(f"{meter}={count}" for meter, count in counts.items())
        return UsageError(f"{shown}: expected whole numbers of 0 or more")


def pricer(sheet: PricingSheet, model: str, day: date, mode: str = STANDARD) -> Pricer:
    """Return a pricer for the calls of a model, at the rates of a sheet in force on a day.

    Raises UnknownNameError and UnpricedError as :func:`routecost.engine.pricing.price.price` does.
    """
    edges = [0, *(step.above_tokens for step in entry_on(sheet, model, day).steps)]
    buckets = [*pairwise(edges), (edges[-1], None)]
    resolved = [dict(_unit_prices(sheet, day, model, mode, bucket)) for bucket in buckets]
    places = max(_places(money) for units in resolved for money in units.values())
    steps = tuple(_scaled(units, above, places) for units, above in zip(resolved, edges, strict=True))
    return Pricer(model, mode, day, sheet.currency, _EXACT.scaleb(ONE, -places), steps)


def _unit_prices(
    sheet: PricingSheet, day: date, model: str, mode: str, bucket: tuple[int, int | None]
) -> Iterator[tuple[str, Decimal]]:
    rates = entry_on(sheet, model, day).card_above(bucket[0]).rates(mode)
    if rates is None and bucket[0]:  # only calls of this size have no price
        yield CALLS, ZERO
        return
    for meter in {CALLS: None, **(rates or {})}:
        key = UsageKey(model, meter, mode, *bucket)
        yield meter, price(Usage({key: ONE}), sheet, day).total


def _places(money: Decimal) -> int:
    return max(0, -int(money.as_tuple().exponent))


def _scaled(units: Mapping[str, Decimal], above: int, places: int) -> UnitPrices:
    whole = {meter: int(_EXACT.scaleb(money, places)) for meter, money in units.items()}
    return UnitPrices(above, whole, whole.pop(CALLS))
