"""``routecost table``."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, say, show_findings, write_text
from routecost.cli.output_files import claim, claim_unnamed
from routecost.errors import UsageError

if TYPE_CHECKING:
    from routecost.model.results.routing.rows import RoutingRows

Table = Annotated[str, typer.Argument(metavar="TABLE", help="Routing table, by path or name.")]
Taxonomy = Annotated[
    str | None,
    typer.Option("--taxonomy", metavar="NAME", help="Use this taxonomy instead of the one the table names."),
]
Scenario = Annotated[
    str | None,
    typer.Option("--scenario", metavar="NAME", help="Scenario whose tokens and prices give costs per task."),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="text, markdown, csv, spreadsheet, xlsx, json, html or pdf, or the configuration of litellm or "
        "claude-code; default: by output file, else text.",
    ),
]
_TARGETS = ("litellm", "claude-code")


def command(
    table: Table,
    taxonomy: Taxonomy = None,
    pricing: options.Pricing = None,
    evidence: options.Evidence = None,
    scenario: Scenario = None,
    as_of: options.AsOf = None,
    format: Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Show a routing table, or write it for what runs it."""
    from routecost.api import validate as lint_api
    from routecost.api.tables.rows import routing_rows
    from routecost.report.routing.table import report

    target = None
    if format in _TARGETS:
        _claim(format, output, force)
    else:
        target = Output(format, output, force=force)
    subject = lint_api.load_table(
        table,
        taxonomy=taxonomy,
        pricing=pricing,
        evidence=evidence,
        scenario=scenario,
        as_of=as_of,
        config=lint_api.find_config(),
        library=library,
    )
    show_findings(subject.warnings)
    rows = routing_rows(subject)
    if target is None:
        _export(rows, str(format), output, force=force)
    else:
        emit(report(rows), target)


def _write(text: str, sink: Any) -> None:
    sink.write(text)


def _claim(target: str, output: Path | None, force: bool) -> None:
    from routecost.api.tables.exports import IN_FOLDERS

    if target not in IN_FOLDERS:
        claim(output, "--output", force=force)
    elif output is None or not os.path.isdir(output):
        raise UsageError(
            f"--format {target} writes a file for each row into a folder; expected an existing one, as in "
            "--output .claude/agents"
        )


def _export(rows: RoutingRows, target: str, output: Path | None, *, force: bool) -> None:
    """Write the files of a configuration, or print the only one; name what it cannot state."""
    from routecost.api.tables.exports import IN_FOLDERS, export_table
    from routecost.cli.atomic_write import Writing, write_together

    exported = export_table(rows, target)
    writings = []
    for name, text in exported.files.items():
        if output is None:
            write_text(text, None)
            continue
        file = output / name if target in IN_FOLDERS else output
        if target in IN_FOLDERS:
            claim_unnamed(file, "--output", force=force)
        writings.append(Writing(file, partial(_write, text)))
    write_together(writings)
    say(*(f"warning: {text}" for text in exported.not_stated))
