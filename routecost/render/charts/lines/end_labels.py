"""Labels at the ends of lines, instead of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from routecost.records import dataclass
from routecost.render.charts.page.design import Design
from routecost.render.charts.page.label_spacing import spaced
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.escape import sanitize

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_SHARE = 0.32
"""Maximum width of a label, as a fraction of the page."""

# In em (the size of label text).
_LEADING, _SPACE, _BEYOND = 1.2, 0.4, 0.8
_GAP, _LEADER, _AFTER = 0.7, 1.3, 0.3
_LOWERED = 0.36  # centres capital letters


@dataclass(frozen=True, slots=True)
class EndLabel:
    """The text for a line that ends at ``at``, a fraction of the axis, drawn in ``color``."""

    lines: Sequence[str]
    at: float
    color: str
    bold: bool = False

    def width(self, points: float) -> float:
        """Return the inches from the axis to the end of the text."""
        text = max(width(line, points, self.bold) for line in self.lines)
        return text + (_GAP + _LEADER + _AFTER) * points / 72

    def height(self, points: float) -> float:
        """Return the inches that the text takes, and the space to the next."""
        return (len(self.lines) * _LEADING + _SPACE) * points / 72


def label_lines(name: str, value: str, design: Design, bold: bool = False, short: bool = False) -> list[str]:
    """Return the text of a label on one line if it fits, else the name above the value.

    A ``short`` one is always one line: the name loses its middle.
    """
    room, one = _MOST_SHARE * design.width, f"{sanitize(name)}  {value}"
    if width(one, design.points, bold) <= room:
        return [one]
    if short:
        left = room - width(f"  {value}", design.points, bold)
        (cut,) = fitted(sanitize(name), left, design.points, 1, bold) or [""]
        return [f"{cut}  {value}"]
    folded = fitted(sanitize(name), room, design.points, 2, bold)
    return [*folded, *fitted(value, room, design.points, 1, bold)]


def write_labels(axes: Axes, labels: Sequence[EndLabel], points: float, inches: tuple[float, float]) -> None:
    """Write labels right of axes of ``inches``, without overlap, with lines to the ends."""
    (wide, high), em = inches, points / 72
    heights = [label.height(points) for label in labels]
    centres = spaced([label.at * high for label in labels], heights, -_BEYOND * em, high + _BEYOND * em)
    for label, centre in zip(labels, centres, strict=True):
        _lead(axes, label, centre / high, em / wide)
        _write(axes, label, centre / high, points, (em / wide, em / high))


def _lead(axes: Axes, label: EndLabel, centre: float, em: float) -> None:
    across, up = [1 + _GAP * em, 1 + (_GAP + _LEADER) * em], [label.at, centre]
    look: dict[str, Any] = {"color": label.color, "linewidth": 0.8, "clip_on": False}
    axes.plot(across, up, transform=axes.transAxes, **look)


def _write(axes: Axes, label: EndLabel, centre: float, points: float, em: tuple[float, float]) -> None:
    """Write a label around a height; that and ``em``, across and up, are fractions of the axes."""
    start = 1 + (_GAP + _LEADER + _AFTER) * em[0]
    weight = "bold" if label.bold else "normal"
    for line, text in enumerate(label.lines):
        raised = _LEADING * ((len(label.lines) - 1) / 2 - line) - _LOWERED
        place = (start, centre + raised * em[1])
        axes.text(*place, text, size=points, weight=weight, transform=axes.transAxes)
