"""``routecost usage``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, say, write_text
from routecost.cli.output_files import claim
from routecost.cli.progress import reading
from routecost.errors import UsageError
from routecost.records import dataclass

SHOWN = 20
"""The number of rejected lines on stderr."""

if TYPE_CHECKING:
    from routecost.api.logs.source import LogSource
    from routecost.ingest.logs.faults import Faults
    from routecost.model.report.report import Report

_DIALECTS = (
    "otel, anthropic-usage, openai-usage, langfuse, langfuse-scores, litellm, codex, claude-code, helicone, "
    "openrouter, aws-cur-bedrock, gcp-billing, focus"
)

Logs = Annotated[
    list[str],
    typer.Argument(metavar="LOGS", help="Logs: files, folders or globs, plain or .gz.", show_default=False),
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="KEY",
        help="Group by task-type, tier, model, day, week, month, agent or outcome; repeatable (model).",
        show_default=False,
    ),
]
TimeZone = Annotated[
    str, typer.Option("--time-zone", metavar="ZONE", help="Time zone of days, such as Europe/Berlin.")
]
Dialect = Annotated[
    str,
    typer.Option(
        "--dialect", metavar="NAME", help=f"Format of the logs: auto, {_DIALECTS} or a mapping file."
    ),
]
TaskType = Annotated[
    str | None,
    typer.Option(
        "--task-type",
        metavar="RULE",
        help="Task type: a label such as agent or project, column:NAME, tag:NAME, rules:FILE or =NAME.",
    ),
]
Success = Annotated[
    str | None,
    typer.Option(
        "--success",
        metavar="SCORE",
        help="Score that makes a task a success, such as quality>=0.8 or verdict=correct.",
    ),
]
ModelName = Annotated[
    list[str] | None,
    typer.Option(
        "--model-name", metavar="LOGGED=MODEL", help="The sheet's model for a logged name; repeatable."
    ),
]
Since = Annotated[date | None, typer.Option("--since", metavar="DAY", parser=options.day, help="First day.")]
Until = Annotated[date | None, typer.Option("--until", metavar="DAY", parser=options.day, help="Last day.")]
AllowUnpriced = Annotated[
    bool, typer.Option("--allow-unpriced", help="Leave out calls without a price: costs are lower bounds.")
]
Rejects = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="FILE", help="Write the places of rejected lines to FILE as CSV."),
]
Save = Annotated[
    Path | None,
    typer.Option("--save", metavar="FILE", help="Write the calls as Parquet, to be read again as a log."),
]
MaxRejects = Annotated[
    int, typer.Option("--max-rejects", metavar="N", min=0, help="Exit 1 if more lines are rejected.")
]

Engine = Annotated[
    str, typer.Option("--engine", metavar="NAME", help="Engine that groups the calls: embedded or spark.")
]
Master = Annotated[
    str | None,
    typer.Option("--master", metavar="URL", help="Spark cluster that reads saved calls, for --engine spark."),
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
        help="Say why spend changed between two periods, such as 2026-11-09..2026-11-15.",
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
    format: options.Format = None,
    output: options.Output = None,
    chart: options.Chart = None,
    size: options.ChartSize = None,
    theme: options.ChartTheme = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Count and price the calls in logs, and reconcile logged costs.

    The exit code is 1 if more lines than --max-rejects cannot be read, if --pace expects more than the
    budget, and if --against finds differences beyond the tolerance.
    """
    from routecost.api.logs.source import LogSource, read_names

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
    target = Output(format, output, chart, size, theme, force)
    claim(rejects, "--rejects", force=force)
    claim(write_actuals, "--write-actuals", force=force)
    claim(save, "--save", force=force)
    rejected = Rejected()
    with reading() as progress:
        source = LogSource(
            logs,
            dialect=dialect,
            task_types=task_type,
            success=success,
            time_zone=time_zone,
            since=since,
            until=until,
            models=read_names(model_name or ()),
            allow_unpriced=allow_unpriced,
            progress=progress,
            rejects=rejected.take,
            save=None if save is None else partial(_save, save),
            engine=engine,
            master=master,
        )
        actuals = ""
        prices = Prices(pricing, library)
        with listing_unpriced():
            if compare is not None:
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
    if rejects is not None:
        write_text(rejected.text, rejects)
    if rejected.count > max_rejects:
        say(*rejected.first)
    if rejected.count > max_rejects or not is_fine:
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

    month = spend_pace(
        source, pricing=prices.sheet, plan=plan, strategy=strategy, budget=budget, library=prices.library
    )
    return pace_report(month), not month.is_over_budget


def _reconciled(source: LogSource, prices: Prices, costs: Sequence[Path], tolerance: str) -> Result:
    from routecost.api.logs.bills import usage_against
    from routecost.report.logs.bills import report

    bills = usage_against(source, costs, pricing=prices.sheet, tolerance=tolerance, library=prices.library)
    return report(bills), bills.agrees


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


@contextmanager
def listing_unpriced(more: str = ", or leave these calls out with --allow-unpriced") -> Iterator[None]:
    """Report calls without a price one per line, and exit with 2; ``more`` says what else can be done."""
    from routecost.model.results.logs.usage import UnpricedCallsError

    try:
        yield
    except UnpricedCallsError as error:
        say(
            *(
                f"error: {missing.model}: {missing.calls:,} call{'s'[: missing.calls - 1]}: {missing.reason}"
                for missing in error.calls
            )
        )
        say(f"map logged names with --model-name LOGGED=MODEL{more}")
        raise typer.Exit(2) from error


@dataclass
class Rejected:
    """The number and the places of rejected lines; ``first`` are those for stderr."""

    text: str = ""
    count: int = 0
    first: list[str] = field(default_factory=list)

    def take(self, faults: Faults) -> None:
        """Note rejected lines."""
        self.count = faults.count
        self.first = [str(reject) for reject in faults.rejects[:SHOWN]]
        from routecost.ingest.logs.faults import write_rejects

        text = StringIO()
        write_rejects(faults, text)
        self.text = text.getvalue()
