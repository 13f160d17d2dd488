"""Confidence routing: who is reviewed, what remains unnoticed, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.confidence import ByConfidence
from routecost.engine.usage.task_flow import Assistant
from routecost.model.scenario.success import Detection, SuccessAfter
from tests.support.build import DAY, cost, entry, mtok, sheet, successes, task, tokens, workload

SHEET = sheet(low=entry(input=1, output=5), high=entry(input=10, output=50))
TASK = successes(task(100, tokens(1_000, 100)), low="0.9", high="0.99")
STRATEGY = ByConfidence(
    executor="low",
    when_right={"high": Decimal("0.8"), "medium": Decimal("0.15"), "low": Decimal("0.05")},
    when_wrong={"high": Decimal("0.3"), "medium": Decimal("0.4"), "low": Decimal("0.3")},
    reviewer=Assistant("reviewer", "high", tokens(200, 20), reads_output=True),
    detection=Detection(Decimal("0.8"), Decimal("0.1")),
    redo="high",
    self_assessment=Decimal(40),
)
REVIEWED = Decimal("0.9") * Decimal("0.2") + Decimal("0.1") * Decimal("0.7")  # 0.18 right, 0.07 wrong
REJECTED = Decimal("0.18") * Decimal("0.1") + Decimal("0.07") * Decimal("0.8")


def test_every_call_is_paid() -> None:
    executed = mtok(1, 1_000) + mtok(5, 140)
    reviewed = mtok(10, 200 + 140) + mtok(50, 20)
    redone = mtok(10, 1_000) + mtok(50, 100)
    assert cost(STRATEGY, workload(TASK), SHEET) == 100 * (executed + REVIEWED * reviewed + REJECTED * redone)


def test_what_remains_unnoticed() -> None:
    (found,) = STRATEGY.expand(workload(TASK), tier_models(SHEET, DAY)).outcomes
    confident = Decimal("0.1") * Decimal("0.3")
    overlooked = Decimal("0.07") * Decimal("0.2")
    again = REJECTED * Decimal("0.01")
    assert (found.reviewed, found.escalated) == (REVIEWED, REJECTED)
    assert found.wrong == confident + overlooked + again


def test_a_reviewer_that_rejects_nothing_changes_no_outcome() -> None:
    blind = replace(STRATEGY, detection=Detection(Decimal(0)))
    (found,) = blind.expand(workload(TASK), tier_models(SHEET, DAY)).outcomes
    assert (found.right, found.escalated) == (Decimal("0.9"), Decimal(0))


def test_without_the_rate_of_the_second_try_quality_is_not_known() -> None:
    (found,) = STRATEGY.expand(
        workload(successes(task(100, tokens(1, 1)), low="0.9")), tier_models(SHEET, DAY)
    ).outcomes
    assert found.right is None


def test_the_call_that_redoes_the_work_may_read_what_was_rejected() -> None:
    more = cost(replace(STRATEGY, pass_on=True), workload(TASK), SHEET) - cost(
        STRATEGY, workload(TASK), SHEET
    )
    assert more == 100 * REJECTED * mtok(10, 140)


def test_redone_work_in_the_worst_case_and_as_stated() -> None:
    """0.018 right and 0.056 wrong outputs are redone; the 1% that the tier fails may all be among them."""
    kept = Decimal("0.9") - Decimal("0.018")
    line = replace(tier_models(SHEET, DAY), worst_case=True)
    (worst,) = STRATEGY.expand(workload(TASK), line).outcomes
    assert worst.right == kept + REJECTED - Decimal("0.01")
    stated = replace(STRATEGY, success_after=SuccessAfter(Decimal("0.9"), Decimal("0.95")))
    (outcome,) = stated.expand(workload(TASK), line).outcomes
    assert outcome.right == kept + Decimal("0.056") * Decimal("0.9") + Decimal("0.018") * Decimal("0.95")
