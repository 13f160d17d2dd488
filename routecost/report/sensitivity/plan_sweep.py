"""Report of a sweep of a plan: the costs of all its months at each point."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Bounds, Cell, Column, Shown, Unit
from routecost.model.report.report import Audience, Report, Table
from routecost.model.results.failures import Between
from routecost.model.results.months.plan_sweep import PlanPoint, PlanSweep
from routecost.model.results.sensitivity import ParameterKind
from routecost.model.scenario.horizon import month_name
from routecost.report.caveats import at_means
from routecost.report.sensitivity.field_sweep_figure import UNITS

_UNITS = {"strategy": Unit.TEXT, "vs_baseline": Unit.CHANGE}


def report(sweep: PlanSweep) -> Report:
    """Return the report: a row per point for people, per point and strategy for machines."""
    swept = " x ".join(parameter.name for parameter in sweep.parameters)
    count, months = len(sweep.points), f"{sweep.months} month{'' if sweep.months == 1 else 's'}"
    start = f" from {month_name(sweep.starts[0])}" if len(sweep.starts) == 1 else ""
    return Report(
        command="sweep",
        shape="plan",
        title=f"{sweep.scenario}: {count:,} point{'' if count == 1 else 's'} of {swept}, totals of "
        f"{months}{start}, {', '.join(sweep.pricing)} prices",
        meta={
            "scenario": sweep.scenario,
            "currency": sweep.currency,
            "pricing": list(sweep.pricing),
            "start": [month_name(start) for start in sweep.starts],
            "months": sweep.months,
            "baseline": sweep.baseline,
            "default": sweep.default,
            "proposed": sweep.proposed,
            "parameters": {parameter.name: parameter.path for parameter in sweep.parameters},
        },
        blocks=(_for_machines(sweep), _for_people(sweep), *at_means(sweep.at_means)),
        currency=sweep.currency,
    )


def _heads(sweep: PlanSweep) -> tuple[Column, ...]:
    return tuple(Column(one.name, one.name, UNITS[one.kind], each="swept field") for one in sweep.parameters)


def _for_machines(sweep: PlanSweep) -> Table:
    calculated = sweep.columns[len(sweep.parameters) :]
    columns = (*_heads(sweep), *(Column(key, key, _UNITS.get(key, Unit.MONEY)) for key in calculated))
    rows = [list(record.values()) for record in sweep.records()]
    return Table("points", columns, rows, audience=Audience.MACHINES)


def _for_people(sweep: PlanSweep) -> Table:
    title = f"Cost of all months{', including failures' if sweep.counts_failures else ''}"
    pays_back = [Column("payback", "payback")] if sweep.has_payback else []
    columns = (*_heads(sweep), *(Column(name, name, Unit.MONEY) for name in sweep.strategies), *pays_back)
    rows = [list(_row(sweep, point)) for point in sweep.points]
    return Table("costs", columns, rows, title, Audience.PEOPLE)


def _row(sweep: PlanSweep, point: PlanPoint) -> Iterator[Cell]:
    for parameter, value in zip(sweep.parameters, point.values, strict=True):
        is_plain = parameter.kind is ParameterKind.NUMBER and parameter.is_numeric
        yield Shown(value, f"{value:,f}") if is_plain else value
    for cost in point.costs:
        total = cost.with_failures or Between.exactly(cost.cost)
        yield Bounds(*total) if total.known is None else total.known
    if sweep.has_payback:
        yield point.payback
