"""``routecost calibrate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.log_options import (
    Dialect,
    Logs,
    MaxRejects,
    ModelName,
    Rejected,
    Rejects,
    Since,
    Success,
    TaskType,
    TimeZone,
    Until,
    listing_unpriced,
    log_source,
)
from routecost.cli.optimize_outcomes import folder_of
from routecost.cli.output import Output, emit, refuse_other_formats, say, write_text
from routecost.cli.output_files import claim
from routecost.cli.progress import reading

Scenario = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write the scenario to this file."),
]
Evidence = Annotated[
    Path | None,
    typer.Option("--write-evidence", metavar="FILE", help="Write the measured successes to this file."),
]
OwnPricing = Annotated[
    Path | None,
    typer.Option(
        "--write-pricing",
        metavar="FILE",
        help="Write a sheet for the scenario, with tiers for models that have none.",
    ),
]


def command(
    logs: Logs,
    output: Scenario = None,
    write_evidence: Evidence = None,
    write_pricing: OwnPricing = None,
    time_zone: TimeZone = "UTC",
    dialect: Dialect = "auto",
    task_type: TaskType = None,
    success: Success = None,
    model_name: ModelName = None,
    since: Since = None,
    until: Until = None,
    rejects: Rejects = None,
    max_rejects: MaxRejects = 0,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    format: options.Format = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Learn a scenario and evidence from logs.

    Its cost is shown beside that of the logs. The exit code is 1 if more lines than --max-rejects cannot be
    read.
    """
    from routecost.api.logs.calibrate import calibrate
    from routecost.report.logs.calibrate import report

    target = Output(format, force=force)
    for written in (output, write_evidence, write_pricing):
        refuse_other_formats(written, "yaml")
    claim(output, "--output", force=force)
    claim(write_evidence, "--write-evidence", force=force)
    claim(write_pricing, "--write-pricing", force=force)
    claim(rejects, "--rejects", force=force)
    rejected = Rejected()
    with reading() as progress, listing_unpriced(", or extend the pricing sheet"):
        source = log_source(
            logs,
            rejected,
            progress,
            dialect=dialect,
            task_type=task_type,
            success=success,
            time_zone=time_zone,
            since=since,
            until=until,
            model_name=model_name,
        )
        learned = calibrate(
            source,
            pricing=pricing,
            as_of=as_of,
            output=None if output is None else folder_of(output) / output.name,
            own_pricing=write_pricing,
            library=library,
        )
    emit(report(learned), target)
    if output is not None:
        write_text(learned.scenario_text, output)
    if write_evidence is not None:
        if learned.evidence_text is None:
            say(f"{write_evidence} is not written: the log has no evidence")
        else:
            write_text(learned.evidence_text, write_evidence)
    if write_pricing is not None and learned.pricing_text is not None:
        write_text(learned.pricing_text, write_pricing)
    if rejected.exceed(rejects, max_rejects):
        raise typer.Exit(1)
