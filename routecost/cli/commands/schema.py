"""``routecost schema``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options

Kind = Annotated[
    str | None,
    typer.Argument(
        metavar="KIND",
        help="Kind of document, such as scenario, or the schema that a JSON output states, such as "
        "routecost.compare/1.",
        show_default=False,
    ),
]
List = Annotated[bool, typer.Option("--list", help="List the kinds instead.")]


def command(
    kind: Kind = None,
    list: List = False,  # noqa: A002  the name of the option
    output: options.Output = None,
    force: options.Force = False,
) -> None:
    """Print the JSON Schema of a document or of a JSON output."""
    from routecost.api import schemas as api
    from routecost.cli.output import refuse_other_formats, write_text
    from routecost.cli.output_files import claim
    from routecost.errors import UsageError

    if list == (kind is not None):
        raise UsageError("expected either KIND or --list, which lists the kinds")
    refuse_other_formats(output, "text" if list else "json")
    claim(output, "--output", force=force)
    text = "".join(f"{one}\n" for one in api.schema_kinds()) if kind is None else api.json_schema(kind)
    write_text(text, output)
