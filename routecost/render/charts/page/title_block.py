"""Frame of a chart: title and subtitle above, source below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from routecost.records import dataclass
from routecost.render.charts.page.design import Design
from routecost.render.charts.page.text_width import fitted
from routecost.render.escape import one_paragraph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAD = 0.18
"""The margin on all four sides, in inches."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text across the page."""

    text: str
    points: float
    color: str
    bold: bool = False

    @property
    def height(self) -> float:
        """Inches from the top of this line to the top of the next."""
        return self.points / 72 * 1.35


@dataclass(frozen=True, slots=True)
class Frame:
    """The text lines around a chart; the space between them is the body, in inches."""

    design: Design
    head: Sequence[Line]
    foot: Sequence[Line]

    @property
    def top(self) -> float:
        """Inches from the top of the page down to the body."""
        return PAD + sum(line.height for line in self.head) + 0.6 * self.design.em

    @property
    def bottom(self) -> float:
        """Inches from the bottom of the page up to the body."""
        return PAD + sum(line.height for line in self.foot)

    @property
    def room(self) -> float | None:
        """Height of the body if the height of the page is fixed, else None."""
        return None if self.design.height is None else self.design.height - self.top - self.bottom

    def page(self, body: float) -> Figure:
        """Return a page with its text lines and a body of the given height, or of the remaining one."""
        from matplotlib.figure import Figure

        page = Figure(figsize=(self.design.width, self.design.height or body + self.top + self.bottom))
        self._write(page, self.head, page.get_figheight() - PAD)
        self._write(page, self.foot, self.bottom)
        return page

    def axes(self, page: Figure, left: float, height: float, right: float = PAD, above: float = 0) -> Axes:
        """Return axes between margins ``left`` and ``right``, hanging ``above`` below the body's top."""
        width, high = page.get_size_inches()
        low = high - self.top - above - height
        return page.add_axes((left / width, low / high, (width - right - left) / width, height / high))

    def _write(self, page: Figure, lines: Sequence[Line], top: float) -> None:
        width, height = page.get_size_inches()
        for line in lines:
            weight = "bold" if line.bold else "normal"
            place = (PAD / width, top / height)
            page.text(*place, line.text, size=line.points, color=line.color, weight=weight, va="top")
            top -= line.height


def framed(
    title: str, subtitle: str | None, source: str, design: Design, footnote: str | None = None
) -> Frame:
    """Return the frame of a chart, with text wrapped to the width of the page."""
    head = _lines(title, design, Line("", design.points * 1.4, design.theme.ink, bold=True), most=2)
    head += _lines(subtitle or "", design, Line("", design.points, design.theme.soft), most=3)
    foot = [
        line
        for text, most in ((footnote or "", 4), (source, 2))
        for line in _lines(text, design, Line("", design.points * 0.8, design.theme.soft), most)
    ]
    return Frame(design, head, foot)


def _lines(text: str, design: Design, like: Line, most: int) -> list[Line]:
    room = design.width - 2 * PAD
    folded = fitted(one_paragraph(text), room, like.points, most, like.bold)
    return [Line(line, like.points, like.color, like.bold) for line in folded]
