"""Commercial terms: each is a line of the bill, and the lines sum to the total."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.price import price
from routecost.engine.terms import settled
from routecost.errors import UnpricedError
from routecost.model.pricing import PricingSheet
from routecost.model.terms import Adjustment, ExchangeRate, Terms, VolumeDiscount, VolumeStep
from routecost.model.usage import Usage, UsageKey
from tests.support.build import DAY, compared, entry, mtok, sheet, task, tokens, workload

LISTED = sheet(low=entry(input=1, output=5), high=entry(input=10, output=50))
USAGE = Usage(
    {UsageKey("model-low", "input"): Decimal(1_000_000), UsageKey("model-high", "input"): Decimal(1_000_000)}
)
DISCOUNT = Adjustment("a tenth off high", Decimal("0.9"), ("model-high",))
SURCHARGE = Adjustment("region", Decimal("1.1"))


def with_terms(*terms: Terms, currency: str = "USD") -> PricingSheet:
    return replace(LISTED, currency=currency, terms=terms)


def volume(*steps: tuple[int, str], retroactive: bool = False) -> PricingSheet:
    discount = VolumeDiscount(
        tuple(VolumeStep(Decimal(above), Decimal(share)) for above, share in steps), retroactive
    )
    return with_terms(Terms("USD", volume=discount))


def test_discount_then_surcharge_then_exchange_each_as_a_line() -> None:
    rate = ExchangeRate("USD", Decimal("0.5"))
    bill = price(USAGE, with_terms(Terms("EUR", (DISCOUNT, SURCHARGE), (rate,)), currency="EUR"), DAY)
    assert [line.amount for line in bill.terms] == [
        Decimal("-1.0"),  # a tenth of the 10 that high costs
        Decimal("1.00"),  # a tenth of 1 + 9
        Decimal("-5.500"),  # half of 11
    ]
    assert bill.total == mtok(1, 10**6) + mtok(10, 10**6) - 1 + 1 - Decimal("5.5")
    assert (bill.list_currency, bill.currency) == ("USD", "EUR")


def test_terms_of_the_extended_sheet_come_first() -> None:
    bill = price(USAGE, with_terms(Terms("USD", (SURCHARGE,)), Terms("USD", (DISCOUNT,))), DAY)
    assert [line.base for line in bill.terms] == [Decimal(11), Decimal(11)]


def test_an_exchange_rate_is_that_of_the_day() -> None:
    rates = (
        ExchangeRate("USD", Decimal(2), date(2026, 1, 1)),
        ExchangeRate("USD", Decimal(3), date(2026, 2, 1)),
    )
    on = with_terms(Terms("EUR", exchange=rates), currency="EUR")
    assert price(USAGE, on, date(2026, 1, 31)).total == 22
    assert price(USAGE, on, date(2026, 2, 1)).total == 33
    with pytest.raises(UnpricedError, match="on 2025-12-31; its first begins on 2026-01-01"):
        price(USAGE, on, date(2025, 12, 31))


def test_volume_discounts_are_marginal_unless_said_so() -> None:
    assert settled(Decimal(250), volume((100, "0.1"), (200, "0.2"))) == 100 + 100 * Decimal(
        "0.9"
    ) + 50 * Decimal("0.8")
    assert settled(Decimal(250), volume((100, "0.1"), (200, "0.2"), retroactive=True)) == 250 * Decimal("0.8")
    assert settled(Decimal(100), volume((100, "0.1"))) == 100


@given(st.integers(0, 1_000), st.sampled_from(["0.1", "0.5", "1"]))
def test_marginal_tiers_are_continuous(above: int, share: str) -> None:
    on, dust = volume((above, share), (above + 10, "0.9")), Decimal("1e-12")
    for edge in (above, above + 10):
        assert abs(settled(Decimal(edge) + dust, on) - settled(Decimal(edge), on)) <= dust


@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2))
def test_a_dearer_month_never_costs_less_under_marginal_discounts(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    on = volume((100, "0.1"), (1000, "0.3"))
    assert settled(low, on) <= settled(high, on)


def test_compare_settles_the_month_and_the_bill_still_sums_to_it() -> None:
    work = workload(task(1_000, tokens(1_000, 0)))
    found = compared({"high": "high"}, work, volume((60, "0.5")))["high"]
    assert found.cost_per_month == 30 * 10 - Decimal("0.5") * (300 - 60)
    assert found.bill.total == found.cost_per_month
    assert found.cost_per_day == 6


@pytest.mark.parametrize("terms", [(), (Terms("USD"),)])
def test_extending_without_changes_changes_nothing(terms: Any) -> None:
    assert price(USAGE, replace(LISTED, terms=terms), DAY).total == price(USAGE, LISTED, DAY).total
