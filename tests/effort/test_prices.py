"""Tiers that are efforts of one model cost what their own tokens cost, in every kind of strategy."""

from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.errors import DocumentError, RoutecostError, UnpricedError, UsageError
from routecost.model.report.report import Note
from routecost.report.projection.project import report as projection_report
from tests.effort.fleets import SHEET, write

LOW, HIGH, SMALL = {"tier": "low"}, {"tier": "high"}, {"tier": "small"}
JUDGE = {"tier": "small", "tokens": {"input": 100, "output": 10}, "reads_output": True}


def usd(*parts: tuple[float, float]) -> Decimal:
    """Return an amount from rates per million tokens, and tokens."""
    return sum((Decimal(str(rate)) * Decimal(str(count)) for rate, count in parts), Decimal(0)) / 10**6


def cost(folder: Path, strategy: dict[str, Any], **task: Any) -> Decimal:
    return routecost.compare(write(folder, {"it": strategy}, **task))["it"].cost_per_day


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (SMALL, usd((1, 2000), (5, 500))),
        (LOW, usd((3, 2000), (15, 300))),
        (HIGH, usd((3, 2000), (15, 2400))),
        (
            {"mix": {"small": "50%", "low": "30%", "high": "20%"}},
            usd((1, 1000), (5, 250), (3, 1000), (15, 570)),
        ),
        # 20% go on to "high", which reads the 300 tokens of "low"; so does the judge of all
        (
            {"cascade": ["low", "high"], "accept": "80%", "judge": JUDGE, "pass_on": True},
            usd((3, 2000), (15, 300), (1, 400), (5, 10), (3, 460), (15, 480)),
        ),
        # of the 2,400 tokens of "high" a quarter is the answer, which the second agent reads
        (
            {"agents": {"mode": "chain", "roles": [{"tier": "high"}, {"tier": "low"}]}},
            usd((3, 2000), (15, 2400), (3, 2600), (15, 300)),
        ),
        (
            {
                "agents": {
                    "mode": "single",
                    "roles": [{"tier": "high", "tokens": {"input": 10, "output": 20}}],
                }
            },
            usd((3, 10), (15, 20)),
        ),
        # a tenth of the subtasks is repeated one tier up, at the tokens of that tier
        (
            {
                "plan_and_execute": {
                    "planner": {"tier": "high", "tokens": {"input": 100, "output": 80}},
                    "executors": [{"tier": "low", "count": 2}],
                    "review": {"tier": "small", "tokens": {"input": 0, "output": 0}, "rejects": "10%"},
                }
            },
            usd((3, 100), (15, 80), (3, 4000), (15, 600), (3, 400), (15, 480)),
        ),
    ],
)
def test_each_tier_has_its_own_tokens(tmp_path: Path, strategy: dict[str, Any], expected: Decimal) -> None:
    assert cost(tmp_path, strategy) == expected


def test_a_factor_multiplies_the_output_of_every_row_of_the_same_draw(tmp_path: Path) -> None:
    sheet = copy.deepcopy(SHEET)
    sheet["models"]["m-big"][0]["above"] = [
        {"tokens": 9000, "input": 6, "output": 30, "unpriced": ["cache_read", "cache_write_5m"]}
    ]
    rows = [{"share": "50%", "input": 1000, "output": 100}, {"share": "50%", "input": 8000, "output": 1000}]
    calls = {"per_task": 2, "carry": "all"}
    tiers = {"low": {"output_factor": "0.5"}, "high": {"output_factor": 4, "reasoning": "50%"}}
    task = {"tokens": {"per_call": rows}, "calls": calls, "tier_tokens": tiers, "carry_reasoning": False}
    # A long task is long in both calls: its second has 16,000 tokens and half of 4,000, above the step.
    short = usd((3, 1000), (3, 2200), (15, 800))
    long = usd((3, 8000), (15, 4000), (6, 18000), (30, 4000))
    assert cost(tmp_path, HIGH, sheet=sheet, **task) == (short + long) / 2


@pytest.mark.parametrize(("carries", "context"), [(True, 4400 + 3000), (False, 2600 + 3000)])
def test_later_calls_carry_reasoning_if_the_scenario_says_so(
    tmp_path: Path, carries: bool, context: int
) -> None:
    calls = {"per_task": 2, "system": 1000, "carry": "all"}
    expected = usd((3, 3000), (3, context - 3000 + 3000), (15, 4800))
    assert cost(tmp_path, HIGH, calls=calls, carry_reasoning=carries) == expected


