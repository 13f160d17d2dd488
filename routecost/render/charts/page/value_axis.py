"""Value axes: a few round values with formatted labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from routecost.model.report.cells import Unit
from routecost.render.charts.page.text_width import width
from routecost.render.rounding import shown_column

Ticks = tuple[list[float], list[str]]
Side = Literal["left", "center", "right"]

_LARGE = ((12, "T"), (9, "B"), (6, "M"))
"""Powers of ten with a suffix, as in $2.5M."""
_SHORT = (Unit.MONEY, Unit.COUNT, Unit.NUMBER)

_APART = 1.0
"""Minimum space between tick labels, in em."""
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}


def value_ticks(low: float, high: float, unit: Unit, currency: str | None, most: int = 5) -> Ticks:
    """Return about ``most`` round values from ``low`` to ``high``, and their labels."""
    from matplotlib.ticker import MaxNLocator

    places = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    # rounding to 12 digits removes float noise, such as 0.30000000000000004
    ticks = [float(f"{place:.12g}") for place in places if low <= place <= high]
    return ticks, _labels(ticks, unit, currency)


def fitting_ticks(
    span: tuple[float, float],
    inches: float,
    points: float,
    unit: Unit,
    currency: str | None = None,
    *,
    most: int = 5,
    inside: bool = False,
) -> Ticks:
    """Return as many round values of a span as there is room for on an axis of that many inches.

    ``inside`` is for axes whose outer texts stay within them.
    """
    low, high = span
    per_unit = inches / ((high - low) or 1.0)
    tries = [value_ticks(low, high, unit, currency, count) for count in range(most, 0, -1)]
    return next((ticks for ticks in tries if _fit(ticks, span, per_unit, points, inside)), tries[-1])


def _fit(ticks: Ticks, span: tuple[float, float], per_unit: float, points: float, inside: bool) -> bool:
    places = [(place - span[0]) * per_unit for place in ticks[0]]
    end = (span[1] - span[0]) * per_unit
    return have_room(places, ticks[1], sides(places, end) if inside else ["center"] * len(places), points)


def sides(places: Sequence[float], end: float) -> list[Side]:
    """Return alignments that keep labels within an axis from 0 to ``end``."""
    slack = 1e-9 * (abs(end) or 1.0)
    return ["right" if at >= end - slack else "left" if at <= slack else "center" for at in places]


def have_room(places: Sequence[float], texts: Sequence[str], aligned: Sequence[Side], points: float) -> bool:
    """Return whether labels at these positions, in inches, do not touch."""
    wide = [max(width(line, points) for line in text.split("\n")) for text in texts]
    starts = [at - _BEFORE[side] * room for at, side, room in zip(places, aligned, wide, strict=True)]
    ends = [start + room for start, room in zip(starts, wide, strict=True)]
    return all(after - before >= _APART * points / 72 for before, after in _gaps(starts, ends))


def _gaps(starts: Sequence[float], ends: Sequence[float]) -> list[tuple[float, float]]:
    return [(end, start) for (_, end), (start, _) in pairwise(zip(starts, ends, strict=True))]


def _labels(ticks: list[float], unit: Unit, currency: str | None) -> list[str]:
    """Return labels with common decimals, without cents if all are whole, and short if large."""
    most = max(map(abs, ticks), default=0.0)
    power, suffix = next(
        ((power, suffix) for power, suffix in _LARGE if unit in _SHORT and most >= 10**power), (0, "")
    )
    labels = shown_column([tick / 10**power for tick in ticks], unit, currency)
    if power:
        return [_short(label) + suffix * (tick != 0) for label, tick in zip(labels, ticks, strict=True)]
    is_whole = all(label.endswith(".00") for label in labels)
    return [label.removesuffix(".00") for label in labels] if is_whole else labels


def _short(label: str) -> str:
    """Return a label without trailing zeros."""
    return label.rstrip("0").rstrip(".") if "." in label else label
