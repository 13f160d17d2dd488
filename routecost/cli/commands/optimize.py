"""``routecost optimize``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, write_text
from routecost.cli.scenario_argument import load_scenario
from routecost.errors import UsageError

Budget = Annotated[
    str | None, typer.Option("--budget", metavar="AMOUNT", help="Upper limit on monthly call cost.")
]
Taxonomy = Annotated[
    str | None,
    typer.Option("--taxonomy", metavar="NAME", help="Use only tiers that this taxonomy allows."),
]
WriteTable = Annotated[
    Path | None,
    typer.Option("--write-table", metavar="FILE", help="Write the best routing table (needs --taxonomy)."),
]
WriteScenario = Annotated[
    Path | None,
    typer.Option("--write-scenario", metavar="FILE", help="Write the scenario with the policies found."),
]


def command(
    scenario: options.Scenario = None,
    budget: Budget = None,
    taxonomy: Taxonomy = None,
    write_table: WriteTable = None,
    write_scenario: WriteScenario = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    format: options.Format = None,
    output: options.Output = None,
    library: options.Library = None,
) -> None:
    """Find the cheapest policy of each kind, including the cost of failures."""
    from routecost.api import optimize as optimize_api
    from routecost.report.optimize import report

    if write_table is not None and taxonomy is None:
        raise UsageError("--write-table needs --taxonomy, which the table is checked against")
    loaded = load_scenario(scenario, pricing=pricing, as_of=as_of, library=library)
    search = optimize_api.search_policies(loaded, budget=_amount(budget), taxonomy=taxonomy, library=library)
    policies = None if write_scenario is None else optimize_api.scenario_text(search, loaded)
    emit(report(search), Output(format, output))
    if write_table is not None:
        write_text(optimize_api.table_text(search), write_table)
    if policies is not None:
        write_text(policies, write_scenario)


def _amount(text: str | None) -> Decimal | None:
    from routecost.model.results.breakeven import read_amount

    return None if text is None else read_amount("--budget", text)
