"""Usage of a month that its actuals state, and what they leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from routecost.engine.actuals.usage_matching import WHOLE, Cells, Counts
from routecost.model.results.actuals import Grain, Used
from routecost.records import dataclass

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class KnownUsage:
    """Tasks, calls by cell, units by leaf and spend by cell; None if unknown.

    ``missing`` names what is unknown, as a text for display.
    """

    tasks: Counts | None
    calls: Counts | None
    units: Counts | None
    spends: Counts | None
    missing: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """True if nothing about the usage is known."""
        return self.tasks is None and self.calls is None and self.units is None


def known_usage(cells: Cells) -> KnownUsage:
    """Return the usage that the actuals of a month state."""
    stated, spends = cells.actual.all_tasks, _given(cells, lambda used: used.spend)
    tasks = None if stated is None else {WHOLE: Fraction(stated)}
    calls = _calls(cells)
    lacking = list(_lacking_units(cells, calls))
    units = None if lacking else cells.actual_units(calls)
    if calls is not None and units is None and spends is None and _surprises(cells, calls):
        calls = None  # the cost per call of an unplanned tier cannot be inferred
    usage = KnownUsage(tasks, calls, units, spends, ())
    return KnownUsage(tasks, calls, units, spends, tuple(_missing(cells, usage, lacking)))


def _calls(cells: Cells) -> Counts | None:
    """Return the calls of each cell: tasks are calls where the plan makes one call of each task."""
    calls = _given(cells, lambda used: used.calls)
    if calls is None and cells.planned.calls == cells.planned.tasks:
        return _given(cells, lambda used: used.tasks)
    return calls


def _given(cells: Cells, count: Callable[[Used], Decimal | None]) -> Counts | None:
    """Return a count by cell, or None if it is missing for any tier or model that was used."""
    used = cells.actual.used.values()
    if cells.actual.grain is Grain.MONTH or not used or any(count(entry) is None for entry in used):
        return None
    return cells.actual_counts(count)


def _lacking_units(cells: Cells, calls: Counts | None) -> Iterator[str]:
    if not cells.actual.used:
        yield "tokens per tier"
    else:
        yield from cells.unknown_units(calls)


def _surprises(cells: Cells, calls: Counts) -> bool:
    planned = cells.planned_calls()
    return any(count and not planned.get(cell) for cell, count in calls.items())


def _missing(cells: Cells, known: KnownUsage, lacking: list[str]) -> Iterator[str]:
    """Yield the missing figures, as texts for display."""
    grain = Grain.TIER if cells.actual.grain is Grain.MONTH else cells.actual.grain
    if known.tasks is None:
        yield "tasks"
    if known.calls is None:
        yield f"{'tasks' if cells.planned.calls == cells.planned.tasks else 'calls'} per {grain}"
    if lacking:
        more = f" and {len(lacking) - _MOST_NAMED} more" if len(lacking) > _MOST_NAMED else ""
        yield ", ".join(lacking[:_MOST_NAMED]) + more
    if known.spends is None:
        yield f"spend per {grain}"
