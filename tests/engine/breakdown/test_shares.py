"""Commitments with a stated rule, spend before the plan by part, and budgets of owners in a plan, by hand."""

from __future__ import annotations

from decimal import Decimal, localcontext
from pathlib import Path

import pytest

import routecost
from routecost.model.results.breakdown.breakdown import NOT_ALLOTTED, UNUSED, Breakdown
from routecost.report.projection.project import report as projection_report
from tests.cli.running import routecost as run
from tests.engine.breakdown.fleet import written
from tests.support.reports import text_of


def projected(path: Path, by: str = "owner", months: int = 1) -> Breakdown:
    return routecost.project(path, months=months, by=[by]).breakdowns[0]


def month(breakdown: Breakdown, strategy: str = "all-small", at: int = 0) -> dict[str, Decimal]:
    """Return the costs of a month by part, to 12 places."""
    return {part: round(costs[at].cost, 12) for part, costs in breakdown.costs[strategy].items()}


def money(**parts: str) -> dict[str, Decimal]:
    names = {"no_owner": "(no owner)", "unused": UNUSED}
    return {names.get(part, part): Decimal(amount) for part, amount in parts.items()}


# A month of all-small costs 9 for support (chat 6, mail 3), 12 for platform and 0.60 without an owner.
@pytest.mark.parametrize(
    ("contract", "owners", "tasks"),
    [
        # more than the use: nothing is left by use
        ("amount: 54, allot: equal", ("18", "18", "18"), ("12", "6", "18", "18")),
        # 10.80 of the amount, and half of each use of 21.60
        ("amount: 10.8, allot: equal", ("8.1", "9.6", "3.9"), ("5.4", "2.7", "9.6", "3.9")),
        (
            "amount: 54, allot: {support: 75%, platform: 25%}",
            ("40.5", "13.5", "0"),
            ("27", "13.5", "13.5", "0"),
        ),
        ("amount: 54, allot: use", ("22.5", "30", "1.5"), ("15", "7.5", "30", "1.5")),
        # a discount of 50%: 10.80 are billed, of which the amount is 5.40
        ("amount: 5.4, discount: 50%, allot: equal", ("4.05", "4.8", "1.95"), ("2.7", "1.35", "4.8", "1.95")),
    ],
)
def test_an_amount_is_divided_by_the_stated_rule(
    tmp_path: Path, contract: str, owners: tuple[str, ...], tasks: tuple[str, ...]
) -> None:
    path = written(tmp_path, f"plan: {{commitments: [{{from: 2026-02, {contract}}}]}}")
    names = ("support", "platform", "no_owner")
    assert month(projected(path)) == money(**dict(zip(names, owners, strict=True)))
    types = ("chat", "mail", "code", "misc")
    assert month(projected(path, "task_type")) == money(**dict(zip(types, tasks, strict=True)))


def test_an_owner_without_calls_pays_its_share(tmp_path: Path) -> None:
    task = "{tasks_per_day: 1, tokens: {input: 1, output: 1}, owner: lab}"
    launch = f"launches: {{later: {{from: 2026-04-01, workload: {{task_types: {{new: {task}}}}}}}}}"
    contract = "{amount: 54, from: 2026-02, allot: {support: 50%, lab: 50%}}"
    path = written(tmp_path, f"plan: {{commitments: [{contract}], {launch}}}")
    assert month(projected(path)) == money(support="27", platform="0", lab="27", no_owner="0")
    assert month(projected(path, "task_type")) == money(chat="18", mail="9", code="0", misc="0", unused="27")


def test_a_limit_keeps_other_calls_out(tmp_path: Path) -> None:
    contract = "{amount: 50, from: 2026-02, providers: [bolt], allot: {platform: 100%}}"
    path = written(tmp_path, f"plan: {{commitments: [{contract}]}}")
    # mixed: a quarter of each cost of 18, 24 and 1.20 is on acme
    assert month(projected(path), "mixed") == money(support="4.5", platform="56", no_owner="0.3")
    assert month(projected(path)) == money(support="9", platform="62", no_owner="0.6")


def test_the_amount_of_a_year_is_used_up_first(tmp_path: Path) -> None:
    contract = "{amount: 54, per: year, from: 2026-02, allot: equal}"
    breakdown = projected(written(tmp_path, f"plan: {{commitments: [{contract}]}}"), months=12)
    # 21.60 a month: all of the amount in two months, and 10.80 of the third
    assert month(breakdown, at=1) == money(support="7.2", platform="7.2", no_owner="7.2")
    assert month(breakdown, at=2) == money(support="8.1", platform="9.6", no_owner="3.9")
    assert month(breakdown, at=3) == money(support="9", platform="12", no_owner="0.6")


