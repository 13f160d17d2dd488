"""Money in several currencies: converted at a dated rate of a sheet, or refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.model.results.claim_check import ClaimResult
from routecost.model.scenario.scenario import Scenario
from routecost.report.projection.project import report as project_report
from tests.support.currencies import euros
from tests.support.reports import text_of

SHEET = """\
version: 1
currency: USD
source: invented
tiers: {small: little, large: big}
models:
  little: [{input: 1, output: 4, checked: 2026-01-01}]
  big: [{input: 4, output: 16, checked: 2026-01-01}]
"""
EUROS = euros("[{rate: 0.5}, {from: 2026-06-01, rate: 0.8}]")
MONEY = """\
workload: {tasks_per_day: 100, tokens: {input: 1000, output: 500}, success: {small: 90%, large: 99%},
           failure_cost: FAILURE, rework: {noticed: 40%, cost: COST}}
budget: {amount: BUDGET, per: month, strategy: small}
routing_costs: {engineering: ENGINEERING, upkeep_per_month: UPKEEP, within_months: 12}
plan:
  budget: {amount: BUDGET, per: month, strategy: small, steps: [{from: 2026-05, amount: STEP}]}
  commitments: [{from: 2026-03, amount: COMMITTED}]
  launches: {more: {from: 2026-04-01, workload: {tasks_per_day: 5, tokens: {input: 10, output: 10},
                    success: {small: 90%, large: 99%}, failure_cost: FAILURE}}}
