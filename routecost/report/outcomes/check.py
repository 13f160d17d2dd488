"""Report of the check of a policy."""

from __future__ import annotations

from routecost.model.report.cells import Cell, Column, Quantity, Unit
from routecost.model.report.report import Note, Report, Table
from routecost.optimize.outcomes.learn.check import PolicyCheck, Promise
from routecost.report.outcomes.limits import FEW, few_notes
from routecost.report.outcomes.money import money_places

_COLUMNS = (
    Column("promise", "promise"),
    Column("about", "about"),
    Column("promised", "promised", Unit.NUMBER),
    Column("promised_low", "low", Unit.NUMBER),
    Column("promised_high", "high", Unit.NUMBER),
    Column("observed", "observed", Unit.NUMBER),
    Column("observed_low", "low", Unit.NUMBER),
    Column("observed_high", "high", Unit.NUMBER),
    Column("p_value", "p-value", Unit.NUMBER),
    Column("holds", "holds", Unit.FLAG),
)
_KEPT = "The policy keeps its promises."
_NOT_SHOWN = "There is no evidence that the policy breaks its promises, and too little that it keeps them."
_SHOWN = {
    "quality": "quality",
    "cost_per_query": "cost per query",
    "calibration_error": "calibration error",
    "calls": "calls",
    "mix": "mix of categories",
}


def report(check: PolicyCheck, policy: str, name: str) -> Report:
    """Return the report of the check of the policy file ``policy`` on the outcomes called ``name``."""
    broken = [promise for promise in check.promises if not promise.holds]
    texts = ", ".join(_SHOWN[row.promise] + (f" of {row.about}" if row.about else "") for row in broken)
    kept = len(check.promises) - len(broken)
    note = Note.of(f"Broken: {texts}. Learn the policy again.", warning=True)
    counts = {"to check": check.queries, "behind the promises": check.promised_queries}
    is_enough = min(counts.values()) >= FEW
    return Report(
        command="optimize-check",
        title=f"{policy} on {name}: {kept} of {len(check.promises)} promises hold",
        meta={
            "policy": policy,
            "outcomes": name,
            "currency": check.currency,
            "queries": check.queries,
            "promised_queries": check.promised_queries,
            "holds": check.holds,
        },
        blocks=(
            Table("promises", _COLUMNS, [_row(promise) for promise in check.promises]),
            note if broken else Note.of(_KEPT if is_enough else _NOT_SHOWN),
            *few_notes(counts),
        ),
        currency=check.currency,
    )


def _row(promise: Promise) -> list[Cell]:
    unit = Unit.MONEY if promise.promise == "cost_per_query" else Unit.SHARE
    known = [part.value for part in (promise.promised, promise.observed) if part is not None]
    places = money_places(known) if unit is Unit.MONEY else 0
    cells: list[Cell] = [promise.promise, promise.about]
    for estimate in (promise.promised, promise.observed):
        values = (None,) * 3 if estimate is None else (estimate.value, estimate.low, estimate.high)
        cells += [None if value is None else Quantity(value, unit, places=places) for value in values]
    return [*cells, promise.p_value, promise.holds]
