"""Actuals as CSV: the same as YAML, and every fault at its row and column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost import DocumentError, Finding, load_scenario
from routecost.documents.actuals.load import load_actuals
from routecost.errors import UsageError
from routecost.model.results.actuals import ActualMonth, Actuals, Grain
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import Phase, Plan
from routecost.model.scenario.scenario import Scenario
from routecost.render.findings import excerpt

FLEET = load_scenario("article-fleet")
HORIZON = Horizon(date(2026, 2, 1), 12)
TODAY = date(2026, 11, 26)

YAML = """\
version: 1
months:
  - month: 2026-03
    strategy: all-sonnet
    tasks: 15000
    spend: 205
    tiers:
      sonnet: {tasks: 14000, input: 28000000, output: 7000000, spend: 180.5, meters: {web_search: 3}}
      opus: {tasks: 1000, input: 2000000, output: 500000, spend: 24}
  - {month: 2026-02, spend: 131.04}
"""
CSV = """\
month,tier,strategy,tasks,spend,input,output,web_search
2026-03,sonnet,all-sonnet,14000,180.50,28000000,7000000,3
2026-03,opus,,1000,24,2_000_000,500000,
2026-02,,,,131.04,,,
2026-03,,,15000,205,,,
"""


MOVE = (Phase("all-sonnet"), Phase("routed-80-15-5", date(2026, 3, 1)))
BY_TYPE_AND_WHOLE = """\
month,task_type,tier,tasks,spend,input
2026-02,tasks,haiku,x,5,
2026-03,tasks,,1,5,
2026-03,,haiku,1,5,
2026-04,tasks,,1,5,
2026-04,,,1,9,7
"""
AMOUNT = "an amount of money of 0 or more, such as 2 or 2 EUR"
NO_RATE = (
    'the pricing sheet "claude-article" has no exchange rate to USD; '
    'expected an amount in USD, or a rate in the "exchange" of the sheet'
)


def load(folder: Path, name: str, text: str, scenario: Scenario = FLEET) -> Actuals:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_actuals(path, scenario, HORIZON, TODAY)


def bare(months: tuple[ActualMonth, ...]) -> list[object]:
    """Return what months say, without where they say it."""
    return [
        (month.month, month.spend, month.strategy, month.tasks, month.grain,
         {name: (used.tasks, used.calls, used.units, used.spend) for name, used in month.used.items()})
        for month in months
    ]  # fmt: skip


def test_csv_and_yaml_say_the_same(tmp_path: Path) -> None:
    from_csv = load(tmp_path, "spend.csv", CSV)
    assert bare(from_csv.months) == bare(load(tmp_path, "spend.yaml", YAML).months)
    assert from_csv.file == "spend.csv"
    assert [month.month.month for month in from_csv.months] == [2, 3]
    assert [month.grain for month in from_csv.months] == [Grain.MONTH, Grain.TIER]


def test_csv_and_yaml_say_the_same_by_task_type(tmp_path: Path) -> None:
    csv = """\
month,task_type,model,tasks,spend,input,web_search
2026-03,tasks,claude-3-5-haiku,14000,180.50,28000000,3
2026-03,tasks,claude-opus-4-1,1000,24,2000000,0
2026-03,,,15000,210,,
2026-02,tasks,,5,9,7,
"""
    yaml = """\
version: 1
months:
  - {month: 2026-02, task_types: {tasks: {tasks: 5, spend: 9, input: 7}}}
  - month: 2026-03
    spend: 210
    tasks: 15000
    task_types:
      tasks:
        models:
          claude-3-5-haiku: {tasks: 14000, spend: 180.50, input: 28000000, meters: {web_search: 3}}
          claude-opus-4-1: {tasks: 1000, spend: 24, input: 2000000, meters: {web_search: 0}}
