"""Claims: when they hold, when they fail, and what is said about them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.engine.compare.claims import check
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.results.claim_check import Check, ClaimResult
from routecost.model.scenario.figure_path import FigurePath
from routecost.model.scenario.scenario import Claim, Operand, Operation, Scenario
from tests.support.build import DAY, Number, entry, scenario, sheet, task, tokens, workload

SHEET = sheet(low=entry(input=1, output=5), high=entry(input=10, output=40))
PLAIN = scenario(
    {"cheap": "low", "costly": "high"},
    workload(task(100, tokens(10_000, 2_000))),
    SHEET,
    baseline="costly",
    default="costly",
    proposed="cheap",
)
CHEAP = 100 * (Decimal("0.01") + Decimal("0.01"))
COSTLY = 100 * (Decimal("0.10") + Decimal("0.08"))


def judged(
    *paths: str,
    published: Number,
    within: Number = 0,
    disputed: str | None = None,
    operation: Operation = Operation.VALUE,
    on: Scenario = PLAIN,
) -> ClaimResult:
    operands = tuple(Operand(FigurePath.parse(path), on) for path in paths)
    claim = Claim(operation, operands, Decimal(published), Decimal(within), disputed=disputed)
    (result,) = checked(on, claim).claims
    return result


def checked(on: Scenario, *claims: Claim) -> Check:
    return check(scenario_with(on, claims), DAY)


def scenario_with(on: Scenario, claims: tuple[Claim, ...]) -> Scenario:
    return scenario(on.strategies, on.workload, on.pricing, default="costly", proposed="cheap", claims=claims)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("strategies.cheap.cost_per_task", CHEAP / 100),
        ("strategies.cheap.cost_per_day", CHEAP),
        ("strategies.cheap.cost_per_month", CHEAP * 30),
        ("strategies.cheap.cost_per_year", CHEAP * 360),
        ("strategies.cheap.vs_baseline", CHEAP / COSTLY - 1),
        ("savings.fraction", (COSTLY - CHEAP) / COSTLY),
        ("savings.per_day", COSTLY - CHEAP),
        ("savings.per_month", (COSTLY - CHEAP) * 30),
        ("savings.per_year", (COSTLY - CHEAP) * 360),
        ("prices.high.output", Decimal(40)),
    ],
)
def test_a_path_leads_to_its_figure(path: str, expected: Decimal) -> None:
    computed = judged(path, published=0).computed
    assert computed is not None
    assert abs(computed - expected) < Decimal("1e-25")


@pytest.mark.parametrize("published", ["1.5", "2.5", "2"])
def test_a_claim_holds_up_to_and_at_its_tolerance(published: str) -> None:
    claim = judged("strategies.cheap.cost_per_day", published=published, within="0.5")
    assert (claim.holds, claim.status, claim.why) == (True, "holds", None)


@pytest.mark.parametrize("published", ["1.4999999999", "2.5000000001"])
def test_a_claim_fails_beyond_its_tolerance(published: str) -> None:
    claim = judged("strategies.cheap.cost_per_day", published=published, within="0.5")
    assert (claim.holds, claim.status) == (False, "fails")
    assert claim.why


def test_without_a_tolerance_only_the_exact_figure_holds() -> None:
    assert judged("strategies.cheap.cost_per_day", published=2).holds
    assert not judged("strategies.cheap.cost_per_day", published="2.01").holds


def test_a_disputed_claim_is_shown_and_does_not_fail() -> None:
    claim = judged("prices.high.input", published=15, disputed="list price")
    assert (claim.holds, claim.status, claim.why) == (False, "disputed", "list price")
    assert claim.computed == 10


def test_a_disputed_claim_that_holds_fails() -> None:
    claim = judged("prices.high.input", published=10, disputed="list price")
    assert (claim.holds, claim.status) == (True, "fails")
    assert claim.why == "marked as disputed (list price), but it holds now"


def test_a_ratio_is_the_first_over_the_second() -> None:
    claim = judged("prices.high.output", "prices.low.output", published=8, operation=Operation.RATIO)
    assert (claim.computed, claim.status) == (Decimal(8), "holds")
    assert claim.claim == "ratio of prices.high.output to prices.low.output"


def test_a_difference_is_the_first_minus_the_second() -> None:
    paths = "strategies.cheap.cost_per_day", "strategies.costly.cost_per_day"
    claim = judged(*paths, published=2 - 18, operation=Operation.DIFFERENCE)
    assert (claim.computed, claim.status) == (CHEAP - COSTLY, "holds")
    assert claim.claim == "strategies.cheap.cost_per_day minus strategies.costly.cost_per_day"


def test_a_ratio_to_nothing_fails() -> None:
    free = scenario(
        PLAIN.strategies, PLAIN.workload, sheet(low=entry(input=0, output=0), high=entry(input=1, output=1))
    )
    found = judged("prices.high.input", "prices.low.input", published=1, operation=Operation.RATIO, on=free)
    assert (found.computed, found.holds, found.status) == (None, False, "fails")
    assert "divides by zero" in (found.why or "")


def test_a_claim_on_a_figure_that_does_not_exist_fails() -> None:
    idle = scenario(PLAIN.strategies, workload(task(0, tokens(1, 1))), SHEET)
    found = judged("strategies.cheap.cost_per_task", published=1, on=idle)
    assert (found.computed, found.status) == (None, "fails")
    assert (found.why or "").startswith('"strategies.cheap.cost_per_task" is unknown')


def test_savings_need_a_default_and_a_proposal() -> None:
    bare = scenario(PLAIN.strategies, PLAIN.workload, SHEET)
    with pytest.raises(UnknownNameError, match='names no "default" and "proposed" strategy'):
        judged("savings.per_day", published=1, on=bare)


def test_a_meter_without_a_rate_is_named() -> None:
    with pytest.raises(UnpricedError, match='tier "low" has no rate for "cache_read"'):
        judged("prices.low.cache_read", published=1)


SCENARIO = """\
version: 1
pricing: claude-article
as_of: 2026-02-01
workload: {tasks_per_day: 500, tokens: {input: 2000, output: 500}}
strategies: {all-haiku: {tier: haiku}, all-opus: {tier: opus}}
default: all-opus
proposed: all-haiku
"""


def check_text(tmp_path: Path, text: str) -> Check:
    path = tmp_path / "fleet.yaml"
    path.write_text(SCENARIO + text, encoding="utf-8")
    return routecost.check(path)


def test_a_claim_may_change_fields(tmp_path: Path) -> None:
    text = """
