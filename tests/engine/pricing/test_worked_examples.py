"""Bills that can be followed by hand: each expected figure reads as the sum that it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from routecost.model.pricing.sheet import PricingSheet, TierModel
from routecost.model.scenario.workload import TokenShape
from tests.support.build import (
    bill,
    card,
    cell,
    cost,
    entry,
    mean_input,
    mix,
    mtok,
    sheet,
    task,
    tokens,
    workload,
)

LOW = entry(input="0.80", output=4)
HIGH = entry(input=15, output=75)


def test_a_uniform_tier() -> None:
    expected = 500 * (mtok("0.80", 2000) + mtok(4, 500))
    assert cost("low", workload(task(500, tokens(2000, 500))), sheet(low=LOW)) == expected == Decimal("1.80")


def test_a_mix() -> None:
    on = sheet(low=LOW, high=HIGH)
    expected = 400 * (mtok("0.80", 2000) + mtok(4, 500)) + 100 * (mtok(15, 2000) + mtok(75, 500))
    assert cost(mix(low="0.8", high="0.2"), workload(task(500, tokens(2000, 500))), on) == expected


def test_no_share_needs_no_price() -> None:
    assert cost(mix(low=1, absent=0), workload(task(1, tokens(0, 1000))), sheet(low=LOW)) == mtok(4, 1000)


def test_task_types() -> None:
    work = workload(task(10, tokens(1000, 100), "short"), task(2, tokens(50_000, 3000), "long"))
    expected = 10 * (mtok("0.80", 1000) + mtok(4, 100)) + 2 * (mtok("0.80", 50_000) + mtok(4, 3000))
    assert cost("low", work, sheet(low=LOW)) == expected


def test_cache_shares_are_parts_of_the_input() -> None:
    cached = entry(input=3, output=15, cache_read="0.3", cache_write_5m="3.75", cache_write_1h=6)
    work = workload(task(7, tokens(10_000, 500), read="0.8", write_5m="0.1", write_1h="0.06"))
    expected = 7 * (mtok(3, 400) + mtok("0.3", 8000) + mtok("3.75", 1000) + mtok(6, 600) + mtok(15, 500))
    assert cost("low", work, sheet(low=cached)) == expected


def test_a_batch_share_pays_batch_rates() -> None:
    halved = entry().__class__(card(input=4, output=20, batch={"input": 2, "output": 10}))
    work = workload(task(100, tokens(1000, 200), batch_share=Decimal("0.3")))
    expected = 70 * (mtok(4, 1000) + mtok(20, 200)) + 30 * (mtok(2, 1000) + mtok(10, 200))
    assert cost("low", work, sheet(low=halved)) == expected


def test_fees_are_per_thousand() -> None:
    fees = entry(input=1, output=1, request=2, web_search=10)
    work = workload(task(100, tokens(0, 0), meters={"web_search": Decimal("0.5")}))
    assert cost("low", work, sheet(low=fees)) == 100 * Decimal(2) / 1000 + 100 * Decimal("0.5") * 10 / 1000


def test_calls_are_free_where_a_sheet_has_no_fee() -> None:
    assert cost("low", workload(task(100, tokens(0, 0))), sheet(low=LOW)) == 0


STEPPED = entry((100_000, card(input="0.5", output="2.5")), input="0.1", output="0.5")


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (99_999, mtok("0.1", 99_999) + mtok("0.5", 1000)),
        (100_000, mtok("0.1", 100_000) + mtok("0.5", 1000)),
        (100_001, mtok("0.5", 100_001) + mtok("2.5", 1000)),
    ],
)
def test_a_step_reprices_the_whole_call_just_above_it(context: int, expected: Decimal) -> None:
    assert cost("low", workload(task(1, tokens(context, 1000))), sheet(low=STEPPED)) == expected


def test_cached_tokens_are_part_of_the_context() -> None:
    above = card(input="0.5", output=0, cache_read="0.05", cache_write_5m=0)
    stepped = entry((100_000, above), input="0.1", output=0, cache_read="0.01", cache_write_5m=0)
    work = workload(task(1, tokens(120_000, 0), read="0.9", write_5m="0.05"))
    expected = mtok("0.05", 108_000) + mtok("0.5", 6_000)
    assert cost("low", work, sheet(low=stepped)) == expected


def test_each_step_has_its_own_rates() -> None:
    twice = entry((1000, card(input=2, output=0)), (5000, card(input=3, output=0)), input=1, output=0)
    costs = [cost("low", workload(task(1, tokens(size, 0))), sheet(low=twice)) for size in (1000, 5000, 5001)]
    assert costs == [mtok(1, 1000), mtok(2, 5000), mtok(3, 5001)]


def test_a_range_is_cut_at_the_step() -> None:
    shape = TokenShape((cell(1, 80_000, 120_000, 1000),))
    below = mtok("0.1", 90_000) + mtok("0.5", 1000)
    above = mtok("0.5", 110_000) + mtok("2.5", 1000)
    assert cost("low", workload(task(10, shape)), sheet(low=STEPPED)) == 5 * below + 5 * above


def test_an_average_hides_what_a_distribution_shows() -> None:
    rows = TokenShape((cell("0.9", 10_000, 10_000), cell("0.1", 200_000, 200_000)))
    spread = cost("low", workload(task(10, rows)), sheet(low=STEPPED))
    average = cost("low", workload(task(10, tokens(mean_input(rows), 0))), sheet(low=STEPPED))
    assert spread == 9 * mtok("0.1", 10_000) + 1 * mtok("0.5", 200_000)
    assert average == 10 * mtok("0.1", 29_000)


def test_the_price_of_the_day_applies() -> None:
    old, new = entry(input=2, output=2), entry(input=1, output=1, start=date(2026, 6, 1))
    on = PricingSheet("s", "USD", "t", {"low": (TierModel("m"),)}, {"m": (old, new)})
    work = workload(task(1, tokens(1_000_000, 0)))
    assert [cost("low", work, on, date(2026, month, 1)) for month in (5, 6)] == [2, 1]


def test_the_model_of_the_day_serves_as_the_tier() -> None:
    served = (TierModel("old"), TierModel("new", date(2026, 6, 1)))
    models = {"old": (entry(input=2, output=2),), "new": (entry(input=1, output=1),)}
    on = PricingSheet("s", "USD", "t", {"low": served}, models)
    work = workload(task(1, tokens(1_000_000, 0)))
    assert [cost("low", work, on, day) for day in (date(2026, 5, 31), date(2026, 6, 1))] == [2, 1]


def test_lines_say_how_the_total_came_about() -> None:
    priced = bill(mix(low="0.5"), workload(task(10, tokens(1000, 100))), sheet(low=LOW))
    by_meter = {line.key.meter: line for line in priced.lines}
    assert by_meter.keys() == {"input", "output"}
    line = by_meter["input"]
    assert (line.quantity, line.rate, line.per) == (Decimal(5000), Decimal("0.80"), 1_000_000)
    assert line.amount == mtok("0.80", 5000)
    assert line.source == "a test"
