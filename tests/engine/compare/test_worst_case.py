"""Ranges by how hard repeated work is: columns, savings and choices that change within them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from routecost.engine.compare.claims import resolve
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.redone import contradiction
from routecost.model.results.verdicts.verdict import Answer
from routecost.model.scenario.figure_path import RANGE_COLUMNS, FigurePath
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import Detection, Rework, SuccessAfter
from routecost.model.scenario.workload import TaskType
from routecost.report.compare import compare as report
from tests.render.reports import rendered
from tests.support.build import DAY, compared, entry, scenario, sheet, successes, task, tokens, workload

ON = sheet(
    low=entry(input="0.80", output=4), middle=entry(input=3, output=15), high=entry(input=15, output=75)
)
DETECTION = Detection(Decimal("0.7"), Decimal("0.05"))
TWO = Cascade(("low", "middle"), detection=DETECTION)


CHOICE: dict[str, Strategy | str] = {
    "middle": "middle",
    "two": Cascade(("low", "middle"), detection=Detection(Decimal("0.9"))),
}


def work(failure_cost: str = "2", low: str = "0.9", middle: str = "0.98", high: str = "0.99") -> TaskType:
    return replace(
        successes(task(100, tokens(2_000, 500)), low=low, middle=middle, high=high),
        failure_cost=Decimal(failure_cost),
    )


def test_the_range_of_a_cascade_by_hand() -> None:
    """855 of 1,000 tasks end right at once; of the 115 that escalate 95 to 112.7 do."""
    cost = compared({"two": TWO}, workload(work()), ON)["two"]
    assert (cost.success_rate, cost.success_rate_low) == (Decimal("0.9677"), Decimal("0.95"))
    calls = 30 * 100 * (Decimal("0.0036") + Decimal("0.115") * Decimal("0.0135"))
    assert cost.cost_per_month == cost.cost_per_month_high == calls
    assert cost.failure_cost_per_month_high == 30 * 100 * Decimal("0.05") * 2
    assert cost.total_cost_per_month_high == calls + 300
    assert cost.cost_per_success_high is not None
    assert round(cost.cost_per_success_high, 20) == round(calls / (3000 * Decimal("0.95")), 20)


def test_only_what_differs_is_a_column() -> None:
    plain = compared({"low": "low"}, workload(work()), ON)
    assert not set(RANGE_COLUMNS) & set(plain.columns)
    two = compared({"low": "low", "two": TWO}, workload(work()), ON)
    highest = ["cost_per_success_high", "failure_cost_per_month_high", "total_cost_per_month_high"]
    assert [name for name in two.columns if name in RANGE_COLUMNS] == ["success_rate_low", *highest]
    assert two.records()[0]["success_rate_low"] == Decimal("0.9")


def test_ranges_are_readable() -> None:
    shown = rendered(report.report(compared({"two": TWO}, workload(work()), ON)), "text")
    assert "95.0% to 96.8%" in shown
    assert "$193.80 to $300.00" in shown


def test_an_assignment_has_the_range_of_its_parts() -> None:
    both = workload(work(), replace(work(), name="other"))
    mixed = Assigned({"tasks": TWO, "other": UniformTier("middle")})
    cost = compared({"mixed": mixed}, both, ON)["mixed"]
    assert cost.success_rate_low == (Decimal("0.95") + Decimal("0.98")) / 2


def test_savings_that_may_turn_into_a_loss_say_so() -> None:
    """Failures cost 0.01 x 300 less in the usual case, and 0.03 x 300 more in the worst."""
    one = work("1", middle="0.94")
    result = compared(CHOICE, workload(one), ON, default="middle", proposed="two")
    saved = result.savings
    assert saved is not None
    calls = 3000 * (Decimal("0.0135") - Decimal("0.0036") - Decimal("0.09") * Decimal("0.0135"))
    assert saved.per_month == saved.per_month_low == saved.per_month_high == calls
    assert saved.with_failures_per_month == calls + 3000 * (Decimal("0.9846") - Decimal("0.94"))
    assert saved.with_failures_per_month_low == calls + 3000 * (Decimal("0.93") - Decimal("0.94"))
    assert saved.with_failures_per_month_high == saved.with_failures_per_month


def test_a_verdict_that_depends_on_repeated_work_says_so() -> None:
    one = work("3", middle="0.94")
    result = compared(CHOICE, workload(one), ON, default="middle", proposed="two")
    assert result.verdict is not None
    (money,) = [condition for condition in result.verdict.conditions if condition.name == "savings"]
    assert money.answer is Answer.UNKNOWN
    assert money.unless == "repeated work is not as hard as the success rates allow"
    shown = rendered(report.report(result), "text")
    assert "is as hard as the success rates allow, middle costs less, by up to $" in " ".join(shown.split())


def test_another_strategy_may_be_the_cheapest_in_the_worst_case() -> None:
    one = work("3", middle="0.94")
    shown = " ".join(rendered(report.report(compared(CHOICE, workload(one), ON)), "text").split())
    assert "middle is the cheapest, including failures ($580.50 a month), and not two" in shown


def test_rework_that_fails_costs_a_failure() -> None:
    rework = Rework(Decimal("0.5"), Decimal(1), "middle")
    cost = compared({"low": "low"}, workload(replace(work(), rework=rework)), ON)["low"]
    assert cost.failure_cost_per_month == 3000 * (Decimal("0.05") * 2 + Decimal("0.05") * 1)
    assert cost.failure_cost_per_month_high == 3000 * (Decimal("0.07") * 2 + Decimal("0.05") * 1)
    assert cost.success_rate == cost.success_rate_low


def test_claims_may_be_about_the_worst_case() -> None:
    one = scenario({"two": TWO}, workload(work()), ON)
    path = FigurePath.parse("strategies.two.success_rate_low")
    assert resolve(path, one, DAY, {}).number == Decimal("0.95")


shares = st.integers(0, 20).map(lambda share: Decimal(share) / 20)


@given(st.lists(shares, min_size=9, max_size=9))
def test_no_success_that_is_possible_is_outside_the_range(drawn: list[Decimal]) -> None:
    """Whatever is stated, and is no contradiction, costs no more and succeeds no less."""
    low, middle, high, wrong, right, *after = drawn
    one = work("2", str(low), str(middle), str(high))
    open_ended = Cascade(("low", "middle", "high"), detection=Detection(wrong, right))
    stated = {"middle": SuccessAfter(after[0], after[1]), "high": SuccessAfter(after[2], after[3])}
    known = replace(open_ended, success_after=stated)
    rates = {"middle": middle, "high": high}
    assume(all(contradiction(redone, rates[redone.tier]) is None for redone in known.redone(one)))
    result = compared({"open": open_ended, "known": known}, workload(one), ON)
    tolerance = Decimal("1e-40")
    stated_cost, range_of_it = result["known"], result["open"]
    assert stated_cost.worst is None
    pairs = (
        (range_of_it.success_rate_low, stated_cost.success_rate),
        (stated_cost.total_cost_per_month, range_of_it.total_cost_per_month_high),
        (stated_cost.cost_per_month, range_of_it.cost_per_month_high),
    )
    for less, more in pairs:
        assert less is not None
        assert more is not None
        assert less <= more + tolerance
