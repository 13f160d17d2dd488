"""``routecost plan``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit
from routecost.errors import UsageError

if TYPE_CHECKING:
    from routecost.model.scenario.workload import TokenShape

Plan = Annotated[
    str,
    typer.Argument(metavar="PLAN", help="Task plan: YAML by path or name, or a planner's text (-: stdin)."),
]
Tokens = Annotated[
    str | None,
    typer.Option("--tokens", metavar="input=N,output=N", help="Tokens per call, for a plan in plain text."),
]
Each = Annotated[
    list[str] | None,
    typer.Option("--each", metavar="NOUN=N", help="Number of items, such as company=12; repeatable."),
]
Planner = Annotated[
    str | None, typer.Option("--planner", metavar="TIER", help="Tier of the planner, for plain text.")
]
Reviewer = Annotated[
    str | None, typer.Option("--reviewer", metavar="TIER", help="Tier of the reviewer, for plain text.")
]
RoutingTable = Annotated[
    str | None, typer.Option("--table", metavar="NAME", help="Check the tiers against this routing table.")
]


def command(
    plan: Plan,
    tokens: Tokens = None,
    each: Each = None,
    planner: Planner = None,
    reviewer: Reviewer = None,
    table: RoutingTable = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    format: options.Format = None,
    output: options.Output = None,
    chart: options.Chart = None,
    size: options.ChartSize = None,
    theme: options.ChartTheme = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Price one task plan, and check its claims and routing.

    The exit code is 1 if a claim fails or the routing table disagrees.
    """
    from routecost.api import task_plan as plan_api
    from routecost.report.task_plan import report

    target = Output(format, output, chart, size, theme, force, has_findings=True)
    counts = _counts(each or ())
    plan_options = plan_api.PlanOptions(None if tokens is None else _shape(tokens), counts, planner, reviewer)
    priced = plan_api.plan(
        plan, options=plan_options, pricing=pricing, as_of=as_of, table=table, library=library
    )
    emit(report(priced), target)
    if priced.fails:
        raise typer.Exit(1)


def _counts(texts: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        noun, count = _count(text)
        if noun in counts:
            raise UsageError(f"--each {noun} is given twice; expected one number for each noun")
        counts[noun] = count
    return counts


def _count(text: str) -> tuple[str, int]:
    from routecost.model.results.task_plan import MOST_REPEATS

    noun, _, digits = text.partition("=")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= 7
    if not noun.strip() or not is_number or not 1 <= int(digits) <= MOST_REPEATS:
        raise UsageError(f'--each "{text}" has no valid count; expected NOUN=N, such as company=12')
    return noun.strip().lower(), int(digits)


def _shape(text: str) -> TokenShape:
    from routecost.model.scenario.workload import TokenShape

    return TokenShape.mean(*options.token_counts(text))