def test_whether_reasoning_is_carried_must_be_stated(tmp_path: Path) -> None:
    calls = {"per_task": 2, "carry": "all"}
    with pytest.raises(UsageError, match='set "carry_reasoning" of the task type to true or false'):
        cost(tmp_path, HIGH, calls=calls)
    assert cost(tmp_path, LOW, calls=calls) == usd((3, 2000), (3, 4300), (15, 600))  # it has no reasoning
    alone = {"per_task": 2, "carry": "none"}
    assert cost(tmp_path, HIGH, calls=alone) == 2 * usd((3, 2000), (15, 2400))


def test_a_conversation_carries_what_each_tier_wrote_and_an_effort_has_a_cache_of_its_own(
    tmp_path: Path,
) -> None:
    talk = {"conversation": [{"tier": "low", "turns": 2}, {"tier": "high", "turns": 1}], "system": 1000}
    first, second, third = 3000, 3000 + 300 + 2000, 3000 + 2 * (300 + 2000)
    written = first + (second - first) + third  # at another effort all of it is written again
    expected = usd((3.75, written), (0.3, first), (15, 300 + 300 + 2400))
    assert cost(tmp_path, talk, carry_reasoning=False) == expected


def test_a_shared_prefix_is_written_once_per_effort(tmp_path: Path) -> None:
    cache = {"prefix": 1000, "reuse": 9}
    both = cost(tmp_path, {"mix": {"low": "50%", "high": "50%"}}, cache=cache)
    # of 10 calls in a window, each effort has 5, and writes one of these
    written = usd((3.75, 1000 / 5), (0.3, 1000 * 4 / 5))
    assert both == written + usd((3, 1000), (15, 1350))


def test_a_model_with_a_price_for_reasoning_bills_it_apart(tmp_path: Path) -> None:
    sheet = copy.deepcopy(SHEET)
    sheet["models"]["m-big"][0]["output_reasoning"] = 7
    assert cost(tmp_path, HIGH, sheet=sheet) == usd((3, 2000), (15, 600), (7, 1800))
    meters = {"output_reasoning": 100}
    assert cost(tmp_path, HIGH, sheet=sheet, meters=meters) == usd((3, 2000), (15, 600), (7, 1900))


def test_reasoning_takes_time(tmp_path: Path) -> None:
    path = write(tmp_path, {"it": HIGH})
    text = path.read_text(encoding="utf-8").replace(
        '"strategies"', '"latency": {"high": {"per_call": 1, "per_output_token": 0.01}}, "strategies"'
    )
    path.write_text(text, encoding="utf-8")
    assert routecost.compare(path)["it"].seconds_per_task == 25


def test_unknown_tokens_of_an_effort_are_an_error_at_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, {"it": HIGH, "other": SMALL}, tier_tokens={"low": {"output": 300}})
    message = 'at effort "high", and the tokens of task type "extraction" there are unknown'
    with pytest.raises(UnpricedError, match=message) as raised:
        routecost.compare(path)
    (finding,) = raised.value.findings
    assert finding.position.line == 1
    assert routecost.compare(path, strategies=["other"])["other"].cost_per_day == usd((1, 2000), (5, 500))


def test_tokens_at_another_effort_than_that_of_the_sheet_are_unknown(tmp_path: Path) -> None:
    with pytest.raises(UnpricedError, match='has those at effort "medium"'):
        cost(tmp_path, LOW, tier_tokens={"low": {"output": 300, "effort": "medium"}})
    assert cost(tmp_path, LOW, tier_tokens={"low": {"output_factor": 1, "effort": "low"}})


def test_own_tokens_of_a_subtask_are_not_those_at_another_effort(tmp_path: Path) -> None:
    plan = {
        "planner": {"tier": "low", "tokens": {"input": 1, "output": 1}},
        "executors": [{"tier": "low", "count": 1, "tokens": {"input": 5, "output": 5}}],
        "review": {"tier": "low", "tokens": {"input": 1, "output": 1}, "rejects": "10%"},
    }
    with pytest.raises(UnpricedError, match="at another effort, are unknown"):
        cost(tmp_path, {"plan_and_execute": plan})
    plan["review"] = {**plan["review"], "rejects": 0}  # type: ignore[dict-item]
    assert cost(tmp_path, {"plan_and_execute": plan}) == usd((3, 7), (15, 7))


