"""Calls drawn one by one: sums that decide on no price step are merged, without another cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from routecost.engine.usage import contexts
from routecost.engine.usage.calls import CallShape
from routecost.engine.usage.contexts import calls_of_task
from routecost.engine.usage.independent_draws import MOST_SUMS, Sum, sums_of_calls
from routecost.engine.usage.quantities import answer, prompt
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.workload import Carry, Drawn, TaskCalls, TokenShape
from routecost.units import exact
from tests.engine.usage.test_calls import ON
from tests.support.build import cell, cost, task, workload

SHAPE = TokenShape(
    (cell("0.6", 2_800, 7_000, 900), cell("0.3", 21_000, 21_000, 900), cell("0.1", 31, 31, 17_777))
)
CALLS = TaskCalls(14, Decimal(2_000), Carry.ALL, drawn=Drawn.PER_CALL)


def total(parts: Iterable[Decimal]) -> Decimal:
    return sum(parts, Decimal(0))


@pytest.mark.slow
@pytest.mark.parametrize(
    "cached", ["0.7", *(pytest.param(all_or_none, marks=pytest.mark.slow) for all_or_none in "01")]
)
def test_merging_sums_that_decide_on_no_step_keeps_the_cost(
    cached: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = workload(replace(task(1, SHAPE), calls=replace(CALLS, cached=Decimal(cached))))
    merged = cost("low", work, ON)
    monkeypatch.setattr(contexts, "_around_steps", lambda *_: None)
    assert abs(cost("low", work, ON) / merged - 1) < Decimal("1e-40")


@pytest.mark.slow
def test_the_rows_of_many_calls_grow_about_linearly() -> None:
    models = TierModels(date(2026, 1, 1), ("low",), {"low": "m"}, {"m": (400_000,)})

    def rows(per_task: int) -> int:
        calls = calls_of_task(
            replace(CALLS, per_task=per_task),
            [("low", per_task, CallShape(prompt(SHAPE), answer(SHAPE)))],
            models,
        )
        return sum(len(call.prompt.rows) for _, call, _ in calls)

    many = rows(160)
    assert many <= 5 * rows(40)
    assert many < 160 * len(SHAPE.cells) * MOST_SUMS / 5


@exact
def test_sums_are_exact_up_to_a_number_and_their_means_always() -> None:
    rows = {(10, 1): Decimal("0.5"), (20, 5): Decimal("0.3"), (70, 0): Decimal("0.2")}
    shape = TokenShape(tuple(cell(str(weight), sent, sent, out) for (sent, out), weight in rows.items()))
    sums = sums_of_calls(prompt(shape), answer(shape), 40)
    thrice: dict[tuple[int, int], Decimal] = {}
    for draws in product(rows, repeat=3):
        key = sum(sent for sent, _ in draws), sum(out for _, out in draws)
        thrice[key] = thrice.get(key, Decimal(0)) + rows[draws[0]] * rows[draws[1]] * rows[draws[2]]
    assert sorted(sums[3]) == sorted(Sum(weight, *map(Decimal, key)) for key, weight in thrice.items())
    for calls, known in enumerate(sums):
        assert len(known) <= MOST_SUMS
        assert abs(total(one.weight for one in known) - 1) < Decimal("1e-50")
        assert abs(total(one.weight * one.input for one in known) - 25 * calls) < Decimal("1e-45")
        assert abs(total(one.weight * one.output for one in known) - 2 * calls) < Decimal("1e-45")
