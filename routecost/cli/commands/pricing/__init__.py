"""``routecost pricing``: commands on pricing sheets, and a list of what can be imported."""

from __future__ import annotations

import typer

from routecost.cli.commands.pricing import (
    check_sheet,
    diff_sheets,
    import_sheet,
    list_models,
    list_sheets,
    price_usage,
    show_sheet,
    update_sheet,
)

app = typer.Typer(
    help="Show, compare, import and check pricing sheets; price calls.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

for _name, _module in {
    "list": list_sheets,
    "show": show_sheet,
    "price": price_usage,
    "diff": diff_sheets,
    "models": list_models,
    "import": import_sheet,
    "update": update_sheet,
    "check": check_sheet,
}.items():
    app.command(_name)(_module.command)
