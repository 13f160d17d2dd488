"""``routecost compare``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit
from routecost.cli.scenario_argument import is_portfolio, load_scenario

Mixes = Annotated[
    list[str] | None,
    typer.Option(
        "--mix", metavar="80/15/5", help="Add a mix, in percent by tier from low to high; repeatable."
    ),
]

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Set a field, as in sweep --over; repeatable."),
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show the conditions of the verdict and the bill of each strategy.")
]


def command(
    scenario: options.Scenario = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    baseline: options.Baseline = None,
    strategy: options.Strategies = None,
    what_if: options.WhatIf = None,
    set: Settings = None,  # noqa: A002  the name of the option
    mix: Mixes = None,
    by: options.By = None,
    explain: Explain = False,
    format: options.Format = None,
    output: options.Output = None,
    chart: options.Chart = None,
    size: options.ChartSize = None,
    theme: options.ChartTheme = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Compare the costs of the strategies of a scenario."""
    from routecost.api import compare as api
    from routecost.report.compare.compare import report

    target = Output(format, output, chart, size, theme, force)
    if is_portfolio(scenario):
        from routecost.cli.portfolio import commands as portfolio

        refused: dict[str, object] = {"pricing": pricing, "baseline": baseline, "strategy": strategy}
        refused |= {"what_if": what_if, "set": set, "mix": mix, "explain": explain, "chart": chart}
        return portfolio.compare(portfolio.opened(scenario, as_of, library, refused), target, by)
    loaded = load_scenario(
        scenario,
        pricing=pricing,
        as_of=as_of,
        library=library,
        strategies=strategy,
        what_if=what_if,
        settings=set,
    )
    comparison = api.compare(
        loaded, baseline=baseline, strategies=strategy or (), mixes=mix or (), by=by or ()
    )
    emit(report(comparison, explain=explain), target)
    return None
