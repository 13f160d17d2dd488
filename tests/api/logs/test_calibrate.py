"""Scenarios learned from logs: they cost what the log cost, and commands take them as they are."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.api.logs.calibrate import calibrate
from routecost.api.logs.source import LogSource
from routecost.engine.logs.calibration.lines import TOLERANCE
from routecost.engine.strategies.mix import Mix
from routecost.errors import UsageError
from routecost.model.results.logs.calibration import Calibration
from routecost.model.results.logs.usage import UnpricedCallsError
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import Carry
from tests.api.logs.logged_calls import HAIKU, OPUS, SHEET, SONNET, Logged, at, learned, written_log

HALF = Decimal("0.5")
RATES = {
    HAIKU: {
        "input": 0.10,
        "output": 0.50,
        "cache_read": 0.01,
        "cache_write_5m": 0.125,
        "cache_write_1h": 0.20,
    },
    SONNET: {"input": 2.0, "output": 10.0, "cache_read": 0.10, "cache_write_5m": 2.5, "cache_write_1h": 4.0},
}
"""The rates of the sheet; Haiku costs five times as much above 100,000 tokens, and batch half as much."""


def by_hand(call: Logged) -> float:
    """The cost of a call, without routecost."""
    rates = RATES[call["model"]]
    context = sum(call.get(meter, 0) for meter in rates if meter != "output")
    step = 5 if call["model"] == HAIKU and context > 100_000 else 1
    mode = 0.5 if call.get("mode") == "batch" else 1
    cost: float = sum(call.get(meter, 0) * rate for meter, rate in rates.items())
    return cost * step * mode / 1e6


def stationary(days: int = 14, seed: int = 1) -> Iterator[Logged]:
    """Traffic with two models per task type, price steps, caches and batch, which depend on each other."""
    chance = random.Random(seed)
    for day in range(days):
        for _ in range(40):
            is_long, is_batch = chance.random() < 0.3, chance.random() < 0.4
            yield {
                "time": at(day, chance.random() * 86_000),
                "model": SONNET if chance.random() < (0.6 if is_long else 0.2) else HAIKU,
                "mode": "batch" if is_batch else "standard",
                "task_type": "extract",
                "input": chance.randint(90_000, 160_000) if is_long else chance.randint(500, 4000),
                "cache_read": 20_000 if is_long else 0,
                "cache_write_1h": 0 if is_long else 1500,
                "output": 900 if is_long else 150,
            }
        for _ in range(30):
            yield {
                "time": at(day, chance.random() * 86_000),
                "model": chance.choice([HAIKU, SONNET]),
                "task_type": "triage",
                "input": chance.randint(100, 300),
                "cache_read": 1000,
                "cache_write_5m": 50,
                "output": chance.randint(5, 20),
            }


def sessions(lengths: list[int], days: int = 7, seed: int = 1) -> Iterator[Logged]:
    """Sessions of an agent: each call reads the context before it from the cache, and writes what is new."""
    chance = random.Random(seed)
    for number in range(days * 12):
        context, day, second = 0, number % days, chance.random() * 80_000
        answer = 0
        for place in range(chance.choice(lengths)):
            new = (8000 if place == 0 else chance.randint(400, 800)) + answer
            answer = chance.randint(300, 500)
            yield {
                "time": at(day, second + 40 * place),
                "model": SONNET,
                "task_type": "agent",
                "task": f"task {number}",
                "cache_read": context,
                "cache_write_5m": new,
                "output": answer,
            }
            context += new


TRAFFIC = [*stationary()]


@pytest.fixture(scope="module")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> tuple[Calibration, Scenario]:
    """What is learned from stationary traffic."""
    return learned(tmp_path_factory.mktemp("traffic"), iter(TRAFFIC))


def test_the_scenario_costs_what_the_calls_cost(traffic: tuple[Calibration, Scenario]) -> None:
    found, scenario = traffic
    calls = TRAFFIC
    cost = sum(map(by_hand, calls))
    assert float(found.total.logged.low) == pytest.approx(cost, rel=1e-12)
    comparison = routecost.compare(scenario)
    assert float(comparison["as-logged"].cost_per_day) * 14 == pytest.approx(cost, rel=0.005)
    assert float(found.total.cost) == pytest.approx(float(comparison["as-logged"].cost_per_day) * 14)
    assert found.total.fits(TOLERANCE)
    assert float(scenario.workload.tasks_per_day) == pytest.approx(70)


def test_every_tier_costs_what_the_calls_would_cost_on_it(traffic: tuple[Calibration, Scenario]) -> None:
    _, scenario = traffic
    comparison = routecost.compare(scenario)
    for tier, model in (("haiku", HAIKU), ("sonnet", SONNET)):
        cost = sum(by_hand({**call, "model": model}) for call in TRAFFIC) / 14
        assert float(comparison[f"all-{tier}"].cost_per_day) == pytest.approx(cost, rel=0.005)


def test_tokens_and_the_share_above_a_price_step_are_those_of_the_log(
    traffic: tuple[Calibration, Scenario],
) -> None:
    _, scenario = traffic
    calls = [call for call in TRAFFIC if call["task_type"] == "extract"]
    tasks = [task for task in scenario.workload.task_types if task.routed_as == "extract"]
    volume = sum(task.tasks_per_day for task in tasks)
    cells = [
        (float(task.tasks_per_day * cell.weight / volume), cell)
        for task in tasks
        for cell in task.tokens.cells
    ]
    context = [call["input"] + call["cache_read"] + call["cache_write_1h"] for call in calls]
    assert volume * 14 == pytest.approx(len(calls))
    mean = sum(share * float(cell.input) for share, cell in cells)
    assert mean == pytest.approx(sum(context) / len(calls), rel=1e-9)
    mean = sum(share * float(cell.output) for share, cell in cells)
    assert mean == pytest.approx(sum(call["output"] for call in calls) / len(calls), rel=1e-9)
    above = sum(share for share, cell in cells if cell.input > 100_000)
    assert above == pytest.approx(sum(size > 100_000 for size in context) / len(calls), rel=1e-9)


def test_independent_shares_need_one_task_type(tmp_path: Path) -> None:
    calls = (
        {
            "time": at(day, 60 * number),
            "model": SONNET if number % 2 else HAIKU,
            "mode": "batch" if number % 4 > 1 else "standard",
            "task_type": "triage",
            "input": 500,
            "cache_read": 1000,
            "output": 100 if number % 8 > 3 else 300,
            "web_search": 3,
        }
        for day in range(8)
        for number in range(80)
    )
    found, scenario = learned(tmp_path, calls)
    (task,) = scenario.workload.task_types
    assert (task.name, task.tasks_per_day, task.batch_share) == ("triage", Decimal(80), HALF)
    assert task.meters == {"web_search": 3}
    assert float(task.cache.meters(Decimal(1500), Decimal(1))["cache_read"]) == pytest.approx(1000)
    assert scenario.strategies["as-logged"] == Mix({"haiku": HALF, "sonnet": HALF})
    assert found.total.fits(Decimal("1e-9"))
    assert scenario.workload.task_types[0].arrivals is not None


@pytest.mark.parametrize("lengths", [[12], [2, 5, 9, 14, 20, 31]])
def test_contexts_that_grow_with_each_call_of_a_task(tmp_path: Path, lengths: list[int]) -> None:
    calls = [*sessions(lengths)]
    found, scenario = learned(tmp_path, iter(calls))
    types = scenario.workload.task_types
    assert all(task.calls.carry is Carry.ALL and task.calls.cached == 1 for task in types)
    for task in types:
        added = task.tokens.cells[0]
        assert float(added.input + added.output) == pytest.approx(1000, rel=0.1)
        assert float(task.calls.system) == pytest.approx(7400, rel=0.2)
    tasks = sum(task.tasks or 0 for task in found.tasks)
    assert tasks == 84
    assert sum(float(task.tasks_per_day) * 7 for task in types) == pytest.approx(tasks, rel=0.02)
    cost = sum(map(by_hand, calls))
    assert float(routecost.compare(scenario)["as-logged"].cost_per_day) * 7 == pytest.approx(cost, rel=0.005)


def test_contexts_that_do_not_grow_steadily_are_stated_by_their_sizes(tmp_path: Path) -> None:
    chance = random.Random(1)
    calls = [
        {
            "time": at(day, 3600 * task + place),
            "model": SONNET,
            "task_type": "search",
            "task": f"{day}/{task}",
            "input": chance.randint(100, 40_000),
            "output": 50,
        }
        for day in range(7)
        for task in range(10)
        for place in range(4)
    ]
    found, scenario = learned(tmp_path, iter(calls))
    (task,) = scenario.workload.task_types
    assert (task.calls.per_task, task.calls.carry, task.tasks_per_day) == (4, Carry.NONE, Decimal(10))
    assert len(task.tokens.cells) > 3
    assert found.total.fits(Decimal("1e-9"))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_any_log_gives_a_scenario_that_costs_the_same(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    calls = [
        {
            "model": chance.choice([HAIKU, SONNET, OPUS]),
            "mode": chance.choice(["standard", "batch"]),
            "task_type": chance.choice(["", "a", "b"]),
            "task": chance.choice(["", "x", "y"]),
            "time": at(0, chance.randrange(20 * 86_400)),
            **{
                meter: chance.choice([0, 1, 500, 60_000, 150_000])
                for meter in ("input", "cache_read", "cache_write_5m", "output")
            },
        }
        for _ in range(5 ** (1 + seed))
    ]
    found, scenario = learned(tmp_path, iter(calls))
    assert all(task.fits(TOLERANCE) for task in found.tasks)
    assert found.total.calls == len(calls)
    cost = routecost.compare(scenario)["as-logged"].cost_per_day * found.days
    assert float(cost) == pytest.approx(float(found.total.repriced), rel=0.005)
    assert found.total.repriced == found.total.logged.low


def test_the_order_of_rows_and_repeated_rows_change_nothing(tmp_path: Path) -> None:
    calls = [{"id": number, **call} for number, call in enumerate(stationary(3))]
    found, _ = learned(tmp_path, iter(calls))
    random.Random(1).shuffle(calls)
    again, _ = learned(tmp_path, iter([*calls, *calls[:50]]))
    assert again.scenario_text == found.scenario_text


def test_any_name_of_a_task_type_is_written(tmp_path: Path) -> None:
    names = ["a: b", "x" * 150, "tab\there", '"quoted" {a}', "\u00e9\u4e2d", "no", "1.5", "- #"]
    calls = ({"time": at(0), "model": HAIKU, "task_type": name, "input": 5} for name in names)
    found, scenario = learned(tmp_path, calls)
    assert len(scenario.workload.task_types) == len(names)
    assert {"a: b", "tab here", "no", "1.5", "\u00e9\u4e2d"} <= {task.name for task in found.tasks}


def test_calls_without_task_types_are_one(tmp_path: Path) -> None:
    calls = ({"time": at(0), "model": HAIKU, "input": 5} for _ in range(3))
    found, _ = learned(tmp_path, calls)
    assert [(task.name, task.calls) for task in found.tasks] == [("all", 3)]


def test_plans_cover_the_months_of_the_log_at_their_volumes(tmp_path: Path) -> None:
    """The log of a quarter grows; its usage is compared with the plan that was learned from it."""
    counts = [round(5 * 1.2 ** (day / 30)) for day in range(91)]
    calls = [
        {"time": at(day, 60 * number), "model": HAIKU, "task_type": "a", "input": 1000, "cache_read": 500}
        for day, calls in enumerate(counts)
        for number in range(calls)
    ]
    found, scenario = learned(tmp_path, iter(calls))
    plan = routecost.project(scenario, months=4)["as-logged"].months
    assert plan[0].month == at(0)[:7]
    logged = sum(map(by_hand, calls))
    assert sum(float(month.cost) for month in plan[:3]) == pytest.approx(logged, rel=0.15)
    assert float(plan[2].cost) > 1.3 * float(plan[0].cost)
    assert "cache: {read: 0.333333333333, write_5m: 0}" in found.scenario_text


def test_projections_take_the_scenario(tmp_path: Path) -> None:
    _, scenario = learned(tmp_path, stationary(7))
    plan = routecost.project(scenario, months=2)
    assert len(plan["as-logged"].months) == 2


def test_prices_that_changed_within_the_log_are_not_a_difference(tmp_path: Path) -> None:
    """Half of the calls are from before a price change, and the scenario has the prices after it."""
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(
        "version: 1\ncurrency: USD\nsource: invented\ntiers: {small: m}\n"
        "models: {m: [{input: 1, output: 1}, {from: 2026-11-03, input: 2, output: 2}]}\n"
    )
    calls = [{"time": at(day), "model": "m", "input": 1_000_000} for day in range(2)]
    found = calibrate(written_log(tmp_path, calls), pricing=sheet, output=tmp_path / "fleet.yaml")
    total = found.total
    assert [*map(int, (total.logged.low, total.repriced, total.cost))] == [3, 4, 4]
    assert "pricing: sheet.yaml" in found.scenario_text
    assert found.as_of == date(2026, 11, 3)
    early = calibrate(written_log(tmp_path, calls), pricing=sheet, as_of=date(2026, 11, 2))
    assert (early.total.repriced, early.total.difference) == (Decimal(2), Decimal(0))


def test_models_without_a_price_or_a_tier_are_listed_and_nothing_costs_zero(tmp_path: Path) -> None:
    calls: list[Logged] = [
        {"time": at(0), "model": model, "input": 5} for model in (HAIKU, "gpt-x", "gpt-x", "llama-y")
    ]
    with pytest.raises(UnpricedCallsError) as unpriced:
        learned(tmp_path, iter(calls))
    assert [(one.model, one.calls) for one in unpriced.value.calls] == [("gpt-x", 2), ("llama-y", 1)]
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(
        "version: 1\ncurrency: USD\nsource: invented\ntiers: {small: m}\n"
        "models: {m: [{input: 1, output: 1}], n: [{input: 1, output: 1}]}\n"
    )
    log = written_log(tmp_path, iter([{"time": at(0), "model": "n"}, {"time": at(0), "model": "m"}]))
    with pytest.raises(UsageError, match=r"no tier of .* is the model of these calls: n \(1 call\)"):
        calibrate(log, pricing=sheet)


def test_models_without_a_tier_get_one_in_a_sheet_that_extends_the_other(tmp_path: Path) -> None:
    """Small is the model m only until 2026-11-03; later calls of m, and all of n, serve no tier."""
    sheet = tmp_path / "sheets" / "base.yaml"
    sheet.parent.mkdir()
    sheet.write_text(
        "version: 1\ncurrency: USD\nsource: invented\n"
        "tiers: {small: [{from: 2026-01-01, model: m}, {from: 2026-11-03, model: s}]}\n"
        "models: {m: [{input: 1, output: 1}], n: [{input: 10, output: 1}], s: [{input: 2, output: 1}]}\n"
    )
    calls = [{"time": at(day), "model": model, "input": 1_000_000} for day in range(2) for model in "mmn"]
    output, own = tmp_path / "plans" / "fleet.yaml", tmp_path / "plans" / "own.yaml"
    output.parent.mkdir()
    found = calibrate(written_log(tmp_path, calls), pricing=sheet, output=output, own_pricing=own)
    assert int(found.total.logged.low) == 4 * 1 + 2 * 10
    assert float(found.total.cost) == pytest.approx(2 * 2 + 2 * 1 + 2 * 10)
    output.write_text(found.scenario_text)
    own.write_text(found.pricing_text or "")
    assert '"../sheets/base.yaml"' in own.read_text()
    comparison = routecost.compare(output)
    assert float(comparison["as-logged"].cost_per_day) * 2 == pytest.approx(26, rel=1e-9)
    assert {"all-small", "all-m", "all-n"} <= {cost.strategy for cost in comparison.strategies}


@pytest.mark.parametrize(
    ("calls", "message"),
    [([{"model": HAIKU, "input": 5}], "no call in the logs has a time"), ([], "the logs have no calls")],
)
def test_logs_without_times_or_calls_are_refused(tmp_path: Path, calls: list[Logged], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        learned(tmp_path, iter(calls))


REPORT = """\
version: 1
mapping: report
time: day
model: model
sums: true
meters: {input: input, output: output}
"""


def test_sums_of_calls_have_contexts_of_mean_size(tmp_path: Path) -> None:
    """Twenty calls of 75,500 tokens on average: below the price step, though it is not known that all are."""
    log, mapping = tmp_path / "report.csv", tmp_path / "report.yaml"
    log.write_text(
        f"day,model,requests,input,output\n2026-11-02,{HAIKU},10,10000,0\n2026-11-02,{HAIKU},10,1500000,0\n"
    )
    mapping.write_text(REPORT + "calls: requests\n")
    found = calibrate(LogSource([log], dialect=str(mapping)), pricing=SHEET)
    assert float(found.total.cost) == pytest.approx(0.10 * 1_510_000 / 1e6)
    assert float(found.total.logged.low) == pytest.approx(0.151)
    assert float(found.total.logged.high) == pytest.approx(5 * 0.151)
    assert any("20 calls are not known" in statement for statement in found.statements)
    mapping.write_text(REPORT)
    with pytest.raises(UsageError, match="do not state how many calls"):
        calibrate(LogSource([log], dialect=str(mapping)), pricing=SHEET)
