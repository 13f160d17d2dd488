"""``routecost breakeven``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit
from routecost.cli.scenario_argument import load_scenario

Engineering = Annotated[
    str | None,
    typer.Option(
        "--engineering",
        metavar="AMOUNT",
        help="One-time cost of building routing, in the currency of the prices.",
    ),
]
Upkeep = Annotated[
    str | None,
    typer.Option(
        "--upkeep",
        metavar="AMOUNT",
        help="Monthly cost of maintaining routing, in the currency of the prices.",
    ),
]
Within = Annotated[int | None, typer.Option("--within", metavar="MONTHS", help="Payback period, in months.")]


def command(
    scenario: options.Scenario = None,
    engineering: Engineering = None,
    upkeep: Upkeep = None,
    within: Within = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Find the break-even points of routing decisions.

    They are values of volume, misrouting, success rates, failure costs and escalation.
    """
    from routecost.api import breakeven as breakeven_api
    from routecost.model.results.breakeven import checked_months, read_amount
    from routecost.report.breakeven import report

    target = Output(format, output, force=force)
    for option, text in (("--engineering", engineering), ("--upkeep", upkeep)):
        if text is not None:
            read_amount(option, text)
    if within is not None:
        checked_months("--within", within)
    loaded = load_scenario(scenario, pricing=pricing, as_of=as_of, library=library)
    result = breakeven_api.breakeven(loaded, engineering=engineering, upkeep=upkeep, within=within)
    emit(report(result), target)
