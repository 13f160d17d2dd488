"""Parts of what was spent in the fiscal year before a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from routecost.engine.breakdown.cells import Cell
from routecost.model.results.breakdown.breakdown import NOT_ALLOTTED, Dimension, Kind
from routecost.model.scenario.month_plan import Plan
from routecost.units import ZERO, exact


@exact
def spent_parts(plan: Plan, by: Dimension, first: date, of_cell: Callable[[Cell], str]) -> dict[str, Decimal]:
    """Return the parts of the spend of the fiscal year before a first month; none if it is not stated.

    Owners and tags have those of their task types, providers those of their models, unless stated.
    """
    whole = plan.spent_before(first)
    if not whole:
        return {}
    parts = dict(plan.spent_by.get(by.kind, {})) or _derived(plan, by, of_cell)
    rest = whole - sum(parts.values(), ZERO)
    return {**parts, NOT_ALLOTTED: rest} if rest else parts


def _derived(plan: Plan, by: Dimension, of_cell: Callable[[Cell], str]) -> dict[str, Decimal]:
    """Return the parts that follow from the spend of task types or of models."""
    parts: dict[str, Decimal] = defaultdict(Decimal)
    if by.kind in (Kind.OWNER, Kind.TAG):
        for task, amount in plan.spent_by.get(Kind.TASK_TYPE, {}).items():
            parts[of_cell(Cell("", task))] += amount
    elif by.kind is Kind.PROVIDER:
        for model, amount in plan.spent_by.get(Kind.MODEL, {}).items():
            parts[of_cell(Cell("", "any", model=model))] += amount
    return dict(parts)
