"""``routecost pricing diff``."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit
from routecost.errors import UsageError

Before = Annotated[str, typer.Argument(metavar="BEFORE", help="Pricing sheet, by path or name.")]
After = Annotated[
    str | None,
    typer.Argument(metavar="AFTER", help="Pricing sheet to compare with; without, give --from and --to."),
]
Since = Annotated[
    date | None,
    typer.Option(
        "--from", metavar="DATE", parser=options.day, help="Compare the prices of one sheet from this day on."
    ),
]
To = Annotated[
    date | None,
    typer.Option("--to", metavar="DATE", parser=options.day, help="The later day; default: today."),
]
Scenario = Annotated[
    str | None,
    typer.Option(
        "--scenario", metavar="SCENARIO", help="Also compare the costs of the strategies of this scenario."
    ),
]


def command(
    before: Before,
    after: After = None,
    since: Since = None,
    to: To = None,
    as_of: options.AsOf = None,
    scenario: Scenario = None,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Show the rates that differ between two sheets, or days.

    With a scenario, also show the effect on its costs.
    """
    from routecost.api import pricing as pricing_api
    from routecost.report.pricing.diff import report

    target = Output(format, output, force=force)
    if to is not None and (since is None or as_of is not None):
        raise UsageError("--to requires --from, and cannot be used with --as-of")
    diff = pricing_api.diff_pricing(
        before, after, as_of=to or as_of, since=since, scenario=scenario, library=library
    )
    emit(report(diff), target)
