"""``routecost usage``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, say, write_text
from routecost.cli.output_files import claim
from routecost.cli.progress import reading
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.ingest.logs.faults import Faults

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
Dialect = Annotated[str, typer.Option("--dialect", metavar="NAME", help="Format of the logs.")]
TaskType = Annotated[
    str | None,
    typer.Option(
        "--task-type",
        metavar="RULE",
        help="Take the task type from a field or label, such as agent.",
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
    typer.Option("--rejects", metavar="FILE", help="Write the places of rejected lines to FILE."),
]
MaxRejects = Annotated[
    int, typer.Option("--max-rejects", metavar="N", min=0, help="Exit 1 if more lines are rejected.")
]


def command(
    logs: Logs,
    by: By = None,
    time_zone: TimeZone = "UTC",
    dialect: Dialect = "auto",
    task_type: TaskType = None,
    model_name: ModelName = None,
    since: Since = None,
    until: Until = None,
    allow_unpriced: AllowUnpriced = False,
    rejects: Rejects = None,
    max_rejects: MaxRejects = 0,
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

    The exit code is 1 if more lines than --max-rejects cannot be read.
    """
    from routecost.api.logs.source import LogSource, read_names
    from routecost.api.logs.usage import log_usage
    from routecost.report.logs.usage import report

    target = Output(format, output, chart, size, theme, force)
    claim(rejects, "--rejects", force=force)
    rejected = Rejected()
    with reading() as progress:
        source = LogSource(
            logs,
            dialect=dialect,
            task_types=task_type,
            time_zone=time_zone,
            since=since,
            until=until,
            models=read_names(model_name or ()),
            allow_unpriced=allow_unpriced,
            progress=progress,
            rejects=rejected.take,
        )
        with listing_unpriced():
            usage = log_usage(source, pricing=pricing, by=by or ["model"], library=library)
    emit(report(usage), target)
    if rejects is not None:
        write_text(rejected.text, rejects)
    if usage.facts.rejected > max_rejects:
        say(*usage.facts.rejects)
        raise typer.Exit(1)


@contextmanager
def listing_unpriced() -> Iterator[None]:
    """Report calls without a price one per line, and exit with 2."""
    from routecost.model.results.logs.usage import UnpricedCallsError

    try:
        yield
    except UnpricedCallsError as error:
        say(
            *(
                f"error: {found.model}: {found.calls:,} call{'s'[: found.calls - 1]}: {found.reason}"
                for found in error.calls
            )
        )
        say("map logged names with --model-name LOGGED=MODEL, or leave these calls out with --allow-unpriced")
        raise typer.Exit(2) from error


@dataclass
class Rejected:
    """The places of rejected lines, as text."""

    text: str = ""

    def take(self, faults: Faults) -> None:
        """Note rejected lines."""
        lines = [f"{reject}\n" for reject in faults]
        more = faults.count - len(lines)
        self.text = "".join(lines) + (f"... and {more:,} more rejected lines\n" if more else "")
