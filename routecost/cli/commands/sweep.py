"""``routecost sweep``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from routecost.cli import options
from routecost.cli.output import Output, emit, show_findings
from routecost.cli.progress import counting
from routecost.cli.scenario_argument import load_scenario, scenario_argument
from routecost.errors import UsageError
from routecost.model.results.mix_sweep import DEFAULT_STEP
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.model.report.report import Report

Mix = Annotated[bool, typer.Option("--mix", help="Sweep all tier mixes on a grid.")]
Step = Annotated[
    str | None,
    typer.Option("--step", metavar="SHARE", help=f"Grid step of the shares of --mix ({DEFAULT_STEP})."),
]
Hold = Annotated[
    list[str] | None,
    typer.Option(
        "--hold", metavar="TIER=SHARE", help="Fix the share of a tier, such as opus=5%; repeatable."
    ),
]
Range = Annotated[
    list[str] | None,
    typer.Option(
        "--range",
        metavar="TIER=LOW:HIGH",
        help="Limit the share of a tier, such as haiku=50%:90%; repeatable.",
    ),
]
Over = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        metavar="FIELD=VALUES",
        help="Sweep a field over START:STOP:STEP or a,b,c, such as tokens.input=1000:9000:1000; up to three.",
    ),
]
Tornado = Annotated[bool, typer.Option("--tornado", help="Rank assumptions by their effect on monthly cost.")]
DEFAULT_BY = "20%"
By = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="SHARE", help=f"Change that --tornado applies to each assumption ({DEFAULT_BY})."
    ),
]


def command(
    scenario: options.Scenario = None,
    mix: Mix = False,
    step: Step = None,
    hold: Hold = None,
    range: Range = None,  # noqa: A002  the option's name
    over: Over = None,
    tornado: Tornado = False,
    by: By = None,
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    baseline: options.Baseline = None,
    strategy: options.Strategies = None,
    format: options.Format = None,
    output: options.Output = None,
    chart: options.Chart = None,
    size: options.ChartSize = None,
    theme: options.ChartTheme = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Sweep tier mixes or scenario fields, or rank assumptions."""
    _refuse_confusion(
        {"--mix": mix, "--over": over, "--tornado": tornado},
        {
            "--step": (step, "--mix"),
            "--hold": (hold, "--mix"),
            "--range": (range, "--mix"),
            "--by": (by, "--tornado"),
        },
    )
    if chart is not None and _is_of_plan(over or ()):
        raise UsageError("--chart cannot be used with --over of a field of the plan")
    target = Output(format, output, chart, size, theme, force)
    settings = SweepOptions(scenario, pricing, as_of, baseline, tuple(strategy or ()), library)
    if mix:
        result = _mixes(settings, DEFAULT_STEP if step is None else step, hold or (), range or ())
    elif over:
        result = _fields(settings, over)
    else:
        result = _assumptions(settings, DEFAULT_BY if by is None else by)
    emit(result, target)


def _is_of_plan(over: Sequence[str]) -> bool:
    return any(text.strip().startswith("plan.") for text in over)


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """Options shared by all kinds of sweep."""

    scenario: str | None
    pricing: str | None
    as_of: date | None
    baseline: str | None
    strategies: tuple[str, ...]
    library: Path | None


def _mixes(settings: SweepOptions, step: str, hold: Sequence[str], ranges: Sequence[str]) -> Report:
    from routecost.api import mix_sweep as sweep_api
    from routecost.model.results.mix_sweep import MixGrid
    from routecost.report.mixes.sweep import report

    MixGrid.parse(step, hold, ranges)
    loaded = load_scenario(
        settings.scenario, pricing=settings.pricing, as_of=settings.as_of, library=settings.library
    )
    return report(
        sweep_api.sweep(
            loaded,
            step=step,
            hold=hold,
            ranges=ranges,
            baseline=settings.baseline,
            strategies=settings.strategies,
        )
    )


def _fields(settings: SweepOptions, over: Sequence[str]) -> Report:
    sweep: Callable[..., Any]
    report: Callable[[Any], Report]
    if _is_of_plan(over):
        from routecost.api.plans.sweep import sweep_plan as sweep
        from routecost.report.sensitivity.plan_sweep import report
    else:
        from routecost.api.sensitivity import sweep_over as sweep
        from routecost.report.sensitivity.field_sweep import report
    with counting("points") as progress:
        swept = sweep(
            scenario_argument(settings.scenario),
            over,
            pricing=settings.pricing,
            as_of=settings.as_of,
            baseline=settings.baseline,
            strategies=settings.strategies,
            library=settings.library,
            progress=progress,
        )
    show_findings(swept.warnings)
    return report(swept)


def _assumptions(settings: SweepOptions, by: str) -> Report:
    if settings.baseline is not None:
        raise UsageError("--baseline cannot be used with --tornado")
    from routecost.api import sensitivity as sensitivity_api
    from routecost.report.sensitivity.tornado import report

    tornado = sensitivity_api.tornado(
        scenario_argument(settings.scenario),
        by=by,
        strategy=_only(settings.strategies),
        pricing=settings.pricing,
        as_of=settings.as_of,
        library=settings.library,
    )
    show_findings(tornado.warnings)
    return report(tornado)


def _refuse_confusion(modes: Mapping[str, object], belonging: Mapping[str, tuple[object, str]]) -> None:
    """Raise UsageError unless exactly one mode is set, with only its own options."""
    settings = [option for option, given in modes.items() if given]
    if not settings:
        raise UsageError(
            "nothing to sweep; expected --mix (all tier mixes), --over FIELD=VALUES or --tornado"
        )
    if len(settings) > 1:
        raise UsageError(f"{' and '.join(settings)} cannot be combined; use one of them")
    for option, (given, mode) in belonging.items():
        if given is not None and mode != settings[0]:
            raise UsageError(f"{option} requires {mode}; it cannot be used with {settings[0]}")


def _only(strategies: tuple[str, ...]) -> str | None:
    if len(strategies) > 1:
        raise UsageError("--tornado takes only one --strategy")
    return strategies[0] if strategies else None
