"""``routecost replay``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated

import typer

from routecost.cli import options
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
    TaskType,
    TimeZone,
    Until,
    listing_unpriced,
    log_source,
)
from routecost.cli.output import Output, emit, say
from routecost.cli.output_files import claim
from routecost.cli.progress import reading
from routecost.errors import UsageError

Tables = Annotated[
    list[str] | None,
    typer.Option("--table", metavar="TABLE", help="Replay under this routing table; repeatable."),
]
Scenario = Annotated[
    str | None,
    typer.Option("--scenario", metavar="SCENARIO", help="Replay under the strategies of this scenario."),
]
Strategies = Annotated[
    list[str] | None,
    typer.Option("--strategy", metavar="NAME", help="Only this strategy of --scenario; repeatable."),
]
Pricing = Annotated[
    list[str] | None,
    typer.Option(
        "--pricing",
        metavar="SHEET",
        help="Sheet with the prices at which the calls ran; further ones reprice them.",
    ),
]
DefaultTier = Annotated[
    str | None,
    typer.Option(
        "--default-tier", metavar="TIER", help="Tier of task types that a table does not have, or as-logged."
    ),
]
BySession = Annotated[
    bool, typer.Option("--by-session", help="Follow the caches of each session by the times of its calls.")
]
OutputFactor = Annotated[
    list[str] | None,
    typer.Option(
        "--output-factor",
        metavar="MODEL=FACTOR",
        help="Length of a model's or tier's answers relative to the logged ones; repeatable (1).",
    ),
]


def command(
    logs: Logs,
    table: Tables = None,
    scenario: Scenario = None,
    strategy: Strategies = None,
    pricing: Pricing = None,
    default_tier: DefaultTier = None,
    by_session: BySession = False,
    output_factor: OutputFactor = None,
    time_zone: TimeZone = "UTC",
    dialect: Dialect = "auto",
    task_type: TaskType = None,
    model_name: ModelName = None,
    since: Since = None,
    until: Until = None,
    allow_unpriced: AllowUnpriced = False,
    rejects: Rejects = None,
    max_rejects: MaxRejects = 0,
    engine: Engine = "embedded",
    master: Master = None,
    format: options.Format = None,
    output: options.Output = None,
    chart: options.Chart = None,
    size: options.ChartSize = None,
    theme: options.ChartTheme = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Price logged calls under other tables, strategies and sheets.

    The exit code is 1 if more lines than --max-rejects cannot be read.
    """
    from routecost.api.logs.replay import ReplayOptions, replay
    from routecost.report.logs.replay import report

    target = Output(format, output, chart, size, theme, force)
    claim(rejects, "--rejects", force=force)
    rejected = Rejected()
    chosen = ReplayOptions(default_tier, by_session, _factors(output_factor or ()))
    with reading() as progress:
        source = log_source(
            logs,
            rejected,
            progress,
            dialect=dialect,
            task_type=task_type,
            time_zone=time_zone,
            since=since,
            until=until,
            model_name=model_name,
            allow_unpriced=allow_unpriced,
            engine=engine,
            master=master,
        )
        with listing_unpriced(), _listing_unrouted():
            result = replay(
                source,
                tables=table or (),
                scenario=scenario,
                strategies=strategy or (),
                pricing=pricing or (),
                options=chosen,
                library=library,
            )
    emit(report(result), target)
    if rejected.exceed(rejects, max_rejects):
        raise typer.Exit(1)


@contextmanager
def _listing_unrouted() -> Iterator[None]:
    """Report calls that cannot be replayed one reason per line, and exit with 2."""
    from routecost.model.results.logs.replay import UnroutedCallsError

    try:
        yield
    except UnroutedCallsError as error:
        say(*(f"error: {line}" for line in error.lines))
        if error.is_routable:
            say(
                "--task-type RULE says where task types are; --default-tier TIER is for those without a route"
            )
        raise typer.Exit(2) from error


def _factors(texts: Sequence[str]) -> dict[str, Decimal]:
    from routecost.units import read_number

    factors = {}
    for text in texts:
        model, _, number = text.rpartition("=")
        factor = read_number(number)
        if not model or factor is None:
            raise UsageError(f'--output-factor "{text}" has no factor; expected MODEL=FACTOR, such as x=1.2')
        factors[model] = factor.value
    return factors
