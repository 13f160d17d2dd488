"""``routecost validate``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, show_findings
from routecost.model.validation import FailOn

Table = Annotated[str, typer.Argument(metavar="TABLE", help="Routing table, by path or name.")]
Taxonomy = Annotated[
    str | None,
    typer.Option("--taxonomy", metavar="NAME", help="Hold it against this taxonomy, not the one it names."),
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="RULES", help="Only these: codes, their beginnings, names; repeatable."),
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="RULES", help="Not these; repeatable.")]
Fail = Annotated[FailOn, typer.Option("--fail-on", help="Exit 1 for findings as grave as this.")]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="text, markdown, csv, json, html, github or sarif; else by the output file, else text.",
    ),
]


def command(
    table: Table,
    taxonomy: Taxonomy = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: Fail = FailOn.WARNING,
    format: Format = None,
    output: options.Output = None,
    library: options.Library = None,
) -> None:
    """Check a routing table for mistakes; exit 1 if there are any."""
    from routecost import api
    from routecost.report.validate import report

    made = api.validate(
        table,
        taxonomy=taxonomy,
        pricing=pricing,
        as_of=as_of,
        select=select or (),
        ignore=ignore or (),
        library=library,
    )
    show_findings(made.warnings)
    emit(report(made), Output(format, output))
    if made.fails(fail_on):
        raise typer.Exit(1)
