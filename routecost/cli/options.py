"""Options shared by the commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from routecost.errors import UsageError
from routecost.units import read_day


def day(text: str) -> date:
    """Parse the value of a date option."""
    try:
        return read_day(text)
    except ValueError:
        raise UsageError(f'"{text}" is not a date; expected YYYY-MM-DD') from None


def checked(read: Callable[[str], object]) -> Callable[[str], str]:
    """Return a parser that returns the text of an option, if ``read`` accepts it."""

    def parse(text: str) -> str:
        read(text)
        return text

    return parse


def _what_if(text: str) -> object:
    from routecost.engine.pricing.what_if import parse

    return parse(text)


def part(text: str) -> object:
    """Return what costs are to be divided by."""
    from routecost.model.results.breakdown.breakdown import read_dimension

    return read_dimension(text, has_scenarios=True)


def chart_size(text: str) -> str:
    """Parse the name of a chart size."""
    from routecost.render.charts import known_name
    from routecost.render.charts.page.style import SIZES

    return known_name("size", text, SIZES)


def chart_theme(text: str) -> str:
    """Parse the name of a chart theme."""
    from routecost.render.charts import known_name
    from routecost.render.charts.page.style import THEMES

    return known_name("theme", text, THEMES)


Scenario = Annotated[
    str | None,
    typer.Argument(
        metavar="SCENARIO",
        help="Scenario, by path or name; default: ./scenario.yaml, else article-fleet.",
        show_default=False,
    ),
]
Pricing = Annotated[
    str | None,
    typer.Option("--pricing", metavar="SHEET", help="Use this pricing sheet (path or name)."),
]
AsOf = Annotated[
    date | None,
    typer.Option("--as-of", metavar="DATE", parser=day, help="Use the prices in force on this date."),
]
Evidence = Annotated[
    Path | None,
    typer.Option("--evidence", metavar="FILE", help="Measured success counts per task type and tier."),
]
Baseline = Annotated[
    str | None, typer.Option("--baseline", metavar="NAME", help="Strategy that percentages are relative to.")
]
Strategies = Annotated[
    list[str] | None,
    typer.Option("--strategy", metavar="NAME", help="Show only this strategy; repeatable."),
]
WhatIf = Annotated[
    list[str] | None,
    typer.Option(
        "--what-if",
        metavar="CHANGE",
        parser=checked(_what_if),
        help="Change prices: 'claude-sonnet-5-5 input -20% from 2027-06'; repeatable.",
    ),
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="PART",
        parser=checked(part),
        help="Divide costs by owner, task_type, model, provider, tier, strategy or tag:NAME; repeatable.",
    ),
]
Library = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="DIR",
        envvar="ROUTECOST_LIBRARY",
        help="Folder with your own pricing/, scenarios/ and tables/, searched before the built-ins.",
    ),
]
RulesFrom = Annotated[
    list[str] | None,
    typer.Option(
        "--rules-from",
        metavar="PACKAGE",
        help="Also run the lint rules of this installed package; repeatable.",
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="text, markdown, csv, spreadsheet, xlsx, json, html, latex, pdf or parquet; "
        "default: by output file, else text.",
    ),
]
FormatOrFocus = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="text, markdown, csv, spreadsheet, xlsx, json, html, latex, pdf, parquet or focus; "
        "default: by output file, else text.",
    ),
]
BillingAccount = Annotated[
    str | None,
    typer.Option("--billing-account", metavar="ID", help="Billing account of rows of FOCUS (unknown)."),
]
Provider = Annotated[
    str | None,
    typer.Option("--provider", metavar="NAME", help="Provider of rows of FOCUS; default: that of the sheet."),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to this file.")
]
Chart = Annotated[
    Path | None,
    typer.Option("--chart", metavar="FILE", help="Write the chart to a .svg, .png or .pdf file."),
]
ChartSize = Annotated[
    str | None,
    typer.Option("--size", metavar="SIZE", parser=chart_size, help="Chart size: doc, slide or square (doc)."),
]
ChartTheme = Annotated[
    str | None,
    typer.Option("--theme", metavar="THEME", parser=chart_theme, help="Chart theme: light or dark (light)."),
]
Force = Annotated[
    bool, typer.Option("--force", help="Replace read-only files, and existing files that no option names.")
]

Sheet = Annotated[str, typer.Argument(metavar="SHEET", help="Pricing sheet, by path or name.")]
