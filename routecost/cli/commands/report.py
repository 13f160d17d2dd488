"""``routecost report``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.commands.project import Days, Growth, Months, Runs, Seed, Start
from routecost.cli.output import Output, emit, show_findings
from routecost.cli.scenario_argument import scenario_argument
from routecost.model.results.outlook import DEFAULT_RUNS, DEFAULT_SEED
from routecost.model.scenario.horizon import DEFAULT_MONTHS

By = Annotated[
    str,
    typer.Option("--by", metavar="SHARE", help="Change applied to each assumption to rank its effect."),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="html, markdown, pdf, xlsx, json or another; default: by the output file, else text.",
    ),
]


def command(
    scenario: options.Scenario = None,
    months: Months = DEFAULT_MONTHS,
    growth: Growth = None,
    start: Start = None,
    days: Days = None,
    runs: Runs = str(DEFAULT_RUNS),
    seed: Seed = str(DEFAULT_SEED),
    by: By = "20%",
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    baseline: options.Baseline = None,
    strategy: options.Strategies = None,
    what_if: options.WhatIf = None,
    rules_from: options.RulesFrom = None,
    format: Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Write a planning report: costs, sensitivities and assumptions."""
    from routecost.api.planning_document import planning
    from routecost.api.validate import find_config
    from routecost.report.planning_document.document import report

    target = Output(format, output, force=force, expected="a name in .html, .md, .pdf, .xlsx or .json")
    result = planning(
        scenario_argument(scenario),
        months=months,
        growth=growth,
        start=start,
        days=days,
        runs=runs,
        seed=seed,
        by=by,
        pricing=pricing,
        as_of=as_of,
        baseline=baseline,
        strategies=strategy or (),
        config=find_config(),
        rules_from=rules_from or (),
        what_if=what_if or (),
        library=library,
    )
    show_findings(result.warnings)
    emit(report(result), target)
