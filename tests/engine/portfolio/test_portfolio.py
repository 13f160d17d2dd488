"""Portfolios: worked by hand, exact sums, faults with their places, and their commands."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal, localcontext
from pathlib import Path

import pytest

import routecost
from routecost.errors import UsageError
from routecost.model.results.breakdown.breakdown import UNUSED, Breakdown
from routecost.model.results.failures import Between
from routecost.model.results.portfolio.totals import PortfolioCosts
from routecost.report.portfolio.portfolio import report
from tests.cli.running import routecost as run
from tests.engine.breakdown.fleet import FLEET, written
from tests.support.reports import text_of

SEARCH = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload:
  task_types: {rank: {tasks_per_day: 100, tokens: {input: 1000, output: 200}}}
strategies: {small: {tier: small}, large: {tier: large}}
default: large
"""
"""A month costs 6 on small and 18 on large; that of the fleet costs 21.60 on small, 43.20 in the mix."""

PORTFOLIO = """\
version: 1
scenarios:
  - {scenario: ./fleet.yaml, owner: fleet}
  - {scenario: ./search.yaml, owner: search, strategy: small}
EXTRA
"""


def portfolio(
    folder: Path, extra: str = "", text: str = PORTFOLIO, search: str = SEARCH, **fleet: str
) -> Path:
    """Write a portfolio of the fleet and of a search; return its path."""
    written(folder, **fleet)
    (folder / "search.yaml").write_text(search, encoding="utf-8")
    path = folder / "portfolio.yaml"
    path.write_text(text.replace("EXTRA", extra), encoding="utf-8")
    return path


def costs_of(breakdown: Breakdown, choice: str, at: int = 0) -> dict[str, Decimal]:
    return {part: months[at].cost for part, months in breakdown.costs[choice].items()}


def added(costs: Iterable[Decimal]) -> Decimal:
    with localcontext(prec=300):
        return sum(costs, Decimal(0))


def test_a_month_by_hand(tmp_path: Path) -> None:
    costs = routecost.compare_portfolio(portfolio(tmp_path), by=["provider"])
    members, owners, providers = costs.breakdowns
    assert costs_of(members, "default") == {"fleet": Decimal("43.2"), "search": 18}
    assert costs_of(members, "proposed") == {"fleet": Decimal("21.6"), "search": 6}
    # what states no owner in the fleet is the member's
    assert costs_of(owners, "proposed") == {
        "support": 9,
        "platform": 12,
        "fleet": Decimal("0.6"),
        "search": 6,
    }
    assert costs_of(providers, "default") == {"acme": Decimal("10.8"), "bolt": Decimal("50.4")}
    assert costs.savings.amount == Decimal("33.6")
    assert costs.savings.with_failures is None


def test_shared_discounts_are_of_the_sum_and_of_what_they_cover(tmp_path: Path) -> None:
    extra = "volume_discounts: {providers: [bolt], steps: [{above: 40.4, share: 50%}]}"
    costs = routecost.compare_portfolio(portfolio(tmp_path, extra))
    # 32.40 and 18 on bolt: the 10 above 40.40 cost 5 less, 18/50.40 of it for search
    share = Decimal(5) / Decimal("50.4")
    parts = costs_of(costs.members, "default")
    assert abs(parts["search"] - 18 * (1 - share)) < Decimal("1e-20")
    assert added(parts.values()) == Decimal("56.2")
    assert costs_of(costs.members, "proposed") == {"fleet": Decimal("21.6"), "search": 6}


def test_shared_commitments_hold_in_projections(tmp_path: Path) -> None:
    extra = "commitments: [{amount: 55.2, from: 2026-03}]\nfiscal_year_starts: april"
    costs = routecost.project_portfolio(portfolio(tmp_path, extra), months=3)
    proposed = [costs_of(costs.members, "proposed", at) for at in range(3)]
    assert proposed[0] == {"fleet": Decimal("21.6"), "search": 6}
    # 27.60 of calls, twice of it committed
    assert proposed[1] == proposed[2] == {"fleet": Decimal("43.2"), "search": 12}
    names = [one.name for one in costs.members.periods if one.kind == "quarter"]
    assert names == ["Q4 FY2025/26", "Q1 FY2026/27"]
    assert costs.savings.amount == Decimal("61.2") * 3 - Decimal("27.6") - 2 * Decimal("55.2")


def test_a_shared_commitment_without_calls_is_a_part_of_its_own(tmp_path: Path) -> None:
    extra = "commitments: [{amount: 7, from: 2026-02, providers: [bolt]}]"
    costs = routecost.project_portfolio(portfolio(tmp_path, extra), months=1)
    assert costs_of(costs.members, "proposed") == {"fleet": Decimal("21.6"), "search": 6, UNUSED: 7}


