"""``routecost breakeven``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit
from routecost.cli.scenario_argument import load_scenario

Engineering = Annotated[
    str | None,
    typer.Option("--engineering", metavar="AMOUNT", help="What it costs once to set routing up."),
]
Upkeep = Annotated[
    str | None, typer.Option("--upkeep", metavar="AMOUNT", help="What it costs per month to keep it up.")
]
Within = Annotated[
    int | None, typer.Option("--within", metavar="MONTHS", help="How many months routing has to repay them.")
]


def command(
    scenario: options.Scenario = None,
    engineering: Engineering = None,
    upkeep: Upkeep = None,
    within: Within = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    format: options.Format = None,
    output: options.Output = None,
    library: options.Library = None,
) -> None:
    """Find where the decisions of a scenario turn: volume, wrong tiers, success, failures, escalation."""
    from routecost.api import breakeven as breakeven_api
    from routecost.report.breakeven import report

    loaded = load_scenario(scenario, pricing=pricing, as_of=as_of, library=library)
    made = breakeven_api.breakeven(loaded, engineering=engineering, upkeep=upkeep, within=within)
    emit(report(made), Output(format, output))
