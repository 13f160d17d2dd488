"""``routecost init``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.log_options import (
    Dialect,
    MaxRejects,
    ModelName,
    Since,
    Success,
    TaskType,
    TimeZone,
    Until,
)
from routecost.cli.output import say, write_text

Folder = Annotated[str, typer.Argument(metavar="FOLDER", help="Folder of the fleet; it is made if needed.")]
TasksPerDay = Annotated[
    str | None, typer.Option("--tasks-per-day", metavar="N", help="Tasks of a day; default: 500.")
]
Tokens = Annotated[
    str | None,
    typer.Option(
        "--tokens",
        metavar="input=N,output=N",
        help="Mean tokens of a task; default: input=2000,output=500.",
    ),
]
EffortOutput = Annotated[
    list[str] | None,
    typer.Option(
        "--effort-output",
        metavar="TIER=N",
        help="Mean output tokens of a task on a tier with an effort; repeatable; no default.",
    ),
]
Task = Annotated[
    list[str] | None,
    typer.Option(
        "--task",
        metavar="NAME=TIER",
        help="Task type and the tier that runs it; repeatable; default: one per tier.",
    ),
]
Mix = Annotated[
    str | None,
    typer.Option(
        "--mix",
        metavar="80/15/5",
        help="Percentages of the tasks by tier from low to high; default: most on the lowest.",
    ),
]
Sheet = Annotated[
    str | None,
    typer.Option(
        "--pricing", metavar="SHEET", help="Pricing sheet, by path or name; default: the newest built-in."
    ),
]
Budget = Annotated[
    str | None,
    typer.Option(
        "--budget", metavar="AMOUNT", help="Budget of a month, in the currency of the sheet; default: none."
    ),
]
Action = Annotated[
    str | None,
    typer.Option(
        "--action",
        metavar="OWNER/REPOSITORY@COMMIT",
        help="Action of the CI job; default: OWNER/routecost@main, to be replaced.",
    ),
]
NoCi = Annotated[bool, typer.Option("--no-ci", help="Write no CI job.")]
FromLogs = Annotated[
    list[str] | None,
    typer.Option(
        "--from-logs",
        metavar="LOGS",
        help="Learn volumes, tokens, task types, tiers and evidence from logs; repeatable.",
    ),
]
AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        parser=options.day,
        help="State this date for prices; default: none, or the last day of the logs.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: use the options and defaults.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the files instead of writing them.")]
Force = Annotated[bool, typer.Option("--force", help="Replace existing files.")]


def command(
    folder: Folder = ".",
    pricing: Sheet = None,
    tasks_per_day: TasksPerDay = None,
    tokens: Tokens = None,
    effort_output: EffortOutput = None,
    task: Task = None,
    mix: Mix = None,
    budget: Budget = None,
    action: Action = None,
    no_ci: NoCi = False,
    from_logs: FromLogs = None,
    dialect: Dialect = "auto",
    task_type: TaskType = None,
    success: Success = None,
    model_name: ModelName = None,
    time_zone: TimeZone = "UTC",
    since: Since = None,
    until: Until = None,
    max_rejects: MaxRejects = 0,
    as_of: AsOf = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    force: Force = False,
    library: options.Library = None,
) -> None:
    """Write a scenario, a routing table and a CI job for your fleet.

    On a terminal, it asks for what no option states. With --from-logs, the exit code is 1 if more lines than
    --max-rejects cannot be read.
    """
    from routecost.api.init.new_fleet import new_fleet
    from routecost.cli.commands.init.logs import LogOptions, learned_from
    from routecost.cli.commands.init.questions import Given, answers_of
    from routecost.cli.commands.init.writing import NewFiles

    files = NewFiles.of(Path(folder), has_ci=not no_ci, has_logs=bool(from_logs))
    if not dry_run:
        files.refuse_existing(force=force)
    given = Given(pricing, tasks_per_day, tokens, effort_output, task, mix, budget, action, no_ci, library)
    logged = None
    if from_logs:
        options_of_logs = LogOptions(
            dialect, task_type, success, model_name, time_zone, since, until, max_rejects
        )
        logged = learned_from(from_logs, options_of_logs, given, as_of)
    answers = answers_of(given, asks=not yes and logged is None)
    fleet = new_fleet(
        answers.fleet if logged is None else logged.calibration,
        folder,
        pricing=answers.fleet.pricing,
        budget=answers.fleet.budget,
        action=answers.action,
        as_of=as_of,
        library=library,
    )
    say(*(f"warning: {warning}" for warning in fleet.warnings))
    if dry_run:
        write_text(files.shown(fleet), None)
    else:
        files.write(fleet, force=force)
        write_text(files.done(fleet), None)
    if logged is not None and logged.exceeds:
        raise typer.Exit(1)