def test_rework_does_not_guess_which_of_different_outputs_it_reads(tmp_path: Path) -> None:
    rework = {"noticed": "50%", "cost": 0, "tier": "high", "pass_on": True}
    task = {"success": {"low": "80%", "high": "90%"}, "rework": rework}
    once = usd((3, 2000), (15, 300)) + usd((3, 2300), (15, 2400)) / 10  # half of the 20% that are wrong
    assert cost(tmp_path, LOW, **task) == once
    with pytest.raises(UsageError, match="the output of its tiers differs"):
        cost(tmp_path, {"mix": {"low": "50%", "high": "50%"}}, **task)


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({"tier_tokens": {"low": {"reasoning": "10%"}}}, 'expected one of "output" and "output_factor"'),
        ({"tier_tokens": {"low": {"output": 1, "output_factor": 2}}}, 'expected one of "output" and'),
        ({"tier_tokens": {"lwo": {"output": 1}}}, 'did you mean "low"'),
        ({"tier_tokens": {"low": {"output": -1}}}, "-1"),
        ({"tier_tokens": {"low": {"output": 10, "reasoning": 1900}}}, "1900"),
        ({"tier_tokens": {"low": [1]}}, "expected {output, reasoning}"),
        (
            {
                "tokens": {"per_call": [{"share": 1, "input": [1, 9], "output": 5}]},
                "tier_tokens": {"low": {"output": 3}},
            },
            'expected "output_factor" or "per_call"',
        ),
        ({"cache": {"prefix": 500, "reuse": 1}, "tier_tokens": {"low": {"input": 400, "output": 1}}}, "400"),
    ],
)
def test_faults_of_tokens_of_tiers_name_what_was_expected(
    tmp_path: Path, task: dict[str, Any], message: str
) -> None:
    with pytest.raises(DocumentError) as raised:
        routecost.compare(write(tmp_path, {"it": SMALL}, **task))
    assert message in str(raised.value)


def test_the_effort_of_a_tier_cannot_change(tmp_path: Path) -> None:
    sheet = copy.deepcopy(SHEET)
    sheet["tiers"]["low"] = [
        {"model": "m-small", "effort": "low"},
        {"from": "2026-03-01", "model": "m-big", "effort": "medium"},
    ]
    with pytest.raises(RoutecostError, match="the effort of a tier cannot change; expected a tier for each"):
        routecost.compare(write(tmp_path, {"it": LOW}, sheet))


def test_a_sheet_shows_the_efforts_of_its_tiers(tmp_path: Path) -> None:
    write(tmp_path, {"it": LOW})
    rows = routecost.show_pricing(tmp_path / "sheet.yaml").rows
    assert {row.tier: row.effort for row in rows} == {"small": None, "low": "low", "high": "high"}


@pytest.mark.slow
def test_sweeps_and_searches_use_the_tokens_of_each_tier(tmp_path: Path) -> None:
    rates = {"low": "50%", "high": "90%"}
    path = write(tmp_path, {"it": LOW, "other": HIGH}, success=rates, failure_cost=1)
    field = "workload.task_types.extraction.tier_tokens.high.output"
    points = routecost.sweep_over(path, [f"{field}=0,1000"]).to_frame()
    high = points[points["strategy"] == "other"]["cost_per_month"]
    assert [*high] == pytest.approx([30 * 0.006, 30 * 0.021])
    found = routecost.search_policies(path).comparison
    assert found["best-tier"].cost_per_day == usd((3, 2000), (15, 2400))


def test_a_plan_is_not_priced_at_efforts_that_its_steps_do_not_have(tmp_path: Path) -> None:
    write(tmp_path, {"it": LOW})
    steps = [{"do": "a", "tier": "low", "tokens": {"input": 1000, "output": 100, "reasoning": "50%"}}]
    reviewer = {"tier": "low", "tokens": {"input": 10, "output": 1}, "reads_output": True}
    plan = {
        "version": 1,
        "pricing": "./sheet.yaml",
        "as_of": "2026-11-22",
        "steps": steps,
        "reviewer": reviewer,
    }
    path = tmp_path / "plan.yaml"
    path.write_text(json.dumps(plan), encoding="utf-8")
    priced = routecost.plan(path, as_of=date(2026, 11, 22))
    assert priced.total == usd((3, 1000), (15, 100), (3, 60), (15, 1))
    assert [one.tier for one in priced.alternatives] == ["low"]
    steps.append({"do": "b", "tier": "high", "tokens": {"input": 1, "output": 1}})
    path.write_text(json.dumps(plan), encoding="utf-8")
    assert routecost.plan(path, as_of=date(2026, 11, 22)).alternatives == ()


def test_a_projection_says_nothing_of_calls_where_harder_work_changes_failures_only(
    tmp_path: Path,
) -> None:
    cascade = {"cascade": ["low", "high"], "detection": {"wrong_rejected": "80%"}}
    path = write(tmp_path, {"it": cascade}, success={"low": "90%", "high": "98%"}, failure_cost=1)
    made = projection_report(routecost.project(path, months=2))
    notes = ["".join(map(str, block.parts)) for block in made.blocks if isinstance(block, Note)]
    assert notes
    assert not [text for text in notes if "by how hard repeated work is" in text]