"""
SCENARIO = """\
version: 1
pricing: ./dollars.yaml
as_of: 2026-02-01
strategies: {small: {tier: small}, large: {tier: large}}
"""
AMOUNTS = {
    "FAILURE": 2,
    "COST": 3,
    "BUDGET": 150,
    "ENGINEERING": 5000,
    "UPKEEP": 100,
    "STEP": 200,
    "COMMITTED": 70,
}
KEYS = {
    "FAILURE": "failure_cost",
    "COST": "cost",
    "BUDGET": "budget.amount",
    "ENGINEERING": "engineering",
    "UPKEEP": "upkeep_per_month",
    "STEP": "steps.0.amount",
    "COMMITTED": "commitments.0.amount",
}


def written(folder: Path, text: str = SCENARIO, currency: str = "", factor: str = "1") -> Path:
    """Write both sheets and a scenario with every amount of money, times a factor, in a currency."""
    (folder / "dollars.yaml").write_text(SHEET, encoding="utf-8")
    (folder / "euros.yaml").write_text(EUROS, encoding="utf-8")
    money = MONEY
    for name, amount in AMOUNTS.items():
        money = money.replace(name, f"{amount * Decimal(factor):f} {currency}".rstrip())
    scenario = folder / f"fleet-{currency}{factor}.yaml"
    scenario.write_text(text + money, encoding="utf-8")
    return scenario


def amounts(scenario: Scenario) -> list[Decimal | None]:
    """Return every amount of money in a scenario."""
    plan, costs, budget = scenario.plan, scenario.routing_costs, scenario.budget
    assert plan is not None
    assert costs is not None
    assert budget is not None
    assert plan.budget is not None
    (task,) = scenario.workload.task_types
    (launch,) = plan.launches
    assert task.rework is not None
    return [
        task.failure_cost,
        task.rework.cost,
        budget.amount,
        costs.engineering,
        costs.upkeep_per_month,
        plan.budget.amount,
        plan.budget_steps[0].amount,
        plan.commitments[0].amount,
        launch.workload.task_types[0].failure_cost,
    ]


@pytest.mark.parametrize("day", [None, date(2026, 7, 1)])
def test_every_amount_is_converted_at_the_rate_of_the_day(tmp_path: Path, day: date | None) -> None:
    scenario = written(tmp_path)
    rate = Decimal("0.5") if day is None else Decimal("0.8")
    own = amounts(routecost.load_scenario(scenario))
    loaded = routecost.load_scenario(scenario, pricing=tmp_path / "euros.yaml", as_of=day)
    assert amounts(loaded) == [amount and amount * rate for amount in own]
    assert own == [2, 3, 150, 5000, 100, 150, 200, 70, 2]


def test_a_loaded_scenario_is_converted_as_its_file_is(tmp_path: Path) -> None:
    from routecost.api.scenarios import resolve

    scenario, euros = written(tmp_path), tmp_path / "euros.yaml"
    reopened = routecost.load_scenario(scenario, pricing=euros)
    repriced = resolve(routecost.load_scenario(scenario), pricing=euros)
    assert amounts(repriced) == amounts(reopened)
    assert routecost.compare(repriced) == routecost.compare(reopened)
    # and back, by the reciprocal of the rate that the sheet in euros states
    assert amounts(resolve(repriced, pricing=tmp_path / "dollars.yaml")) == amounts(
        routecost.load_scenario(scenario)
    )


def test_amounts_may_state_their_currency(tmp_path: Path) -> None:
    in_euros = SCENARIO.replace("dollars", "euros")
    stated = routecost.load_scenario(written(tmp_path, in_euros, "USD"))
    assert amounts(stated) == amounts(routecost.load_scenario(written(tmp_path, in_euros, "EUR", "0.5")))
    assert amounts(stated) == amounts(routecost.load_scenario(written(tmp_path, in_euros, "", "0.5")))


def test_an_amount_in_the_currency_of_the_prices_is_not_converted(tmp_path: Path) -> None:
    in_euros = routecost.load_scenario(written(tmp_path, SCENARIO, "EUR"), pricing=tmp_path / "euros.yaml")
    assert amounts(in_euros) == amounts(routecost.load_scenario(written(tmp_path)))


@pytest.mark.parametrize("name", AMOUNTS)
def test_each_amount_without_a_rate_is_refused_with_its_path(tmp_path: Path, name: str) -> None:
    key, stated = KEYS[name].split(".")[-1], AMOUNTS[name]
    scenario = written(tmp_path)
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(re.sub(rf"\b{key}: {stated}\b", f"{key}: {stated} GBP", text), encoding="utf-8")
    with pytest.raises(routecost.DocumentError) as raised:
        routecost.load_scenario(scenario)
    messages = [finding.message for finding in raised.value.findings]
    assert any(f'{KEYS[name]}" is in GBP, ' in message for message in messages)
    assert all("no exchange rate to USD; expected an amount in USD, or a rate" in text for text in messages)


def test_without_a_rate_between_sheets_amounts_are_refused(tmp_path: Path) -> None:
    scenario = written(tmp_path)
    (tmp_path / "pounds.yaml").write_text(SHEET.replace("USD", "GBP"), encoding="utf-8")
    expected = 'is in USD, and the pricing sheet "pounds" or "dollars" has no exchange rate to GBP'
    with pytest.raises(routecost.RoutecostError, match=expected):
        routecost.compare(scenario, pricing=tmp_path / "pounds.yaml")
    with pytest.raises(routecost.RoutecostError, match=expected):
        routecost.compare(routecost.load_scenario(scenario), pricing=tmp_path / "pounds.yaml")
    with pytest.raises(routecost.RoutecostError, match=expected):
        routecost.sweep_over(scenario, [f"pricing={tmp_path}/dollars.yaml,{tmp_path}/pounds.yaml"])


def test_a_rate_that_has_not_begun_is_no_rate(tmp_path: Path) -> None:
    scenario = written(tmp_path)
    late = EUROS.replace("{rate: 0.5}, ", "")
    (tmp_path / "euros.yaml").write_text(late, encoding="utf-8")
    with pytest.raises(routecost.RoutecostError, match="no exchange rate to EUR on 2026-02-01"):
        routecost.load_scenario(scenario, pricing=tmp_path / "euros.yaml")


def test_a_sheet_may_state_rates_of_other_currencies(tmp_path: Path) -> None:
    scenario = written(tmp_path, SCENARIO, "EUR")
    rates = "exchange: [{currency: GBP, rate: 1.3}, {currency: EUR, rate: 1000000, source: made up}]\n"
    (tmp_path / "dollars.yaml").write_text(SHEET + rates, encoding="utf-8")
    loaded = routecost.load_scenario(scenario)
    assert amounts(loaded)[:2] == [2_000_000, 3_000_000]
    assert routecost.compare(loaded)["small"].cost_per_day == Decimal("0.3")  # prices are not converted


def test_amounts_are_exchanged_at_the_rate_of_prices(tmp_path: Path) -> None:
    """2 USD at EUR 0.50 are EUR 1; at the other rate, 4 USD for one EUR, they would be EUR 0.50."""
    scenario = written(tmp_path)
    (tmp_path / "dollars.yaml").write_text(SHEET + "exchange: [{currency: EUR, rate: 4}]\n", encoding="utf-8")
    loaded = routecost.load_scenario(scenario, pricing=tmp_path / "euros.yaml")
    assert amounts(loaded)[:2] == [1, Decimal("1.5")]


def test_failure_costs_make_the_same_difference_in_any_currency(tmp_path: Path) -> None:
    scenario, euros = written(tmp_path), tmp_path / "euros.yaml"
    dollars, other = routecost.compare(scenario), routecost.compare(scenario, pricing=euros)
    for name in ("small", "large"):
        total = dollars[name].total_cost_per_month
        assert total is not None
        assert other[name].total_cost_per_month == total / 2
        assert other[name].tasks_per_budget == dollars[name].tasks_per_budget


def test_both_sides_of_a_price_comparison_convert_the_failure_costs(tmp_path: Path) -> None:
    scenario, euros = written(tmp_path), tmp_path / "euros.yaml"
    costlier = tmp_path / "costlier.yaml"
    costlier.write_text(EUROS + "multipliers: [{name: region, factor: 1.1}]\n", encoding="utf-8")
    diff = routecost.diff_pricing(euros, costlier, scenario=scenario)
    assert [change.cost_per_month_after / change.cost_per_month_before for change in diff.changes] == [
        Decimal("1.1")
    ] * 2


def checked(folder: Path, claims: str, pricing: Path | None = None) -> list[ClaimResult]:
    """Return the results of claims, without that of the budget."""
    scenario = written(folder, SCENARIO + f"claims:\n{claims}")
    return [claim for claim in routecost.check(scenario, pricing=pricing).claims if not claim.is_budget]


def test_claims_are_published_in_the_currency_of_the_scenarios_own_sheet(tmp_path: Path) -> None:
    # 3 MTok at 1 and 1.5 MTok at 4 a month
    pair = "[strategies.large.cost_per_month, strategies.small.cost_per_month]"
    claims = f"""\
  - {{that: strategies.small.cost_per_month, is: 9}}
  - {{that: strategies.small.cost_per_month, is: 4.5 EUR, with: {{pricing: ./euros.yaml}}}}
  - {{that: strategies.small.cost_per_month, is: 9, with: {{pricing: ./euros.yaml}}}}
  - {{that: prices.small.input, is: 1, with: {{pricing: ./euros.yaml}}}}
  - {{that: {{difference: {pair}}}, is: 27}}
  - {{that: {{ratio: {pair}}}, is: 4}}
