"""``routecost compare``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit
from routecost.cli.scenario_argument import load_scenario

Mixes = Annotated[
    list[str] | None,
    typer.Option(
        "--mix", metavar="80/15/5", help="Add a mix, in percent by tier from low to high; repeatable."
    ),
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
    mix: Mixes = None,
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
    loaded = load_scenario(
        scenario, pricing=pricing, as_of=as_of, library=library, strategies=strategy, what_if=what_if
    )
    comparison = api.compare(loaded, baseline=baseline, strategies=strategy or (), mixes=mix or ())
    emit(report(comparison, explain=explain), target)
