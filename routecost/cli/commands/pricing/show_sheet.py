"""``routecost pricing show``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.options import Sheet
from routecost.cli.output import Output, emit

Models = Annotated[
    list[str] | None, typer.Option("--model", metavar="MODEL", help="Show only this model; repeatable.")
]


def command(
    sheet: Sheet,
    as_of: options.AsOf = None,
    model: Models = None,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Show the rates of a sheet in force on a date (default: today)."""
    from routecost.api import pricing as pricing_api
    from routecost.report.pricing.show import report

    target = Output(format, output, force=force)
    prices = pricing_api.show_pricing(sheet, as_of=as_of, models=model or (), library=library)
    emit(report(prices), target)
