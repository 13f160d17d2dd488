"""``routecost.tornado``: each move is the cost of an ordinary scenario."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.model.results.tornado import Tornado
from tests.support.sensitivity import (
    FLEET,
    PIPELINE,
    in_assign,
    two_types,
    written,
)


def assumption(tornado: Tornado, name: str) -> tuple[Decimal | None, Decimal | None]:
    (moved,) = [row for row in tornado.assumptions if row.name == name]
    return moved.down.cost, moved.up.cost


def test_what_failures_cost_is_told_beside_what_calls_cost() -> None:
    sweep = routecost.sweep_over("support-desk", ["refund.failure_cost=5,50"])
    alone = routecost.compare("support-desk", as_of=sweep.as_of[0])
    cheap, costly = sweep.points
    for low, high in zip(cheap.costs, costly.costs, strict=True):
        assert low.cost_per_month == high.cost_per_month == alone[low.strategy].cost_per_month
        assert low.total_cost_per_month is not None
        assert high.total_cost_per_month is not None
        assert low.cost_per_month < low.total_cost_per_month < high.total_cost_per_month
    tornado = routecost.tornado("support-desk")
    assert tornado.costs.total == alone[tornado.strategy].total_cost_per_month is not None


def test_volume_moves_the_cost_as_it_moves() -> None:
    tornado = routecost.tornado(FLEET, by="10%")
    month = tornado.cost_per_month
    assert (tornado.strategy, month) == ("routed-80-15-5", Decimal("124.20"))
    assert assumption(tornado, "workload.tasks_per_day") == (month * Decimal("0.9"), month * Decimal("1.1"))


def test_each_move_is_the_cost_of_the_scenario_so_changed(tmp_path: Path) -> None:
    tornado = routecost.tornado(written(tmp_path), by="50%")
    for name, place, values in (
        ("workload.tokens.input", 1, (1000, 3000)),
        ("workload.tokens.output", 2, (250, 750)),
        ("workload.cache.read", 3, ("15%", "45%")),
    ):
        for value, cost in zip(values, assumption(tornado, name), strict=True):
            given_values: list[object] = [500, 2000, 500, "30%"]
            given_values[place] = value
            (tmp_path / "other").mkdir(exist_ok=True)
            other = written(tmp_path / "other", *given_values)
            assert routecost.compare(other)["routed"].cost_per_month == cost


def test_rates_of_all_models_together_are_the_whole_cost() -> None:
    tornado = routecost.tornado(FLEET, by="100%")
    rates = [row for row in tornado.assumptions if row.name.startswith("rates of ")]
    month = tornado.cost_per_month
    assert len(rates) == 3
    assert sum(month - rate.down.cost for rate in rates if rate.down.cost is not None) == month


def test_the_other_tiers_of_a_mix_make_room_in_proportion() -> None:
    tornado = routecost.tornado(FLEET, by="20%")
    moved = {row.name: row for row in tornado.assumptions}
    opus = moved["strategies.routed-80-15-5.mix.opus"]
    assert (opus.down.value, opus.up.value) == (Decimal("0.04"), Decimal("0.06"))
    # 94% over 80:15 between 54.00 and 202.50 a month, and 6% at 1,012.50
    rest = (80 * Decimal(54) + 15 * Decimal("202.5")) / 95
    assert opus.up.cost is not None
    assert abs(opus.up.cost - (Decimal("0.94") * rest + Decimal("0.06") * Decimal("1012.5"))) < Decimal(
        "1e-12"
    )


def test_a_share_moves_to_100_percent_and_no_further(tmp_path: Path) -> None:
    text = written(tmp_path, 500, 2000, 500, "85%").read_text(encoding="utf-8").replace("10%", "0")
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(text, encoding="utf-8")
    tornado = routecost.tornado(scenario, by="20%")
    (read,) = [row for row in tornado.assumptions if row.name == "workload.cache.read"]
    assert (read.down.value, read.up.value, read.up.is_limited) == (Decimal("0.68"), Decimal(1), True)
    scenario.write_text(text.replace("85%", "100%"), encoding="utf-8")
    assert read.up.cost == routecost.compare(scenario)["routed"].cost_per_month


def test_a_share_of_a_mix_moves_to_100_percent_and_no_further() -> None:
    tornado = routecost.tornado(FLEET, by="50%")
    (haiku,) = [row for row in tornado.assumptions if row.name.endswith("mix.haiku")]
    assert (haiku.up.value, haiku.up.cost) == (
        Decimal(1),
        routecost.compare(FLEET)["all-haiku"].cost_per_month,
    )


def test_the_volume_and_the_cached_share_of_all_task_types_move_together(tmp_path: Path) -> None:
    tornado = routecost.tornado(two_types(tmp_path, 100, 50, "40%", "60%"), by="10%")
    moved = {row.name: row for row in tornado.assumptions}
    total, cached = moved["workload.tasks_per_day"], moved["workload.cache.read"]
    assert (total.value, total.up.value) == (Decimal(150), Decimal(165))
    assert total.up.cost == tornado.cost_per_month * Decimal("1.1")
    assert (cached.value, cached.up.value) == (None, None)
    both = routecost.compare(two_types(tmp_path, 100, 50, "44%", "66%"))
    assert cached.up.cost == both["small"].cost_per_month


def test_a_move_that_breaks_something_else_says_what(tmp_path: Path) -> None:
    tornado = routecost.tornado(written(tmp_path, 500, 2000, 500, "85%"), by="60%")
    (write,) = [row for row in tornado.assumptions if row.name == "workload.cache.write_5m"]
    assert write.up.why == "cache shares sum to 1.01; expected at most 1 (100%)"


def test_assumptions_fall_by_their_swing_and_belong_to_the_strategy() -> None:
    tornado = routecost.tornado(PIPELINE, strategy="all-haiku")
    swings = [row.swing(tornado.costs) for row in tornado.assumptions]
    assert swings == sorted(swings, reverse=True)
    names = [row.name for row in tornado.assumptions]
    assert not any(name.startswith("strategies.") for name in names)
    assert len(tornado.to_frame()) == len(names)
    with pytest.raises(routecost.RoutecostError, match='did you mean "all-haiku"'):
        routecost.tornado(PIPELINE, strategy="all-hiaku")


def test_rows_of_a_distribution_move_together(tmp_path: Path) -> None:
    scenario = written(tmp_path)
    text = scenario.read_text(encoding="utf-8").replace(
        "{input: 2000, output: 500}",
        "{per_call: [{share: 50%, input: [1000, 3000], output: 400},"
        " {share: 50%, input: 2000, output: 600}]}",
    )
    scenario.write_text(text, encoding="utf-8")
    tornado = routecost.tornado(scenario, by="50%")
    plain = routecost.tornado(written(tmp_path), by="50%")
    for place in ("input", "output"):
        name = f"workload.tokens.per_call.*.{place}"
        assert assumption(tornado, name) == assumption(plain, f"workload.tokens.{place}")


def test_a_tornado_moves_the_shares_of_a_mix_for_a_task_type(tmp_path: Path) -> None:
    scenario = in_assign(tmp_path, "{small: 60%, large: 40%}")
    moves = [
        {
            row.name.rpartition(".")[2]: (row.down.cost, row.up.cost)
            for row in tornado.assumptions
            if ".mix." in row.name
        }
        for tornado in (routecost.tornado(scenario, strategy=name) for name in ("nested", "plain"))
    ]
    assert moves[0] == moves[1]
    assert moves[0].keys() == {"small", "large"}
    assert None not in moves[0]["small"]
