"""Plan-and-execute: planner once, executors per subtask, reviewer once, retries one tier up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.plan_and_execute import PlanAndExecute, Review, Subtasks
from routecost.engine.usage.task_flow import Assistant
from routecost.model.scenario.strategy import Outcome
from routecost.model.scenario.success import Detection, Latency, SuccessAfter
from routecost.model.scenario.workload import TaskType
from tests.support.build import DAY, bill, cost, entry, mtok, sheet, successes, task, tokens, workload

SHEET = sheet(
    low=entry(input="0.80", output=4), middle=entry(input=3, output=15), high=entry(input=15, output=75)
)
TASK = task(1, tokens(2_000, 500))
LOW, MIDDLE, HIGH = Decimal("0.0036"), Decimal("0.0135"), Decimal("0.0675")
PLANNER = Assistant("planner", "middle", tokens(2_000, 500))
REVIEWER = Assistant("reviewer", "middle", tokens(2_000, 500))
EIGHT = PlanAndExecute(PLANNER, (Subtasks("low", 8),), Review(REVIEWER, rejects=Decimal(0)))


def outcome(strategy: PlanAndExecute, one: TaskType, latency: Latency | None = None) -> Outcome:
    line = tier_models(SHEET, DAY)
    known = {} if latency is None else dict.fromkeys(line.tiers, latency)
    (found,) = strategy.expand(workload(one), replace(line, latency=known)).outcomes
    return found


def test_the_article_example_lies_a_fifth_of_the_way_from_haiku_to_sonnet() -> None:
    total = cost(EIGHT, workload(TASK), SHEET)
    assert total == 2 * MIDDLE + 8 * LOW
    assert (total / 10 - LOW) / (MIDDLE - LOW) == Decimal("0.2")


def test_reading_eight_outputs_makes_it_a_third() -> None:
    reading = replace(EIGHT, review=Review(replace(REVIEWER, reads_output=True), rejects=Decimal(0)))
    total = cost(reading, workload(TASK), SHEET)
    assert total == 2 * MIDDLE + 8 * LOW + mtok(3, 8 * 500)
    share = (total / 10 - LOW) / (MIDDLE - LOW)
    assert round(share, 2) == Decimal("0.32")


def test_rejected_subtasks_are_done_again_one_tier_up_or_at_the_top() -> None:
    review = Review(REVIEWER, rejects=Decimal("0.25"), escalated=Decimal("0.5"))
    again = 8 * Decimal("0.25") * (Decimal("0.5") * MIDDLE + Decimal("0.5") * HIGH)
    assert cost(replace(EIGHT, review=review), workload(TASK), SHEET) == 2 * MIDDLE + 8 * LOW + again


def test_the_highest_tier_tries_again_itself() -> None:
    review = Review(REVIEWER, rejects=Decimal("0.5"))
    top = PlanAndExecute(PLANNER, (Subtasks("high", 2),), review)
    assert cost(top, workload(TASK), SHEET) == 2 * MIDDLE + 3 * HIGH


def test_tokens_are_handed_from_subtask_to_subtask() -> None:
    handing = replace(EIGHT, hand_on=Decimal(100))
    assert cost(handing, workload(TASK), SHEET) == 2 * MIDDLE + 8 * LOW + 7 * mtok("0.80", 100)


def test_overhead_stands_apart() -> None:
    roles = EIGHT.expand(workload(TASK), tier_models(SHEET, DAY)).roles
    assert set(roles) == {"planner", "executor", "reviewer"}
    assert bill(EIGHT, workload(TASK), SHEET).total == 2 * MIDDLE + 8 * LOW


def test_subtasks_multiply_only_where_they_are_independent() -> None:
    rated = successes(TASK, low="0.9", middle="0.98", high=1)
    assert outcome(EIGHT, rated).right is None
    bare = replace(EIGHT, independent=True, review=None)
    assert outcome(bare, rated).right == Decimal("0.9") ** 8


def test_a_review_that_finds_all_mistakes_leaves_those_of_the_second_try() -> None:
    rated = successes(TASK, low="0.9", middle="0.98", high=1)
    result = outcome(
        replace(EIGHT, independent=True, review=Review(REVIEWER, detection=Detection(Decimal(1)))), rated
    )
    success_of_one = Decimal("0.9") + Decimal("0.1") * Decimal("0.98")
    assert result.right == success_of_one**8
    assert result.escalated == 1 - Decimal("0.9") ** 8


def test_what_runs_at_the_same_time_takes_as_long_as_the_slowest() -> None:
    second = Latency(Decimal(1))
    assert outcome(EIGHT, TASK, second).seconds == 10
    assert outcome(replace(EIGHT, parallel=True), TASK, second).seconds == 3
    assert outcome(EIGHT, TASK).seconds is None


def test_a_subtask_done_again_may_read_what_was_rejected() -> None:
    review = Review(REVIEWER, rejects=Decimal("0.25"))
    plain, reading = (replace(EIGHT, review=replace(review, pass_on=flag)) for flag in (False, True))
    more = cost(reading, workload(TASK), SHEET) - cost(plain, workload(TASK), SHEET)
    assert more == 8 * Decimal("0.25") * mtok(3, 500)


def test_subtasks_done_again_in_the_worst_case_and_as_stated() -> None:
    """20% are rejected and done again; the 5% that the tier fails may all be among them."""
    one = successes(TASK, low="0.8", middle="0.95", high="0.99")
    review = Review(REVIEWER, detection=Detection(Decimal(1)))
    single = PlanAndExecute(PLANNER, (Subtasks("low", 1),), review)
    line = replace(tier_models(SHEET, DAY), worst_case=True)
    (worst,) = single.expand(workload(one), line).outcomes
    assert worst.right == Decimal("0.8") + Decimal("0.15")
    stated = replace(review, success_after={"middle": SuccessAfter.always(Decimal("0.9"))})
    (outcome,) = replace(single, review=stated).expand(workload(one), line).outcomes
    assert outcome.right == Decimal("0.8") + Decimal("0.18")
