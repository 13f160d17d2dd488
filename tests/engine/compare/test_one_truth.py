"""All commands agree on what a proposal saves, whether failures are known, known in part or unknown."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

import routecost
from routecost.api.optimize import search_policies as best_policies
from routecost.errors import UsageError
from routecost.model.report.cells import Amount, ends
from routecost.model.report.line_figure import LineFigure
from routecost.model.report.report import BarFigure
from routecost.model.results.comparison import Comparison
from routecost.model.results.failures import Between
from routecost.model.results.verdicts.verdict import Decision
from routecost.render.charts import described
from routecost.render.charts.kinds.bar_texts import bar_texts
from routecost.report.breakeven import report as breakeven_report
from routecost.report.compare.compare import report as compare_report
from routecost.report.mixes.sweep import report as mixes_report
from routecost.report.planning_document.document import report as planning_report
from routecost.report.projection.project import report as project_report
from tests.support.reports import text_of

RATES = {
    "known": "success: {haiku: 80%, sonnet: 94%, opus: 96%}",
    "no opus": "success: {haiku: 80%, sonnet: 94%}",
    "no haiku": "success: {sonnet: 94%}",
    "unknown": "",
}
COSTS = {"large": "failure_cost: 0.80", "small": "failure_cost: 0.01", "none": ""}
PLACES = Decimal("1e-9")


CASES = [
    pytest.param(case, id=" ".join(case), marks=() if at % 7 == 0 or at == 25 else pytest.mark.slow)
    for at, case in enumerate(product(RATES, COSTS, ("known", "unknown"), ("mixed", "cheap")))
]
"""The rates and the cost of failures of a large task type, the rates of a small one, and the proposal.

The quick ones have each of them, and proposals that save money, cost more, and may do either.
"""


@pytest.fixture
def scenario(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    rates, cost, small, proposed = request.param
    drafting = ", ".join(filter(None, (RATES[rates], COSTS[cost])))
    legal = ", ".join(filter(None, (RATES[small], "failure_cost: 2" if small == "known" else "")))
    file = tmp_path / "fleet.yaml"
    file.write_text(
        f"""\
version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload:
  task_types:
    drafting: {{tasks_per_day: 2500, tokens: {{input: 6500, output: 700}}, {drafting}}}
    legal: {{tasks_per_day: 6, tokens: {{input: 30000, output: 4000}}, {legal}}}
strategies:
  today: {{tier: sonnet}}
  cheap: {{tier: haiku}}
  mixed: {{mix: {{haiku: 40%, sonnet: 60%}}}}
