"""``routecost.sweep_over``: every point is an ordinary scenario."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import routecost
from tests.support.sensitivity import (
    FLEET,
    NOVEMBER,
    PIPELINE,
    ROUTED,
    SHEET,
    compared,
    costs,
    in_assign,
    two_types,
    written,
)


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


def test_crossings_are_reported_for_each_value_of_the_other_fields(tmp_path: Path) -> None:
    sweep = routecost.sweep_over(
        written(tmp_path),
        ["tokens.output=10:1000:990", "tokens.input=2400,4800"],
        strategies=["small", "large"],
    )
    assert [(crossover.others, crossover.value) for crossover in sweep.crossovers] == [
        ((Decimal(2400),), Decimal(151)),
        ((Decimal(4800),), Decimal(302)),
    ]


def test_the_other_tiers_make_room_for_a_share_that_is_swept() -> None:
    sweep = routecost.sweep_over(
        FLEET, ["strategies.routed-80-15-5.mix.opus=0:100%:50%"], strategies=[ROUTED]
    )
    # haiku and sonnet share the rest 80:15, at 54.00 and 202.50 a month; opus is at 1,012.50.
    rest = (80 * Decimal(54) + 15 * Decimal("202.5")) / 95
    values = [point.costs[0].cost_per_month for point in sweep.points]
    for cost, expected in zip(values, (rest, (rest + Decimal("1012.5")) / 2, Decimal("1012.5")), strict=True):
        assert abs(cost - expected) < Decimal("1e-12")


def test_two_shares_of_one_mix_leave_the_rest_to_the_third() -> None:
    shares = [f"strategies.{ROUTED}.mix.{share}" for share in ("haiku=70%,50%", "opus=10%,20%")]
    sweep = routecost.sweep_over(FLEET, shares, strategies=[ROUTED])
    alone = routecost.compare(FLEET, mixes=["70/20/10", "70/10/20", "50/40/10", "50/30/20"])
    mixes = [cost for cost in alone.strategies if cost.strategy.startswith("mix-")]
    assert [point.costs[0].cost_per_month for point in sweep.points] == [
        cost.cost_per_month for cost in mixes
    ]


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


@given(st.decimals("0", "1", places=28), st.integers(1, 99), st.integers(1, 99))
def test_shares_with_any_number_of_digits_leave_room(moved: Decimal, first: int, second: int) -> None:
    from routecost.documents.workload.mix_shares import rescaled_mix, text_of
    from routecost.units import MAX_DIGITS, exact

    shares = {"a": Decimal(1), "b": Decimal(first), "c": Decimal(second)}
    values = exact(rescaled_mix)(shares, {"a": moved})
    assert exact(sum)(values.values()) == 1
    for share in values.values():
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
    values = {cost.strategy: cost.cost_per_month for cost in sweep.points[1].costs}
    assert abs(values["X"] - (start * 3 + a) / 4) < Decimal("1e-12")
    (crossover,) = sweep.crossovers
    assert abs(crossover.value - (start - values["S"]) / (start - a)) < Decimal("1e-12")


def test_shares_that_leave_no_room_are_refused() -> None:
    shares = [f"strategies.{ROUTED}.mix.{share}" for share in ("haiku=70%", "opus=40%")]
    with pytest.raises(routecost.RoutecostError, match=r"shares of the mix sum to 1\.25; expected exactly 1"):
        routecost.sweep_over(FLEET, shares)


def test_a_rest_that_several_tiers_without_a_share_could_take_names_their_keys(tmp_path: Path) -> None:
    fleet = tmp_path / "fleet.yaml"
    text = """\