claims:
  - {that: strategies.all-haiku.cost_per_day, is: 1.80}
  - {that: strategies.all-haiku.cost_per_day, is: 0.072, with: {workload.tasks_per_day: 20}}
  - {that: strategies.all-haiku.cost_per_day, is: 2.25, with: {pricing: claude-2026-02}}
  - {that: strategies.all-haiku.cost_per_month, is: 36.00, with: {days_per_month: 20}}
"""
    problems = check_text(tmp_path, text)
    assert [claim.status for claim in problems.claims] == ["holds"] * 4
    assert problems.claims[1].claim == "strategies.all-haiku.cost_per_day with workload.tasks_per_day: 20"


def test_each_operand_may_change_fields_of_its_own(tmp_path: Path) -> None:
    text = """
claims:
  - that:
      ratio:
        - {path: savings.per_month, with: {workload.tasks_per_day: 5000}}
        - savings.per_month
    is: 10
  - that: {difference: [{path: prices.opus.input, with: {pricing: claude-2026-02}}, prices.haiku.input]}
    is: 4.20
  - that: {ratio: [{path: prices.opus.input, with: {pricing: claude-article}}, prices.haiku.input]}
    is: 15
    with: {pricing: claude-2026-02}
"""
    assert [claim.status for claim in check_text(tmp_path, text).claims] == ["holds"] * 3


@pytest.mark.parametrize(
    ("budget", "status"),
    [
        ("{amount: 1.80, per: day, strategy: all-haiku}", "holds"),
        ("{amount: 1.79, per: day, strategy: all-haiku}", "fails"),
        ("{amount: 54, per: month, strategy: all-haiku}", "holds"),
        ("{amount: 648, per: year, strategy: all-haiku}", "holds"),
        ("{amount: 647.99, per: year, strategy: all-haiku}", "fails"),
    ],
)
def test_a_budget_is_a_claim(tmp_path: Path, budget: str, status: str) -> None:
    problems = check_text(tmp_path, f"budget: {budget}\n")
    assert [claim.status for claim in problems.claims] == [status]
    assert bool(problems.failed) == (status == "fails")


def test_the_prices_asked_for_reach_claims_that_name_none(tmp_path: Path) -> None:
    path = tmp_path / "fleet.yaml"
    claims = """
claims:
  - {that: prices.opus.input, is: 5}
  - {that: prices.opus.input, is: 15, with: {pricing: claude-article}}
"""
    path.write_text(SCENARIO + claims, encoding="utf-8")
    loaded = routecost.load_scenario(path)
    by_path = routecost.check(path, pricing="claude-2026-02")
    assert [claim.status for claim in by_path.claims] == ["holds", "holds"]
    assert [claim.status for claim in routecost.check(path).claims] == ["fails", "holds"]
    assert routecost.check(loaded, pricing="claude-2026-02").claims[0].computed == 5


def test_the_day_asked_for_reaches_claims_that_name_none(tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(
        "{version: 1, currency: USD, source: invented, tiers: {only: m},"
        " models: {m: [{input: 15, output: 1}, {from: 2027-01-01, input: 5, output: 1}]}}"
    )
    path = tmp_path / "fleet.yaml"
    path.write_text(
        """
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload: {tasks_per_day: 1, tokens: {input: 1, output: 1}}
strategies: {all: {tier: only}}
claims:
  - {that: prices.only.input, is: 5}
  - {that: prices.only.input, is: 15, with: {as_of: 2026-03-01}}
"""
    )
    assert [claim.status for claim in routecost.check(path).claims] == ["fails", "holds"]
    for given in (path, routecost.load_scenario(path)):
        moved = routecost.check(given, as_of=DAY.replace(year=2027))
        assert [claim.status for claim in moved.claims] == ["holds", "holds"]