baseline: today
default: today
proposed: {proposed}
""".replace(", }", "}"),
        encoding="utf-8",
    )
    return file


def verb(span: Between, strategy: str) -> str:
    """Return how the first sentence on savings begins."""
    if span.low is not None and span.low >= 0:
        return f"{strategy} (proposed) saves "
    if span.high is not None and span.high <= 0:
        return f"{strategy} (proposed) costs "
    return f"{strategy} (proposed) may save money or cost more"


def is_close(one: Decimal | float | None, other: Decimal | float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(Decimal(one) - Decimal(other)) <= PLACES * max(Decimal(1), abs(Decimal(other)))


def is_span(drawn: Amount, span: Between) -> bool:
    return all(is_close(one, other) for one, other in zip(ends(drawn), span, strict=True))


@pytest.mark.parametrize("scenario", CASES, indirect=True)
def test_no_command_praises_what_another_calls_a_loss(scenario: Path) -> None:
    comparison = routecost.compare(scenario)
    assert comparison.savings is not None
    span, proposed = comparison.savings.decisive, comparison.savings.strategy
    counts = comparison.savings.counts_failures
    begins = verb(span, proposed)
    assert begins in " ".join(text_of(compare_report(comparison)).split())
    assert comparison.verdict is not None
    if begins.endswith("costs "):
        assert comparison.verdict.decision is Decision.DO_NOT_ROUTE
    projection = routecost.project(scenario, months=2)
    assert begins in " ".join(text_of(project_report(projection)).split())
    assert projection.savings is not None
    if counts:
        assert projection.savings.with_failures == Between(*(end and 2 * end for end in span))
    planning = routecost.planning(scenario, months=2)
    summary = " ".join(text_of(planning_report(planning).parts["summary"]).split())
    # It says so for a month and for all months; the cost itself begins alike.
    assert summary.count(begins) == 2 + begins.endswith("costs ")


@pytest.mark.parametrize("scenario", CASES, indirect=True)
def test_sweeps_of_mixes_say_what_a_comparison_says(scenario: Path) -> None:
    comparison = routecost.compare(scenario)
    swept = routecost.sweep(scenario, step="20%")
    assert comparison.savings is not None
    assert bool(swept.failures) == comparison.counts_failures
    if not comparison.counts_failures:
        assert not {"total_cost_per_month", "total_savings_per_month"} & {*swept.columns}
        return
    decisive, proposed = comparison.savings.decisive, comparison.savings.strategy
    marked = {one.strategy: one for one in swept.decisive.highlights}
    assert all(marked[cost.strategy].total == cost.total for cost in comparison.strategies)
    assert marked[proposed].total_savings == decisive
    keys = list(swept.columns)
    for row in (dict(zip(keys, values, strict=True)) for values in swept.rows):
        for cost in comparison.strategies:
            if any(
                abs((row[tier] or 0) - float(share)) > 1e-9
                for tier, share in marked[cost.strategy].mix.shares.items()
            ):
                continue
            low, high = (
                row.get(f"total_cost_per_month_{end}", row["total_cost_per_month"]) for end in ("low", "high")
            )
            # A mix of tiers of which some are known is known better than all of its tasks together.
            assert Decimal(low or 0) >= (cost.total.low or 0) - 1
            assert cost.total.high is None or Decimal(high or 0) <= cost.total.high + 1
            if len(cost.expansion.mix) == 1:
                assert is_close(low, cost.total.low)
                assert is_close(high, cost.total.high)
    text = " ".join(text_of(mixes_report(swept)).split())
    assert "including failures" in text.lower()


@pytest.mark.parametrize("scenario", CASES, indirect=True)
def test_charts_draw_the_cost_that_decides(scenario: Path) -> None:
    comparison, projection = routecost.compare(scenario), routecost.project(scenario, months=1)
    bars, lines = compare_report(comparison).figure, project_report(projection).figure
    assert isinstance(bars, BarFigure)
    assert isinstance(lines, LineFigure)
    drawn = {line.name: line.values[0] for line in lines.lines}
    assert ("calls and failures" in bars.title) == ("calls and failures" in lines.title)
    for bar, cost in zip(bars.bars, comparison.strategies, strict=True):
        span = cost.total if comparison.counts_failures else Between.exactly(cost.cost_per_month)
        assert is_span(bar.value, span)
        assert is_span(drawn[cost.strategy], span)
        if comparison.counts_failures:
            assert is_close(bar.calls, cost.cost_per_month)
            assert is_span(drawn[f"{cost.strategy} calls"], Between.exactly(cost.cost_per_month))


@pytest.mark.parametrize("scenario", CASES, indirect=True)
def test_rankings_and_sensitivities_speak_of_the_same_cost(scenario: Path) -> None:
    comparison = routecost.compare(scenario)
    assert comparison.savings is not None
    cost = comparison[comparison.savings.strategy]
    tornado = routecost.tornado(scenario, by="20%")
    assert tornado.counts_failures == comparison.counts_failures
    if tornado.counts_failures:
        assert tornado.ends(tornado.costs)[0] == cost.total.low
        assert (tornado.ends(tornado.costs)[1] is None) == (cost.total.known is None)
    is_known = cost.total.known is not None and comparison.counts_failures
    with nullcontext() if is_known else suppress(UsageError):
        assert_no_strategy_costs_less_than_the_best_policy(scenario, comparison)


def assert_no_strategy_costs_less_than_the_best_policy(scenario: Path, comparison: Comparison) -> None:
    search = best_policies(scenario)
    totals = [one.total.known for one in comparison.strategies if one.total.known is not None]
    best = search.comparison[search.best].total
    if best.known is not None:
        assert best.known <= min(totals)


@pytest.mark.parametrize("scenario", [("no haiku", "large", "known", "cheap")], indirect=True)
def test_a_bar_says_how_much_of_it_is_calls(scenario: Path) -> None:
    figure = compare_report(routecost.compare(scenario)).figure
    assert isinstance(figure, BarFigure)
    today, cheap, _ = bar_texts(figure)
    assert today == "$5,139.60 (calls $1,518.00)"
    assert cheap == "$147.90 to $60,147.90 (calls $75.90)"
    assert all(text in described(figure) for text in (today, cheap))


@pytest.mark.parametrize("scenario", CASES, indirect=True)
def test_break_evens_claims_and_bills_follow_the_same_cost(scenario: Path) -> None:
    claims = "".join(
        f"  - {{that: strategies.{name}.{column}, is: 1}}\n"
        for name in ("today", "cheap", "mixed")
        for column in ("cost_per_month", "total_cost_per_month")
    )
    scenario.write_text(f"{scenario.read_text('utf-8')}claims:\n{claims}", "utf-8")
    comparison = routecost.compare(scenario)
    assert comparison.savings is not None
    checked = [claim.computed for claim in routecost.check(scenario).claims]
    costs = [comparison[name] for name in ("today", "cheap", "mixed")]
    assert checked[::2] == [cost.cost_per_month for cost in costs]
    expected = [cost.total.known if comparison.counts_failures else None for cost in costs]
    assert checked[1::2] == expected
    for cost in costs:
        lines = sum((line.amount for line in cost.bill.lines), Decimal(0))
        assert is_close(lines, cost.cost_per_month)
    begins = verb(comparison.savings.decisive, comparison.savings.strategy)
    text = " ".join(text_of(breakeven_report(routecost.breakeven(scenario))).split())
    if begins.endswith("saves "):
        assert "No savings to erase" not in text
    if begins.endswith("costs "):
        assert "the savings remain" not in text


def test_a_loss_over_the_months_of_a_plan_is_no_unqualified_praise(tmp_path: Path) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text(
        """\
version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload: {tasks_per_day: 1000, tokens: {input: 2000, output: 500}}
strategies: {today: {tier: sonnet}, mixed: {mix: {haiku: 40%, sonnet: 60%}}}
default: today
proposed: mixed
plan: {engineering: {router: {date: 2026-11-30, amount: AMOUNT}}}
""",
        encoding="utf-8",
    )
    stated = file.read_text("utf-8")
    for amount, loses in (("1", False), ("100000", True)):
        file.write_text(stated.replace("AMOUNT", amount), "utf-8")
        comparison = routecost.compare(file)
        assert comparison.of_plan == ("engineering",)
        text = " ".join(text_of(compare_report(comparison)).split())
        assert "Costs of the plan are not counted here: engineering." in text
        summary = text_of(planning_report(routecost.planning(file, months=2)).parts["summary"])
        said = "Over the months of the plan, mixed loses money" in " ".join(summary.split())
        assert said == loses
