"""The fast pricer is a twin: it charges what ``price`` charges, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.pricing.price import price
from routecost.engine.pricing.pricer import Pricer, pricer
from routecost.errors import RoutecostError, UnknownNameError, UnpricedError, UsageError
from routecost.model.pricing.sheet import BATCH, STANDARD, ContextStep, PriceEntry, PricingSheet, RateCard
from routecost.model.pricing.terms import Adjustment, ExchangeRate, Terms
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.units import CONTEXT_METERS
from tests.support import build
from tests.support.strategies import entries, numbers

MODEL = "model-low"
PRICED = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "web_search")
UNPRICED = ("input_audio", "storage_search")
COUNTS = st.dictionaries(st.sampled_from(PRICED), st.integers(0, 200_000)) | st.dictionaries(
    st.sampled_from(UNPRICED), st.just(0)
)
RELATIVE = 1e-9


@st.composite
def contracts(draw: st.DrawFn) -> PricingSheet:
    """Draw a sheet, now and then with a discount and in another currency."""
    sheet = build.sheet(low=draw(entries()))
    discount = Terms("USD", (Adjustment("discount", draw(numbers(2))),))
    exchange = Terms("EUR", exchange=(ExchangeRate("USD", draw(numbers(2))),))
    terms = draw(st.sampled_from([(), (discount,), (discount, exchange)]))
    return replace(sheet, terms=terms, currency=terms[-1].currency if terms else sheet.currency)


def charged(sheet: PricingSheet, mode: str, counts: dict[str, int]) -> Decimal:
    """Return what the one pricing function charges for a call."""
    context = sum(count for meter, count in counts.items() if meter in CONTEXT_METERS)
    edges = [step.above_tokens for step in sheet.models[MODEL][0].steps]
    above = max((edge for edge in edges if edge < context), default=0)
    upto = min((edge for edge in edges if edge >= context), default=None)
    usage = {
        UsageKey(MODEL, meter, mode, above, upto): Decimal(n) for meter, n in {CALLS: 1, **counts}.items()
    }
    return price(Usage(usage), sheet, build.DAY).total


@given(contracts(), st.sampled_from([STANDARD, BATCH]), COUNTS)
def test_a_call_costs_what_the_one_function_charges(
    sheet: PricingSheet, mode: str, counts: dict[str, int]
) -> None:
    assert pricer(sheet, MODEL, build.DAY, mode)(**counts) == charged(sheet, mode, counts)


@given(contracts(), st.sampled_from([STANDARD, BATCH]), st.lists(COUNTS, max_size=5))
def test_arrays_cost_what_calls_cost(sheet: PricingSheet, mode: str, calls: list[dict[str, int]]) -> None:
    meters = sorted({meter for call in calls for meter in call} | {"input"})
    arrays = {meter: np.array([call.get(meter, 0) for call in calls], dtype=np.int64) for meter in meters}
    expected = [float(charged(sheet, mode, call)) for call in calls]
    np.testing.assert_allclose(pricer(sheet, MODEL, build.DAY, mode).many(**arrays), expected, rtol=RELATIVE)


def stepped() -> Pricer:
    entry = build.entry((100, build.card(input=2, output=4)), input=1, output=2)
    return pricer(build.sheet(low=entry), MODEL, build.DAY)


def test_the_step_is_above_its_edge_and_for_the_whole_call() -> None:
    assert stepped()(input=100, output=50) == build.mtok(1, 100) + build.mtok(2, 50)
    assert stepped()(input=101, output=50) == build.mtok(2, 101) + build.mtok(4, 50)
    np.testing.assert_allclose(stepped().many(input=[100, 101], output=50), [200e-6, 402e-6], rtol=RELATIVE)


def test_a_call_pays_its_fee_without_being_counted() -> None:
    price_of = pricer(build.sheet(low=build.entry(input=1, request=5)), MODEL, build.DAY)
    assert price_of() == Decimal("0.005")
    assert price_of.many(input=[0, 0]).tolist() == [0.005, 0.005]
    with pytest.raises(UnpricedError, match='no rate for meter "request"'):
        price_of(request=1)


@pytest.mark.parametrize(
    ("counts", "error"),
    [
        ({"cache_read": 1}, UnpricedError),
        ({"inptu": 1}, UnpricedError),
        ({"input": -1}, UsageError),
        ({"input": 0.5}, UsageError),
        ({"input": float("nan")}, UsageError),
    ],
)
def test_what_has_no_price_is_refused(counts: dict[str, float], error: type[RoutecostError]) -> None:
    with pytest.raises(error):
        stepped()(**counts)  # type: ignore[arg-type]
    if counts != {"input": 0.5}:
        with pytest.raises(error):
            stepped().many(**counts)


def test_a_mode_that_only_small_calls_have_is_refused_for_large_ones() -> None:
    small = RateCard(build.rates(input=2), {BATCH: build.rates(input=1)})
    large = ContextStep(100, RateCard(build.rates(input=4)))
    price_of = pricer(build.sheet(low=PriceEntry(small, steps=(large,))), MODEL, build.DAY, BATCH)
    assert price_of(input=100) == build.mtok(1, 100)
    np.testing.assert_allclose(price_of.many(input=[100]), [1e-4], rtol=RELATIVE)
    for price_large in (lambda: price_of(input=101), lambda: price_of.many(input=[100, 101])):
        with pytest.raises(UnpricedError, match="batch"):
            price_large()


def test_a_pricer_is_refused_where_there_is_no_price() -> None:
    sheet = build.sheet(low=build.entry(input=1, start=date(2026, 3, 1)))
    with pytest.raises(UnpricedError, match="2026-03-01"):
        pricer(sheet, MODEL, build.DAY)
    with pytest.raises(UnpricedError, match='no "batch" rates'):
        pricer(sheet, MODEL, date(2026, 3, 1), BATCH)
    with pytest.raises(UnknownNameError):
        pricer(sheet, "model-lwo", build.DAY)