def test_the_output_names_the_rule(tmp_path: Path) -> None:
    contract = "{amount: 54, from: 2026-02, allot: {support: 75%, platform: 25%}}"
    path = written(tmp_path, f"plan: {{commitments: [{contract}]}}")
    text = text_of(projection_report(routecost.project(path, months=1, by=["owner"])))
    assert "committed from 2026-02 is divided by a stated rule: 75% to support and 25% to platform" in text
    assert "other commitments and fixed fees are divided in proportion" in text


@pytest.mark.parametrize(
    ("allot", "message", "column"),
    [
        (
            "{support: 50%, platfrom: 50%}",
            'no task type has the owner "platfrom"; did you mean "platform"?',
            72,
        ),
        (
            "{support: 50%, platform: 40%}",
            "the shares of the owners sum to 0.9; expected exactly 1 (100%)",
            57,
        ),
        (
            "equla",
            'unknown rule "equla"; expected use, equal, or shares of owners; did you mean "equal"?',
            57,
        ),
    ],
)
def test_faults_of_rules(tmp_path: Path, allot: str, message: str, column: int) -> None:
    path = written(tmp_path, f"plan: {{commitments: [{{amount: 54, from: 2026-02, allot: {allot}}}]}}")
    with pytest.raises(routecost.DocumentError) as caught:
        routecost.load_scenario(path)
    (finding,) = caught.value.findings
    assert finding.message == message
    assert finding.position is not None
    assert (finding.position.line, finding.position.column) == (16, column)


SPENT = "plan: {start: 2026-02, fiscal_year_starts: october, spent_so_far: %s}"


@pytest.mark.parametrize(
    ("spent", "by", "before"),
    [
        ("100", "owner", {NOT_ALLOTTED: 100}),
        ("{amount: 100, owner: {support: 70}}", "owner", {"support": 70, NOT_ALLOTTED: 30}),
        ("{amount: 100, owner: {support: 70, platform: 30}}", "owner", {"support": 70, "platform": 30}),
        ("{amount: 100, task_type: {chat: 20, mail: 30}}", "owner", {"support": 50, NOT_ALLOTTED: 50}),
        ("{amount: 100, task_type: {chat: 20, code: 80}}", "tag:product", {"web": 20, "(no product)": 80}),
        ("{amount: 100, model: {m-large: 20}}", "provider", {"bolt": 20, NOT_ALLOTTED: 80}),
        ("{amount: 100, owner: {support: 70}}", "model", {NOT_ALLOTTED: 100}),
    ],
)
def test_a_fiscal_year_counts_what_was_spent_before(
    tmp_path: Path, spent: str, by: str, before: dict[str, int]
) -> None:
    breakdown = projected(written(tmp_path, SPENT % spent), by, months=10)
    assert breakdown.before == before
    years = [period for period in breakdown.periods if period.kind == "year"]
    assert [(year.name, year.lacks) for year in years] == [("FY2025/26", 0), ("FY2026/27", 10)]
    with localcontext(prec=300):
        for year, more in zip(years, (100, 0), strict=True):
            rows = [breakdown.whole("all-small", part, year).cost for part in breakdown.rows("all-small")]
            whole = breakdown.whole("all-small", None, year).cost
            assert sum(rows, Decimal(0)) == whole == breakdown.total("all-small", year).cost + more
    assert breakdown.total("all-small", breakdown.periods[-1]).cost == 216


def test_machines_get_past_spend_in_columns_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, SPENT % "{amount: 100, owner: {support: 70}}")
    report = projection_report(routecost.project(path, months=8, by=["owner"], strategies=["all-small"]))
    (table,) = (table for table in report.tables if table.name == "by_owner")
    years = [dict(row) for row in table.records() if dict(row)["kind"] == "year"]
    shown = [(row["owner"], row["cost"], row["spent_before"], row["cost_with_spent_before"]) for row in years]
    assert shown == [
        ("support", 72, 70, 142),
        ("platform", 96, 0, 96),
        ("(no owner)", Decimal("4.8"), 0, Decimal("4.8")),
        (NOT_ALLOTTED, 0, 30, 30),
    ]
    text = text_of(report)
    assert (
        "FY2025/26 includes $100.00 spent before 2026-02, of which $30.00 is not allotted; the total" in text
    )


