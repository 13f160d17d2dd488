"""``routecost pricing check``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.options import Sheet
from routecost.cli.output import Output, emit

MaxAge = Annotated[
    int, typer.Option("--max-age", metavar="DAYS", help="Days after which prices must be checked again.")
]


def command(
    sheet: Sheet,
    as_of: options.AsOf = None,
    max_age: MaxAge = 90,
    format: options.Format = None,
    output: options.Output = None,
    library: options.Library = None,
) -> None:
    """Find prices that are old, ended, out of order, or other than genai-prices has them; exit 1 if any."""
    from routecost.api import pricing as pricing_api
    from routecost.report.pricing.check import report

    made = pricing_api.check_pricing(sheet, as_of=as_of, max_age_days=max_age, library=library)
    emit(report(made), Output(format, output))
    if made.findings:
        raise typer.Exit(1)
