"""``routecost pricing diff``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit

Before = Annotated[str, typer.Argument(metavar="BEFORE", help="Pricing sheet, by path or name.")]
After = Annotated[str, typer.Argument(metavar="AFTER", help="Pricing sheet to compare with.")]
Scenario = Annotated[
    str | None,
    typer.Option(
        "--scenario", metavar="SCENARIO", help="Also compare the costs of the strategies of this scenario."
    ),
]


def command(
    before: Before,
    after: After,
    as_of: options.AsOf = None,
    scenario: Scenario = None,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Show the rates that differ between two sheets.

    With a scenario, also show the effect on its costs.
    """
    from routecost.api import pricing as pricing_api
    from routecost.report.pricing.diff import report

    target = Output(format, output, force=force)
    diff = pricing_api.diff_pricing(before, after, as_of=as_of, scenario=scenario, library=library)
    emit(report(diff), target)
