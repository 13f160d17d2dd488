"""``routecost pricing check``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.options import Sheet
from routecost.cli.output import Output, emit

MaxAge = Annotated[
    int, typer.Option("--max-age", metavar="DAYS", help="Maximum age of a price check, in days.")
]


def command(
    sheet: Sheet,
    as_of: options.AsOf = None,
    max_age: MaxAge = 90,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Report prices that are stale, ended or out of order.

    Also report prices that differ from those of genai-prices. The exit code is 1 if there are findings.
    """
    from routecost.api import pricing as pricing_api
    from routecost.report.pricing.check import report

    target = Output(format, output, force=force, has_findings=True)
    result = pricing_api.check_pricing(sheet, as_of=as_of, max_age_days=max_age, library=library)
    emit(report(result), target)
    if result.findings:
        raise typer.Exit(1)
