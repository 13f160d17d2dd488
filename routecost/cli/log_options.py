"""Options of the commands that read logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from routecost.cli import options
from routecost.cli.output import say, write_text
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.api.logs.source import LogSource
    from routecost.ingest.logs.faults import Faults

SHOWN = 20
"""The number of rejected lines on stderr."""

Logs = Annotated[
    list[str],
    typer.Argument(metavar="LOGS", help="Logs: files, folders or globs, plain or .gz.", show_default=False),
]
TimeZone = Annotated[
    str, typer.Option("--time-zone", metavar="ZONE", help="Time zone of days, such as Europe/Berlin.")
]
_DIALECTS = (
    "otel, anthropic-usage, openai-usage, langfuse, langfuse-scores, litellm, codex, claude-code, helicone, "
    "openrouter, aws-cur-bedrock, gcp-billing, focus"
)
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


def log_source(  # noqa: PLR0913  the options of three commands
    logs: Sequence[str],
    rejected: Rejected,
    progress: Callable[[int, int], None] | None,
    *,
    dialect: str,
    task_type: str | None,
    time_zone: str,
    model_name: Sequence[str] | None,
    since: date | None,
    until: date | None,
    success: str | None = None,
    allow_unpriced: bool = False,
    engine: str = "embedded",
    master: str | None = None,
    save: Callable[[Callable[[BinaryIO], None]], None] | None = None,
) -> LogSource:
    """Return the logs of a command; rejected lines are noted in ``rejected``. Raises UsageError."""
    from routecost.api.logs.source import LogSource, read_names

    return LogSource(
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
        engine=engine,
        master=master,
        save=save,
    )


@contextmanager
def listing_unpriced(more: str = ", or leave these calls out with --allow-unpriced") -> Iterator[None]:
    """Report calls without a price one per line, and exit with 2; ``more`` says what else can be done."""
    from routecost.model.results.logs.usage import UnpricedCallsError

    try:
        yield
    except UnpricedCallsError as error:
        say(*(f"error: {group.model}: {group.text}" for group in error.calls))
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

    def exceed(self, file: Path | None, most: int) -> bool:
        """Write the places to ``file``, if there is one; say the first if there are more than ``most``."""
        if file is not None:
            write_text(self.text, file)
        if self.count > most:
            say(*self.first)
        return self.count > most
