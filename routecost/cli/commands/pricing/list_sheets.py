"""``routecost pricing list``."""

from __future__ import annotations

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, show_findings


def command(
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """List the available pricing sheets; exit 1 if any has errors."""
    from routecost.api import pricing as pricing_api
    from routecost.report.pricing.listing import report

    target = Output(format, output, force=force)
    sheets, findings = pricing_api.list_pricing(library=library)
    emit(report(sheets), target)
    show_findings(findings)
    if findings:
        raise typer.Exit(1)
