"""``routecost pricing price``."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from routecost.cli import options
from routecost.cli.options import Sheet
from routecost.cli.output import Output, emit
from routecost.errors import UsageError

Counts = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="METER=N", help="Units per call, such as input=2000 output=500.", show_default=False
    ),
]
Calls = Annotated[str | None, typer.Option("--calls", metavar="N", help="Number of such calls (1).")]
Summed = Annotated[
    bool, typer.Option("--summed", help="The units are sums over many calls, not those of one.")
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="MODEL", help="Price on this model or tier; repeatable (all tiers)."),
]
Mode = Annotated[
    str, typer.Option("--mode", metavar="MODE", help="Processing mode, such as batch.", show_default=True)
]


def command(
    sheet: Sheet,
    counts: Counts = None,
    calls: Calls = None,
    summed: Summed = False,
    model: Models = None,
    mode: Mode = "standard",
    as_of: options.AsOf = None,
    format: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Price calls, or the sums of many, on models of a sheet."""
    from routecost.api import pricing as pricing_api
    from routecost.report.pricing.price import report

    if summed and calls is not None:
        raise UsageError("--summed cannot be used with --calls; state the units of one call, or sums")
    target = Output(format, output, force=force)
    number = None if summed else _number("--calls", "1" if calls is None else calls)
    priced = pricing_api.price_usage(
        sheet,
        _counts(counts or ()),
        calls=number,
        models=model or (),
        mode=mode,
        as_of=as_of,
        library=library,
    )
    emit(report(priced), target)


def _counts(texts: list[str] | tuple[str, ...]) -> dict[str, Decimal]:
    counts: dict[str, Decimal] = {}
    for text in texts:
        meter, sign, number = text.partition("=")
        if not sign:
            raise UsageError(f'"{text}" is not valid; expected METER=N, such as input=2000')
        if meter in counts:
            raise UsageError(f'meter "{meter}" is given twice; add the counts up')
        counts[meter] = _number(meter, number)
    return counts


def _number(name: str, text: str) -> Decimal:
    try:
        if len(text) <= 40 and text.isascii() and "_" not in text:
            return Decimal(text)
    except InvalidOperation:
        pass
    raise UsageError(f'{name}: "{text}" is not a number')