version: 1
pricing: claude-article
workload: {tasks_per_day: 1, tokens: {input: 1, output: 1}}
strategies: {one: {mix: {haiku: 100%, sonnet: 0%, opus: 0%}}}
"""
    fleet.write_text(text, encoding="utf-8")
    with pytest.raises(routecost.DocumentError) as raised:
        routecost.sweep_over(fleet, ["strategies.one.mix.haiku=1,0.8,0.7"])
    assert [finding.position.line for finding in raised.value.findings] == [4, 4]
    assert "20% of the mix are left for tiers that all have 0%" in str(raised.value)
    assert '("strategies.one.mix.sonnet", "strategies.one.mix.opus")' in str(raised.value)
    fleet.write_text(text.replace("sonnet: 0%, ", ""), encoding="utf-8")
    assert len(routecost.sweep_over(fleet, ["strategies.one.mix.haiku=1,0.8"]).points) == 2


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


def test_one_fault_of_many_points_is_reported_once_and_all_faults_are(tmp_path: Path) -> None:
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


def test_progress_is_reported_point_by_point() -> None:
    progress: list[tuple[int, int]] = []
    routecost.sweep_over(FLEET, ["tasks_per_day=1:3:1"], progress=lambda *done: progress.append(done))
    assert progress == [(1, 3), (2, 3), (3, 3)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 10**9))
def test_the_total_volume_scales_all_task_types(tmp_path: Path, first: int, second: int, total: int) -> None:
    (cost,) = (
        routecost.sweep_over(
            two_types(tmp_path, first, second, "40%", "60%"), [f"tasks_per_day={total}"], strategies=["small"]
        )
        .points[0]
        .costs
    )
    now = routecost.compare(two_types(tmp_path, first, second, "40%", "60%"))["small"].cost_per_month
    wanted = now * total / (first + second)
    assert abs(cost.cost_per_month - wanted) <= wanted * Decimal("1e-15")


def test_the_total_volume_has_the_unit_that_all_task_types_have(tmp_path: Path) -> None:
    scenario = two_types(tmp_path)
    scenario.write_text(
        scenario.read_text(encoding="utf-8").replace("per_day", "per_month"), encoding="utf-8"
    )
    sweep = routecost.sweep_over(scenario, ["tasks_per_month=150,300"])
    assert sweep.parameters[0].current == 150
    first, second = (point.costs[0].cost_per_month for point in sweep.points)
    assert second == 2 * first
    with pytest.raises(routecost.RoutecostError, match='did you mean "tasks_per_month"'):
        routecost.sweep_over(scenario, ["tasks_per_day=150"])


@pytest.mark.parametrize("name", ["cache_share", "cache.read", "workload.cache_share", "workload.cache.read"])
def test_a_share_of_all_task_types_is_one_field(tmp_path: Path, name: str) -> None:
    sweep = routecost.sweep_over(two_types(tmp_path), [f"{name}=0:1:0.5"])
    assert sweep.parameters[0].current is None
    for point, share in zip(sweep.points, ("0%", "50%", "100%"), strict=True):
        there = routecost.compare(two_types(tmp_path, 100, 50, share, share))
        assert [cost.cost_per_month for cost in point.costs] == [
            cost.cost_per_month for cost in there.strategies
        ]
    with pytest.raises(routecost.DocumentError, match="expected a share from 0% to 100%"):
        routecost.sweep_over(two_types(tmp_path), [f"{name}=0,1.5"])


def test_the_alias_of_a_share_is_known_below_a_task_type(tmp_path: Path) -> None:
    scenario = two_types(tmp_path)
    by_alias = routecost.sweep_over(scenario, ["draft.cache_share=0,1"])
    assert costs(by_alias) == costs(routecost.sweep_over(scenario, ["draft.cache.read=0,1"]))


@pytest.mark.parametrize("others", [["draft.tasks_per_day=1"], ["workload.tasks_per_day=2"]])
def test_a_field_is_not_swept_alone_and_with_all_others(tmp_path: Path, others: list[str]) -> None:
    with pytest.raises(routecost.RoutecostError, match="swept twice"):
        routecost.sweep_over(two_types(tmp_path), ["tasks_per_day=1", *others])
