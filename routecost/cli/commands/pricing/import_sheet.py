"""``routecost pricing import``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routecost.cli import options
from routecost.cli.output import say, show_findings, write_text
from routecost.errors import UsageError

if TYPE_CHECKING:
    from routecost.ingest.prices.import_sheet import PriceImport

Provider = Annotated[
    str | None,
    typer.Argument(metavar="PROVIDER", help="Provider in genai-prices, such as anthropic."),
]
File = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="SHEET.yaml", help="Write this sheet, or bring it up to date."),
]
Models = Annotated[
    list[str] | None,
    typer.Option("--models", metavar="a,b,c*", help="Only these: names and patterns; repeatable."),
]
Tiers = Annotated[
    str | None,
    typer.Option("--tiers", metavar="TIER=MODEL,...", help="The tiers of a new sheet, from low to high."),
]
AsOf = Annotated[
    date | None,
    typer.Option("--as-of", metavar="DATE", parser=options.day, help="Only the prices in force on this day."),
]
Checked = Annotated[
    date | None,
    typer.Option(
        "--checked",
        metavar="DATE",
        parser=options.day,
        help="The day on which the source was read; today if left out.",
    ),
]
Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="Write the sheet of this name in --library.")
]
OpenRouter = Annotated[
    Path | None,
    typer.Option("--openrouter", metavar="FILE", help="Prices from OpenRouter's answer to GET /models."),
]
LiteLLM = Annotated[
    Path | None, typer.Option("--litellm", metavar="FILE", help="Prices from the price map of LiteLLM.")
]


def command(
    provider: Provider = None,
    file: File = None,
    models: Models = None,
    tiers: Tiers = None,
    as_of: AsOf = None,
    checked: Checked = None,
    name: Name = None,
    openrouter: OpenRouter = None,
    litellm: LiteLLM = None,
    library: options.Library = None,
) -> None:
    """Write a pricing sheet, or add what it lacks; nothing is fetched. Exit 1 if it says otherwise."""
    from routecost.api import pricing as pricing_api

    target = _target(file, name, library)
    made = pricing_api.import_pricing(
        pricing_api.PriceSource(provider, openrouter, litellm),
        target,
        models=[part.strip() for text in models or () for part in text.split(",")],
        tiers=tiers,
        as_of=as_of,
        checked=checked,
        library=library,
    )
    if made.changed or target is None:
        write_text(made.text, target)
    _explain(made, target)
    if made.findings:
        raise typer.Exit(1)


def _target(file: Path | None, name: str | None, library: Path | None) -> Path | None:
    if name is None:
        return file
    if file is not None or library is None:
        raise UsageError("--name goes with --library, and not with --output")
    return library / "pricing" / f"{name}.yaml"


def _explain(made: PriceImport, target: Path | None) -> None:
    for skipped in made.skipped:
        say(str(skipped))
    show_findings(made.findings)
    done = (
        _counted(made.models, "new model"),
        _counted(made.entries, "new price"),
        _counted(made.confirmed, "price") + " confirmed",
        f"{len(made.skipped)} skipped",
    )
    say(f"{target or 'the sheet'}: {', '.join(done) if made.changed else 'nothing to change'}")
    if made.absent:
        absent = _counted(made.absent, "model")
        say(f"{absent} of the source not in the sheet; --models adds them by name or pattern")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
