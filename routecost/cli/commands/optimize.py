"""``routecost optimize``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from routecost.cli import optimize_outcomes, options
from routecost.cli import outcome_options as learning
from routecost.cli.optimize_outcomes import folder_of
from routecost.cli.output import Output, emit, write_text
from routecost.cli.output_files import claim
from routecost.cli.scenario_argument import load_scenario
from routecost.errors import UsageError

Budget = Annotated[
    str | None,
    typer.Option(
        "--budget",
        metavar="AMOUNT",
        help="Upper limit on the cost of calls per month, or with --outcomes per query.",
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
    outcomes: learning.Outcomes = None,
    column: learning.Column = None,
    where: learning.Where = None,
    model: learning.Models = None,
    priced_as: learning.PricedAs = None,
    model_cost: learning.ModelCost = None,
    feature: learning.Feature = None,
    score_range: learning.ScoreRange = None,
    missing: learning.MissingCells = None,
    split_by: learning.SplitBy = None,
    held_out: learning.HeldOut = None,
    seed: learning.Seed = None,
    min_quality: learning.MinQuality = None,
    risk: learning.Risk = None,
    margin: learning.Margin = None,
    reference: learning.Reference = None,
    families: learning.Families = None,
    controller: learning.Controller = None,
    longest: learning.Longest = None,
    transform: learning.Transform = None,
    check: learning.Check = None,
    write_policy: learning.WritePolicy = None,
    write_table: WriteTable = None,
    write_scenario: WriteScenario = None,
    export: learning.Export = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    format: options.Format = None,
    output: options.Output = None,
    chart: options.Chart = None,
    reliability: learning.Reliability = None,
    size: options.ChartSize = None,
    theme: options.ChartTheme = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Find the cheapest policies: of a scenario, or from outcomes."""
    given = dict(locals())
    if outcomes is None:
        optimize_outcomes.refuse(given, optimize_outcomes.OF_OUTCOMES, "requires --outcomes")
        _search(given)
    else:
        optimize_outcomes.run(given)


def _search(given: Mapping[str, Any]) -> None:
    """Find the cheapest policy of each kind for a scenario, including failures."""
    from routecost.api import optimize as optimize_api
    from routecost.model.results.mix_sweep import read_share
    from routecost.report.optimize import report

    taxonomy, write_table, write_scenario = (
        given[name] for name in ("taxonomy", "write_table", "write_scenario")
    )
    pricing, as_of, library = (given[name] for name in ("pricing", "as_of", "library"))
    if write_table is not None and taxonomy is None:
        raise UsageError("--write-table needs --taxonomy, which the table is checked against")
    target = Output(given["format"], given["output"], force=given["force"])
    claim(write_table, "--write-table", force=given["force"])
    claim(write_scenario, "--write-scenario", force=given["force"])
    limit = _amount(given["budget"])
    if given["min_success"] is not None:
        read_share(given["min_success"])
    loaded = load_scenario(given["scenario"], pricing=pricing, as_of=as_of, library=library)
    if write_scenario is not None:
        optimize_api.refuse_found(loaded)
    search = optimize_api.search_policies(
        loaded,
        budget=limit,
        taxonomy=taxonomy,
        min_success=given["min_success"],
        library=library,
    )
    texts: dict[Path, str] = {}
    if write_table is not None:
        texts[write_table] = optimize_api.table_text(search, folder_of(write_table))
    if write_scenario is not None:
        texts[write_scenario] = optimize_api.scenario_text(search, loaded, folder=folder_of(write_scenario))
    emit(report(search), target)
    for file, text in texts.items():
        write_text(text, file)


def _amount(text: str | None) -> Decimal | None:
    from routecost.model.results.breakeven import read_amount

    return None if text is None else read_amount("--budget", text)
