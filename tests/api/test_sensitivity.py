"""``routecost.sweep_over`` and ``routecost.tornado``: every point is an ordinary scenario."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import routecost
from routecost.model.results.sensitivity import FieldSweep, Tornado
from tests.cli.running import routecost as run

FLEET = "article-fleet"
ROUTED = "routed-80-15-5"
PIPELINE = "content-pipeline"
NOVEMBER = date(2026, 11, 22)

SCENARIO = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-11-22
workload: {tasks_per_day: %s, tokens: {input: %s, output: %s}, cache: {read: %s, write_5m: 10%%}}
strategies:
  small: {tier: small}
  large: {tier: large}
  routed: {mix: {small: 70%%, large: 30%%}}
baseline: large
proposed: routed
"""
SHEET = """\
version: 1
currency: %s
source: invented
tiers: {small: little, large: big}
models:
  little: [{input: 2, output: 3, cache_read: 0.2, cache_write_5m: 2.5, checked: 2026-11-22}]
  big: [{input: 1, output: 15, cache_read: 0.1, cache_write_5m: 1.25, checked: 2026-11-22}]
"""


def written(folder: Path, *values: object) -> Path:
    (folder / "sheet.yaml").write_text(SHEET % "USD", encoding="utf-8")
    scenario = folder / "fleet.yaml"
    scenario.write_text(SCENARIO % (values or (500, 2000, 500, "30%")), encoding="utf-8")
    return scenario


def costs(sweep: FieldSweep) -> list[tuple[object, ...]]:
    return [
        (cost.strategy, cost.cost_per_day, cost.cost_per_month, cost.vs_baseline)
        for point in sweep.points
        for cost in point.costs
    ]


def compared(comparison: routecost.Comparison) -> list[tuple[object, ...]]:
    return [
        (cost.strategy, cost.cost_per_day, cost.cost_per_month, cost.vs_baseline)
        for cost in comparison.strategies
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 10**9).map(lambda number: Decimal(number) / 1000),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 90),
)
def test_a_sweep_at_one_point_equals_compare(
    tmp_path: Path, tasks: Decimal, tokens_in: int, tokens_out: int, read: int
) -> None:
    here = written(tmp_path)
    over = [f"tasks_per_day={tasks:f}", f"tokens.input={tokens_in}", f"cache_share={read}%"]
    (tmp_path / "other").mkdir(exist_ok=True)
    there = written(tmp_path / "other", f"{tasks:f}", tokens_in, 500, f"{read}%")
    assert costs(routecost.sweep_over(here, over)) == compared(routecost.compare(there))
    one = routecost.sweep_over(there, [f"tokens.output={tokens_out}"])
    assert costs(one) == compared(
        routecost.compare(written(tmp_path, tasks, tokens_in, tokens_out, f"{read}%"))
    )


def test_a_field_of_the_plan_is_not_swept_because_it_affects_projections_only() -> None:
    with pytest.raises(routecost.RoutecostError, match=r'"plan\.growth\.0\.rate" affects projections only'):
        routecost.sweep_over("growth-plan", ["plan.growth.0.rate=1%,2%"])


def test_prices_and_days_are_swept_like_the_options() -> None:
    sweep = routecost.sweep_over(
        FLEET, ["pricing=claude-article,claude-2026-11", "as_of=2026-02-01,2026-11-22"]
    )
    (first, second, third, fourth) = sweep.points
    assert first.values == ("claude-article", date(2026, 2, 1))
    assert fourth.values == ("claude-2026-11", NOVEMBER)
    wanted = routecost.compare(FLEET, pricing="claude-2026-11", as_of=NOVEMBER)
    assert [cost.cost_per_month for cost in fourth.costs] == [
        cost.cost_per_month for cost in wanted.strategies
    ]
    assert second.costs == first.costs
    assert third.costs != first.costs
    assert sweep.crossovers == ()


