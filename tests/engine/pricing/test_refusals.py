"""What has no price is an error that names it; never $0."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from routecost.engine.pricing.price import price
from routecost.errors import RoutecostError, UnknownNameError, UnpricedError
from routecost.model.pricing.sheet import PriceEntry, PricingSheet, TierModel
from routecost.model.pricing.usage import Usage, UsageKey
from tests.support.build import DAY, card, compared, cost, entry, mix, sheet, task, tokens, workload

PLAIN = entry(input=1, output=5)
WORK = workload(task(1, tokens(1000, 100)))


def count(key: UsageKey, on: PricingSheet, day: date = DAY) -> None:
    price(Usage({key: Decimal(1)}), on, day)


def batch_without_rates() -> None:
    cost("low", workload(task(1, tokens(1, 1), batch_share=Decimal("0.1"))), sheet(low=PLAIN))


def batch_above_a_step_without_rates() -> None:
    base = card(input=1, output=1, batch={"input": 1, "output": 1})
    stepped = PriceEntry(base, steps=entry((1000, card(input=2, output=2))).steps)
    cost("low", workload(task(1, tokens(2000, 1), batch_share=Decimal(1))), sheet(low=stepped))


def cache_without_rates() -> None:
    cost("low", workload(task(1, tokens(1, 1), read="0.5")), sheet(low=PLAIN))


def model_before_its_first_price() -> None:
    cost("low", WORK, sheet(low=entry(input=1, output=1, start=date(2026, 5, 1))))


def tier_before_its_first_model() -> None:
    tiers = {"low": (TierModel("m", date(2026, 5, 1)),)}
    cost("low", WORK, PricingSheet("s", "USD", "t", tiers, {"m": (PLAIN,)}))


def tier_of_a_model_without_prices() -> None:
    cost(
        "low", WORK, PricingSheet("invented", "USD", "t", {"low": (TierModel("modle"),)}, {"model": (PLAIN,)})
    )


@pytest.mark.parametrize(
    ("attempt", "kind", "message"),
    [
        (
            batch_without_rates,
            UnpricedError,
            '"input" .batch. of model "model-low" on 2026-02-01.* no "batch"',
        ),
        (
            batch_above_a_step_without_rates,
            UnpricedError,
            '"input" .batch. of model "model-low".* no "batch"',
        ),
        (cache_without_rates, UnpricedError, 'no rate for meter "cache_read" of model "model-low"'),
        (model_before_its_first_price, UnpricedError, "its first entry begins on 2026-05-01"),
        (tier_before_its_first_model, UnpricedError, 'tier "low" has no model on 2026-02-01'),
        (tier_of_a_model_without_prices, UnknownNameError, 'no model "modle".*did you mean "model"'),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_message_names_what_has_no_price(
    attempt: Callable[[], None], kind: type[RoutecostError], message: str
) -> None:
    with pytest.raises(kind, match=message):
        attempt()


def test_an_unknown_tier_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match='no tier "lwo" in the pricing sheet; did you mean "low"'):
        cost(mix(lwo=1), WORK, sheet(low=PLAIN))


def test_an_unknown_baseline_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match='no strategy named "chaep"; did you mean "cheap"'):
        compared({"cheap": "low"}, WORK, sheet(low=PLAIN), baseline="chaep")


STEPPED = sheet(low=entry((1000, card(input=2, output=2)), input=1, output=1))


@pytest.mark.parametrize(("above", "upto"), [(0, None), (0, 1001), (999, 1001), (500, None)], ids=str)
def test_counts_that_straddle_a_step_are_refused(above: int, upto: int | None) -> None:
    with pytest.raises(UnpricedError, match="straddle its price step at 1000 tokens; count them apart"):
        count(UsageKey("model-low", "input", above=above, upto=upto), STEPPED)


@pytest.mark.parametrize(
    ("above", "upto", "rate"), [(0, 1000, 1), (0, 10, 1), (1000, None, 2), (1000, 1001, 2)]
)
def test_counts_on_one_side_of_a_step_are_priced(above: int, upto: int | None, rate: int) -> None:
    bill = price(Usage({UsageKey("model-low", "input", "standard", above, upto): Decimal(1)}), STEPPED, DAY)
    assert [line.rate for line in bill.lines] == [rate]


def test_a_count_of_nothing_needs_no_price() -> None:
    assert price(Usage({UsageKey("model-low", "cache_read"): Decimal(0)}), STEPPED, DAY).total == 0
