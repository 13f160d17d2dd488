"""Charts in PDF pages: space is reserved in the text, and the chart is merged into it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from reportlab.platypus import Flowable

from routecost.model.report.report import Figure
from routecost.records import dataclass
from routecost.render.charts import draw_pages
from routecost.render.pdf_pages import styles as look


@dataclass(frozen=True, slots=True)
class Laid:
    """A chart and its position: page number from 0, lower left corner in points, and scale."""

    chart: PageObject
    page: int
    left: float
    low: float
    scale: float


class Chart(Flowable):
    """Reserved space for a chart, at most as wide as the text; appends its position to ``laid``."""

    def __init__(self, chart: PageObject, laid: list[Laid]) -> None:
        super().__init__()
        self.laid = laid
        self.chart = chart
        box = self.chart.mediabox
        self.scale = min(1.0, look.ROOM / float(box.width))
        self.width, self.height = float(box.width) * self.scale, float(box.height) * self.scale
        self.spaceAfter = 6

    def draw(self) -> None:
        """Record the position of the chart."""
        left, low = self.canv.absolutePosition(0, 0)
        self.laid.append(Laid(self.chart, self.canv.getPageNumber() - 1, left, low, self.scale))


def lay(writer: PdfWriter, laid: list[Laid]) -> None:
    """Merge charts into their reserved space."""
    for chart in laid:
        place = Transformation().scale(chart.scale).translate(chart.left, chart.low)
        writer.pages[chart.page].merge_transformed_page(chart.chart, place)


def drawn(figures: Sequence[Figure]) -> list[PageObject]:
    """Return the charts of figures, which have their fonts in common."""
    if not figures:
        return []
    sink = BytesIO()
    draw_pages(figures, sink)
    return list(PdfReader(sink).pages)