"""
    for pricing in (None, tmp_path / "euros.yaml"):
        results = checked(tmp_path, claims, pricing)
        assert [claim.status for claim in results] == ["holds"] * 6
        assert [claim.currency for claim in results] == ["USD", "EUR", "USD", "USD", "USD", None]
        assert [claim.computed for claim in results] == [9, Decimal("4.5"), 9, 1, 27, 4]


def test_a_loaded_scenario_is_checked_as_its_file_is(tmp_path: Path) -> None:
    scenario = written(tmp_path, SCENARIO + "claims: [{that: strategies.small.cost_per_month, is: 9}]\n")
    loaded = routecost.load_scenario(scenario)
    euros = tmp_path / "euros.yaml"
    assert routecost.check(loaded, pricing=euros).claims == routecost.check(scenario, pricing=euros).claims


@pytest.mark.parametrize(("operation", "is_"), [("difference", "4.5"), ("ratio", "2")])
def test_a_claim_on_two_currencies_is_refused(tmp_path: Path, operation: str, is_: str) -> None:
    path = "strategies.small.cost_per_month"
    other = f"{{path: {path}, with: {{pricing: ./euros.yaml}}}}"
    claim = f"  - {{that: {{{operation}: [{path}, {other}]}}, is: {is_}}}\n"
    with pytest.raises(
        routecost.DocumentError, match=rf"{path}.* is a {operation} of figures in USD and EUR"
    ):
        checked(tmp_path, claim)


def test_a_figure_that_is_no_money_has_no_currency(tmp_path: Path) -> None:
    claim = "  - {that: strategies.small.vs_baseline, is: 2 EUR}\n"
    with pytest.raises(routecost.DocumentError, match="the figure is no money, but EUR is given"):
        checked(tmp_path, claim)


def test_the_own_sheet_must_be_known_for_amounts_without_a_currency(tmp_path: Path) -> None:
    scenario = written(tmp_path, SCENARIO.replace("dollars", "absent"))
    with pytest.raises(
        routecost.DocumentError, match=r"states no currency, and .*absent\.yaml. cannot be read"
    ):
        routecost.compare(scenario, pricing=tmp_path / "euros.yaml")
    stated = written(tmp_path, SCENARIO.replace("dollars", "absent"), "EUR")
    assert routecost.compare(stated, pricing=tmp_path / "euros.yaml")["small"].cost_per_day == Decimal("0.15")


def test_amounts_with_a_currency_can_be_swept_and_varied(tmp_path: Path) -> None:
    scenario = written(tmp_path, SCENARIO.replace("dollars", "euros"), "USD")
    sweep = routecost.sweep_over(scenario, ["failure_cost=2 USD,1 EUR"])
    totals = [[cost.total_cost_per_month for cost in point.costs] for point in sweep.points]
    assert totals[0] == totals[1]
    moved = routecost.tornado(scenario, by="50%", strategy="small").assumptions
    (failure,) = [each for each in moved if each.name == "workload.failure_cost"]
    values = [failure.value, failure.down.value, failure.up.value]
    assert values == [Decimal(2), Decimal(1), Decimal(3)]
    assert (failure.down.why, failure.up.why) == (None, None)


# The first month is 2026-02, and the rate changes in June.
@pytest.mark.parametrize(("months", "is_said"), [(4, False), (5, True)])
def test_a_projection_says_that_amounts_keep_one_rate(tmp_path: Path, months: int, is_said: bool) -> None:
    scenario = written(tmp_path, SCENARIO.replace("dollars", "euros"), "USD")
    projection = routecost.project(scenario, months=months)
    assert projection.exchanged_on == (date(2026, 2, 1) if is_said else None)
    said = "are converted at the rate of 2026-02-01 in every month" in text_of(project_report(projection))
    assert said is is_said


def test_a_projection_sees_the_rates_of_the_own_sheet(tmp_path: Path) -> None:
    scenario = written(tmp_path, SCENARIO.replace("dollars", "euros"))
    projection = routecost.project(scenario, months=5, pricing=tmp_path / "dollars.yaml")
    assert projection.exchanged_on == date(2026, 2, 1)
    assert routecost.project(written(tmp_path), months=5).exchanged_on is None


def actual_spend(folder: Path, actuals: str, pricing: str = "dollars") -> list[Decimal]:
    """Return the spend of each month of a file of actuals."""
    scenario, file = written(folder), folder / "actuals.yaml"
    file.write_text("version: 1\nstrategy: small\n" + actuals, encoding="utf-8")
    rates = "exchange: [{currency: EUR, rate: 2}, {currency: EUR, from: 2026-03-31, rate: 3}]\n"
    (folder / "dollars.yaml").write_text(SHEET + rates, encoding="utf-8")
    compared = routecost.project(
        scenario, pricing=folder / f"{pricing}.yaml", start="2026-02", months=4, actuals=file
    ).actuals
    assert compared is not None
    return [month.variance.actual for month in compared.months if month.variance is not None]


def test_spend_is_converted_at_the_rate_of_the_last_day_of_its_month(tmp_path: Path) -> None:
    months = "months: [{month: 2026-02, spend: 5%s}, {month: 2026-03, spend: 5%s}]\n"
    assert actual_spend(tmp_path, months % ("", " USD")) == [5, 5]
    assert actual_spend(tmp_path, months % (" EUR", " EUR")) == [10, 15]
    assert actual_spend(tmp_path, "currency: EUR\n" + months % ("", " USD")) == [10, 5]
    by_tier = "currency: EUR\nmonths: [{month: 2026-02, tiers: {small: {spend: 1}, large: {spend: 1 USD}}}]\n"
    assert actual_spend(tmp_path, by_tier) == [3]
    own = "currency: EUR\nmonths: [{month: 2026-02, currency: USD, spend: 5}]\n"
    assert actual_spend(tmp_path, own) == [5]


def test_spend_without_a_currency_is_in_that_of_the_scenarios_own_sheet(tmp_path: Path) -> None:
    months = "months: [{month: 2026-02, spend: 5}, {month: 2026-03, spend: 5 EUR}]\n"
    assert actual_spend(tmp_path, months, "euros") == [Decimal("2.5"), 5]


def test_spend_without_a_rate_is_refused_at_its_place(tmp_path: Path) -> None:
    months = "currency: GBP\nmonths:\n  - {month: 2026-02, spend: 5}\n  - {month: 2026-03, spend: 5 CHF}\n"
    with pytest.raises(routecost.DocumentError) as raised:
        actual_spend(tmp_path, months)
    problems = [(finding.position.line, finding.message.split(",")[0]) for finding in raised.value.findings]
    assert problems == [(5, '"months.0.spend" is in GBP'), (6, '"months.1.spend" is in CHF')]


TABLE = """\
version: 1
taxonomy: ./taxonomy.yaml
failure_cost: {ALL}
escalation: [small, large]
confidence: required
routes:
  - {task: a, tier: small, evidence: {successes: 900, trials: 1000, evaluated: 2026-01-20}}
  - {task: b, tier: large, failure_cost: {ROW}}
