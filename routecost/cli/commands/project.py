"""``routecost project``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit
from routecost.cli.scenario_argument import load_scenario
from routecost.errors import UsageError
from routecost.model.results.outlook import DEFAULT_RUNS, DEFAULT_SEED

Months = Annotated[int, typer.Option("--months", metavar="N", help="How many months.")]
Growth = Annotated[
    str | None,
    typer.Option(
        "--growth",
        metavar="5%",
        help="Growth of the work per month, from the second month on; if left out, the plan's, or none.",
        show_default=False,
    ),
]
Days = Annotated[
    str | None,
    typer.Option(
        "--days",
        metavar="KIND",
        help="Days of a month: per_month, calendar or working; if left out, the plan's, or per_month.",
        show_default=False,
    ),
]
Start = Annotated[
    str | None,
    typer.Option(
        "--start",
        metavar="YYYY-MM",
        help="First month; if left out, that of --as-of, of the plan, of the scenario's date, or of today.",
        show_default=False,
    ),
]
Actuals = Annotated[
    Path | None,
    typer.Option(
        "--actuals",
        metavar="FILE",
        help="What months so far really cost (.yaml or .csv): plan against actual, and a re-based forecast.",
    ),
]
Runs = Annotated[
    str,
    typer.Option("--runs", metavar="N", help="How many paths to draw, where something is uncertain."),
]
Seed = Annotated[str, typer.Option("--seed", metavar="N", help="The same seed draws the same paths.")]
FailOverBudget = Annotated[
    bool, typer.Option("--fail-over-budget", help="Exit 1 if the scenario's budget is exceeded.")
]


def command(
    scenario: options.Scenario = None,
    months: Months = 12,
    growth: Growth = None,
    start: Start = None,
    days: Days = None,
    actuals: Actuals = None,
    runs: Runs = str(DEFAULT_RUNS),
    seed: Seed = str(DEFAULT_SEED),
    fail_over_budget: FailOverBudget = False,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    baseline: options.Baseline = None,
    strategy: options.Strategies = None,
    format: options.Format = None,
    output: options.Output = None,
    chart: options.Chart = None,
    size: options.ChartSize = None,
    theme: options.ChartTheme = None,
    library: options.Library = None,
) -> None:
    """Plan the spend of each strategy month by month."""
    from routecost.api import project as project_api
    from routecost.report.projection.project import report

    loaded = load_scenario(scenario, pricing=pricing, as_of=as_of, library=library)
    if fail_over_budget and loaded.budget is None and (loaded.plan is None or loaded.plan.budget is None):
        raise UsageError(f'scenario "{loaded.name}" has no budget that --fail-over-budget could judge')
    made = project_api.project(
        loaded,
        months=months,
        growth=growth,
        start=start,
        days=days,
        as_of=as_of,
        baseline=baseline,
        strategies=strategy or (),
        actuals=actuals,
        runs=runs,
        seed=seed,
    )
    emit(report(made), Output(format, output, chart, size, theme))
    course = made.actuals.budget if made.actuals is not None and made.actuals.budget else made.budget
    if fail_over_budget and course is not None and course.crossed is not None:
        raise typer.Exit(1)
