"""``routecost pricing diff``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit

Before = Annotated[str, typer.Argument(metavar="BEFORE", help="Pricing sheet, by path or name.")]
After = Annotated[str, typer.Argument(metavar="AFTER", help="Another one.")]
Scenario = Annotated[
    str | None,
    typer.Option("--scenario", metavar="SCENARIO", help="Also show what its strategies cost with each."),
]


def command(
    before: Before,
    after: After,
    as_of: options.AsOf = None,
    scenario: Scenario = None,
    format: options.Format = None,
    output: options.Output = None,
    library: options.Library = None,
) -> None:
    """Show which rates differ between two sheets on a day, and what that costs a fleet."""
    from routecost.api import pricing as pricing_api
    from routecost.report.pricing.diff import report

    made = pricing_api.diff_pricing(before, after, as_of=as_of, scenario=scenario, library=library)
    emit(report(made), Output(format, output))
