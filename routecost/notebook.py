"""Results as HTML for Jupyter, and as tables for frames: those of the reports of the commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from importlib import import_module
from io import StringIO
from itertools import islice
from typing import Any

from routecost.model.frames import Result, Results
from routecost.model.report.cells import Column, Unit, raw
from routecost.model.report.report import Note, Report, Table
from routecost.render.raw_values import first_table
from routecost.units import listed

MOST_ROWS = 100
"""The most rows of a table that a notebook shows."""

_REPORTS = {
    "Against": "logs.bills",
    "Breakevens": "breakeven",
    "Calibration": "logs.calibrate",
    "Check": "compare.claims",
    "Comparison": "compare.compare",
    "Diff": "changes.diff",
    "FieldSweep": "sensitivity.field_sweep",
    "FocusRows": "focus.rows",
    "Importable": "pricing.models:models_report",
    "LogUsage": "logs.usage",
    "Pace": "logs.periods:pace_report",
    "PlanCost": "task_plan",
    "PlanSweep": "sensitivity.plan_sweep",
    "Planning": "planning_document.document",
    "PriceList": "pricing.show",
    "PricedUsage": "pricing.price",
    "PricingCheck": "pricing.check",
    "PricingDiff": "pricing.diff",
    "PricingUpdate": "pricing.update",
    "Projection": "projection.project",
    "Replay": "logs.replay",
    "RoutingRows": "routing.table",
    "Search": "optimize",
    "SpendChange": "logs.periods:change_report",
    "Sweep": "mixes.sweep",
    "Tornado": "sensitivity.tornado",
    "Validation": "routing.validate",
}
"""The reports of results of a kind: a module of ``routecost.report``, and its function if it is another."""

_NAMED: dict[str, tuple[str, tuple[str, ...]]] = {
    "Learned": ("outcomes.learned", ("outcomes",)),
    "PolicyCheck": ("outcomes.check", ("policy", "outcomes")),
    "PortfolioCosts": ("portfolio.portfolio", ("compare",)),
}
"""Reports that also take names."""

_BILL = (
    Column("model", "model"),
    Column("meter", "meter"),
    Column("mode", "mode"),
    Column("above_tokens", "above tokens", Unit.COUNT),
    Column("quantity", "quantity", Unit.NUMBER),
    Column("rate", "rate", Unit.MONEY),
    Column("per", "per units", Unit.COUNT),
    Column("cost", "cost", Unit.MONEY),
)


def html(result: Any) -> str:
    """Return a result as HTML to be shown in a page; long tables are cut."""
    from routecost.render.formats.html import fragment

    report = report_of(result)
    parts = {name: _cut(part) for name, part in report.parts.items()}
    sink = StringIO()
    fragment(replace(_cut(report), parts=parts), sink)
    return sink.getvalue()


def table_of(result: Any) -> Table:
    """Return the table that the command writes as CSV."""
    return first_table(report_of(result), "frame")


def report_of(result: Any) -> Report:
    """Return the report of a result; without one of a command, that of its records or fields."""
    name = type(result).__name__
    if name in _REPORTS and type(result).__module__ != _OTHER_CALIBRATION:
        module, _, function = _REPORTS[name].partition(":")
        return _function(module, function or "report")(result)
    if name in _NAMED:
        module, names = _NAMED[name]
        return _function(module, "report")(result, *names)
    return _OWN.get(name, _plain)(result)


_OTHER_CALIBRATION = "routecost.model.outcomes.policies"


def _function(module: str, name: str) -> Callable[..., Report]:
    function: Callable[..., Report] = getattr(import_module(f"routecost.report.{module}"), name)
    return function


def _cut(report: Report) -> Report:
    """Return a report with the first rows of long tables."""
    blocks: list[Any] = []
    for block in report.blocks:
        blocks.append(block)
        if not isinstance(block, Table):
            continue
        rows = list(islice(block.rows, MOST_ROWS + 1))
        blocks[-1] = replace(block, rows=rows[:MOST_ROWS])
        if len(rows) > MOST_ROWS and block in report.shown:
            blocks.append(Note.of(f"The first {MOST_ROWS} rows; to_frame() has all."))
    return replace(report, blocks=tuple(blocks))


def _table(title: str, columns: Sequence[Column], rows: Sequence[Any], currency: str = "USD") -> Report:
    return Report("result", title, {}, (Table("rows", tuple(columns), rows),), currency)


def _bill(bill: Any) -> Report:
    lines = [(*line.key[:4], line.quantity, line.rate, line.per, line.amount) for line in bill.lines]
    terms = [(term.name, None, None, None, None, None, None, term.amount) for term in bill.terms]
    return _table("Bill", _BILL, [*lines, *terms], bill.currency)


def _sheet(sheet: Any) -> Report:
    from datetime import date

    from routecost.api.pricing import show_pricing

    return report_of(show_pricing(sheet, as_of=date.today()))


def _imported(imported: Any) -> Report:
    skipped = [(one.model, one.reason) for one in imported.skipped]
    title = f"{imported.entries} new prices, {imported.confirmed} confirmed, {imported.models} new models"
    return _table(title, (Column("skipped", "skipped"), Column("reason", "reason")), skipped)


def _fixed(fixed: Any) -> Report:
    columns = (Column("line", "line", Unit.COUNT), Column("code", "code"), Column("message", "message"))
    rows = [(one.position.line, one.code, one.message) for one in fixed.findings]
    return _table(f"Fixed in {fixed.file}", columns, rows)


def _summaries(summaries: Any) -> Report:
    name = type(summaries[0]).__name__ if summaries else "SheetSummary"
    if name == "ProviderSummary":
        return _function("pricing.models", "providers_report")(summaries)
    return _function("pricing.listing", "report")(summaries)


def _one(summary: Any) -> Report:
    return _summaries(Results([summary]))


def _outcomes(read: Any) -> Report:
    outcomes = read.outcomes
    title = f"Outcomes of {len(outcomes.queries):,} queries by {len(outcomes.models)} models"
    columns = (
        Column("model", "model"),
        Column("outcomes", "outcomes", Unit.COUNT),
        Column("mean_score", "mean score", Unit.SHARE),
        Column("mean_cost", "mean cost", Unit.MONEY),
    )
    rows = [
        (
            model,
            len(outcomes.queries),
            float(outcomes.score[:, at].mean()),
            float(outcomes.cost[:, at].mean()),
        )
        for at, model in enumerate(outcomes.models)
    ]
    return _table(title, columns, rows, outcomes.currency)


def _plain(result: Result) -> Report:
    """Return the report of a result that only has records, or fields."""
    name = type(result).__name__
    if hasattr(result, "records"):
        rows = [dict(record) for record in result.records()]
        keys = list(dict.fromkeys(key for row in rows for key in row))
        columns = [Column(key, key.replace("_", " ")) for key in keys]
        return _table(name, columns, [[_text(row.get(key)) for key in keys] for row in rows])
    values = [(one.name.replace("_", " "), getattr(result, one.name)) for one in fields(result)]  # type: ignore[arg-type]
    columns = [Column("field", "field"), Column("value", "value")]
    return _table(name, columns, [(field, _text(value)) for field, value in values])


def _text(value: Any) -> Any:
    value = raw(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, tuple | list) and value and all(isinstance(one, str) for one in value):
        return listed(value)
    return str(value)


_OWN: dict[str, Callable[[Any], Report]] = {
    "Bill": _bill,
    "Fixed": _fixed,
    "PriceImport": _imported,
    "PricingSheet": _sheet,
    "ProviderSummary": _one,
    "Read": _outcomes,
    "Results": _summaries,
    "SheetSummary": _one,
}
