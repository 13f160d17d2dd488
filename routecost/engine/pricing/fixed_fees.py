"""Fixed fees of a day: the models that they are due on, and their bills."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.pricing.price import price
from routecost.engine.pricing.tier_models import in_force
from routecost.errors import UnpricedError
from routecost.model.pricing.usage import Usage, UsageKey
from routecost.model.scenario.fixed_fees import CAPACITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from routecost.model.pricing.bill import Bill
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.scenario.fixed_fees import FixedFee


def models_of(fee: FixedFee, daily: Bill, sheet: PricingSheet) -> tuple[str, ...]:
    """Return the models on a day's bill that a fee is for: that of its tier, or all with a rate of it.

    There is none if the bill is that of another strategy, or does not have the tier.
    """
    used = dict.fromkeys(line.key.model for line in daily.lines)
    if daily.day is None or not used or fee.strategy not in (None, daily.fees_of):
        return ()
    if fee.tier is not None:
        current = in_force(sheet.tiers.get(fee.tier, ()), daily.day)
        return (current.model,) if current is not None and current.model in used else ()
    return tuple(model for model in used if _has_rates(fee, model, sheet, daily.day))


def _has_rates(fee: FixedFee, model: str, sheet: PricingSheet, day: date) -> bool:
    entry = in_force(sheet.models.get(model, ()), day)
    return entry is not None and fee.usage.keys() <= entry.card.standard.keys()


def bill_of(fee: FixedFee, model: str, sheet: PricingSheet, day: date) -> Bill:
    """Return the bill of a fee for a day. Raises UnpricedError, about its path, if it has no rate."""
    counts = {UsageKey(model, meter): count for meter, count in fee.usage.items()}
    try:
        return price(Usage(counts), sheet, day)
    except UnpricedError as error:
        raise UnpricedError(str(error), fee.path) from None


def without_rate(fee: FixedFee, daily: Bill, sheet: PricingSheet) -> UnpricedError:
    """Return the error that a strategy, of all whose work this is the bill, has no rate of its fee."""
    used = ", ".join(f'"{model}"' for model in dict.fromkeys(line.key.model for line in daily.lines))
    return UnpricedError(
        f'no rate for meter "{CAPACITY}" of any model that strategy "{fee.strategy}" uses on {daily.day} '
        f'({used}) in pricing sheet "{sheet.name}"; expected a strategy with such a model',
        (*fee.path, "strategy"),
    )


def several_prices(fee: FixedFee, bills: Mapping[str, Bill]) -> UnpricedError:
    """Return the error that a unit of capacity has different prices on the models of a strategy."""
    rates = ", ".join(f'{_rate(bill):f} for "{model}"' for model, bill in bills.items())
    return UnpricedError(
        f'the models of strategy "{fee.strategy}" have different rates or terms of meter "{CAPACITY}": '
        f'{rates}; expected "tier" beside "strategy"',
        (*fee.path, "strategy"),
    )


def _rate(bill: Bill) -> Decimal:
    (line,) = bill.lines
    return (line.rate * line.factor).normalize()
