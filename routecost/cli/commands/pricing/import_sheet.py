"""``routecost pricing import``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routecost.characters import HARMFUL
from routecost.cli import options
from routecost.cli.atomic_write import is_stream
from routecost.cli.output import refuse_other_formats, say, show_findings, write_text
from routecost.cli.output_files import claim, refuse_outputs
from routecost.errors import UsageError
from routecost.library import looks_like_path

if TYPE_CHECKING:
    from routecost.ingest.prices.import_sheet import PriceImport
    from routecost.model.results.price_lists import PricingUpdate

Provider = Annotated[
    str | None,
    typer.Argument(metavar="PROVIDER", help="Provider in genai-prices, such as anthropic."),
]
File = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="SHEET.yaml", help="Create or update this sheet."),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--models", metavar="a,b,c*", help="Import only these models (names or patterns); repeatable."
    ),
]
Tiers = Annotated[
    str | None,
    typer.Option("--tiers", metavar="TIER=MODEL,...", help="Tiers of a new sheet, from low to high."),
]
NewTiers = Annotated[
    list[str] | None,
    typer.Option(
        "--tier",
        metavar="TIER=MODEL",
        help='Add a tier above all others, or as in "gpt5=gpt-5 above haiku" (or below); repeatable.',
    ),
]
AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of", metavar="DATE", parser=options.day, help="Import only prices in force on this date."
    ),
]
Checked = Annotated[
    date | None,
    typer.Option(
        "--checked",
        metavar="DATE",
        parser=options.day,
        help="Date on which the source was read; default: today.",
    ),
]
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="Create or update the sheet of this name in --library."),
]
OpenRouter = Annotated[
    Path | None,
    typer.Option(
        "--openrouter", metavar="FILE", help="Read prices from this response of OpenRouter to GET /models."
    ),
]
LiteLLM = Annotated[
    Path | None, typer.Option("--litellm", metavar="FILE", help="Read prices from this LiteLLM price map.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 if there are models with losses.")]


def command(
    provider: Provider = None,
    file: File = None,
    models: Models = None,
    tiers: Tiers = None,
    tier: NewTiers = None,
    as_of: AsOf = None,
    checked: Checked = None,
    name: Name = None,
    openrouter: OpenRouter = None,
    litellm: LiteLLM = None,
    strict: Strict = False,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Create or update a pricing sheet from local price data. Exit 1 if an existing price differs.

    Name each price of the source that a sheet cannot express, with its model and the reason.
    """
    from routecost.api import pricing as pricing_api

    target = _target(file, name, library)
    refuse_other_formats(target, "yaml")
    claim(target, "--output" if name is None else "--name", force=force, updates=True)
    refuse_outputs(openrouter, litellm)
    imported = pricing_api.import_pricing(
        pricing_api.PriceSource(provider, openrouter, litellm),
        None if target is not None and is_stream(target) else target,
        models=[part.strip() for text in models or () for part in text.split(",")],
        tiers=tiers,
        add_tiers=tier or (),
        as_of=as_of,
        checked=checked,
        library=library,
    )
    if imported.changed or target is None:
        write_text(imported.text, target)
    _explain(imported, target)
    if imported.findings or (strict and imported.lossy):
        raise typer.Exit(1)


def _target(file: Path | None, name: str | None, library: Path | None) -> Path | None:
    if name is None:
        return file
    if file is not None or library is None:
        raise UsageError("--name requires --library, and cannot be used with --output")
    if looks_like_path(name) or not name.strip(". ") or HARMFUL.search(name) or ":" in name:
        raise UsageError(f'--name "{name}" is not a name; expected one without folders and suffix')
    target = library / "pricing" / f"{name}.yaml"
    if not Path(os.path.realpath(target)).is_relative_to(os.path.realpath(library)):
        raise UsageError(f'--name "{name}" leads out of the library "{library}" through a link')
    return target


def _explain(imported: PriceImport, target: Path | None) -> None:
    """Say what an import changed, what it left out, and from how many models."""
    for text in (*map(str, imported.skipped), *imported.unconfirmed):
        say(text)
    show_findings(imported.findings)
    say(*summary([imported], target))
    if imported.tiers:
        say(f"tiers, low to high: {', '.join(imported.tiers)}")
    if imported.absent:
        absent = _counted(imported.absent, "model")
        say(f"{absent} of the source not in the sheet; use --models to add by name or pattern")
    say(*losses(imported))


def summary(imports: Sequence[PriceImport], target: Path | None, remark: str | None = None) -> list[str]:
    """Return what imports into a sheet changed, as lines."""
    done = (
        _counted(sum(imported.models for imported in imports), "new model"),
        _counted(sum(imported.entries for imported in imports), "new price"),
        _counted(sum(imported.confirmed for imported in imports), "price") + " confirmed",
        f"{sum(len(imported.skipped) for imported in imports)} skipped",
    )
    caches = sum(imported.cache_writes for imported in imports)
    changed = ", ".join(done) if any(imported.changed for imported in imports) else "no changes"
    lines = [f"{target or 'the sheet'}: {changed}{'' if remark is None else f'; {remark}'}"]
    lines += [f"cache_writes: input added to {_counted(caches, 'price')}"] if caches else []
    return lines


def losses(done: PriceImport | PricingUpdate) -> list[str]:
    """Return how many models have rates that the source lacks, and of how many a price is lost, as lines."""
    unstated = f"models with rates that the source states for other calls only: {done.incomplete}"
    return [*([unstated] if done.incomplete else []), f"models with losses: {done.lossy}"]


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