def test_the_last_field_varies_fastest_and_columns_are_as_they_were_asked_for() -> None:
    sweep = routecost.sweep_over(FLEET, ["workload.tasks_per_day=1,2", "tokens.input=3:5:2"])
    assert [" ".join(map(str, point.values)) for point in sweep.points] == ["1 3", "1 5", "2 3", "2 5"]
    assert sweep.columns[:3] == ("workload.tasks_per_day", "tokens.input", "strategy")
    assert [parameter.path for parameter in sweep.parameters] == [
        "workload.tasks_per_day",
        "workload.tokens.input",
    ]
    assert len(sweep.to_frame()) == 4 * 4


def test_strategies_and_the_baseline_are_chosen_as_in_compare() -> None:
    sweep = routecost.sweep_over(FLEET, ["tasks_per_day=10"], baseline="all-sonnet", strategies=["all-opus"])
    (cost,) = sweep.points[0].costs
    assert (cost.strategy, cost.vs_baseline) == ("all-opus", Decimal(4))
    with pytest.raises(routecost.RoutecostError, match='did you mean "all-opus"'):
        routecost.sweep_over(FLEET, ["tasks_per_day=10"], baseline="all-ops")


def test_crossings_are_solved_between_the_points(tmp_path: Path) -> None:
    scenario = written(tmp_path, 500, 2400, 500, "30%")
    sweep = routecost.sweep_over(scenario, ["tokens.output=10:1000:990"], strategies=["small", "large"])
    (crossing,) = sweep.crossovers
    # 2,400 tokens of input at 0.6 x 2 + 0.3 x 0.2 + 0.1 x 2.5 = 1.51 against half of that, and each
    # of output at 3 against 15
    assert crossing.value == Decimal("0.755") * 2400 / 12 == 151
    assert crossing.strategies == ("large", "small")
    at = routecost.sweep_over(scenario, ["tokens.output=151"])
    assert [cost.cost_per_month for cost in at.points[0].costs] == [crossing.cost] * 3


def test_crossings_are_told_for_each_value_of_the_other_fields(tmp_path: Path) -> None:
    sweep = routecost.sweep_over(
        written(tmp_path),
        ["tokens.output=10:1000:990", "tokens.input=2400,4800"],
        strategies=["small", "large"],
    )
    assert [(each.others, each.value) for each in sweep.crossovers] == [
        ((Decimal(2400),), Decimal(151)),
        ((Decimal(4800),), Decimal(302)),
    ]


def test_the_other_tiers_make_room_for_a_share_that_is_swept() -> None:
    sweep = routecost.sweep_over(
        FLEET, ["strategies.routed-80-15-5.mix.opus=0:100%:50%"], strategies=[ROUTED]
    )
    # haiku and sonnet share the rest 80:15, at 54.00 and 202.50 a month; opus is at 1,012.50.
    rest = (80 * Decimal(54) + 15 * Decimal("202.5")) / 95
    made = [point.costs[0].cost_per_month for point in sweep.points]
    for cost, expected in zip(made, (rest, (rest + Decimal("1012.5")) / 2, Decimal("1012.5")), strict=True):
        assert abs(cost - expected) < Decimal("1e-12")


def test_two_shares_of_one_mix_leave_the_rest_to_the_third() -> None:
    shares = [f"strategies.{ROUTED}.mix.{share}" for share in ("haiku=70%,50%", "opus=10%,20%")]
    sweep = routecost.sweep_over(FLEET, shares, strategies=[ROUTED])
    alone = routecost.compare(FLEET, mixes=["70/20/10", "70/10/20", "50/40/10", "50/30/20"])
    mixes = [cost for cost in alone.strategies if cost.strategy.startswith("mix-")]
    assert [point.costs[0].cost_per_month for point in sweep.points] == [
        cost.cost_per_month for cost in mixes
    ]


