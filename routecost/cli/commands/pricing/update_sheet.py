"""``routecost pricing update``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.commands.pricing import import_sheet
from routecost.cli.output import Output, emit, say, show_findings, write_text
from routecost.cli.output_files import claim, refuse_outputs

Sheet = Annotated[Path, typer.Argument(metavar="SHEET", help="Pricing sheet to bring up to date.")]
Scenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        metavar="SCENARIO",
        help="Also show how the costs of the strategies of this scenario change; repeatable.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, without writing the sheet.")]


def command(
    sheet: Sheet,
    scenario: Scenarios = None,
    openrouter: import_sheet.OpenRouter = None,
    litellm: import_sheet.LiteLLM = None,
    checked: import_sheet.Checked = None,
    dry_run: DryRun = False,
    strict: import_sheet.Strict = False,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Add the newest prices to a sheet, and show what changes.

    The sources are the providers in the installed genai-prices that its rows name, or a file. A price that
    differs is followed by one from today on. Exit 1 if a price needs a decision by hand.
    """
    from routecost.api import pricing as pricing_api
    from routecost.report.pricing.update import report

    target = Output(format, output, force=force)
    refuse_outputs(sheet)
    if not dry_run:
        claim(sheet, "SHEET", force=force, updates=True)
    refuse_outputs(openrouter, litellm)
    source = pricing_api.PriceSource(None, openrouter, litellm) if openrouter or litellm else None
    update = pricing_api.update_pricing(
        sheet, source, scenarios=scenario or (), checked=checked, library=library
    )
    if update.text and not dry_run:
        write_text(update.text, sheet)
    for imported in update.imports:
        for text in (*map(str, imported.skipped), *imported.unconfirmed):
            say(text)
    show_findings(update.findings)
    say(*import_sheet.summary(update.imports, sheet, "nothing written" if dry_run else None))
    say(*import_sheet.losses(update))
    emit(report(update), target)
    if update.findings or (strict and update.lossy):
        raise typer.Exit(1)
