"""``routecost rules``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit

Name = Annotated[
    str | None, typer.Argument(metavar="RULE", help="Code or name of one rule.", show_default=False)
]


def command(
    rule: Name = None,
    format: options.Format = None,
    output: options.Output = None,
) -> None:
    """List the rules of validate, or explain one of them."""
    from routecost.lint.registry import find, rules
    from routecost.report.rules import page, report

    emit(report(rules()) if rule is None else page(find(rule)), Output(format, output))
