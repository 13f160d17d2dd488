"""Report of a scenario that was learned from logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from routecost.model.report.cells import Cell, Column, Shown, Unit
from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.model.results.logs.calibration import CalibratedTask, Calibration
from routecost.report.logs.facts import meta, money, notes, span

_TASKS = (
    Column("task_type", "task type"),
    Column("calls", "calls", Unit.COUNT),
    Column("tasks", "tasks", Unit.COUNT),
    Column("tasks_per_day", "tasks per day", Unit.NUMBER),
    Column("calls_per_task", "calls per task", Unit.NUMBER),
    Column("tiers", "tiers"),
    Column("logged_cost", "log's cost", Unit.MONEY),
    Column("logged_cost_high", "log's cost at most", Unit.MONEY, machine_only=True),
    Column("repriced_cost", "at later prices", Unit.MONEY),
    Column("cost", "scenario's cost", Unit.MONEY),
    Column("difference", "difference", Unit.CHANGE),
)
_EVIDENCE = (
    Column("task_type", "task type"),
    Column("tier", "tier"),
    Column("model", "model"),
    Column("successes", "successes", Unit.COUNT),
    Column("trials", "trials", Unit.COUNT),
    Column("escalated", "escalated", Unit.COUNT),
    Column("evaluated", "evaluated"),
)
_REPRICED = "repriced_cost"
_SHOWN = Decimal("0.00005")


def report(calibration: Calibration) -> Report:
    """Return the report: the cost of each task type beside the log's, evidence, and what was assumed."""
    calls = calibration.total.calls
    return Report(
        command="calibrate",
        title=(
            f"A scenario from {calls:,} call{'s'[: calls - 1]} ({span(calibration.facts)}), prices of "
            f"{calibration.pricing} as of {calibration.as_of}"
        ),
        meta={
            **meta(calibration.facts),
            "pricing": calibration.pricing,
            "as_of": calibration.as_of,
            "currency": calibration.currency,
            "days": calibration.days,
            "logged_cost": calibration.total.logged.low,
            "logged_cost_high": calibration.total.logged.high,
            "repriced_cost": calibration.total.repriced,
            "cost": calibration.total.cost,
            "difference": calibration.total.difference,
            "statements": list(calibration.statements),
        },
        blocks=tuple(_blocks(calibration)),
        currency=calibration.currency,
    )


def _blocks(calibration: Calibration) -> Iterator[Block]:
    rows = [_row(task) for task in calibration.tasks]
    yield Table("task_types", _TASKS, rows, audience=Audience.MACHINES)
    is_moved = any(not task.logged.is_exact or task.logged.low != task.repriced for task in calibration.tasks)
    kept = [at for at, column in enumerate(_TASKS) if is_moved or column.key != _REPRICED]
    shown = [*rows, _row(calibration.total)] if len(rows) > 1 else rows
    yield Table(
        "task_types_and_total",
        tuple(_TASKS[at] for at in kept),
        [[row[at] for at in kept] for row in shown],
        f"Cost over the {calibration.days} days of the log"
        if calibration.days > 1
        else "Cost over the day of the log",
        audience=Audience.PEOPLE,
    )
    if calibration.evidence:
        evidence: list[Sequence[Cell]] = [
            (row.task, row.tier, row.model, row.successes, row.trials, row.escalated, row.evaluated)
            for row in calibration.evidence
        ]
        yield Table("evidence", _EVIDENCE, evidence, "Evidence")
    else:
        yield Note.of("No evidence: the log has no successes or escalations of tasks with a task type.")
    for statement in calibration.statements:
        yield Note.of(f"{statement}.")
    if is_moved:
        yield Note.of(
            f"The scenario has the prices and models of {calibration.as_of}. Its difference is that to the "
            "log's calls at the same prices."
        )
    if calibration.has_terms:
        yield Note.of("Discounts and commitments on monthly totals are not included.")
    yield from notes(calibration.facts)


def _row(task: CalibratedTask) -> list[Cell]:
    return [
        task.name,
        task.calls,
        task.tasks,
        task.tasks_per_day,
        task.calls_per_task or None,
        task.tiers,
        money(task.logged),
        task.logged.high,
        task.repriced,
        task.cost,
        _rounded(task.difference),
    ]


def _rounded(change: Decimal | None) -> Cell:
    """Return a difference; one that only the digits of the scenario's figures cause is shown as 0."""
    return Shown(change, "0.0%") if change is not None and abs(change) < _SHOWN else change
