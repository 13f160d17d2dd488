"""Report of the usage and cost of logged calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from routecost.model.report.cells import Cell, Column, Range, Shown, Unit
from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.model.results.logs.usage import LogUsage, Span, UsageRow
from routecost.report.logs.facts import (
    at_least,
    meta,
    notes,
    reconciliation_table,
    span,
    unpriced_table,
)
from routecost.report.logs.usage_figure import usage_figure
from routecost.units import listed

_UNKNOWN = "unknown"
_NAMED = 4
_OUTCOMES = (
    Column("task_type", "task type"),
    Column("tier", "tier"),
    Column("calls", "calls", Unit.COUNT),
    Column("successes", "successes", Unit.COUNT),
    Column("failures", "failures", Unit.COUNT),
    Column("failure_rate", "failure rate", Unit.SHARE),
    Column("failure_rate_high", "failure rate at most", Unit.SHARE, machine_only=True),
)
_TASKS = (
    Column("task_type", "task type"),
    Column("tasks", "tasks", Unit.COUNT),
    Column("calls", "calls", Unit.COUNT),
    Column("successes", "successes", Unit.COUNT),
    Column("failures", "failures", Unit.COUNT),
    Column("escalated", "escalated", Unit.COUNT),
    Column("escalation_rate", "escalation rate", Unit.SHARE),
    Column("cost", "cost", Unit.MONEY),
    Column("cost_per_task", "per task", Unit.MONEY),
    Column("cost_per_success", "per success", Unit.MONEY),
    Column("cost_per_success_high", "per success at most", Unit.MONEY, machine_only=True),
)

_PLANNED = (
    Column("planned_cost_per_task", "planned per task", Unit.MONEY),
    Column("planned_cost_per_success", "planned per success", Unit.MONEY),
)


def report(usage: LogUsage) -> Report:
    """Return the report of usage: a row per group, reconciliation, outcomes and tasks."""
    names = listed([key.replace("_", " ") for key in usage.keys])
    return Report(
        command="usage",
        title=f"Usage by {names} ({span(usage.facts)}), prices of {usage.pricing}",
        meta={
            **meta(usage.facts),
            "pricing": usage.pricing,
            "currency": usage.currency,
            "total": {
                "calls": usage.total.known_calls,
                **{meter: usage.total.units[meter] for meter in usage.meters},
                "cost": usage.total.least,
                "cost_high": usage.total.most,
                "unpriced_calls": usage.total.unpriced_calls,
            },
        },
        blocks=tuple(_blocks(usage)),
        currency=usage.currency,
        figure=usage_figure(usage) if usage.rows else None,
    )


def _blocks(usage: LogUsage) -> Iterator[Block]:
    columns = _columns(usage)
    rows = [_row(row, usage) for row in usage.rows]
    yield Table("usage", columns, rows, audience=Audience.MACHINES)
    total = _row(usage.total, usage, ["total", *[None] * (len(usage.keys) - 1)])
    shown = [*rows, total] if len(rows) > 1 else rows
    yield Table("usage_and_total", columns, shown, audience=Audience.PEOPLE)
    yield from unpriced_table(usage.unpriced)
    yield from reconciliation_table(usage.reconciliation)
    yield from _outcomes(usage)
    if not usage.total.cost.is_exact:
        yield Note.of(
            "Ranges: the day, the hour or the context of some calls is unknown, and prices depend on it."
        )
    if usage.partial:
        yield Note.of(f"The calls cover only a part of {listed(usage.partial)}.", warning=True)
    if usage.left_out:
        text = f"The actuals are without {listed(usage.left_out)}, of which the calls cover only a part"
        yield Note.of(f"{text}; --partial-months includes such months.", warning=True)
    if usage.has_terms:
        yield Note.of("Discounts and commitments on monthly totals are not included.")
    yield from notes(usage.facts)


def _columns(usage: LogUsage) -> tuple[Column, ...]:
    more = [Column("cost_high", "cost at most", Unit.MONEY, machine_only=True)]
    if usage.unpriced:
        more.append(Column("unpriced_calls", "without price", Unit.COUNT))
    return (
        *(Column(key, key.replace("_", " ")) for key in usage.keys),
        Column("calls", "calls", Unit.COUNT),
        *(Column(meter, meter.replace("_", " "), Unit.COUNT, each="meter") for meter in usage.meters),
        Column("cost", "cost", Unit.MONEY),
        Column("share", "share", Unit.SHARE),
        *more,
    )


def _row(row: UsageRow, usage: LogUsage, keys: Sequence[Cell] | None = None) -> list[Cell]:
    without = None if row.is_partial and not row.unpriced_calls else row.unpriced_calls
    more: list[Cell] = [without] if usage.unpriced else []
    named = [Shown(None, _UNKNOWN) if key is None else key for key in row.keys]
    return [
        *(named if keys is None else keys),
        _counted(row.calls, row),
        *(row.units.get(meter, 0) for meter in usage.meters),
        _span(row.span),
        row.share_of(usage.total),
        row.most,
        *more,
    ]


def _outcomes(usage: LogUsage) -> Iterator[Block]:
    rows: list[Sequence[Cell]] = [
        (
            _name(row.task_type),
            row.tier,
            row.calls,
            row.successes,
            row.failures,
            _span(row.failure_rate),
            None if row.failure_rate is None else row.failure_rate[1],
        )
        for row in usage.outcomes
    ]
    if rows:
        yield Table("outcomes", _OUTCOMES, rows, "Outcomes of calls")
    if usage.tasks:
        yield from _tasks(usage)


def _tasks(usage: LogUsage) -> Iterator[Block]:
    tasks: list[list[Cell]] = [
        [
            _name(row.task_type),
            _counted(row.tasks, row.total),
            _counted(row.calls, row.total),
            row.successes,
            row.failures,
            row.escalated,
            _rate(row.escalated, row.tasks) if row.total.is_counted else None,
            _span(row.total.span),
            _span(row.cost_per_task),
            _span(row.cost_per_success),
            None if row.cost_per_success is None else row.cost_per_success[1],
        ]
        for row in usage.tasks
    ]
    if usage.planned:
        for measured, row in zip(usage.tasks, tasks, strict=True):
            planned = usage.planned.get(measured.task_type)
            row.extend([None, None] if planned is None else [planned.cost_per_task, planned.cost_per_success])
    title = "Tasks: their attempts are one task"
    columns = (*_TASKS, *_PLANNED) if usage.planned else _TASKS
    yield Table("tasks", columns, tasks, f"{title}; planned by {usage.plan}" if usage.planned else title)
    yield from _about_plan(usage)
    if not usage.outcomes:
        yield Note.of("The logs state no outcomes, so that the cost per success is unknown.", warning=True)
        return
    yield Note.of(
        "The cost per success is the cost of all calls of the type, failed attempts included, divided by the "
        "tasks that succeeded; if some outcomes are unknown, from all of these to none of them succeeding."
    )


def _about_plan(usage: LogUsage) -> Iterator[Note]:
    if not usage.planned:
        return
    unknown = [str(row.task_type) for row in usage.tasks if row.task_type not in usage.planned]
    if unknown:
        yield Note.of(
            f"No planned cost of {listed(unknown, _NAMED)}: {usage.plan} has no such task type, or no cost "
            "of it alone."
        )
    for row in usage.tasks:
        planned = usage.planned.get(row.task_type)
        if planned is not None and row.task_type is not None and len(planned.task_types) > 1:
            yield Note.of(
                f"The planned cost of {row.task_type} is the mean of the tasks of "
                f"{listed(planned.task_types, _NAMED)}; a logged task with calls of several of them is "
                "several planned tasks."
            )


def _span(span: Span | None) -> Cell:
    if span is None or span[0] is None:
        return None
    return span[0] if span[0] == span[1] else Range(*span)


def _name(task_type: str | None) -> Cell:
    return Shown(None, _UNKNOWN) if task_type is None else task_type


def _counted(count: int, total: UsageRow) -> Cell:
    """Return the cell of a number of calls or tasks, which reports that do not count calls add to."""
    return count if total.is_counted else at_least(count or None)


def _rate(count: int, total: int) -> Decimal | None:
    return Decimal(count) / total if total else None
