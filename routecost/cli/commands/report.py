"""``routecost report``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.commands.project import Actuals, ActualsSheet, Days, Growth, Months, Runs, Seed, Start
from routecost.cli.output import Output, emit, show_findings
from routecost.cli.scenario_argument import is_portfolio, scenario_argument
from routecost.errors import UsageError
from routecost.model.results.breakdown.breakdown import names_a_part
from routecost.model.results.outlook import DEFAULT_RUNS, DEFAULT_SEED
from routecost.model.scenario.horizon import DEFAULT_MONTHS


def _part_or_share(text: str) -> object:
    from routecost.model.results.sensitivity import read_change

    return options.part(text) if names_a_part(text) else read_change(text)


By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="PART",
        parser=options.checked(_part_or_share),
        help="Divide costs by owner, task_type, model, provider, tier, strategy or tag:NAME; repeatable. "
        "A share is the change applied to each assumption to rank its effect (20%).",
    ),
]
Interactive = Annotated[
    bool,
    typer.Option(
        "--interactive", help="Write a page with sliders for volume, mixes, tokens, cache and prices (HTML)."
    ),
]
WithPricing = Annotated[
    list[str] | None,
    typer.Option(
        "--with-pricing",
        metavar="SHEET",
        help="With --interactive: offer this pricing sheet too (path or name); repeatable.",
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="html, markdown, pdf, xlsx, json or another; default: by the output file, else text.",
    ),
]


def command(
    scenario: options.Scenario = None,
    months: Months = DEFAULT_MONTHS,
    growth: Growth = None,
    start: Start = None,
    days: Days = None,
    actuals: Actuals = None,
    actuals_sheet: ActualsSheet = None,
    runs: Runs = str(DEFAULT_RUNS),
    seed: Seed = str(DEFAULT_SEED),
    by: By = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    baseline: options.Baseline = None,
    strategy: options.Strategies = None,
    what_if: options.WhatIf = None,
    rules_from: options.RulesFrom = None,
    interactive: Interactive = False,
    with_pricing: WithPricing = None,
    format: Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Write a planning report: costs, sensitivities and assumptions."""
    if interactive:
        from routecost.cli.interactive.page_command import InteractiveOptions, write_page

        other: dict[str, object] = {"months": months != DEFAULT_MONTHS, "growth": growth, "start": start}
        other |= {"days": days, "actuals": actuals, "actuals-sheet": actuals_sheet, "by": by}
        other |= {"runs": runs != str(DEFAULT_RUNS), "seed": seed != str(DEFAULT_SEED)}
        other |= {"rules-from": rules_from}
        given = InteractiveOptions(
            scenario, with_pricing, pricing, as_of, baseline, strategy, what_if, library
        )
        return write_page(given, format, output, force, other)
    if with_pricing:
        raise UsageError("--with-pricing requires --interactive")
    from routecost.api.planning_document import planning
    from routecost.api.validate import find_config
    from routecost.report.planning_document.document import report

    target = Output(format, output, force=force, expected="a name in .html, .md, .pdf, .xlsx or .json")
    parts = [text for text in by or () if names_a_part(text)]
    if is_portfolio(scenario):
        from routecost.cli.portfolio import commands as portfolio

        refused: dict[str, object] = {"growth": growth, "days": days, "pricing": pricing}
        refused |= {"baseline": baseline, "strategy": strategy, "rules-from": rules_from}
        opened = portfolio.opened(scenario, as_of, library, refused)
        return portfolio.planning(opened, target, parts, months, start, as_of)
    result = planning(
        scenario_argument(scenario),
        months=months,
        growth=growth,
        start=start,
        days=days,
        actuals=actuals,
        actuals_sheet=actuals_sheet,
        runs=runs,
        seed=seed,
        by=_share(by or ()),
        parts=parts,
        pricing=pricing,
        as_of=as_of,
        baseline=baseline,
        strategies=strategy or (),
        config=find_config(),
        rules_from=rules_from or (),
        what_if=what_if or (),
        library=library,
    )
    show_findings(result.warnings)
    emit(report(result), target)
    return None


def _share(texts: Sequence[str]) -> str:
    """Return the value of ``--by`` that is a share; raises UsageError for two of them."""
    shares = [text for text in texts if not names_a_part(text)]
    if len(shares) > 1:
        raise UsageError(f'"--by" has two shares, "{shares[0]}" and "{shares[1]}"; expected one')
    return shares[0] if shares else "20%"
