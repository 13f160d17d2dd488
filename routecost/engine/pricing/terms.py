"""Contract terms on top of list prices: linear terms on every bill, volume discounts on a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.engine.pricing.tier_models import in_force
from routecost.errors import UnpricedError
from routecost.model.pricing.bill import BillLine, TermLine
from routecost.units import exact

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.pricing.terms import ExchangeRate, VolumeDiscount

Subtotals = dict[str, Decimal]


def linear_terms(lines: Iterable[BillLine], sheet: PricingSheet, day: date) -> tuple[TermLine, ...]:
    """Return the lines that the sheet's terms add to list prices; linear in the lines."""
    subtotals: Subtotals = {}
    for line in lines:
        subtotals[line.key.model] = subtotals.get(line.key.model, Decimal(0)) + line.amount
    currency = sheet.list_currency
    term_lines: list[TermLine] = []
    for terms in sheet.terms:
        for term in terms.adjustments:
            base, change = _multiply(subtotals, term.factor, term.models)
            term_lines.append(TermLine(term.name, currency, base, change, base * change, term.source))
        if terms.exchange:
            rate = exchange_on(terms.exchange, sheet, day)
            base, change = _multiply(subtotals, rate.rate)
            name = f"exchange at {rate.rate}"
            term_lines.append(TermLine(name, rate.currency, base, change, base * change, rate.source))
            currency = terms.currency
    return tuple(term_lines)


def _multiply(
    subtotals: Subtotals, factor: Decimal, models: tuple[str, ...] | None = None
) -> tuple[Decimal, Decimal]:
    """Multiply the subtotals of the models concerned; return their sum before, and the change as a share."""
    concerned = [model for model in subtotals if models is None or model in models]
    base = sum((subtotals[model] for model in concerned), Decimal(0))
    for model in concerned:
        subtotals[model] *= factor
    return base, factor - 1


def exchange_on(rates: tuple[ExchangeRate, ...], sheet: PricingSheet, day: date) -> ExchangeRate:
    """Return the exchange rate in force; UnpricedError, naming both dates, before the first."""
    rate = in_force(rates, day)
    if rate is None:
        raise UnpricedError(
            f'pricing sheet "{sheet.name}" has no exchange rate from {rates[0].currency} to {sheet.currency} '
            f"on {day}; its first begins on {rates[0].start}"
        )
    return rate


@exact
def settle(monthly: Decimal, sheet: PricingSheet) -> tuple[TermLine, ...]:
    """Return the volume discounts of the sheet on a month's spend, as lines.

    The second stage, after the linear one: the discount depends on the month's total. If the sheet that
    this one extends has volume discounts, they are applied first, and this sheet's apply to the
    remainder.
    """
    lines: list[TermLine] = []
    for terms in sheet.terms:
        if terms.volume is not None:
            term_lines = list(_volume_lines(monthly, terms.volume, sheet.currency))
            monthly += sum((line.amount for line in term_lines), Decimal(0))
            lines += term_lines
    return tuple(lines)


def _volume_lines(monthly: Decimal, volume: VolumeDiscount, currency: str) -> Iterator[TermLine]:
    reached = [step for step in volume.steps if monthly > step.above]
    if volume.retroactive:
        reached = reached[-1:]
    for index, step in enumerate(reached):
        upper = reached[index + 1].above if index + 1 < len(reached) else monthly
        base = monthly if volume.retroactive else upper - step.above
        name = f"volume discount above {currency} {step.above:,f} a month"
        yield TermLine(name, currency, base, -step.share, -base * step.share, volume.source)


def settled(monthly: Decimal, sheet: PricingSheet) -> Decimal:
    """Return a month's spend after the volume discounts of the sheet."""
    return monthly + sum((line.amount for line in settle(monthly, sheet)), Decimal(0))
