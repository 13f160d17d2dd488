"""The horizontal axis of lines: months, numbers or names."""

from __future__ import annotations

from typing import Literal

from routecost.model.line_figure import Across, Months, Names
from routecost.render.cells import shown
from routecost.render.charts.measure import fitted, width
from routecost.render.charts.months import month_label, month_ticks
from routecost.render.charts.value_axis import value_ticks
from routecost.render.escape import harmless

Ticks = tuple[list[float], list[str]]
Side = Literal["left", "center", "right"]

_APART = 1.0  # em between the texts of two ticks
_MOST = 6


def places(across: Across) -> list[float]:
    """Return where the values of a line stand: numbers where they are, other things one apart."""
    if isinstance(across, Months):
        return [float(at) for at in range(len(across.days))]
    if isinstance(across, Names):
        return [float(at) for at in range(len(across.names))]
    return list(across.values)


def ticks(across: Across, inches: float, points: float) -> Ticks:
    """Return places and texts of ticks that fit below an axis of so many inches."""
    if isinstance(across, Months):
        found = month_ticks(across.days)
        return [at for at, _ in found], [text for _, text in found]
    if isinstance(across, Names):
        return _names(across, inches, points)
    low, high = across.values[0], across.values[-1]
    tries = [value_ticks(low, high, across.unit, None, most) for most in range(_MOST, 1, -1)]
    return next((found for found in tries if _room(found[1], points) <= inches), tries[-1])


def _room(texts: list[str], points: float) -> float:
    """Return the inches that texts of that size take side by side."""
    widest = max((width(text, points) for text in texts), default=0.0)
    return len(texts) * (widest + _APART * points / 72)


def alignments(across: Across, at: list[float]) -> list[Side]:
    """Return how the texts of ticks are aligned: the first and the last name stay within the axis."""
    if not isinstance(across, Names):
        return ["center"] * len(at)
    last = len(across.names) - 1
    return ["right" if place == last else "left" if place == 0 else "center" for place in at]


def title(across: Across) -> str | None:
    """Return what stands below the axis: nothing for months, which speak for themselves."""
    return None if isinstance(across, Months) else harmless(across.label)


def told(across: Across, at: int) -> str:
    """Return a place as people read it in a sentence."""
    if isinstance(across, Months):
        return month_label(across.days[at])
    if isinstance(across, Names):
        return harmless(across.names[at])
    return shown(across.values[at], across.unit)


def _names(across: Names, inches: float, points: float) -> Ticks:
    """Return a tick for every name if there is room, else for some that are evenly apart."""
    count = len(across.names)
    stride = max(1, -(-count * points // int(inches * 72 / 6)))
    kept = range(0, count, int(stride))
    # The outer two begin and end with the axis, so that they need more room on one side.
    room = inches / max(1.0, 1.5 * (len(kept) - 1)) - _APART * points / 72
    texts = ["\n".join(fitted(harmless(across.names[at]), room, points, 2)) for at in kept]
    return [float(at) for at in kept], texts
