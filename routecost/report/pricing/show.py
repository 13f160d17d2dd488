"""Report of the rates of a pricing sheet."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.documents.pricing.sheet_text import rate_text
from routecost.model.report.cells import Cell, Column, Shown, Unit
from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.model.results.price_lists import PriceList, PriceRow
from routecost.units import METERS, listed

_COLUMNS = (
    Column("tier", "tier"),
    Column("model", "model"),
    Column("mode", "mode"),
    Column("from", "from", Unit.DATE),
    Column("until", "until", Unit.DATE),
    Column("meter", "meter"),
    Column("price", "price", Unit.MONEY),
    Column("per", "per", Unit.COUNT),
    Column("above_tokens", "above tokens", Unit.COUNT),
    Column("checked", "checked", Unit.DATE),
    Column("source", "source"),
    Column("provider", "provider"),
    Column("effort", "effort"),
)
_FOR_PEOPLE = (
    Column("tier", "tier"),
    Column("model", "model"),
    Column("mode", "mode"),
    Column("above_tokens", "context above", Unit.COUNT),
    Column("from", "from", Unit.DATE),
)

MOST_SOURCES = 6

Line = tuple[str | None, str, str, int]
"""Tier, model, mode and context size of a table row."""


def report(prices: PriceList) -> Report:
    """Return the report of a price list: a row per rate for machines, per model for people."""
    return Report(
        command="pricing show",
        title=f"{prices.sheet}: prices{of_vendors(prices)} as of {prices.as_of}, in {prices.currency}",
        meta={"sheet": prices.sheet, "currency": prices.currency, "as_of": prices.as_of},
        blocks=tuple(_blocks(prices)),
        currency=prices.currency,
    )


def of_vendors(prices: PriceList) -> str:
    """Return the vendors of the prices as text, if there are several."""
    return f" of {listed(prices.providers)}" if len(prices.providers) > 1 else ""


def _blocks(prices: PriceList) -> Iterator[Block]:
    yield Table("prices", _COLUMNS, [_cells(row) for row in prices.rows], audience=Audience.MACHINES)
    yield _table(prices)
    yield Note.of(_units({row.meter for row in prices.rows}))
    for text in prices.hours:
        yield Note.of(text)
    yield from _source_notes(prices)
    if prices.has_terms:
        yield Note.of("These are list prices, without the commercial terms of the sheet.")
    if prices.allowances:
        yield Note.of(f"Allowances: {'; '.join(prices.allowances)}.")
    for text in prices.unpriced:
        yield Note.of(text, warning=True)


def _cells(row: PriceRow) -> tuple[Cell, ...]:
    return (
        row.tier,
        row.model,
        row.mode,
        row.start,
        row.until,
        row.meter,
        row.price,
        row.per,
        row.above_tokens or None,
        row.checked,
        row.source,
        row.provider,
        row.effort,
    )


def _table(prices: PriceList) -> Table:
    meters = [meter for meter in METERS if any(row.meter == meter for row in prices.rows)]
    lines: dict[Line, dict[str, PriceRow]] = {}
    for row in prices.rows:
        model = f"{row.model}, effort {row.effort}" if row.effort else row.model
        lines.setdefault((row.tier, model, row.mode, row.above_tokens), {})[row.meter] = row
    columns = (*_FOR_PEOPLE, *(Column(meter, meter, Unit.NUMBER) for meter in meters))
    rows = [_line(line, rates, meters) for line, rates in lines.items()]
    return Table("rates", columns, rows, audience=Audience.PEOPLE)


def _line(line: Line, rates: dict[str, PriceRow], meters: list[str]) -> tuple[Cell, ...]:
    start = next(iter(rates.values())).start
    tier, model, mode, above = line
    about = (tier, model, mode, Shown(above, f"{above:,}" if above else ""))
    prices = (
        Shown(rates[meter].price, rate_text(rates[meter].price)) if meter in rates else None
        for meter in meters
    )
    return (*about, Shown(start, "unknown" if start is None else str(start)), *prices)


def _units(meters: set[str]) -> str:
    by_size: dict[int, list[str]] = {}
    for name, meter in METERS.items():
        if name in meters:
            by_size.setdefault(meter.per, []).append(name)
    parts = [f"{', '.join(names)} per {per:,}" for per, names in sorted(by_size.items(), reverse=True)]
    return "; ".join(parts) + "." if parts else "No prices."


def _source_notes(prices: PriceList) -> Iterator[Note]:
    """Yield the source of each model and its check date, unless there are too many."""
    models_by_source = _models_by_source(prices)
    if len(models_by_source) > MOST_SOURCES:
        models_by_source = _models_by_source(prices, without_models=True)
    if len(models_by_source) > MOST_SOURCES:
        yield Note.of(
            f"{len(models_by_source)} sources; use --format csv or json for the source of each price."
        )
        return
    for source, models in models_by_source.items():
        yield Note.of(f"{', '.join(models)}: {source}.")


def _models_by_source(prices: PriceList, *, without_models: bool = False) -> dict[str, dict[str, None]]:
    """Return the models of each source with its check date; sources may be named without their models."""
    by_source: dict[str, dict[str, None]] = {}
    for row in prices.rows:
        checked = "never checked" if row.checked is None else f"checked {row.checked}"
        source = row.source.removesuffix(f"/{row.model}") if without_models else row.source
        by_source.setdefault(f"{source}, {checked}", {})[row.model] = None
    return by_source
