"""Axes that read as money: a few round values, labelled as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routecost.model.report import Unit
from routecost.render.cells import shown_column

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def mark_values(axes: Axes, high: float, unit: Unit, currency: str | None) -> None:
    """Put a few round ticks on the horizontal axis, up to ``high``, labelled as people read them."""
    axes.set_xticks(*value_ticks(axes.get_xlim()[0], high, unit, currency))


def value_ticks(
    low: float, high: float, unit: Unit, currency: str | None, most: int = 5
) -> tuple[list[float], list[str]]:
    """Return about ``most`` round values from ``low`` to ``high``, and how people read them."""
    from matplotlib.ticker import MaxNLocator

    places = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    # 12 digits take away the noise of floats, such as 0.30000000000000004
    ticks = [float(f"{place:.12g}") for place in places if low <= place <= high]
    return ticks, _labels(ticks, unit, currency)


def _labels(ticks: list[float], unit: Unit, currency: str | None) -> list[str]:
    """Return aligned labels, without cents where all of them are whole."""
    labels = shown_column(ticks, unit, currency)
    is_whole = all(label.endswith(".00") for label in labels)
    return [label.removesuffix(".00") for label in labels] if is_whole else labels
