"""``routecost schema``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options

Kind = Annotated[
    str,
    typer.Argument(metavar="KIND", help="scenario, pricing, plan, table, taxonomy, evidence or actuals."),
]


def command(
    kind: Kind,
    output: options.Output = None,
    force: options.Force = False,
) -> None:
    """Print the JSON Schema of a document kind, for editors."""
    from routecost.api import schemas as api
    from routecost.cli.output import refuse_other_formats, write_text
    from routecost.cli.output_files import claim

    refuse_other_formats(output, "json")
    claim(output, "--output", force=force)
    write_text(api.json_schema(kind), output)
