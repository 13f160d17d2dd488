"""Prices of calls and of summed usage, on tiers and models of a sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.errors import UnknownNameError, UnpricedError, UsageError
from routecost.model.pricing.sheet import TierModel

DAY = date(2026, 11, 22)
SHEET = routecost.load_pricing("claude-2026-11")


def costs(**options: object) -> dict[str, Decimal]:
    priced = routecost.price_usage(SHEET, **{"as_of": DAY, **options})  # type: ignore[arg-type]
    return {one.model: one.bill.total for one in priced.models}


def test_calls_are_priced_on_every_tier() -> None:
    assert costs(counts={"input": 2000, "output": 500}, calls=1000) == {
        "claude-haiku-5-5": Decimal("0.45"),  # 2 MTok x 0.10 + 0.5 MTok x 0.50
        "claude-sonnet-5-5": Decimal(9),
        "claude-opus-5-5": Decimal(18),
    }


def test_a_price_step_applies_by_the_size_of_the_call_and_refuses_sums() -> None:
    below, above = ({"input": 99_000 + more, "cache_read": 1_000} for more in (0, 1))
    haiku = {"models": ["haiku"]}
    assert costs(counts=below, **haiku) == {"claude-haiku-5-5": Decimal("0.00991")}
    assert costs(counts=above, **haiku)["claude-haiku-5-5"] > Decimal("0.049")
    with pytest.raises(UnpricedError, match="straddle its price step"):
        costs(counts=below, calls=None, **haiku)
    priced = routecost.price_usage(SHEET, below, calls=None, as_of=DAY)
    assert [one.tier for one in priced.models] == ["sonnet", "opus"]
    assert len(priced.unpriced) == 1


@given(
    st.integers(0, 10**6), st.integers(0, 10**5), st.integers(1, 10**6), st.sampled_from(sorted(SHEET.models))
)
def test_n_calls_cost_n_times_what_the_pricer_says(read: int, written: int, calls: int, model: str) -> None:
    counts = {"input": read, "output": written}
    if not any(counts.values()):
        return
    one = routecost.pricer(SHEET, model, DAY)(**counts)
    assert costs(counts=counts, calls=calls, models=[model]) == {model: one * calls}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"counts": {}}, UsageError, "nothing to price"),
        ({"counts": {"input": 0}}, UsageError, "nothing to price"),
        ({"counts": {"inptu": 1}}, UsageError, 'did you mean "input"'),
        ({"counts": {"input": Decimal("nan")}}, UsageError, "expected a number from 0"),
        ({"counts": {"input": -1}}, UsageError, "expected a number from 0"),
        ({"counts": {"input": 10**16}}, UsageError, "to 1,000,000,000,000,000"),
        ({"counts": {"input": 1}, "calls": 0}, UsageError, "a whole number from 1"),
        ({"counts": {"input": 1}, "models": ["opsu"]}, UnknownNameError, 'did you mean "opus"'),
        ({"counts": {"input": 1}, "mode": "bach"}, UnpricedError, 'did you mean "batch"'),
    ],
)
def test_what_has_no_price_is_an_error(
    options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        costs(**options)


def test_a_sheet_without_tiers_prices_its_models_and_a_day_without_models_is_an_error() -> None:
    models = replace(SHEET, tiers={})
    priced = routecost.price_usage(models, {"input": 1}, as_of=DAY)
    assert {(one.tier, one.model) for one in priced.models} == {(None, model) for model in SHEET.models}
    later = replace(SHEET, tiers={"haiku": (TierModel("claude-haiku-5-5", date(2027, 1, 1)),)})
    with pytest.raises(UnpricedError, match=r"no tier of pricing sheet .* has a model on 2026-11-22"):
        routecost.price_usage(later, {"input": 1}, as_of=DAY)
    with pytest.raises(UnpricedError, match=r'tier "haiku" .* has no model'):
        routecost.price_usage(later, {"input": 1}, models=["haiku"], as_of=DAY)
