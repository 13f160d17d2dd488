"""The options that mean the same in every command."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def day(text: str) -> date:
    """Read the value of an option that is a date."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:  # Python also reads 20260201 and 2026-W05-7
        raise typer.BadParameter(f'"{text}" is not a date; expected YYYY-MM-DD')
    return found


Scenario = Annotated[
    str | None,
    typer.Argument(
        metavar="SCENARIO",
        help="Scenario, by path or name; ./scenario.yaml or else article-fleet if left out.",
        show_default=False,
    ),
]
Pricing = Annotated[
    str | None,
    typer.Option("--pricing", metavar="SHEET", help="Price with this sheet (path or name)."),
]
AsOf = Annotated[
    date | None,
    typer.Option("--as-of", metavar="DATE", parser=day, help="Use the prices in force on this day."),
]
Evidence = Annotated[
    Path | None,
    typer.Option("--evidence", metavar="FILE", help="Measured successes per task type and tier."),
]
Baseline = Annotated[
    str | None, typer.Option("--baseline", metavar="NAME", help="Strategy that changes are against.")
]
Strategies = Annotated[
    list[str] | None,
    typer.Option("--strategy", metavar="NAME", help="Show only this strategy; repeatable."),
]
Library = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="DIR",
        envvar="ROUTECOST_LIBRARY",
        help="Folder with pricing/, scenarios/ and tables/ of your own, looked up before the built-ins.",
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="text, markdown, csv, json, html, latex or parquet; else by the output file, else text.",
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to a file.")
]
Chart = Annotated[
    Path | None,
    typer.Option("--chart", metavar="FILE", help="Draw the chart to a .svg, .png or .pdf file."),
]