def test_other_currencies_are_converted_at_the_rate_of_the_month(tmp_path: Path) -> None:
    extra = (
        "currency: EUR\nexchange: [{currency: USD, rate: 0.5}, {currency: USD, from: 2026-03-01, rate: 0.25}]"
    )
    costs = routecost.project_portfolio(portfolio(tmp_path, extra), months=2)
    assert [costs_of(costs.members, "proposed", at)["search"] for at in (0, 1)] == [3, Decimal("1.5")]
    assert "The proposals save EUR 25.20 in all" in text_of(report(costs, "project"))


CONTRACTS = """\
fiscal_year_starts: april
currency: EUR
exchange: [{currency: USD, rate: 0.93}]
commitments: [{amount: 41.3, from: 2026-03, discount: 7%, discount_above: 11%, models: [m-large]}]
volume_discounts: {steps: [{above: 20, share: 3%}, {above: 31, share: 7%}]}
"""


def test_parts_sum_exactly_to_the_members(tmp_path: Path) -> None:
    plan = "plan: {start: 2026-02, growth: 7%, commitments: [{amount: 30, from: 2026-03, discount: 3%}]}"
    path = portfolio(tmp_path, CONTRACTS + "start: 2026-02")
    written(tmp_path, plan)
    kinds = ["provider", "model", "tier", "task_type", "strategy", "tag:product"]
    costs = routecost.project_portfolio(path, months=7, by=kinds)
    assert len(costs.breakdowns) == 8
    for choice in ("default", "proposed"):
        for period in costs.members.periods:
            totals = [
                added(one.cost(choice, part, period).cost for part in one.costs[choice])
                for one in costs.breakdowns
            ]
            assert totals == [totals[0]] * 8


def test_a_migration_is_a_proposal(tmp_path: Path) -> None:
    plan = (
        "plan: {start: 2026-02, proposed: move, "
        "migrations: {move: [{strategy: mixed}, {from: 2026-03-01, strategy: all-small}]}}"
    )
    path = portfolio(tmp_path, extra="start: 2026-02")
    written(tmp_path, plan)
    costs = routecost.project_portfolio(path, months=2)
    assert [costs_of(costs.members, "proposed", at)["fleet"] for at in (0, 1)] == [
        Decimal("43.2"),
        Decimal("21.6"),
    ]
    month = routecost.compare_portfolio(path)
    assert costs_of(month.members, "proposed")["fleet"] == Decimal("21.6")


def test_savings_count_failures_as_far_as_they_are_known(tmp_path: Path) -> None:
    path = portfolio(tmp_path)
    rates = "owner: platform, success: {small: 90%, large: 100%}, failure_cost: 1"
    written(tmp_path, fleet=FLEET.replace("owner: platform", rates))
    savings = routecost.compare_portfolio(path).savings
    # code: 1,200 tasks fail at 10% and at 5%: 60 more; the other types are the same work on lower tiers
    assert savings.with_failures == Between(None, Decimal("33.6") - 60)
    assert savings.assumed
    text = text_of(report(routecost.compare_portfolio(path), "compare"))
    assert "The sum of the proposals costs at least $26.40 a month more than that of the defaults" in text
    assert "The proposals save $33.60 a month compared with the defaults (-54.9%), on call" in text


BUDGET = "budget: {amount: 27, per: month}"


def test_the_budget_is_of_the_proposals(tmp_path: Path) -> None:
    costs = routecost.compare_portfolio(portfolio(tmp_path, BUDGET))
    (line,) = costs.budget
    assert (line.cost, line.amount) == (Decimal("27.6"), Decimal(27))
    assert line.is_over
    assert "exceed the budget of $27.00 a month by $0.60." in text_of(report(costs, "check"))
    yearly = portfolio(tmp_path, "budget: {amount: 340, per: year}")
    assert [one.cost for one in routecost.compare_portfolio(yearly).budget] == [Decimal("331.2")]
    assert "keep the budget of $340.00 a year." in text_of(
        report(routecost.compare_portfolio(yearly), "check")
    )


