"""``routecost sweep``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from routecost.cli import options
from routecost.cli.inputs import load_scenario, scenario_argument
from routecost.cli.output import Output, emit, show_findings
from routecost.cli.progress import counting
from routecost.errors import UsageError
from routecost.model.grid import DEFAULT_STEP

if TYPE_CHECKING:
    from collections.abc import Mapping

Mix = Annotated[bool, typer.Option("--mix", help="Sweep all mixes of the tiers on a grid.")]
Step = Annotated[
    str | None,
    typer.Option("--step", metavar="SHARE", help=f"How far apart the shares of --mix are ({DEFAULT_STEP})."),
]
Hold = Annotated[
    list[str] | None,
    typer.Option("--hold", metavar="TIER=SHARE", help="Keep a tier at a share, as in opus=5%; repeatable."),
]
Range = Annotated[
    list[str] | None,
    typer.Option(
        "--range",
        metavar="TIER=LOW:HIGH",
        help="Keep a tier between shares, as in haiku=50%:90%; repeatable.",
    ),
]
Over = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        metavar="FIELD=VALUES",
        help="Sweep a field over START:STOP:STEP or a,b,c, as in tokens.input=1000:9000:1000; up to three.",
    ),
]
Tornado = Annotated[
    bool, typer.Option("--tornado", help="Tell which assumption moves a strategy's month most.")
]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="SHARE", help="How far --tornado moves each assumption (20%)."),
]
DEFAULT_BY = "20%"


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
    library: options.Library = None,
) -> None:
    """Price mixes of the tiers, or a scenario with its fields changed; tell what moves its cost most."""
    _refuse_confusion(
        {"--mix": mix, "--over": over, "--tornado": tornado},
        {
            "--step": (step, "--mix"),
            "--hold": (hold, "--mix"),
            "--range": (range, "--mix"),
            "--by": (by, "--tornado"),
        },
    )
    to = Output(format, output, chart)
    if mix:
        if strategy:
            raise UsageError("--strategy makes no sense with --mix, which prices mixes")
        from routecost import api
        from routecost.report.sweep import report

        loaded = load_scenario(scenario, pricing=pricing, as_of=as_of, library=library)
        step = DEFAULT_STEP if step is None else step
        made = api.sweep(loaded, step=step, hold=hold or (), ranges=range or (), baseline=baseline)
        emit(report(made), to)
        return
    from routecost import sensitivity_api

    name = scenario_argument(scenario)
    if over:
        from routecost.report.field_sweep import report as report_fields

        with counting("points") as progress:
            swept = sensitivity_api.sweep_over(
                name,
                over,
                pricing=pricing,
                as_of=as_of,
                baseline=baseline,
                strategies=strategy or (),
                library=library,
                progress=progress,
            )
        show_findings(swept.warnings)
        emit(report_fields(swept), to)
        return
    if baseline is not None:
        raise UsageError("--baseline makes no sense with --tornado, which compares nothing")
    from routecost.report.tornado import report as report_tornado

    found = sensitivity_api.tornado(
        name,
        by=DEFAULT_BY if by is None else by,
        strategy=_only(strategy),
        pricing=pricing,
        as_of=as_of,
        library=library,
    )
    show_findings(found.warnings)
    emit(report_tornado(found), to)


def _refuse_confusion(
    ways: Mapping[str, object], belonging: Mapping[str, tuple[object, str]]
) -> None:
    """Raise UsageError unless one way is chosen, and only its options are given."""
    chosen = [option for option, given in ways.items() if given]
    if not chosen:
        raise UsageError(
            "nothing to sweep; expected --mix, for all mixes of the tiers, --over FIELD=VALUES or --tornado"
        )
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} are given; expected one of them")
    for option, (given, way) in belonging.items():
        if given is not None and way != chosen[0]:
            raise UsageError(f"{option} belongs to {way}; {chosen[0]} is given")


def _only(strategies: list[str] | None) -> str | None:
    if strategies and len(strategies) > 1:
        raise UsageError("--strategy is given twice; expected one strategy with --tornado")
    return strategies[0] if strategies else None
