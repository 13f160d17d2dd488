"""Variances by task type and model, as part of plan vs. actual."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Cell, Column, Shown, Unit
from routecost.model.report.report import Audience, Table
from routecost.model.results.actuals import Factor, PartVariance, PlanVsActual, PriceVolumeMix

_PARTS = (
    Column("month", "month"),
    Column("task_type", "task type"),
    Column("part", "part"),
    Column("amount", "amount", Unit.MONEY),
    Column("of_planned", "of planned", Unit.CHANGE),
)
_COSTS = (
    Column("planned", "planned", Unit.MONEY),
    Column("actual", "actual", Unit.MONEY),
    Column("gap", "variance", Unit.MONEY),
)
_MODELS = (Column("month", "month"), Column("task_type", "task type"), Column("model", "model"), *_COSTS)
_REST = "not divided"


def cells(split: PriceVolumeMix) -> Iterator[Cell]:
    """Yield a cell per factor; the first of the factors that share an amount shows it."""
    firsts = {part.factors[0]: part.amount for part in split.parts}
    others = {factor: part.factors[0] for part in split.parts for factor in part.factors[1:]}
    for factor in Factor:
        if factor in firsts:
            yield firsts[factor]
        else:
            yield Shown(None, f"with {others[factor]}") if factor in others else None


def for_people(actuals: PlanVsActual) -> Iterator[Table]:
    """Yield the tables by task type, and by model, if the actuals have that detail."""
    types = [(month.month, one) for month, spend in actuals.known for one in spend.task_types]
    if types:
        columns = (
            Column("month", "month"),
            Column("task_type", "task type"),
            *_COSTS,
            *(Column(factor, factor, Unit.MONEY) for factor in Factor),
        )
        rows = [[month, one.task_type or _REST, *_costs(one), *cells(one.split)] for month, one in types]
        yield Table("type_variances", columns, rows, "Variances by task type", Audience.PEOPLE)
    models = [(month.month, one) for month, spend in actuals.known for one in spend.models]
    if not any(one.model for _, one in models):
        return
    start = 1 if types else 2
    model_rows = [
        [month, *((one.task_type or _REST, one.model or _REST)[start - 1 :]), *_costs(one)]
        for month, one in models
    ]
    title = "Variances by task type and model" if types else "Variances by model"
    columns = (_MODELS[0], *_MODELS[start:])
    yield Table("model_variances", columns, model_rows, title, Audience.PEOPLE)


def for_machines(actuals: PlanVsActual) -> Iterator[Table]:
    """Yield the tables for machines, if the actuals have that detail."""
    models = [(month.month, one) for month, spend in actuals.known for one in spend.models]
    if models:
        rows = [[month, one.task_type, one.model, *_costs(one)] for month, one in models]
        yield Table("variances", _MODELS, rows, audience=Audience.MACHINES)
    parts = [
        [
            month.month,
            one.task_type,
            part.name,
            part.amount,
            part.amount / one.planned if one.planned else None,
        ]
        for month, spend in actuals.known
        for one in spend.task_types
        for part in one.split.parts
    ]
    if parts:
        yield Table("gap_by_task_type", _PARTS, parts, audience=Audience.MACHINES)


def _costs(one: PartVariance) -> tuple[Cell, ...]:
    return one.planned, one.actual, one.gap
