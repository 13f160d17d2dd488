"""What is known in part is a bound: in costs, savings and the verdict."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.model.results.verdicts.savings import Savings
from routecost.model.results.verdicts.verdict import Answer, Condition
from routecost.report.compare.compare import report
from tests.support.reports import text_of

TIERS = ("haiku", "sonnet", "opus")
FLEET = """\
version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload:
  task_types:
{types}
strategies:
  today: {today}
  new: {new}
baseline: today
default: today
proposed: new
"""
DRAFTING = (
    "drafting: {tasks_per_day: 2500, tokens: {input: 6500, output: 700}, failure_cost: 0.80, "
    "success: {haiku: {successes: 160, trials: 200}, sonnet: {successes: 188, trials: 200}}}"
)


def compared(
    folder: Path, *types: str, today: str = "{tier: sonnet}", new: str = "{tier: haiku}"
) -> routecost.Comparison:
    lines = "".join(f"    {line}\n" for line in types)
    path = folder / "fleet.yaml"
    path.write_text(FLEET.format(types=lines, today=today, new=new), encoding="utf-8")
    return routecost.compare(path)


def saved(comparison: routecost.Comparison) -> Savings:
    assert comparison.savings is not None
    return comparison.savings


def condition(comparison: routecost.Comparison, name: str) -> Condition:
    assert comparison.verdict is not None
    return next(one for one in comparison.verdict.conditions if one.name == name)


LEGAL = "legal: {tasks_per_day: 6, tokens: {input: 30000, output: 4000}%s}"


def test_failures_that_are_known_bound_the_savings(tmp_path: Path) -> None:
    """Drafting: calls 1,500 - 75, failures 2,500 x 30 x 0.80 x (0.20 - 0.06) more. Legal: calls 18 - 0.90."""
    comparison = compared(tmp_path, DRAFTING, LEGAL % "")
    savings = saved(comparison)
    assert savings.decisive == (None, Decimal("-6957.90"))
    assert savings.with_failures_per_month is None
    assert (savings.unknown, savings.assumed) == (("legal",), ("legal",))
    assert float(savings.unknown_share) == pytest.approx(6 / 2506)
    assert savings.per_month == Decimal("1442.10")
    text = text_of(report(comparison))
    assert "costs at least $6,957.90 a month more" in text
    assert "if a lower tier fails no less often on legal" in text
    assert "0.2% of the tasks" in text
    assert "states no" not in text
    money = condition(comparison, "savings")
    assert (money.answer, money.figure, money.is_bound) == (Answer.FAILS, Decimal("-6957.90"), True)


def test_a_stated_failure_cost_bounds_both_sides(tmp_path: Path) -> None:
    """180 legal tasks a month that cost 10 each if they fail: up to 1,800 more."""
    savings = saved(compared(tmp_path, DRAFTING, LEGAL % ", failure_cost: 10"))
    assert savings.decisive == (Decimal("-8757.90"), Decimal("-6957.90"))


def test_one_known_rate_bounds_the_other_tier(tmp_path: Path) -> None:
    """Sonnet fails at 10% of the legal tasks (180), haiku at no less and at all of them at most (1,800)."""
    legal = LEGAL % ", failure_cost: 10, success: {sonnet: 90%}"
    savings = saved(compared(tmp_path, DRAFTING, legal))
    assert savings.decisive == (Decimal("-8577.90"), Decimal("-6957.90"))


def test_the_same_tier_fails_as_often(tmp_path: Path) -> None:
    """Legal tasks stay on opus: what they cost is unknown, and the difference is not."""
    assigned = "{assign: {drafting: {tier: %s}, legal: {tier: opus}}}"
    comparison = compared(tmp_path, DRAFTING, LEGAL % "", today=assigned % "sonnet", new=assigned % "haiku")
    savings = saved(comparison)
    assert savings.with_failures_per_month == -6975
    assert (savings.unknown, savings.assumed) == ((), ())
    assert comparison["new"].total_cost_per_month is None
    assert comparison["new"].total_cost_per_month_high is None
    assert comparison["new"].failure_cost_per_month_low == 12000


def test_known_success_decides_without_assumption_if_only_the_failure_cost_is_unknown(tmp_path: Path) -> None:
    legal = LEGAL % ", success: {haiku: 70%, sonnet: 90%}"
    savings = saved(compared(tmp_path, DRAFTING, legal))
    assert savings.decisive == (None, Decimal("-6957.90"))
    assert savings.assumed == ()
    upside_down = saved(compared(tmp_path, DRAFTING, LEGAL % ", success: {haiku: 90%, sonnet: 70%}"))
    assert upside_down.decisive == (Decimal("-6957.90"), None)


def test_what_may_be_either_way_is_unknown(tmp_path: Path) -> None:
    types = DRAFTING.replace("0.80", "0.01"), LEGAL % ", failure_cost: 1000"
    comparison = compared(tmp_path, *types)
    low, high = saved(comparison).decisive
    assert low is not None
    assert high is not None
    assert low < 0 < high == Decimal("1442.10") - 75000 * Decimal("0.14") * Decimal("0.01")
    money = condition(comparison, "savings")
    assert (money.answer, money.figure) == (Answer.UNKNOWN, None)
    assert "new (proposed) may save money or cost more" in text_of(report(comparison))


def test_a_ranking_says_that_it_leaves_out_what_is_unknown(tmp_path: Path) -> None:
    """Nothing is known of failures on opus, which may cost the least."""
    top = "{tier: haiku}\n  top: {tier: opus}"
    text = text_of(report(compared(tmp_path, DRAFTING, new=top)))
    assert "Including failures, today is the cheapest of those whose failures are known ($5,100.00" in text
    everything = DRAFTING.replace("success: {", "success: {opus: 99%, ")
    assert "whose failures are known" not in text_of(report(compared(tmp_path, everything, new=top)))


def test_a_fleet_without_stated_failures_is_compared_on_calls(tmp_path: Path) -> None:
    comparison = compared(tmp_path, LEGAL % "")
    assert not saved(comparison).counts_failures
    assert not comparison.has_quality
    assert "saves 95% compared with today (default): $17.10 a month" in text_of(report(comparison))


def test_a_stated_success_rate_is_no_observation(tmp_path: Path) -> None:
    measured = condition(compared(tmp_path, DRAFTING), "quality signal")
    assert (measured.answer, measured.figure) == (Answer.MET, Decimal(1))
    stated = compared(tmp_path, LEGAL % ", success: {haiku: 70%, sonnet: 90%}")
    signal = condition(stated, "quality signal")
    assert (signal.answer, signal.figure) == (Answer.UNKNOWN, Decimal(0))
    both = condition(compared(tmp_path, DRAFTING, LEGAL % ""), "quality signal")
    assert both.answer is Answer.UNKNOWN
    assert float(both.figure or 0) == pytest.approx(2500 / 2506)


def test_stakes_are_those_of_the_most_expensive_failure_on_a_lower_tier(tmp_path: Path) -> None:
    """Per legal task, opus costs 0.2 and haiku 0.005: 390 is 2,000 times the gap of 0.195."""
    legal = LEGAL % ", failure_cost: 390, success: {haiku: 70%, opus: 90%}"
    stakes = condition(compared(tmp_path, DRAFTING, legal), "stakes")
    assert (stakes.answer, stakes.figure) == (Answer.FAILS, Decimal(2000))
    assert "legal" in stakes.meaning
    on_top = "{assign: {drafting: {tier: haiku}, legal: {tier: opus}}}"
    stakes = condition(compared(tmp_path, DRAFTING, legal, new=on_top), "stakes")
    assert stakes.answer is Answer.MET
    assert stakes.figure is not None
    assert stakes.figure < 1000


@st.composite
def _fleets(draw: st.DrawFn) -> dict[str, Any]:
    """Return success rates that rise with the tier, of which some are stated, and strategies."""
    percent = st.integers(0, 100)
    types = []
    for _ in range(draw(st.integers(1, 3))):
        rates = sorted(draw(st.lists(percent, min_size=3, max_size=3)))
        stated = draw(st.sets(st.sampled_from(TIERS)))
        failure_cost = draw(st.none() | st.integers(0, 20))
        types.append((rates, stated, failure_cost, draw(st.integers(1, 5))))
    mixes = st.sampled_from(
        (
            "{tier: haiku}",
            "{tier: sonnet}",
            "{tier: opus}",
            "{mix: {haiku: 60%, sonnet: 40%}}",
            "{mix: {haiku: 20%, sonnet: 50%, opus: 30%}}",
            "{cascade: [haiku, opus], accept: {haiku: 100%}}",
        )
    )
    return {"types": types, "today": draw(mixes), "new": draw(mixes)}


@given(fleet=_fleets(), true_cost=st.integers(0, 20))
def test_bounds_hold_whatever_the_unknown_rates_are(
    tmp_path_factory: pytest.TempPathFactory, fleet: dict[str, Any], true_cost: int
) -> None:
    """The savings with all rates stated lie within the bounds of those with some of them."""

    def types(*, all_known: bool) -> list[str]:
        lines = []
        for at, (rates, stated, failure_cost, tasks) in enumerate(fleet["types"]):
            shown = [
                f"{tier}: {rate}%"
                for tier, rate in zip(TIERS, rates, strict=True)
                if all_known or tier in stated
            ]
            cost = true_cost if failure_cost is None and all_known else failure_cost
            keys = f", success: {{{', '.join(shown)}}}" if shown else ""
            keys += "" if cost is None else f", failure_cost: {cost}"
            lines.append(f"t{at}: {{tasks_per_day: {tasks}, tokens: {{input: 9000, output: 900}}{keys}}}")
        return lines

    folder = tmp_path_factory.mktemp("fleet")
    sides = {"today": fleet["today"], "new": fleet["new"]}
    partial = compared(folder, *types(all_known=False), **sides)
    full = compared(folder, *types(all_known=True), **sides)
    truth = saved(full).with_failures_per_month
    assert truth is not None
    if saved(partial).counts_failures:
        low, high = saved(partial).decisive
        assert low is None or low <= truth
        assert high is None or truth <= high
    for name in sides:
        one, true = partial[name], full[name].total_cost_per_month
        assert true is not None
        assert (one.total_cost_per_month_low or 0) <= true
        assert one.total_cost_per_month_high is None or true <= one.total_cost_per_month_high
