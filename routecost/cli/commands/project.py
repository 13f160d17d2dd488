"""``routecost project``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit
from routecost.cli.scenario_argument import is_portfolio, load_scenario
from routecost.errors import UsageError
from routecost.model.results.outlook import DEFAULT_RUNS, DEFAULT_SEED, read_count, read_seed
from routecost.model.scenario.horizon import DEFAULT_MONTHS, checked_months, read_growth, read_month

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario as Loaded


def _days(text: str) -> object:
    from routecost.model.scenario.month_plan import read_days

    return read_days(text)


Months = Annotated[
    int, typer.Option("--months", metavar="N", callback=checked_months, help="Number of months.")
]
Growth = Annotated[
    str | None,
    typer.Option(
        "--growth",
        metavar="5%",
        parser=options.checked(read_growth),
        help="Monthly growth, from the second month on; default: the plan's growth, or none.",
        show_default=False,
    ),
]
Days = Annotated[
    str | None,
    typer.Option(
        "--days",
        metavar="KIND",
        parser=options.checked(_days),
        help="Days counted in a month: per_month, calendar or working; default: the plan's, or per_month.",
        show_default=False,
    ),
]
Start = Annotated[
    str | None,
    typer.Option(
        "--start",
        metavar="YYYY-MM",
        parser=options.checked(read_month),
        help="First month; default: the month of --as-of, the plan, the scenario's date, or today.",
        show_default=False,
    ),
]
Actuals = Annotated[
    Path | None,
    typer.Option(
        "--actuals",
        metavar="FILE",
        help="Actual monthly spend (.yaml, .csv or .xlsx); adds plan vs. actual and a rebased forecast.",
    ),
]
ActualsSheet = Annotated[
    str | None,
    typer.Option("--actuals-sheet", metavar="NAME", help="Sheet of the workbook of --actuals."),
]
Runs = Annotated[
    str,
    typer.Option(
        "--runs",
        metavar="N",
        parser=options.checked(read_count),
        help="Number of simulated runs, if inputs are uncertain.",
    ),
]
Seed = Annotated[
    str,
    typer.Option(
        "--seed",
        metavar="N",
        parser=options.checked(read_seed),
        help="Random seed; the same seed gives the same runs.",
    ),
]
FailOverBudget = Annotated[
    bool, typer.Option("--fail-over-budget", help="Exit 1 if the scenario's budget is exceeded.")
]

FailOverLimits = Annotated[
    bool, typer.Option("--fail-over-limits", help="Exit 1 if a strategy reaches a rate limit.")
]


def command(
    scenario: options.Scenario = None,
    months: Months = DEFAULT_MONTHS,
    growth: Growth = None,
    start: Start = None,
    days: Days = None,
    actuals: Actuals = None,
    actuals_sheet: ActualsSheet = None,
    runs: Runs = str(DEFAULT_RUNS),
    seed: Seed = str(DEFAULT_SEED),
    by: options.By = None,
    fail_over_budget: FailOverBudget = False,
    fail_over_limits: FailOverLimits = False,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    baseline: options.Baseline = None,
    strategy: options.Strategies = None,
    what_if: options.WhatIf = None,
    format: options.FormatOrFocus = None,
    output: options.Output = None,
    chart: options.Chart = None,
    size: options.ChartSize = None,
    theme: options.ChartTheme = None,
    force: options.Force = False,
    billing_account: options.BillingAccount = None,
    provider: options.Provider = None,
    library: options.Library = None,
) -> None:
    """Project the monthly spend of each strategy."""
    from routecost.api import project as project_api
    from routecost.cli.focus import options as focus
    from routecost.report.projection.project import report

    target = Output(format, output, chart, size, theme, force, has_charges=True)
    refused = {"--actuals": actuals, "--baseline": baseline, "--by": by, "--chart": chart}
    fails = {"--fail-over-budget": fail_over_budget, "--fail-over-limits": fail_over_limits}
    account = focus.read_account(target, billing_account, provider, {**refused, **fails})
    if is_portfolio(scenario):
        from routecost.cli.portfolio import commands as portfolio

        of_scenarios: dict[str, object] = {"growth": growth, "days": days, "actuals": actuals}
        of_scenarios |= {"pricing": pricing, "format focus": account}
        of_scenarios |= {"baseline": baseline, "strategy": strategy, "what_if": what_if, "chart": chart}
        opened = portfolio.opened(scenario, as_of, library, of_scenarios)
        return portfolio.project(
            opened,
            target,
            by,
            months=months,
            start=start,
            as_of=as_of,
            fail_over_budget=fail_over_budget,
        )
    loaded = load_scenario(
        scenario, pricing=pricing, as_of=as_of, library=library, strategies=strategy, what_if=what_if
    )
    if account:
        horizon = {"months": months, "growth": growth, "start": start, "days": days, "as_of": as_of}
        return focus.project(loaded, target, strategy, {**account, **horizon})
    _refuse_nothing_to_check(loaded, fails)
    projection = project_api.project(
        loaded,
        months=months,
        growth=growth,
        start=start,
        days=days,
        as_of=as_of,
        baseline=baseline,
        strategies=strategy or (),
        actuals=actuals,
        actuals_sheet=actuals_sheet,
        runs=runs,
        seed=seed,
        by=by or (),
    )
    emit(report(projection), target)
    actuals_budget = None if projection.actuals is None else projection.actuals.budget
    budget = actuals_budget or projection.budget
    budgets = [*([] if budget is None else [budget]), *projection.owner_budgets]
    if projection.best_case and projection.worst is not None and projection.worst.budget is not None:
        budgets.append(projection.worst.budget)
    over_budget = fail_over_budget and any(one.crossed is not None for one in budgets)
    if over_budget or (fail_over_limits and any(use.reached for use in projection.limits)):
        raise typer.Exit(1)
    return None


def _refuse_nothing_to_check(loaded: Loaded, fails: Mapping[str, bool]) -> None:
    """Raise UsageError for options to fail over what the scenario does not have."""
    if fails["--fail-over-budget"] and not (loaded.budget or (loaded.plan and loaded.plan.budget)):
        raise UsageError(f'scenario "{loaded.name}" has no budget for --fail-over-budget to check')
    if fails["--fail-over-limits"] and not (loaded.rate_limits or loaded.pricing.rate_limits):
        raise UsageError(f'scenario "{loaded.name}" has no rate limits for --fail-over-limits to check')