@pytest.mark.parametrize(
    ("spent", "messages"),
    [
        (
            "{amount: 10, owner: {support: 7, platform: 4}}",
            ["the parts sum to 11; expected at most the amount of 10"],
        ),
        (
            "{amount: 10, owner: {suport: 1}, task_type: {chta: 1}}",
            [
                'no task type has the owner "suport"; did you mean "support"?',
                'unknown task type "chta"; did you mean "chat"?',
            ],
        ),
        ("{amount: 10, model: {m-smal: 1}}", ['unknown model "m-smal"; did you mean "m-small"?']),
    ],
)
def test_faults_of_past_spend(tmp_path: Path, spent: str, messages: list[str]) -> None:
    with pytest.raises(routecost.DocumentError) as caught:
        routecost.load_scenario(written(tmp_path, SPENT % spent))
    assert [finding.message for finding in caught.value.findings] == messages


PLANNED = (
    "plan: {start: 2026-02, growth: 10%%, budget: {amount: 50, per: %s, strategy: all-small, owners: {%s}}}"
)


def test_a_plan_has_budgets_of_owners(tmp_path: Path) -> None:
    path = written(tmp_path, PLANNED % ("month", "support: 10, platform: 40"))
    projection = routecost.project(path, months=4)
    support, platform = projection.owner_budgets
    # 9, 9.90, 10.89, 11.979
    assert [one.month for one in support.exceeded] == ["2026-04", "2026-05"]
    assert (platform.owner, platform.crossed) == ("platform", None)
    text = text_of(projection_report(projection))
    assert (
        "In all-small, support exceeds its budget of $10.00 a month in 2026-04 ($10.89, $0.89 over) and in 1 "
        "later month." in text
    )
    assert "In all-small, platform stays within its budget." in text
    claims = {claim.owner: claim for claim in routecost.check(path).claims if claim.owner}
    assert claims["support"].claim == "budget of support for all-small per month in the plan"
    assert claims["support"].why == (
        "the budget is exceeded; in 2027-01 of the plan; 10 months exceed it, first 2026-04"
    )
    assert claims["support"].computed == 9 * Decimal("1.1") ** 11
    assert claims["platform"].holds


def test_a_yearly_budget_of_an_owner_counts_its_past_spend(tmp_path: Path) -> None:
    plan = (
        "plan: {start: 2026-02, fiscal_year_starts: january, "
        "spent_so_far: {amount: 20, owner: {support: 15}}, "
        "budget: {amount: 500, per: year, strategy: all-small, owners: {support: 40, platform: 40}}}"
    )
    path = written(tmp_path, plan)
    projection = routecost.project(path, months=3)
    support, platform = projection.owner_budgets
    assert [month.spent for month in support.months] == [24, 33, 42]
    assert [month.spent for month in platform.months] == [12, 24, 36]
    assert platform.before is None
    # 5 of the 20 are not allotted: platform may have spent them, and then exceeds 40 in the third month
    assert ([month.month for month in platform.unsure], platform.crossed) == (["2026-04"], None)
    assert (
        "platform may exceed its budget of $40.00 a year: it spends $36.00 to $41.00 year to date in "
        "2026-04, because $5.00 of spent_so_far is not allotted." in text_of(projection_report(projection))
    )
    (_, _, claim) = routecost.check(path).claims
    assert (claim.owner, claim.holds) == ("platform", False)


def test_past_spend_that_fits_a_budget_whoever_had_it_keeps_it(tmp_path: Path) -> None:
    plan = (
        "plan: {start: 2026-02, fiscal_year_starts: march, "
        "spent_so_far: {amount: 20, owner: {support: 15}}, "
        "budget: {amount: 500, per: year, strategy: all-small, owners: {platform: 17}}}"
    )
    (platform,) = routecost.project(written(tmp_path, plan), months=2).owner_budgets
    assert [month.spent for month in platform.months] == [12, 12]
    assert [month.unallotted for month in platform.months] == [5, 0]
    assert not platform.unsure


@pytest.mark.parametrize("name", ["total", "(no owner)", NOT_ALLOTTED, UNUSED])
def test_a_name_of_another_row_is_no_owner(tmp_path: Path, name: str) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text("utf-8").replace("owner: platform", f"owner: {name}"), "utf-8")
    with pytest.raises(routecost.DocumentError, match="is the name of another row in tables of costs"):
        routecost.load_scenario(path)


def test_a_budget_of_an_owner_fails_a_projection_and_is_in_the_report(tmp_path: Path) -> None:
    path = str(written(tmp_path, PLANNED % ("month", "support: 10")))
    done = run("project", path, "--months", "4", "--fail-over-budget", "--format", "json")
    assert done.code == 1
    assert '"owner": "support", "month": "2026-04", "spent": 10.89, "budget": 10, "over": 0.89' in done.stdout
    assert run("project", path, "--months", "2", "--fail-over-budget").code == 0
    report = run("report", path, "--months", "4").stdout
    assert "In all-small, support exceeds its budget of $10.00 a month in 2026-04" in report