"""
    from_csv = load(tmp_path, "spend.csv", csv).months
    from_yaml = load(tmp_path, "spend.yaml", yaml).months
    assert bare(from_csv) == bare(from_yaml)
    for one, other in zip(from_csv, from_yaml, strict=True):
        assert bare(tuple(one.task_types.values())) == bare(tuple(other.task_types.values()))
    assert [month.spend for month in from_csv] == [9, 210]
    assert [month.task_types["tasks"].spend for month in from_csv] == [9, Decimal("204.5")]
    assert [month.all_tasks for month in from_csv] == [5, 15000]
    assert from_csv[1].task_types["tasks"].grain is Grain.MODEL


def test_what_tiers_cost_is_what_the_month_costs(tmp_path: Path) -> None:
    text = "month,model,spend\n2026-02,claude-3-5-haiku,1.25\n2026-02,claude-opus-4-1,3.5\n"
    (month,) = load(tmp_path, "spend.csv", text).months
    assert (month.spend, month.grain) == (Decimal("4.75"), Grain.MODEL)


@pytest.mark.parametrize(
    ("scenario", "strategy"),
    [
        ({}, "all-sonnet"),
        ({"default": None}, "routed-80-15-5"),
        ({"plan": Plan(migrations={"move": MOVE})}, "move"),
        ({"plan": Plan(migrations={"move": MOVE, "later": MOVE})}, "all-sonnet"),
        ({"plan": Plan(migrations={"move": MOVE, "later": MOVE}, proposed="later")}, "later"),
        ({"proposed": None, "default": None, "strategies": {"only": "x"}}, "only"),
    ],
)
def test_who_ran_where_nobody_says(tmp_path: Path, scenario: dict[str, object], strategy: str) -> None:
    fleet = replace(FLEET, **scenario)  # type: ignore[arg-type]
    actuals = load(tmp_path, "spend.csv", "month,spend\n2026-02,5\n", fleet)
    assert [month.strategy for month in actuals.months] == [strategy]
    assert actuals.assumed == strategy
    stated = load(tmp_path, "own.csv", "month,spend,strategy\n2026-02,5,all-haiku\n")
    assert stated.assumed is None


def test_a_strategy_that_neither_file_nor_scenario_states_is_missing(tmp_path: Path) -> None:
    fleet = replace(FLEET, default=None, proposed=None)
    with pytest.raises(DocumentError, match='"strategy" is missing; the scenario has no migration'):
        load(tmp_path, "spend.csv", "month,spend\n2026-02,5\n", fleet)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(DocumentError) as raised:
        load(folder, "spend.csv", text)
    assert all(excerpt(finding) for finding in raised.value.findings)
    return [str(finding).removeprefix(f"{folder}/") for finding in raised.value.findings]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["spend.csv:1:1: the file is empty; expected a header and rows"]),
        ("month,spend\n", ["spend.csv:1:1: no months are given; expected at least one"]),
        ("mnth,spnd\n2026-02,5\n", [
            'spend.csv:1:1: column "month" is missing',
            'spend.csv:1:1: column "spend" is missing',
        ]),
        ("month,spend,taks\n2026-02,5,7\n", ['spend.csv:1:13: unknown column "taks"; did you mean "tasks"?']),
        ("month,tier,model,spend\n2026-02,,,7\n", [
            'spend.csv:1:12: columns "tier" and "model" are both present; expected only one'
        ]),
        ("month,spend,currency\n2026-02,5,EUR\n", [
            f'spend.csv:2:11: "months.0.currency" is in EUR, and {NO_RATE}'
        ]),
        ("month,spend,strategy\n2026-02,5,all-sonet\n", [
            'spend.csv:2:11: unknown strategy "all-sonet"; did you mean "all-sonnet"?'
        ]),
        ("month,spend\n2026-02,-5\n2026-03,NaN\n2026-04,\n2026-13,$3\n,5\n", [
            'spend.csv:2:9: "-5" is out of range; expected ' + AMOUNT,
            'spend.csv:3:9: "NaN" is not ' + AMOUNT,
            'spend.csv:4:1: "spend" is missing; expected the cost of the month',
            'spend.csv:5:1: "2026-13" is not a month; expected YYYY-MM, such as 2026-02',
            'spend.csv:5:9: "$3" is not ' + AMOUNT,
            'spend.csv:6:1: "month" is missing',
        ]),
        ("month,spend\n2026-02,5\n2026-02,6\n", [
            'spend.csv:3:1: "2026-02" is given twice; the first is on line 2'
        ]),
        ("month,tier,spend\n2026-02,haiku,5\n2026-02,haiku,6\n2026-02,hiaku,7\n", [
            'spend.csv:3:9: "haiku" is given twice in "2026-02"',
            'spend.csv:4:9: unknown tier "hiaku"; did you mean "haiku"?',
        ]),
        ("month,tier,spend,calls\n2026-02,,5,3\n", [
            "spend.csv:2:12: calls need a tier or a model, and this row has neither"
        ]),
        ("month,tier,spend,strategy\n2026-02,haiku,5,all-haiku\n2026-02,opus,5,all-opus\n", [
            'spend.csv:3:16: strategy "all-opus" is given; another row of this month says "all-haiku"'
        ]),
        ("month,tier,spend,tasks\n2026-02,,9,10\n2026-02,haiku,5,3\n2026-02,opus,5,4\n", [
            "spend.csv:2:12: 10 tasks are given, but those of the tiers sum to 7"
        ]),
        ("month,task_type,spend,tasks\n2026-02,tsks,5,1\n2026-03,tasks,,3\n2026-03,tasks,4,3\n", [
            'spend.csv:2:9: unknown task type "tsks"; did you mean "tasks"?',
            'spend.csv:3:9: "spend" is missing; expected the cost of the task type',
            'spend.csv:4:9: "tasks" is given twice; the first is on line 3',
        ]),
        (BY_TYPE_AND_WHOLE, [
            'spend.csv:2:21: "x" is not a count from 0 to 1e15',
            'spend.csv:4:10: "tiers" is given for the month, which has task types; expected it for each',
            'spend.csv:6:15: "input" is given for the month, which has task types; expected it for each',
        ]),
        ("month,spend\n2026-01,5\n2026-12,6\n", [
            'spend.csv:2:1: "2026-01" is outside the plan, 2026-02 to 2027-01; see --start and --months',
            'spend.csv:3:1: "2026-12" is not over on 2026-11-26; expected past months',
        ]),
    ],
)  # fmt: skip
def test_faults_are_named_where_they_stand(tmp_path: Path, text: str, found: list[str]) -> None:
    assert faults(tmp_path, text) == found


def test_a_month_is_over_on_the_day_after_its_last(tmp_path: Path) -> None:
    path = tmp_path / "spend.csv"
    path.write_text("month,spend\n2026-02,5\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="not over on 2026-02-28"):
        load_actuals(path, FLEET, HORIZON, date(2026, 2, 28))
    assert len(load_actuals(path, FLEET, HORIZON, date(2026, 3, 1)).months) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("spend.txt", "expected one of .yaml, .yml, .csv"),
        ("no.csv", "no such file"),
        ("no.yaml", "no such file"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load_actuals(tmp_path / name, FLEET, HORIZON, TODAY)


LINES = CSV.splitlines(keepends=True)
pieces = st.sampled_from((*LINES, "month", "spend", "haiku", "2026-02", *',\n"9-é\0 '))


@given(st.lists(pieces, max_size=15).map("".join))
def test_any_text_loads_or_is_refused_in_words(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    reported: tuple[Finding, ...] = ()
    try:
        load(folder, "spend.csv", text)
    except DocumentError as error:
        reported = error.findings
    assert all(excerpt(finding) for finding in reported)