def in_assign(folder: Path, shares: str) -> Path:
    """Return a scenario whose only strategy has a mix for its one task type, as a mix and in ``assign``."""
    scenario = written(folder)
    text = scenario.read_text(encoding="utf-8")
    mix = f"{{mix: {shares}}}"
    nested = text.replace("workload: {", "workload: {task_types: {drafting: {").replace(
        "strategies:", f"strategies:\n  nested: {{assign: {{drafting: {mix}}}}}\n  plain: {mix}"
    )
    nested = nested.replace("write_5m: 10%}}\n", "write_5m: 10%}}}}\n")
    scenario.write_text(nested, encoding="utf-8")
    return scenario


def test_the_other_tiers_make_room_in_a_mix_for_a_task_type(tmp_path: Path) -> None:
    scenario = in_assign(tmp_path, "{small: 60%, large: 40%}")
    nested = routecost.sweep_over(scenario, ["strategies.nested.assign.drafting.mix.small=0:1:0.1"])
    plain = routecost.sweep_over(scenario, ["strategies.plain.mix.small=0:1:0.1"])
    by_name = [
        [{cost.strategy: cost.cost_per_month for cost in point.costs} for point in sweep.points]
        for sweep in (nested, plain)
    ]
    assert [costs["nested"] for costs in by_name[0]] == [costs["plain"] for costs in by_name[1]]
    assert len({costs["nested"] for costs in by_name[0]}) == 11


def test_a_tornado_moves_the_shares_of_a_mix_for_a_task_type(tmp_path: Path) -> None:
    scenario = in_assign(tmp_path, "{small: 60%, large: 40%}")
    moves = [
        {
            each.name.rpartition(".")[2]: (each.down.cost, each.up.cost)
            for each in tornado.assumptions
            if ".mix." in each.name
        }
        for tornado in (routecost.tornado(scenario, strategy=name) for name in ("nested", "plain"))
    ]
    assert moves[0] == moves[1]
    assert moves[0].keys() == {"small", "large"}
    assert None not in moves[0]["small"]


@given(st.decimals("0", "1", places=28), st.integers(1, 99), st.integers(1, 99))
def test_shares_with_any_number_of_digits_leave_room(moved: Decimal, first: int, second: int) -> None:
    from routecost.documents.workload.mix_shares import rescaled_mix, text_of
    from routecost.units import MAX_DIGITS, exact

    shares = {"a": Decimal(1), "b": Decimal(first), "c": Decimal(second)}
    made = exact(rescaled_mix)(shares, {"a": moved})
    assert exact(sum)(made.values()) == 1
    for share in made.values():
        assert Decimal(text_of(share)) == share
        assert len(share.normalize().as_tuple().digits) <= MAX_DIGITS


