"""What documents come to mean: the values of the example documents in ``positive/``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from routecost import load_pricing, load_scenario
from routecost.documents.scenario.claim_variants import with_variants
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.tier import UniformTier
from routecost.model.pricing.sheet import BATCH, PricingSheet
from routecost.model.scenario.budget import Period
from routecost.model.scenario.caching import CacheShares
from routecost.model.scenario.scenario import Operation, Scenario
from routecost.model.scenario.workload import TaskType, TokenCell
from tests.documents.examples import HERE
from tests.support.build import mean_input, mean_output


def scenario(name: str) -> Scenario:
    return load_scenario(HERE / "positive/scenarios" / f"{name}.yaml")


def sheet() -> PricingSheet:
    return load_pricing(HERE / "positive/pricing/everything.yaml")


def tasks(name: str) -> dict[str, TaskType]:
    return {task.name: task for task in scenario(name).workload.task_types}


@pytest.mark.parametrize(
    ("task", "tasks_per_day", "input_tokens", "output_tokens"),
    [
        ("on", "0.001", "1000", "500"),
        ("no", "1000", "5", "0.5"),
        ("12:30", "10", "5", "1000000000000000"),
        ("2026-02-01", "12345678901234.567890", "0", "0"),
    ],
)
def test_scalars_mean_what_they_look_like(
    task: str, tasks_per_day: str, input_tokens: str, output_tokens: str
) -> None:
    task_type = tasks("lenient-scalars")[task]
    assert task_type.tasks_per_day == Decimal(tasks_per_day)
    assert mean_input(task_type.tokens) == Decimal(input_tokens)
    assert mean_output(task_type.tokens) == Decimal(output_tokens)


def test_names_mean_what_they_look_like() -> None:
    fleet = scenario("lenient-scalars")
    assert list(fleet.strategies) == ["1.5", "true"]
    assert (fleet.baseline, fleet.default, fleet.as_of) == ("true", "1.5", date(2026, 2, 1))
    assert "null" in tasks("lenient-scalars")


def test_a_share_is_a_fraction_or_a_percentage() -> None:
    mixed = scenario("lenient-scalars").strategies["true"]
    assert mixed == Mix({"haiku": Decimal("0.333"), "sonnet": Decimal("0.667")})


def test_everything_of_a_scenario() -> None:
    fleet = scenario("everything")
    task = fleet.workload.task_types[0]
    assert task.cache == CacheShares(Decimal("0.8"), Decimal("0.1"), Decimal("0.05"))
    assert (task.batch_share, task.meters) == (Decimal("0.25"), {"web_search": Decimal("0.5")})
    assert fleet.strategies["all-small"] == UniformTier("small")
    assert (fleet.baseline, fleet.default, fleet.proposed) == ("routed", "routed", "all-small")
    assert fleet.days_per_month == Decimal("30.4")
    assert fleet.budget is not None
    assert (fleet.budget.amount, fleet.budget.per) == (Decimal("150.50"), Period.MONTH)


def test_claims_of_a_scenario() -> None:
    value, disputed, difference, ratio = scenario("everything").claims
    assert (value.published, value.within, value.says) == (Decimal(124), Decimal("0.5"), "about 124")
    assert (disputed.published, disputed.within) == (Decimal("0.386"), Decimal("0.0005"))
    assert disputed.disputed == "no, it is not"
    assert (difference.operation, difference.published) == (Operation.DIFFERENCE, Decimal("-0.001"))
    assert ratio.operation is Operation.RATIO
    assert ratio.position is not None
    assert ratio.position.line == 24


def test_each_operand_has_the_changes_of_its_claim_and_its_own() -> None:
    operands = with_variants(scenario("everything")).claims[3].operands
    first, second = (operand.scenario for operand in operands)
    assert first is not None
    assert second is not None
    assert (first.as_of, second.as_of) == (date(2026, 6, 1), date(2026, 3, 1))
    for variant in (first, second):
        assert variant.workload.tasks_per_day == 20
        assert variant.strategies["routed"] == Mix({"small": Decimal(1)})


def test_variants_of_claims_are_left_for_those_who_judge_them() -> None:
    for claim in scenario("everything").claims:
        assert [operand.scenario for operand in claim.operands] == [None] * len(claim.operands)


METERS_OF_A_ROW = {
    "web_search": (Decimal(0), Decimal(4)),
    "audio_hour": (Decimal("0.1"), Decimal("0.1")),
}


def test_joint_rows_and_ranges_become_cells() -> None:
    assert tasks("joint-tokens")["summary"].tokens.cells == (
        TokenCell(Decimal("0.9"), Decimal(1000), Decimal(3000), Decimal(500), meters=METERS_OF_A_ROW),
        TokenCell(Decimal("0.1"), Decimal(90000), Decimal(110000), Decimal(150), Decimal(100)),
    )


def test_independent_rows_become_a_cell_per_pair() -> None:
    cells = tasks("independent-tokens")["tasks"].tokens.cells
    assert [cell.weight for cell in cells] == [Decimal(share) for share in ("0.45", "0.45", "0.05", "0.05")]
    assert [(cell.output, cell.output_span) for cell in cells] == [
        (Decimal(100), Decimal(0)),
        (Decimal(200), Decimal(200)),
    ] * 2
    assert [cell.input_high for cell in cells] == [3000, 3000, 120000, 120000]


def test_tiers_are_models_by_date() -> None:
    tiers = sheet().tiers
    assert [(one.model, one.start) for one in tiers["large"]] == [("tiny", None), ("huge", date(2026, 1, 1))]
    assert [one.model for one in tiers["middle"]] == ["tiny"]
    assert sheet().tier_names == ("small", "middle", "large")


def test_fees_hold_in_every_mode_and_step_unless_others_are_given() -> None:
    (entry,) = sheet().models["huge"]
    assert entry.card.modes[BATCH]["web_search"] == 10
    for step in entry.steps:
        assert step.card.standard["web_search"] == 10
    assert entry.steps[1].card.modes[BATCH]["web_search"] == 10
    assert "cache_read" not in entry.steps[1].card.modes[BATCH], "a token rate is never carried over"