def test_the_commands_take_a_portfolio(tmp_path: Path) -> None:
    path = str(portfolio(tmp_path, BUDGET))
    compared = json.loads(run("compare", path, "--format", "json").stdout)
    assert compared["schema"] == "routecost.compare/1"
    assert [row["cost_per_month"] for row in compared["by_scenario"]] == [43.2, 18, 21.6, 6]
    assert run("check", path).code == 1
    assert run("project", path, "--months", "2").code == 0
    assert run("project", path, "--months", "2", "--fail-over-budget").code == 1
    lines = run("project", path, "--months", "1", "--by", "owner", "--format", "csv").stdout.splitlines()
    assert lines[0] == "strategy,kind,period,first_month,last_month,owner,cost"
    parts = json.loads(run("report", path, "--months", "2", "--format", "json").stdout)
    assert {"comparison", "projection"} <= parts.keys()
    refused = run("compare", path, "--strategy", "small")
    assert (refused.code, "--strategy does not apply to a portfolio" in refused.stderr) == (2, True)


def test_another_command_says_what_it_expects(tmp_path: Path) -> None:
    done = run("breakeven", str(portfolio(tmp_path)))
    assert done.code == 2
    assert '"scenarios" is found in a portfolio; expected a scenario' in done.stderr


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (PORTFOLIO.replace("small}", "smal}"), 'no strategy named "smal" in search; did you mean "small"', 4),
        (PORTFOLIO.replace(", strategy: small", ""), None, 0),
        (PORTFOLIO.replace("./search.yaml", "./serch.yaml"), "no such file", 4),
        (
            PORTFOLIO.replace("search.yaml", "fleet.yaml").replace(", strategy: small", ""),
            'called "fleet"',
            4,
        ),
        (
            PORTFOLIO + "commitments: [{amount: 5, from: 2026-02, providers: [blot]}]",
            'did you mean "bolt"',
            6,
        ),
        (PORTFOLIO + "commitments: [{amount: 5, from: 2026-02, meters: [input]}]", "limited to meters", 6),
        (PORTFOLIO + "commitments: [{amount: 5, from: 2026-02, currency: EUR}]", "expected no other here", 6),
        (PORTFOLIO + "currency: EUR", "fleet is in USD; expected its rate in EUR", 3),
        (PORTFOLIO + "exchange: [{rate: 1}]", '"currency" is missing', 6),
        (PORTFOLIO + "budget: {amount: 5, per: day}", "expected month or year", 6),
        (PORTFOLIO + "budgets: {amount: 5, per: day}", 'did you mean "budget"', 6),
        (PORTFOLIO + "budget: {amount: -5, per: month}", "out of range", 6),
        ("version: 1\nscenarios: []\n", "no scenarios are given", 2),
        (PORTFOLIO.replace("owner: fleet", 'owner: "a\\nb"'), "is not a name", 3),
    ],
)
def test_faults_have_their_places(tmp_path: Path, text: str, message: str | None, line: int) -> None:
    path = portfolio(tmp_path, text=text)
    if message is None:  # a scenario without a proposal proposes its default
        assert routecost.load_portfolio(path).members[1].proposed == "large"
        return
    with pytest.raises(routecost.DocumentError) as caught:
        routecost.load_portfolio(path)
    places = [(one.message, getattr(one.position, "line", 0)) for one in caught.value.findings]
    assert any(message in text and at == line for text, at in places), places


def test_faults_of_all_scenarios_are_in_their_files(tmp_path: Path) -> None:
    search = SEARCH.replace("tasks_per_day: 100", "tasks_per_day: many")
    path = portfolio(tmp_path, search=search, fleet=FLEET.replace("owner: platform", "ownr: platform"))
    with pytest.raises(routecost.DocumentError) as caught:
        routecost.load_portfolio(path)
    files = {Path(getattr(one.position, "file", "")).name for one in caught.value.findings}
    assert files == {"fleet.yaml", "search.yaml"}


def test_plans_that_begin_in_different_months_need_a_start(tmp_path: Path) -> None:
    path = portfolio(tmp_path, search=SEARCH.replace("2026-02-01", "2026-05-01"))
    with pytest.raises(UsageError, match=r"fleet in 2026-02, search in 2026-05.*set \"start\""):
        routecost.project_portfolio(path)
    costs: PortfolioCosts = routecost.project_portfolio(path, start="2026-06", months=1)
    assert costs.members.periods[0].name == "2026-06"


def test_a_shared_commitment_has_a_stated_rule(tmp_path: Path) -> None:
    extra = "commitments: [{amount: 60, from: 2026-02, allot: {search: 40%, support: 60%}}]"
    costs = routecost.project_portfolio(portfolio(tmp_path, extra), months=1, start="2026-02")
    _, owners = costs.breakdowns
    shown = {part: round(cost, 12) for part, cost in costs_of(owners, "proposed").items()}
    # the proposals cost 27.60 by use: less than the amount
    assert shown == {"support": 36, "platform": 0, "fleet": 0, "search": 24}
    assert costs_of(costs.breakdowns[0], "proposed").keys() == {"fleet", "search"}
    assert "60% to support" in text_of(report(costs, "project"))