def test_a_crossover_at_a_share_of_many_digits_leaves_room(tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(
        """\
version: 1
currency: USD
source: invented
tiers: {a: ma, b: mb, c: mc}
models:
  ma: [{input: 0.32, output: 1.72, checked: 2026-01-01}]
  mb: [{input: 2, output: 10, checked: 2026-01-01}]
  mc: [{input: 2.7, output: 15, checked: 2026-01-01}]
""",
        encoding="utf-8",
    )
    scenario = tmp_path / "digits.yaml"
    scenario.write_text(
        """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload: {tasks_per_day: 500, tokens: {input: 2492, output: 502}}
strategies:
  S: {mix: {b: 56%, c: 44%}}
  X: {mix: {a: 41%, b: 33%, c: 26%}}
""",
        encoding="utf-8",
    )
    sweep = routecost.sweep_over(scenario, ["strategies.X.mix.a=0:1:0.25"])
    a, b, c = (
        (Decimal(2492) * Decimal(rates[0]) + 502 * Decimal(rates[1])) * 15000 / 10**6
        for rates in (("0.32", "1.72"), ("2", "10"), ("2.7", "15"))
    )
    start = (33 * b + 26 * c) / 59
    made = {cost.strategy: cost.cost_per_month for cost in sweep.points[1].costs}
    assert abs(made["X"] - (start * 3 + a) / 4) < Decimal("1e-12")
    (crossover,) = sweep.crossovers
    assert abs(crossover.value - (start - made["S"]) / (start - a)) < Decimal("1e-12")


def test_shares_that_leave_no_room_are_refused() -> None:
    shares = [f"strategies.{ROUTED}.mix.{share}" for share in ("haiku=70%", "opus=40%")]
    with pytest.raises(routecost.RoutecostError, match=r"shares of the mix sum to 1\.25; expected exactly 1"):
        routecost.sweep_over(FLEET, shares)


def test_a_short_form_that_fits_one_field_of_one_task_type() -> None:
    sweep = routecost.sweep_over(PIPELINE, ["draft.tokens.input=100"])
    assert sweep.parameters[0].path == "workload.task_types.draft.tokens.input"
    assert sweep.parameters[0].current == 8000


@pytest.mark.parametrize(
    ("over", "message"),
    [
        (["tokens.input=1"], 'several fields end in "tokens.input"; expected one of "task_types.extract.tok'),
        (["draft.tokens.inptu=1"], 'did you mean "draft.tokens.input"'),
        (["claims=1"], 'no sweepable field "claims"'),
        (["strategies=1"], 'no sweepable field "strategies"'),
        (["version=2"], 'no sweepable field "version"'),
        (["draft.tasks_per_day=1", "workload.task_types.draft.tasks_per_day=2"], "is swept twice"),
        (["draft.tasks_per_day=1,1.0"], '"1.0" is given twice'),
        (["pricing=nowhere"], 'no pricing sheet named "nowhere"'),
        (["pricing=./nowhere.yaml"], "no such file"),
        (["draft.tasks_per_day=nan"], 'at draft.tasks_per_day = nan: "nan" is not a count'),
        (["draft.tasks_per_day=-1"], "is out of range"),
        (["draft.cache.read=120%"], "expected a share from 0% to 100%"),
        (["as_of=yesterday"], "is not a date"),
        (["baseline=nobody"], 'unknown strategy "nobody"'),
        (["days_per_month=0"], "expected days per month, from 1 to 31"),
    ],
)
def test_fields_and_values_that_make_no_sense(over: list[str], message: str) -> None:
    with pytest.raises(routecost.RoutecostError) as error:
        routecost.sweep_over(PIPELINE, over)
    assert message in str(error.value)


def test_one_fault_of_many_points_is_told_once_and_all_faults_are(tmp_path: Path) -> None:
    with pytest.raises(routecost.DocumentError) as error:
        routecost.sweep_over(written(tmp_path), ["tokens.input=-1,5,-2", "tasks_per_day=1,2,3"])
    assert [finding.message for finding in error.value.findings] == [
        f'at tokens.input = {value}, tasks_per_day = 1 and 2 more points: "{value}" is out of range; '
        "expected a count from 0 to 1e15"
        for value in (-1, -2)
    ]


def test_a_point_before_the_first_price_is_named(tmp_path: Path) -> None:
    scenario = written(tmp_path)
    dated = (SHEET % "USD").replace("{input: 2,", "{from: 2026-01-01, input: 2,")
    (tmp_path / "sheet.yaml").write_text(dated, encoding="utf-8")
    with pytest.raises(routecost.RoutecostError, match=r"at as_of = 2020-01-01: .*2020-01-01"):
        routecost.sweep_over(scenario, ["as_of=2026-11-22,2020-01-01"])


def test_sheets_of_two_currencies_are_refused(tmp_path: Path) -> None:
    scenario = written(tmp_path)
    (tmp_path / "euro.yaml").write_text(SHEET % "EUR", encoding="utf-8")
    with pytest.raises(routecost.RoutecostError, match='"euro" is in EUR, "sheet" in USD'):
        routecost.sweep_over(scenario, [f"pricing={tmp_path}/sheet.yaml,{tmp_path}/euro.yaml"])


def test_an_option_beside_the_field_that_it_sets_is_refused() -> None:
    with pytest.raises(routecost.RoutecostError, match="--pricing cannot be used with a sweep"):
        routecost.sweep_over(FLEET, ["pricing=claude-article"], pricing="claude-article")
    with pytest.raises(routecost.RoutecostError, match="--as-of cannot be used with a sweep"):
        routecost.sweep_over(FLEET, ["as_of=2026-02-01"], as_of=NOVEMBER)


def test_progress_is_told_point_by_point() -> None:
    told: list[tuple[int, int]] = []
    routecost.sweep_over(FLEET, ["tasks_per_day=1:3:1"], progress=lambda *done: told.append(done))
    assert told == [(1, 3), (2, 3), (3, 3)]


def assumption(tornado: Tornado, name: str) -> tuple[Decimal | None, Decimal | None]:
    (found,) = [each for each in tornado.assumptions if each.name == name]
    return found.down.cost, found.up.cost


def test_what_failures_cost_is_told_beside_what_calls_cost() -> None:
    sweep = routecost.sweep_over("support-desk", ["refund.failure_cost=5,50"])
    alone = routecost.compare("support-desk", as_of=sweep.as_of[0])
    cheap, dear = sweep.points
    for low, high in zip(cheap.costs, dear.costs, strict=True):
        assert low.cost_per_month == high.cost_per_month == alone[low.strategy].cost_per_month
        assert low.total_cost_per_month is not None
        assert high.total_cost_per_month is not None
        assert low.cost_per_month < low.total_cost_per_month < high.total_cost_per_month
    tornado = routecost.tornado("support-desk")
    assert tornado.failure_cost_per_month == alone[tornado.strategy].failure_cost_per_month is not None


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
    rates = [each for each in tornado.assumptions if each.name.startswith("rates of ")]
    month = tornado.cost_per_month
    assert len(rates) == 3
    assert sum(month - each.down.cost for each in rates if each.down.cost is not None) == month


def test_the_other_tiers_of_a_mix_make_room_in_proportion() -> None:
    tornado = routecost.tornado(FLEET, by="20%")
    found = {each.name: each for each in tornado.assumptions}
    opus = found["strategies.routed-80-15-5.mix.opus"]
    assert (opus.down.value, opus.up.value) == (Decimal("0.04"), Decimal("0.06"))
    # 94% over 80:15 between 54.00 and 202.50 a month, and 6% at 1,012.50
    rest = (80 * Decimal(54) + 15 * Decimal("202.5")) / 95
    assert opus.up.cost is not None
    assert abs(opus.up.cost - (Decimal("0.94") * rest + Decimal("0.06") * Decimal("1012.5"))) < Decimal(
        "1e-12"
    )


def test_a_move_that_the_scenario_does_not_bear_says_why(tmp_path: Path) -> None:
    tornado = routecost.tornado(written(tmp_path, 500, 2000, 500, "85%"), by="20%")
    (read,) = [each for each in tornado.assumptions if each.name == "workload.cache.read"]
    assert (read.up.value, read.up.cost) == (Decimal("1.02"), None)
    assert read.up.why == "a share of 102% is more than 100%"
    assert read.down.cost is not None
    (write,) = [each for each in tornado.assumptions if each.name == "workload.cache.write_5m"]
    assert write.up.cost is not None


def test_a_move_that_breaks_something_else_says_what(tmp_path: Path) -> None:
    tornado = routecost.tornado(written(tmp_path, 500, 2000, 500, "85%"), by="60%")
    (write,) = [each for each in tornado.assumptions if each.name == "workload.cache.write_5m"]
    assert write.up.why == "cache shares sum to 1.01; expected at most 1 (100%)"


def test_assumptions_fall_by_their_swing_and_belong_to_the_strategy() -> None:
    tornado = routecost.tornado(PIPELINE, strategy="all-haiku")
    swings = [each.swing(tornado.cost_per_month) for each in tornado.assumptions]
    assert swings == sorted(swings, reverse=True)
    names = [each.name for each in tornado.assumptions]
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
