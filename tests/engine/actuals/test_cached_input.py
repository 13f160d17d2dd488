"""Actual input that includes cached tokens is noticed, other input is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from routecost.engine.actuals.plan_vs_actual import compare_with_actuals
from routecost.engine.projection.project import project
from routecost.model.report.report import Note
from routecost.model.results.actuals import ActualMonth, Actuals, Grain, PlanVsActual, Used
from routecost.model.scenario.horizon import Horizon
from routecost.report.projection.actuals import blocks
from tests.support.build import entry, scenario, sheet, task, tokens, workload

FIRST = date(2026, 2, 1)
ON = sheet(low=entry(input=1, output=5, cache_read="0.1", cache_write_5m="1.25"))
WORK = workload(task(10, tokens(4000, 200), "read", read="0.6", write_5m="0.05"))
"""Of 4,000 tokens, 1,400 are input, 2,400 read and 200 written."""


def used(per_task: int, tasks: int = 310, read: int = 2400, written: int = 200) -> Used:
    units = {"input": per_task, "output": 200, "cache_read": read, "cache_write_5m": written}
    return Used(Decimal(tasks), None, {name: Decimal(count * tasks) for name, count in units.items()})


MADE = scenario({"low": "low"}, WORK, ON)
PLANNED = project(MADE, Horizon(FIRST, 1))


def compared(month: ActualMonth) -> PlanVsActual:
    return compare_with_actuals(MADE, PLANNED, Actuals("spend.yaml", (month,)))


def found(month: ActualMonth) -> tuple[str, ...]:
    ((_, variance),) = compared(month).known
    return variance.with_cached_input


@pytest.mark.parametrize(
    ("actual", "names"),
    [
        (used(1400), ()),
        (used(4000), ("low",)),  # 2,600 more than planned: the cached tokens
        (used(4100), ("low",)),  # within a twentieth of these
        (used(4200), ()),
        (used(2000), ()),
        (used(1400, read=0, written=0), ()),
        (used(4000, read=0, written=0), ()),  # without a cache: more input than planned
        (used(4000, tasks=900), ("low",)),
    ],
)
def test_input_that_exceeds_the_plan_by_the_cached_tokens(actual: Used, names: tuple[str, ...]) -> None:
    assert found(ActualMonth(FIRST, Decimal(9), "low", None, Grain.TIER, {"low": actual})) == names


def test_of_months_and_task_types() -> None:
    whole = ActualMonth(FIRST, Decimal(9), "low", Decimal(310), Grain.MONTH, {"": used(4000)})
    assert found(whole) == ("",)
    tier = ActualMonth(FIRST, Decimal(9), "low", None, Grain.TIER, {"low": used(4000)})
    by_type = ActualMonth(FIRST, Decimal(9), "low", task_types={"read": tier})
    assert found(by_type) == ("low of read",)
    assert found(ActualMonth(FIRST, Decimal(9), "low", task_types={"read": whole})) == ("read",)
    notes = [block for block in blocks(PLANNED, compared(by_type)) if isinstance(block, Note)]
    warnings = ["".join(map(str, note.parts)) for note in notes if note.warning]
    assert warnings
    assert warnings[0].startswith("In 2026-02, the input of low of read exceeds the plan by just the cached")
