"""``routecost sweep``."""

from __future__ import annotations

from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.inputs import load_scenario
from routecost.cli.output import Output, emit
from routecost.errors import UsageError
from routecost.model.grid import DEFAULT_STEP

Mix = Annotated[bool, typer.Option("--mix", help="Sweep all mixes of the tiers on a grid.")]
Step = Annotated[str, typer.Option("--step", metavar="SHARE", help="How far apart the shares are.")]
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


def command(
    scenario: options.Scenario = None,
    mix: Mix = False,
    step: Step = DEFAULT_STEP,
    hold: Hold = None,
    range: Range = None,  # noqa: A002  the option's name
    pricing: options.Pricing = None,
    as_of: options.AsOf = None,
    baseline: options.Baseline = None,
    format: options.Format = None,
    output: options.Output = None,
    chart: options.Chart = None,
    library: options.Library = None,
) -> None:
    """Price all mixes of the tiers on a grid, and tell which cost less than the default."""
    if not mix:
        raise UsageError("nothing to sweep; expected --mix, for all mixes of the tiers")
    from routecost import api
    from routecost.report.sweep import report

    loaded = load_scenario(scenario, pricing=pricing, as_of=as_of, library=library)
    made = api.sweep(loaded, step=step, hold=hold or (), ranges=range or (), baseline=baseline)
    emit(report(made), Output(format, output, chart))