"""


def risks(folder: Path, for_all: str, for_row: str = "1", pricing: str = "euros") -> list[str]:
    """Return the findings about risks of a table, priced in euros, that states failure costs."""
    scenario = written(folder)
    kind = "{title: t, reasoning: low, ambiguity: low, stakes: low, tiers: [small, large]}"
    (folder / "taxonomy.yaml").write_text(
        f"version: 1\ntiers: [small, large]\ntask_types: {{a: {kind}, b: {kind}}}\n", encoding="utf-8"
    )
    (folder / "evidence.yaml").write_text(
        "version: 1\nevidence:\n"
        "  - {task: a, tier: large, successes: 990, trials: 1000, evaluated: 2026-01-20}\n",
        encoding="utf-8",
    )
    scenario.write_text(
        SCENARIO + "workload:\n  task_types:\n    a: {tasks_per_day: 9, tokens: {input: 1000, output: 500}}\n"
        "    b: {tasks_per_day: 9, tokens: {input: 1, output: 1}}\n",
        encoding="utf-8",
    )
    table = folder / "table.yaml"
    table.write_text(TABLE.replace("{ALL}", for_all).replace("{ROW}", for_row), encoding="utf-8")
    validation = routecost.validate(
        table,
        scenario=scenario,
        evidence=folder / "evidence.yaml",
        pricing=folder / f"{pricing}.yaml",
        as_of=date(2026, 2, 1),
        library=folder,
    )
    return [finding.message for finding in validation.findings if finding.code == "RT203"]


@pytest.mark.parametrize(("stated", "shown"), [("2", "1.00 EUR"), ("2 USD", "1.00 EUR"), ("2 EUR", "2.00")])
def test_failure_costs_of_tables_are_converted(tmp_path: Path, stated: str, shown: str) -> None:
    (message,) = risks(tmp_path, stated)
    assert f"failures at {shown}" in message


def test_failure_costs_of_tables_without_a_rate_are_refused(tmp_path: Path) -> None:
    with pytest.raises(routecost.DocumentError) as raised:
        risks(tmp_path, "2 GBP", "3 CHF")
    problems = [(finding.position.line, finding.message.split(",")[0]) for finding in raised.value.findings]
    assert problems == [(3, '"failure_cost" is in GBP'), (8, '"routes.1.failure_cost" is in CHF')]
