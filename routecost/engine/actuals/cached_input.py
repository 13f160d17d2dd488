"""Actual input that seems to include cached tokens.

In actuals, ``input`` excludes tokens that were read from or written to a cache; in scenarios, it
includes them, as the reports of some providers do.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from routecost.engine.actuals.known_usage import known_usage
from routecost.engine.actuals.planned_usage import NOTHING, PlannedMonth
from routecost.engine.actuals.usage_matching import WHOLE, Cells
from routecost.model.results.actuals import ActualMonth

_INPUT = "input"
_CACHED = ("cache_read", "cache_write_5m", "cache_write_1h")
_TOLERANCE = Fraction(1, 20)


def with_cached_input(month: PlannedMonth, actual: ActualMonth) -> tuple[str, ...]:
    """Return the tiers, models and task types whose input per call exceeds the plan by the cached tokens.

    The empty name is that of the whole month. They may differ by a twentieth.
    """
    if not actual.task_types:
        return tuple(_names(month, actual))
    plans = month.by_task_type(actual.task_types)
    return tuple(
        f"{name} of {task_type}" if name else task_type
        for task_type, part in actual.task_types.items()
        for name in _names(plans[task_type], part)
    )


def _names(month: PlannedMonth, actual: ActualMonth) -> Iterator[str]:
    cells = Cells(month, actual)
    calls = known_usage(cells).calls
    planned_calls, units = cells.planned_calls(), cells.planned_units()
    for name, used in actual.used.items():
        cell = cells.of_used(name)
        done, planned = (calls or {}).get(cell), planned_calls.get(cell)
        if cell == WHOLE and actual.all_tasks is not None:
            done, planned = Fraction(actual.all_tasks), month.tasks
        cached = Fraction(sum((used.units.get(meter, Decimal(0)) for meter in _CACHED), Decimal(0)))
        if done and planned and cached and _INPUT in used.units:
            expected = units.get((*cell, _INPUT), NOTHING) / planned * done
            excess = Fraction(used.units[_INPUT]) - expected
            if abs(excess - cached) <= cached * _TOLERANCE:
                yield name
