"""``routecost usage``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from routecost.cli import options
from routecost.cli.focus.options import read_account
from routecost.cli.log_options import (
    AllowUnpriced,
    Dialect,
    Engine,
    Logs,
    Master,
    MaxRejects,
    ModelName,
    Rejected,
    Rejects,
    Since,
    Success,
    TaskType,
    TimeZone,
    Until,
    listing_unpriced,
    log_source,
)
from routecost.cli.output import Output, emit, write_text
from routecost.cli.output_files import claim
from routecost.cli.progress import reading
from routecost.errors import UsageError
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.api.logs.source import LogSource
    from routecost.model.report.report import Report

By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="KEY",
        help="Group by task-type, tier, model, day, week, month, agent or outcome; repeatable (model).",
        show_default=False,
    ),
]
Save = Annotated[
    Path | None,
    typer.Option("--save", metavar="FILE", help="Write the calls as Parquet, to be read again as a log."),
]
WriteActuals = Annotated[
    Path | None,
    typer.Option(
        "--write-actuals",
        metavar="FILE",
        help="Write the months for project --actuals (.yaml or .csv).",
    ),
]
PartialMonths = Annotated[
    bool, typer.Option("--partial-months", help="Also write months that the logs cover in part.")
]
Compare = Annotated[
    tuple[str, str] | None,
    typer.Option(
        "--compare",
        metavar="OLD NEW",
        help="Say why spend changed between two periods: 2026-W46, 2026-11 or 2026-11-09..2026-11-15.",
        show_default=False,
    ),
]
Pace = Annotated[
    bool,
    typer.Option("--pace", help="Show the month to date and its expected end; needs --plan or --budget."),
]
Plan = Annotated[
    str | None, typer.Option("--plan", metavar="SCENARIO", help="Scenario with the planned cost.")
]
Strategy = Annotated[
    str | None, typer.Option("--strategy", metavar="NAME", help="Strategy of --plan (the proposed one).")
]
Budget = Annotated[
    str | None, typer.Option("--budget", metavar="AMOUNT", help="Budget of the month, for --pace.")
]
Against = Annotated[
    list[Path] | None,
    typer.Option(
        "--against",
        metavar="FILE",
        help="Reconcile with a provider's cost report; repeatable.",
        show_default=False,
    ),
]
Tolerance = Annotated[
    str | None,
    typer.Option("--tolerance", metavar="SHARE", help="Difference that --against accepts (1%)."),
]


def command(
    logs: Logs,
    by: By = None,
    time_zone: TimeZone = "UTC",
    dialect: Dialect = "auto",
    task_type: TaskType = None,
    success: Success = None,
    model_name: ModelName = None,
    since: Since = None,
    until: Until = None,
    allow_unpriced: AllowUnpriced = False,
    rejects: Rejects = None,
    max_rejects: MaxRejects = 0,
    save: Save = None,
    engine: Engine = "embedded",
    master: Master = None,
    write_actuals: WriteActuals = None,
    partial_months: PartialMonths = False,
    compare: Compare = None,
    pace: Pace = False,
    plan: Plan = None,
    strategy: Strategy = None,
    budget: Budget = None,
    against: Against = None,
    tolerance: Tolerance = None,
    pricing: options.Pricing = None,
    format: options.FormatOrFocus = None,
    output: options.Output = None,
    chart: options.Chart = None,
    size: options.ChartSize = None,
    theme: options.ChartTheme = None,
    force: options.Force = False,
    billing_account: options.BillingAccount = None,
    provider: options.Provider = None,
    library: options.Library = None,
) -> None:
    """Count and price the calls in logs, and reconcile logged costs.

    The exit code is 1 if more lines than --max-rejects cannot be read, if --pace expects more than the
    budget, and if --against finds differences beyond the tolerance.
    """
    _refuse_confusion(
        {"--compare": compare, "--pace": pace, "--against": against},
        {
            "--by": (by, None),
            "--write-actuals": (write_actuals, None),
            "--partial-months": (partial_months or None, None),
            "--plan": (plan, "--pace" if pace else None),
            "--strategy": (strategy, "--pace" if pace else None),
            "--budget": (budget, "--pace"),
            "--tolerance": (tolerance, "--against"),
        },
    )
    target = Output(format, output, chart, size, theme, force, has_charges=True)
    refused: dict[str, object] = {
        "--compare": compare,
        "--pace": pace,
        "--against": against,
        "--write-actuals": write_actuals,
    }
    refused |= {"--plan": plan, "--chart": chart}
    account = read_account(target, billing_account, provider, refused)
    claim(rejects, "--rejects", force=force)
    claim(write_actuals, "--write-actuals", force=force)
    claim(save, "--save", force=force)
    rejected = Rejected()
    with reading() as progress:
        source = log_source(
            logs,
            rejected,
            progress,
            dialect=dialect,
            task_type=task_type,
            success=success,
            time_zone=time_zone,
            since=since,
            until=until,
            model_name=model_name,
            allow_unpriced=allow_unpriced,
            save=None if save is None else partial(_save, save),
            engine=engine,
            master=master,
        )
        actuals = ""
        prices = Prices(pricing, library)
        with listing_unpriced():
            if target.wants_charges:
                report, is_fine = _charges(source, prices, by, account), True
            elif compare is not None:
                report, is_fine = _changed(source, prices, compare)
            elif pace:
                report, is_fine = _paced(source, prices, plan, strategy, budget)
            elif against:
                report, is_fine = _reconciled(source, prices, against, tolerance or "1%")
            else:
                report, is_fine, actuals = _used(
                    source, prices, by, plan, strategy, write_actuals, partial_months=partial_months
                )
    emit(report, target)
    if write_actuals is not None:
        write_text(actuals, write_actuals)
    if rejected.exceed(rejects, max_rejects) or not is_fine:
        raise typer.Exit(1)


def _save(file: Path, fill: Callable[[BinaryIO], None]) -> None:
    from routecost.cli.atomic_write import Writing, write_together

    write_together([Writing(file, fill, binary=True)])


@dataclass(frozen=True, slots=True)
class Prices:
    """Where prices come from."""

    sheet: str | None
    library: Path | None


Result = tuple["Report", bool]
"""A report, and whether nothing is beyond a limit."""


def _used(
    source: LogSource,
    prices: Prices,
    by: Sequence[str] | None,
    plan: str | None,
    strategy: str | None,
    actuals: Path | None,
    *,
    partial_months: bool,
) -> tuple[Report, bool, str]:
    from routecost.api.logs.usage import log_usage
    from routecost.report.logs.usage import report

    usage = log_usage(
        source,
        pricing=prices.sheet,
        by=by or ["model"],
        months=actuals is not None,
        partial_months=partial_months,
        plan=plan,
        strategy=strategy,
        library=prices.library,
    )
    if actuals is None:
        return report(usage), True, ""
    from routecost.api.logs.actuals import log_actuals

    return report(usage), True, log_actuals(usage, actuals.suffix)


def _charges(
    source: LogSource, prices: Prices, by: Sequence[str] | None, account: Mapping[str, Any]
) -> Report:
    from routecost.api.focus.charges import usage_focus
    from routecost.report.focus.rows import report

    rows = usage_focus(source, pricing=prices.sheet, by=by or (), library=prices.library, **account)
    return report(rows)


def _changed(source: LogSource, prices: Prices, periods: tuple[str, str]) -> Result:
    from routecost.api.logs.periods import spend_change
    from routecost.report.logs.periods import change_report

    change = spend_change(source, *periods, pricing=prices.sheet, library=prices.library)
    return change_report(change), True


def _paced(
    source: LogSource, prices: Prices, plan: str | None, strategy: str | None, budget: str | None
) -> Result:
    from routecost.api.logs.periods import spend_pace
    from routecost.report.logs.periods import pace_report

    pace = spend_pace(
        source, pricing=prices.sheet, plan=plan, strategy=strategy, budget=budget, library=prices.library
    )
    return pace_report(pace), not pace.is_over_budget


def _reconciled(source: LogSource, prices: Prices, costs: Sequence[Path], tolerance: str) -> Result:
    from routecost.api.logs.bills import usage_against
    from routecost.report.logs.bills import report

    usage = usage_against(source, costs, pricing=prices.sheet, tolerance=tolerance, library=prices.library)
    return report(usage), usage.agrees


def _refuse_confusion(
    modes: Mapping[str, object], belonging: Mapping[str, tuple[object, str | None]]
) -> None:
    """Raise UsageError for two modes, and for options of another mode than the one that is given."""
    given = [option for option, value in modes.items() if value]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} cannot be combined; use one of them")
    mode = given[0] if given else None
    for option, (value, needed) in belonging.items():
        if value is not None and mode != needed:
            raise UsageError(
                f"{option} requires {needed}" if needed else f"{option} cannot be used with {mode}"
            )
