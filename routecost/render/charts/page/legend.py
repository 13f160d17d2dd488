"""Legend above a plot: the measure, and unlabelled lines and areas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from routecost.records import dataclass
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.charts.page.title_block import PAD, Frame

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# All in em, the size of running text.
_ROW, _SAMPLE, _UPRIGHT, _GAP, _APART = 1.9, 2.2, 0.6, 0.5, 1.6


@dataclass(frozen=True, slots=True)
class Entry:
    """A text and the style of its sample line, if any; an ``upright`` sample is short."""

    text: str
    look: dict[str, Any] | None = None
    upright: bool = False

    @property
    def before(self) -> float:
        """The em from the start of the sample to that of the text."""
        return 0.0 if self.look is None else (_UPRIGHT if self.upright else _SAMPLE) + _GAP


@dataclass(frozen=True, slots=True)
class Key:
    """The text of ``measured``, then the entries, on one or more rows."""

    design: Design
    entries: Sequence[Entry]

    @classmethod
    def of(cls, design: Design, measured: str, *entries: Entry) -> Key:
        """Return the legend of a plot, with ``measured`` above the axis unless it is empty."""
        return cls(design, [*([Entry(measured)] if measured else []), *entries])

    @property
    def height(self) -> float:
        """Inches of all rows."""
        rows = max((row for row, _, _ in self._placed()), default=0) + 1
        return rows * _ROW * self.design.em

    def write(self, page: Figure, frame: Frame) -> None:
        """Draw the legend at the top of the body of the page."""
        axes = frame.axes(page, PAD, self.height)
        axes.set_axis_off()
        axes.set(xlim=(0, self.design.width - 2 * PAD), ylim=(self.height, 0))
        for row, at, entry in self._placed():
            self._write(axes, (row + 0.5) * _ROW * self.design.em, at, entry)

    def _placed(self) -> Iterator[tuple[int, float, Entry]]:
        """Yield the row of each entry and its left edge in inches."""
        row, at, room = 0, 0.0, self.design.width - 2 * PAD
        for entry in self.entries:
            needed = entry.before * self.design.em + width(entry.text, self.design.points * SMALL)
            if at and at + needed > room:
                row, at = row + 1, 0.0
            yield row, at, entry
            at += needed + _APART * self.design.em

    def _write(self, axes: Axes, level: float, at: float, entry: Entry) -> None:
        em, theme, start = self.design.em, self.design.theme, at + entry.before * self.design.em
        if entry.look is not None and entry.upright:
            axes.plot([at + _UPRIGHT * em / 2] * 2, [level - em / 2, level + em / 2], **entry.look)
        elif entry.look is not None:
            axes.plot([at, at + _SAMPLE * em], [level] * 2, **({"solid_capstyle": "butt"} | entry.look))
        points = self.design.points * SMALL
        (text,) = fitted(entry.text, self.design.width - 2 * PAD - start, points, 1) or [""]
        color = theme.soft if entry.look is None else theme.ink
        axes.text(start, level, text, size=points, color=color, va="center_baseline")
