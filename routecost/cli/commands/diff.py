"""``routecost diff``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, say

Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="BEFORE AFTER",
        help="Scenarios, routing tables or folders, also of a git revision (main:scenarios/fleet.yaml). "
        "With --since: the files and folders to compare; default: all in this folder.",
        show_default=False,
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="REVISION",
        help="Compare files with those where the branch left this git revision.",
    ),
]
Strategies = Annotated[
    list[str] | None,
    typer.Option("--strategy", metavar="NAME", help="Show and limit only this strategy; repeatable."),
]
Scenario = Annotated[
    str | None,
    typer.Option(
        "--scenario",
        metavar="NAME",
        help="Compare what two sheets, tables or taxonomies do to this scenario.",
    ),
]
MaxIncrease = Annotated[
    str | None,
    typer.Option(
        "--max-increase",
        metavar="LIMIT",
        help="Exit 1 if the proposed (or default) strategy costs more than this in addition: 10%, $500.",
    ),
]


def command(
    files: Files = None,
    since: Since = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    strategy: Strategies = None,
    evidence: options.Evidence = None,
    max_increase: MaxIncrease = None,
    scenario: Scenario = None,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Show what a change of documents does to costs and findings."""
    from routecost.api.changes import diff as api
    from routecost.errors import UsageError
    from routecost.model.report.report import Note
    from routecost.render.rounding import sentence
    from routecost.report.changes.diff import gate_text, report

    target = Output(format, output, force=force)
    given = files or []
    if since is None and len(given) != 2:
        raise UsageError("expected two files or folders, BEFORE and AFTER, or --since REVISION")
    chosen: dict[str, Any] = {
        "pricing": pricing,
        "as_of": as_of,
        "strategies": strategy or (),
        "evidence": evidence,
        "max_increase": max_increase,
        "library": library,
    }
    if since is not None and scenario is not None:
        raise UsageError("--scenario does not apply to --since; name the scenarios as files")
    result = (
        api.diff(*given, scenario=scenario, **chosen)
        if since is None
        else api.diff_since(since, given, **chosen)
    )
    emit(report(result), target)
    if result.failed:
        say(*(sentence(Note.of(*gate_text(gate)), gate.currency) for gate in result.failed))
        raise typer.Exit(1)
