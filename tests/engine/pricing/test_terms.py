"""Commercial terms: each is a line of the bill, and the lines sum to the total."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost import load_pricing
from routecost.engine.pricing.price import price
from routecost.errors import UnpricedError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.pricing.terms import Adjustment, ExchangeRate, Scope, Terms, VolumeDiscount, VolumeStep
from routecost.model.pricing.usage import Usage, UsageKey
from routecost.model.scenario.budget import Budget, Period
from tests.examples import FEWER_EXAMPLES
from tests.support.build import DAY, compared, entry, mtok, settled, sheet, task, tokens, workload

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


SHARES = st.decimals(0, 1, places=3)
STEPS = st.dictionaries(st.integers(0, 10_000), SHARES, min_size=1, max_size=5).map(
    lambda found: [(above, str(found[above])) for above in sorted(found)]
)
MONEY = st.decimals(0, 20_000, places=4)


@given(STEPS, MONEY, st.decimals(0, 100, places=6))
def test_marginal_tiers_are_continuous(steps: list[tuple[int, str]], spend: Decimal, more: Decimal) -> None:
    on = volume(*steps)
    for start in (spend, *(Decimal(above) for above, _ in steps)):
        assert 0 <= settled(start + more, on) - settled(start, on) <= more


def test_retroactive_tiers_jump() -> None:
    on = volume((100, "0.5"), retroactive=True)
    assert [settled(Decimal(spend), on) for spend in ("100", "100.01")] == [Decimal(100), Decimal("50.005")]


def test_the_volume_discounts_of_an_extended_sheet_come_first() -> None:
    half = volume((0, "0.5")).terms[0]
    assert settled(Decimal(100), with_terms(half, half)) == 25


@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2))
def test_a_costlier_month_never_costs_less_under_marginal_discounts(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    on = volume((100, "0.1"), (1000, "0.3"))
    assert settled(low, on) <= settled(high, on)


def test_compare_settles_the_month_and_the_bill_still_sums_to_it() -> None:
    work = workload(task(1_000, tokens(1_000, 0)))
    high = compared({"high": "high"}, work, volume((60, "0.5")))["high"]
    assert high.cost_per_month == 30 * 10 - Decimal("0.5") * (300 - 60)
    assert high.bill.total == high.cost_per_month
    assert high.cost_per_day == 6


BASE = load_pricing("claude-2026-11")
BASE_DAY = date(2026, 11, 22)
COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(sorted(BASE.models)), st.sampled_from(["input", "output", "cache_read"])),
    st.integers(0, 10**9),
)


@pytest.fixture(scope="module")
def extending(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], PricingSheet]:
    def load(terms: str) -> PricingSheet:
        file = tmp_path_factory.mktemp("extending") / "sheet.yaml"
        file.write_text(f"version: 1\nextends: claude-2026-11\nsource: a test\n{terms}", encoding="utf-8")
        return load_pricing(file)

    return load


@pytest.mark.parametrize(
    "terms",
    ["", "discounts: [{share: 0%}]\nmultipliers: [{name: none, factor: 1}]\n", "currency: USD\n"],
    ids=["nothing", "neutral terms", "the same currency"],
)
def test_extending_without_changes_is_identity(extending: Callable[[str], PricingSheet], terms: str) -> None:
    sheet = extending(terms)

    @given(COUNTS)
    def hold(counts: dict[tuple[str, str], int]) -> None:
        usage = Usage(
            {
                UsageKey(model, meter, above=0, upto=next(iter(BASE.context_edges(model)), None)): Decimal(n)
                for (model, meter), n in counts.items()
            }
        )
        ours, theirs = price(usage, sheet, BASE_DAY), price(usage, BASE, BASE_DAY)
        assert (ours.total, ours.lines, ours.currency) == (theirs.total, theirs.lines, theirs.currency)

    hold()
    assert (sheet.tiers, sheet.models) == (BASE.tiers, BASE.models)


WEB = sheet(
    web=replace(entry(input=3, output=15, web_search=10, request=5), provider="acme"), low=entry(input=1)
)
SEARCHES = workload(task(1000, tokens(4000, 600), meters={"web_search": Decimal(3)}))


@pytest.mark.parametrize(
    ("limits", "month"),
    [
        ({}, "1848"),
        ({"meters": ("input", "output")}, "1743"),
        ({"meters": ("input", "output"), "models": ("model-web",)}, "1743"),
        ({"providers": ("acme",)}, "1848"),
        ({"models": ("model-low",)}, "1680"),
        ({"providers": ("other",), "meters": ("input",)}, "1680"),
    ],
)
def test_a_multiplier_is_limited_to_its_scope(limits: dict[str, Any], month: str) -> None:
    eu = Adjustment("residency", Decimal("1.1"), **limits)
    on = replace(WEB, terms=(Terms("USD", (eu,)),))
    assert compared({"web": "web"}, SEARCHES, on)["web"].cost_per_month == Decimal(month)


def test_a_volume_discount_is_limited_to_its_scope() -> None:
    steps = (VolumeStep(Decimal(100), Decimal("0.5")),)
    searches = VolumeDiscount(steps, scope=Scope(meters=("web_search",)))
    on = replace(WEB, terms=(Terms("USD", volume=searches),))
    # 900 for searches: 100 + half of 800; 780 for the rest
    assert compared({"web": "web"}, SEARCHES, on)["web"].cost_per_month == 100 + 400 + 780
    other = replace(searches, scope=Scope(models=("model-low",)))
    assert compared({"web": "web"}, SEARCHES, replace(on, terms=(Terms("USD", volume=other),)))[
        "web"
    ].cost_per_month == Decimal(1680)


def test_a_later_discount_applies_to_what_an_earlier_one_leaves_of_its_scope() -> None:
    half = VolumeDiscount((VolumeStep(Decimal(0), Decimal("0.5")),), scope=Scope(meters=("web_search",)))
    tenth = VolumeDiscount(
        (VolumeStep(Decimal(0), Decimal("0.1")),), scope=Scope(meters=("web_search", "input"))
    )
    on = replace(WEB, terms=(Terms("USD", volume=half), Terms("USD", volume=tenth)))
    month = compared({"web": "web"}, SEARCHES, on)["web"]
    assert month.cost_per_month == (450 + 360) * Decimal("0.9") + 270 + 150
    assert month.bill.total == month.cost_per_month


CLOSE = Decimal("1e-40")
BUDGETS = st.decimals(1, 2000, places=2)


@FEWER_EXAMPLES
@given(BUDGETS, STEPS, st.booleans(), st.sampled_from(list(Period)))
def test_a_budget_pays_for_the_largest_whole_number_of_tasks(
    amount: Decimal, steps: list[tuple[int, str]], retroactive: bool, per: Period
) -> None:
    on = volume(
        *((above, str(Decimal(share) * Decimal("0.9"))) for above, share in steps), retroactive=retroactive
    )
    days = {Period.DAY: 1, Period.MONTH: 30, Period.YEAR: 360}[per]

    def cost(count: Decimal) -> Decimal:
        work = workload(task(count / days, tokens(1_000_000, 0)))
        return compared({"high": "high"}, work, on)["high"].cost_per_day * days

    budget = Budget(amount, per, "high")
    comparison = compared({"high": "high"}, workload(task(7, tokens(1_000_000, 0))), on, budget=budget)
    count = comparison["high"].tasks_per_budget
    assert count is not None
    assert count == int(count)
    assert cost(count) <= amount + CLOSE
    more = [*range(1, 40), *(2**power for power in range(6, 20))]
    assert all(cost(count + extra) > amount - CLOSE for extra in more)
