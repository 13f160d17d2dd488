"""Sweeps and tornado charts of fields that take whole numbers only."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import routecost
from tests.cli.running import routecost as run
from tests.support.sensitivity import written


def of_calls(folder: Path, per_task: int) -> Path:
    """Write a scenario of tasks of several calls, whose input is carried on."""
    path = written(folder)
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        ", cache: {read: 30%, write_5m: 10%}", f", calls: {{per_task: {per_task}, carry: all}}"
    )
    assert "per_task" in text
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_number_moves_to_the_nearest_whole_numbers(tmp_path: Path) -> None:
    path = of_calls(tmp_path, 12)
    tornado = routecost.tornado(path, by="20%")
    (calls,) = [one for one in tornado.assumptions if one.name == "workload.calls.per_task"]
    assert (calls.down.value, calls.up.value) == (Decimal(10), Decimal(14))
    assert tornado.assumptions[0] == calls
    for side, count in ((calls.down, 10), (calls.up, 14)):
        point = routecost.compare(of_calls(tmp_path, count))
        assert side.cost == point["routed"].cost_per_month
    path = of_calls(tmp_path, 12)
    text = " ".join(run("sweep", str(path), "--tornado").stdout.split())
    assert "workload.calls.per_task takes whole numbers only; the nearest are used: 10, 14." in text
    assert "cannot change" not in text


def test_a_whole_number_that_cannot_be_less_says_why(tmp_path: Path) -> None:
    tornado = routecost.tornado(of_calls(tmp_path, 1), by="20%")
    (calls,) = [one for one in tornado.assumptions if one.name == "workload.calls.per_task"]
    assert (calls.up.value, calls.up.is_whole, calls.down.cost) == (Decimal(2), True, None)
    assert calls.down.why == "0.8 calls per task; expected a whole number from 1 to 1000"


def test_a_crossover_between_whole_numbers_is_at_the_first_that_is_beyond_it(tmp_path: Path) -> None:
    path = of_calls(tmp_path, 12)
    sweep = routecost.sweep_over(path, ["calls.per_task=1:21:20"], strategies=["small", "large"])
    (crossing,) = sweep.crossovers
    before, at = (
        {cost.strategy: cost.cost_per_month for cost in point.costs}
        for point in routecost.sweep_over(
            path,
            [f"calls.per_task={crossing.value - 1:f},{crossing.value:f}"],
            strategies=["small", "large"],
        ).points
    )
    assert crossing.value == int(crossing.value)
    first, second = crossing.strategies
    assert before[first] < before[second]
    assert at[first] > at[second]
