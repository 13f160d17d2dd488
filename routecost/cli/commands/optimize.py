"""``routecost optimize``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, write_text
from routecost.cli.output_files import claim
from routecost.cli.scenario_argument import load_scenario
from routecost.errors import UsageError

Budget = Annotated[
    str | None,
    typer.Option(
        "--budget", metavar="AMOUNT", help="Upper limit on monthly call cost, in the currency of the prices."
    ),
]
MinSuccess = Annotated[
    str | None,
    typer.Option("--min-success", metavar="RATE", help="Least success rate of each task type, such as 95%."),
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
    min_success: MinSuccess = None,
    taxonomy: Taxonomy = None,
    write_table: WriteTable = None,
    write_scenario: WriteScenario = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Find the cheapest policy of each kind, including failures."""
    from routecost.api import optimize as optimize_api
    from routecost.report.optimize import report

    if write_table is not None and taxonomy is None:
        raise UsageError("--write-table needs --taxonomy, which the table is checked against")
    target = Output(format, output, force=force)
    claim(write_table, "--write-table", force=force)
    claim(write_scenario, "--write-scenario", force=force)
    loaded = load_scenario(scenario, pricing=pricing, as_of=as_of, library=library)
    search = optimize_api.search_policies(
        loaded, budget=_amount(budget), taxonomy=taxonomy, min_success=min_success, library=library
    )
    texts: dict[Path, str] = {}
    if write_table is not None:
        texts[write_table] = optimize_api.table_text(search, _folder(write_table))
    if write_scenario is not None:
        texts[write_scenario] = optimize_api.scenario_text(search, loaded, folder=_folder(write_scenario))
    emit(report(search), target)
    for file, text in texts.items():
        write_text(text, file)


def _folder(file: Path) -> Path:
    """Return the folder of a file to write; for a pipe or a device, the working directory."""
    from routecost.cli.atomic_write import is_stream

    return Path() if is_stream(file) else file.parent


def _amount(text: str | None) -> Decimal | None:
    from routecost.model.results.breakeven import read_amount

    return None if text is None else read_amount("--budget", text)
