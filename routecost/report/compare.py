"""A comparison as a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from routecost.model.report import (
    Bar,
    BarFigure,
    Block,
    Cell,
    Column,
    Meta,
    Note,
    Quantity,
    Report,
    Scalar,
    Shown,
    Table,
    Unit,
)
from routecost.model.results import Comparison, Savings, StrategyCost


def report(comparison: Comparison) -> Report:
    """Return the report of a comparison: a row per strategy, and what the proposal saves."""
    blocks: list[Block] = [_table(comparison)]
    blocks += [_savings_note(comparison.savings)] if comparison.savings else []
    blocks += [Note.of(text) for text in comparison.notes]
    return Report(
        command="compare",
        title=f"{comparison.scenario}: {comparison.pricing} prices as of {comparison.as_of}",
        meta=_meta(comparison),
        blocks=tuple(blocks),
        currency=comparison.currency,
        figure=_figure(comparison),
    )


def _columns(comparison: Comparison) -> dict[str, Column]:
    baseline = comparison.baseline or "baseline"
    columns = (
        Column("strategy", "strategy"),
        Column("cost_per_task", "per task", Unit.MONEY),
        Column("cost_per_day", "per day", Unit.MONEY),
        Column("cost_per_month", "per month", Unit.MONEY),
        Column("cost_per_year", "per year", Unit.MONEY),
        Column("vs_baseline", f"vs. {baseline}", Unit.CHANGE),
        Column("tasks_per_budget", "tasks in budget", Unit.COUNT),
    )
    return {column.key: column for column in columns}


def _table(comparison: Comparison) -> Table:
    known = _columns(comparison)
    columns = tuple(known[key] for key in comparison.columns)
    return Table("strategies", columns, [list(_cells(comparison, cost)) for cost in comparison.strategies])


def _cells(comparison: Comparison, cost: StrategyCost) -> Iterator[Cell]:
    for key in comparison.columns:
        value: Scalar = getattr(cost, key)
        is_reference = key == "vs_baseline" and cost.strategy == comparison.baseline
        yield Shown(value, "baseline") if is_reference else value


def _meta(comparison: Comparison) -> Meta:
    return {
        "scenario": comparison.scenario,
        "pricing": comparison.pricing,
        "as_of": comparison.as_of,
        "currency": comparison.currency,
        "tasks_per_day": comparison.tasks_per_day,
        "baseline": comparison.baseline,
        "default": comparison.default,
        "proposed": comparison.proposed,
        "savings": None if comparison.savings is None else asdict(comparison.savings),
    }


def _savings_note(savings: Savings) -> Note:
    is_dearer = savings.per_month < 0
    saved = savings.fraction
    fraction: list[str | Quantity] = [] if saved is None else [Quantity(abs(saved), Unit.SHARE), " "]
    return Note.of(
        f"{savings.strategy} (proposed) {'costs' if is_dearer else 'saves'} ",
        *fraction,
        f"{'more than' if is_dearer else 'against'} {savings.against} (default): ",
        Quantity(abs(savings.per_month), Unit.MONEY),
        " a month, ",
        Quantity(abs(savings.per_year), Unit.MONEY),
        " a year.",
    )


def _figure(comparison: Comparison) -> BarFigure:
    bars = tuple(
        Bar(
            cost.strategy,
            float(cost.cost_per_month),
            emphasis=cost.strategy == comparison.proposed,
            is_baseline=cost.strategy == comparison.baseline,
        )
        for cost in comparison.strategies
    )
    return BarFigure(
        title=f"{comparison.scenario}: spend per month by strategy",
        axis=f"{comparison.currency} per month",
        bars=bars,
        source=f"Prices: {comparison.pricing}, as of {comparison.as_of}. Scenario: {comparison.scenario}.",
        alt="Bar chart of the spend per month of each strategy.",
        unit=Unit.MONEY,
        currency=comparison.currency,
    )
