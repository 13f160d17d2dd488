"""``routecost check``."""

from __future__ import annotations

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, show_findings
from routecost.cli.scenario_argument import is_portfolio, scenario_argument


def command(
    scenario: options.Scenario = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    by: options.By = None,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Check published claims and the budget of a scenario.

    The exit code is 1 if a claim fails or the budget is exceeded.
    """
    from routecost.api import compare as api
    from routecost.report.compare.claims import report

    target = Output(format, output, force=force)
    if is_portfolio(scenario):
        from routecost.cli.portfolio import commands as portfolio

        loaded = portfolio.opened(scenario, as_of, library, {"pricing": pricing})
        return portfolio.check(loaded, target, by)
    result = api.check(
        scenario_argument(scenario), pricing=pricing, as_of=as_of, by=by or (), library=library
    )
    show_findings(result.warnings)
    emit(report(result), target)
    if result.failed:
        raise typer.Exit(1)
    return None