def test_owners_of_a_portfolio_have_budgets(tmp_path: Path) -> None:
    budget = "budget: {amount: 100, per: month, owners: {platform: 11, search: 6}}"
    extra = f"{budget}\ncommitments: [{{amount: 50, from: 2026-03}}]"
    path = portfolio(tmp_path, extra)
    text = text_of(report(routecost.project_portfolio(path, months=2, start="2026-02"), "project"))
    assert "platform exceeds its budget of $11.00 a month in 2026-02 by $1.00, and in 1 later." in text
    assert "search exceeds its budget of $6.00 a month in 2026-03 by $4.87." in text  # 6/27.60 x 50
    assert run("check", str(path)).code == 1  # platform: 12 in a month


def test_unknown_owners_of_a_portfolio_are_all_named(tmp_path: Path) -> None:
    budget = "budget: {amount: 1, per: month, owners: {serch: 1}}"
    extra = f"{budget}\ncommitments: [{{amount: 1, from: 2026-02, allot: {{flet: 100%}}}}]"
    with pytest.raises(routecost.DocumentError) as caught:
        routecost.load_portfolio(portfolio(tmp_path, extra))
    assert [finding.message for finding in caught.value.findings] == [
        'no scenario has the owner "serch"; did you mean "search"?',
        'no scenario has the owner "flet"; did you mean "fleet"?',
    ]


def test_spend_before_the_plans_is_that_of_the_scenarios(tmp_path: Path) -> None:
    year = "start: 2026-02\nfiscal_year_starts: october"
    path = portfolio(tmp_path, year)
    spent = "spent_so_far: {amount: 90, task_type: {misc: 50}}"
    written(tmp_path, f"plan: {{{year.replace(chr(10), ', ')}, {spent}}}")
    members, owners = routecost.project_portfolio(path, months=3).breakdowns
    assert dict(members.before) == {"fleet": 90}
    assert dict(owners.before) == {"fleet": 50, "(not allotted)": 40}
    first = owners.first_year
    assert first is not None
    # search states no spend of its 4 months before; misc costs 0.60 a month
    assert (first.lacks, owners.whole("proposed", "fleet", first).cost) == (9, Decimal("51.8"))


@pytest.mark.parametrize(
    ("cost", "amount", "outcome", "code"),
    [
        ("failure_cost: 1", 320, "exceed the budget of $320.00 a month for calls and failures by", 1),
        ("failure_cost: 1", 700, "keep the budget of $700.00 a month for calls and failures.", 0),
        ("owner: search", 700, "may exceed the budget of $700.00 a month for calls and failures", 1),
    ],
)
def test_a_budget_may_count_failures(tmp_path: Path, cost: str, amount: int, outcome: str, code: int) -> None:
    budget = f"budget: {{amount: {amount}, per: month, counts: total}}"
    rates = f"success: {{small: 90%, large: 100%}}, {cost}, tokens"
    path = portfolio(tmp_path, budget, search=SEARCH.replace("tokens", rates))
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(fleet.read_text("utf-8").replace("tokens: {", "failure_cost: 0, tokens: {"), "utf-8")
    costs = routecost.compare_portfolio(path)
    assert outcome in text_of(report(costs, "check")).replace("\n", " ")
    (line,) = costs.budget
    failures = 300 if cost.startswith("failure") else 0
    assert line.cost == Decimal("27.6") + failures
    assert run("check", str(path)).code == code


def test_past_spend_that_is_not_allotted_may_be_that_of_any_owner(tmp_path: Path) -> None:
    year = "start: 2026-02\nfiscal_year_starts: october"
    path = portfolio(tmp_path, f"{year}\nbudget: {{amount: 500, per: year, owners: {{fleet: 80}}}}")
    spent = "spent_so_far: {amount: 90, task_type: {misc: 50}}"
    written(tmp_path, f"plan: {{{year.replace(chr(10), ', ')}, {spent}}}")
    costs = routecost.project_portfolio(path, months=3)
    (line,) = costs.owner_budgets["fleet"]
    assert (line.cost, line.unallotted) == (Decimal("51.8"), Decimal(40))
    assert line.may_exceed
    assert not line.is_over
    said = "fleet may exceed its budget of $80.00 a year in FY2025/26, because $40.00 of spent_so_far is not"
    assert said in text_of(report(costs, "project"))
