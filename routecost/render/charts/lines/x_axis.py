"""Horizontal axis of line charts: months, numbers or names."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Unit
from routecost.model.report.line_figure import Across, Months, Names
from routecost.render.charts.lines.month_axis import MOST_TICKS, month_label, month_ticks
from routecost.render.charts.page.text_width import fitted
from routecost.render.charts.page.value_axis import Side, Ticks, have_room, sides, value_ticks
from routecost.render.escape import sanitize
from routecost.render.rounding import shown

_APART = 1.0  # em between the texts of two ticks
_MOST = 6


def places(across: Across) -> list[float]:
    """Return the positions of the values: numbers as they are, others one apart."""
    if isinstance(across, Months):
        return [float(at) for at in range(len(across.days))]
    if isinstance(across, Names):
        return [float(at) for at in range(len(across.names))]
    return list(across.values)


def ends(across: Across) -> tuple[float, float]:
    """Return the limits of the axis; a single value is at the right end."""
    first, *_, last = (*places(across)[:1], *places(across))
    return (first, last) if first < last else (first - 1, first)


def ticks(across: Across, inches: float, points: float, inside: bool = False) -> Ticks:
    """Return positions and labels of ticks that fit an axis of the given inches.

    ``inside`` is for axes whose outer texts stay within them; those of names always do.
    """
    if isinstance(across, Names):
        return _names(across, inches, points)
    tries = list(_tries(across))
    return next((ticks for ticks in tries if _fit(across, ticks, inches, points, inside)), tries[-1])


def alignments(across: Across, at: list[float], inside: bool = False) -> list[Side]:
    """Return the alignments of tick labels."""
    if not (inside or isinstance(across, Names)):
        return ["center"] * len(at)
    first, last = ends(across)
    return sides([place - first for place in at], last - first)


def title(across: Across) -> str | None:
    """Return the axis label; empty for months."""
    return None if isinstance(across, Months) else sanitize(across.label)


def place_text(across: Across, at: int) -> str:
    """Return a position as text for a sentence."""
    if isinstance(across, Months):
        return month_label(across.days[at])
    if isinstance(across, Names):
        return sanitize(across.names[at])
    return shown(across.values[at], across.unit)


def at_the_end(across: Across) -> str:
    """Return the last position as the end of a sentence."""
    return f", {where(across, -1)}"


def where(across: Across, at: int) -> str:
    """Return a position with the name of its axis, as part of a sentence."""
    if isinstance(across, Months):
        return f"in {place_text(across, at)}"
    return f"with {sanitize(across.label)} {place_text(across, at)}"


def _tries(across: Across) -> Iterator[Ticks]:
    """Yield candidate ticks, most ticks first."""
    if isinstance(across, Months):
        for most in range(MOST_TICKS, 0, -1):
            ticks = month_ticks(across.days, most)
            if ticks:
                yield [float(at) for at, _ in ticks], [text for _, text in ticks]
        return
    unit = Unit.TEXT if isinstance(across, Names) else across.unit
    for most in range(_MOST, 0, -1):
        yield value_ticks(*ends(across), unit, None, most)


def _fit(across: Across, ticks: Ticks, inches: float, points: float, inside: bool) -> bool:
    first, last = ends(across)
    at = [(place - first) / (last - first) * inches for place in ticks[0]]
    return have_room(at, ticks[1], alignments(across, ticks[0], inside), points)


def _names(across: Names, inches: float, points: float) -> Ticks:
    """Return a tick for every name if there is room, else for some that are evenly apart."""
    count = len(across.names)
    stride = max(1, -(-count * points // int(inches * 72 / 6)))
    kept = range(0, count, int(stride))
    # The first and last labels are aligned with the axis ends and need more room on one side.
    room = inches / max(1.0, 1.5 * (len(kept) - 1)) - _APART * points / 72
    texts = ["\n".join(fitted(sanitize(across.names[at]), room, points, 2)) for at in kept]
    return [float(at) for at in kept], texts
