"""Sweeps: a point is what ``compare`` says of that mix, and a grid without a mix is explained."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.compare.compare import compare
from routecost.engine.mixes.grid import count
from routecost.engine.mixes.sweep import sweep
from routecost.engine.strategies.mix import Mix
from routecost.errors import RoutecostError, UsageError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.mix_sweep import MixGrid, Sweep
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import Workload
from tests.examples import FEWER_EXAMPLES
from tests.support.build import DAY, entry, mix, scenario, sheet, task, tokens, workload
from tests.support.strategies import TIERS, sheets, workloads

WORK = workload(task(1, tokens(1_000_000, 0)))
PLAIN = sheet(low=entry(input=1), middle=entry(input=4), high=entry(input=20))
FIVE = sheet(**{name: entry(input=rate) for name, rate in zip("abcde", (1, 2, 4, 8, 16), strict=True)})
STRATEGIES: dict[str, Strategy | str] = {
    "all-low": "low",
    "all-middle": "middle",
    "mixed": mix(low="0.8", middle="0.15", high="0.05"),
}
NAMED = {"baseline": "all-middle", "default": "all-middle", "proposed": "mixed"}


def swept(on: PricingSheet = PLAIN, work: Workload = WORK, **grid: object) -> Sweep:
    """Sweep a grid of two strategies and a mix, or of the first tier alone on another sheet."""
    if on is PLAIN:
        return sweep(scenario(STRATEGIES, work, on, **NAMED), MixGrid(**grid), DAY)  # type: ignore[arg-type]
    first: dict[str, Strategy | str] = {"first": on.tier_names[0]}
    return sweep(scenario(first, work, on), MixGrid(**grid), DAY)  # type: ignore[arg-type]


def points(made: Sweep) -> dict[tuple[float, ...], tuple[float | None, ...]]:
    """Return what is known of each mix, by its shares."""
    tiers = len(made.lattice.bases)
    return {tuple(map(float, row[:tiers])): row[tiers:] for row in made.rows}  # type: ignore[arg-type]


def mixes_of(tiers: int, parts: int) -> set[tuple[float, ...]]:
    """Return every mix of ``tiers`` on a grid, the slow way."""
    every = product(range(parts + 1), repeat=tiers)
    return {tuple(part / parts for part in item) for item in every if sum(item) == parts}


def about(number: float | Decimal) -> object:
    return pytest.approx(float(number), rel=1e-9, abs=1e-12)


@FEWER_EXAMPLES
@given(sheets(), workloads(), st.sampled_from(["0.5", "0.25", "0.2"]))
def test_a_point_is_what_compare_says_of_that_mix(on: PricingSheet, work: Workload, step: str) -> None:
    base = scenario({"base": "high", "default": "middle"}, work, on, baseline="base", default="default")
    mixes = sweep(base, MixGrid(Decimal(step)), DAY)
    names = {
        f"{shares}": Mix(dict(zip(TIERS, map(Decimal, map(str, shares)), strict=True)))
        for shares in points(mixes)
    }
    held = compare(replace(base, strategies={**base.strategies, **names}), DAY)
    default = held["default"].cost_per_month
    for shares, (per_day, per_month, change, saved, quality, frontier) in points(mixes).items():
        expected = held[f"{shares}"]
        assert (per_day, per_month) == (about(expected.cost_per_day), about(expected.cost_per_month))
        assert saved == pytest.approx(
            float(default - expected.cost_per_month), rel=1e-9, abs=1e-9 * float(default)
        )
        assert (change is None) == (expected.vs_baseline is None)
        assert change is None or change == pytest.approx(float(expected.vs_baseline or 0), rel=1e-9, abs=1e-9)
        assert (quality, frontier) == (None, None)


@given(sheets(), workloads(), st.permutations(TIERS))
def test_the_order_of_the_tiers_changes_no_point(on: PricingSheet, work: Workload, order: list[str]) -> None:
    other = replace(on, tiers={tier: on.tiers[tier] for tier in order})
    first, second = (
        sweep(scenario({"a": "low"}, work, each), MixGrid(Decimal("0.25")), DAY) for each in (on, other)
    )
    expected = points(first)
    for shares, values in points(second).items():
        by_name = dict(zip(order, shares, strict=True))
        assert values[0] == about(expected[tuple(by_name[tier] for tier in TIERS)][0] or 0)
    assert first.count == second.count == len(expected)


@pytest.mark.parametrize(("on", "parts"), [(PLAIN, 4), (FIVE, 5), (sheet(only=entry(input=1)), 4)])
def test_every_mix_is_there_once(on: PricingSheet, parts: int) -> None:
    mixes = swept(on, step=Decimal(1) / parts)
    expected = mixes_of(len(on.tier_names), parts)
    assert set(points(mixes)) == expected
    assert mixes.count == len(list(mixes.rows)) == len(expected)


def test_a_cost_by_hand() -> None:
    mixes = swept(step=Decimal("0.5"))
    # Half at 1 and half at 20 dollars a day is 10.50 a day, of 30 days; all-middle is 4 a day.
    assert points(mixes)[0.5, 0.0, 0.5] == (10.5, 315.0, about(1.625), -195.0, None, None)


@given(st.lists(st.integers(0, 6), max_size=5), st.integers(0, 12))
def test_mixes_are_counted_without_making_them(caps: list[int], total: int) -> None:
    every = product(*(range(cap + 1) for cap in caps))
    expected = sum(sum(item) == total for item in every) if caps else 1
    assert count(caps, total) == expected


def test_held_and_ranged_shares() -> None:
    mixes = swept(
        step=Decimal("0.05"), held={"high": Decimal("0.05")}, ranges={"low": (Decimal("0.5"), Decimal("0.9"))}
    )
    shares = list(points(mixes))
    assert {high for _, _, high in shares} == {0.05}
    assert [low for low, _, _ in shares] == [about(0.5 + 0.05 * at) for at in range(9)]
    assert all(sum(share) == about(1) for share in shares)
    assert points(mixes)[0.8, 0.15, 0.05][1] == about(
        compare(scenario(STRATEGIES, WORK, PLAIN), DAY)["mixed"].cost_per_month
    )


def test_a_range_that_the_others_narrow() -> None:
    mixes = swept(
        step=Decimal("0.25"),
        ranges={"low": (Decimal(0), Decimal("0.25")), "middle": (Decimal("0.5"), Decimal(1))},
    )
    assert set(points(mixes)) == {
        (0, 0.5, 0.5),
        (0, 0.75, 0.25),
        (0, 1, 0),
        (0.25, 0.5, 0.25),
        (0.25, 0.75, 0),
    }
    assert mixes.lattice.span("high") == (Decimal(0), Decimal("0.50"))


@pytest.mark.parametrize(
    ("step", "hold", "ranges", "says"),
    [
        ("7%", [], [], "steps of 7% do not divide 100%; the nearest that do are 6.25% and 10%"),
        ("10%", ["high=5%"], [], "steps of 10% do not divide the 95% that the held shares leave"),
        ("0%", [], [], "is not above 0"),
        ("-5%", [], [], "is not a share"),
        ("nan", [], [], "is not a share"),
        ("1e999", [], [], "is not a share"),
        ("5", [], [], 'did you mean "5%"'),
        ("5%", ["high"], [], "names no tier; expected a text such as opus=5%"),
        ("5%", ["hihg=5%"], [], 'no tier "hihg" in the pricing sheet; did you mean "high"'),
        ("5%", ["high=5%", "high=10%"], [], "given twice"),
        ("5%", ["high=5%"], ["high=0%:5%"], "both --hold and --range"),
        ("5%", ["high=60%", "low=50%"], [], "the held shares sum to 110%"),
        ("5%", ["high=10%", "low=10%", "middle=10%"], [], "no tier is left to take the other 70%"),
        ("5%", [], ["low=50%"], "expected two shares"),
        ("5%", [], ["low=90%:50%"], "begins at 90%, above its end, 50%"),
        ("5%", [], ["low=51%:54%"], "holds no multiple of the step, 5%"),
        ("5%", [], ["low=60%:70%", "high=50%:60%"], "the lowest shares already sum to 110%"),
        ("5%", [], ["low=0%:30%", "middle=0%:30%", "high=0%:30%"], "even the highest shares sum to 90%"),
        ("0.0001%", [], [], "expected at most 50,000,000"),
    ],
)
def test_grids_that_make_no_sense_are_explained(
    step: str, hold: list[str], ranges: list[str], says: str
) -> None:
    with pytest.raises(RoutecostError) as refused:
        sweep(scenario(STRATEGIES, WORK, PLAIN), MixGrid.parse(step, hold, ranges), DAY)
    assert says in str(refused.value)


def test_a_tier_named_like_a_column() -> None:
    with pytest.raises(UsageError, match='a tier named "quality" has the name of a column'):
        swept(sheet(quality=entry(input=1), low=entry(input=2)))


def test_landmarks_are_the_strategies_and_the_ends_of_the_grid() -> None:
    marks = [
        (highlight.strategy, highlight.ends, int(highlight.mix.cost_per_month))
        for highlight in swept().highlights
    ]
    assert marks == [
        ("all-low", ("cheapest",), 30), ("mixed", (), 72), ("all-middle", (), 120),
        (None, ("most expensive",), 600),
    ]  # fmt: skip
    saved = [highlight.savings_per_month for highlight in swept().highlights]
    assert saved == [90, 48, 0, -480]


@given(sheets(), workloads())
def test_ranges_hold_the_cheapest_and_the_costliest_mix_of_each_share(
    on: PricingSheet, work: Workload
) -> None:
    mixes = sweep(scenario({"a": "low"}, work, on), MixGrid(Decimal("0.2")), DAY)
    for at, tier in enumerate(TIERS):
        for each in mixes.ranges[tier]:
            costs = [
                values[1] or 0
                for shares, values in points(mixes).items()
                if abs(shares[at] - float(each.share)) < 1e-9
            ]
            assert about(each.cheapest.cost_per_month) == min(costs)
            assert about(each.most_expensive.cost_per_month) == max(costs)
            assert each.cheapest.shares[tier] == each.most_expensive.shares[tier] == each.share


def test_mixes_cheaper_than_the_default_are_counted_and_a_tie_is_not_less() -> None:
    mixes = swept(step=Decimal("0.05"))
    assert mixes.cheaper is not None
    less = [shares for shares, values in points(mixes).items() if (values[1] or 0) < 120 - 1e-9]
    assert mixes.cheaper.count == len(less)
    for share, (found, every) in mixes.cheaper.counts.items():
        assert found == sum(abs(each[2] - float(share)) < 1e-9 for each in less)
        assert every == sum(abs(point[2] - float(share)) < 1e-9 for point in points(mixes))
    far = mixes.cheaper.farthest
    assert far is not None
    assert float(far.shares["high"]) == about(max(each[2] for each in less))
    assert far.cost_per_month < 120
    assert mixes.most_expensive_tier == "high"


def test_no_default_and_no_baseline() -> None:
    mixes = swept(FIVE, step=Decimal("0.5"))
    assert mixes.cheaper is None
    assert {values[2:] for values in points(mixes).values()} == {(None, None, None, None)}


def test_many_rows_are_made_as_they_are_read() -> None:
    mixes = swept(FIVE, step=Decimal("0.02"))
    assert mixes.count == 316_251
    rows = iter(mixes.rows)
    assert next(rows)[:5] == (0, 0, 0, 0, 1)
    assert next(iter(mixes.rows)) == next(iter(mixes.rows))
    assert sum(1 for _ in rows) == mixes.count - 1


def test_a_frame_has_a_row_per_mix() -> None:
    frame = swept(step=Decimal("0.5")).to_frame()
    assert len(frame) == 6
    assert list(frame.columns[:3]) == list(TIERS)
    assert frame["cost_per_month"].max() == 600
