"""Charts on paper: room is left in the flow of text, and the chart's own page is laid into it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from reportlab.platypus import Flowable

from routecost.model.report.report import Figure
from routecost.render.charts import draw
from routecost.render.pdf_pages import styles as look


@dataclass(frozen=True, slots=True)
class Laid:
    """A chart's page and its place: page number from 0, and the lower left corner in points."""

    chart: PageObject
    page: int
    left: float
    low: float
    scale: float


class Chart(Flowable):
    """Room for a figure, as wide as the text at most; where it came to stand goes to ``laid``."""

    def __init__(self, figure: Figure, laid: list[Laid]) -> None:
        super().__init__()
        self.laid = laid
        self.chart = _drawn(figure)
        box = self.chart.mediabox
        self.scale = min(1.0, look.ROOM / float(box.width))
        self.width, self.height = float(box.width) * self.scale, float(box.height) * self.scale
        self.spaceAfter = 6

    def draw(self) -> None:
        """Note where the chart belongs."""
        left, low = self.canv.absolutePosition(0, 0)
        self.laid.append(Laid(self.chart, self.canv.getPageNumber() - 1, left, low, self.scale))


def lay(writer: PdfWriter, laid: list[Laid]) -> None:
    """Lay charts into the pages that room was left on."""
    for each in laid:
        place = Transformation().scale(each.scale).translate(each.left, each.low)
        writer.pages[each.page].merge_transformed_page(each.chart, place)


def _drawn(figure: Figure) -> PageObject:
    sink = BytesIO()
    draw(figure, sink, "pdf")
    return PdfReader(sink).pages[0]
