"""``routecost schema``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options


def command(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="scenario or pricing.")],
    output: options.Output = None,
) -> None:
    """Print the JSON Schema of a kind of document, for editors."""
    from routecost import api
    from routecost.cli.output import write_text

    write_text(api.json_schema(kind), output)
