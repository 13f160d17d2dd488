"""PDF pages: margins, page numbers, bookmarks and metadata."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from routecost.model.report.report import Report
from routecost.render.escape import sanitize
from routecost.render.pdf_pages import styles as look
from routecost.render.pdf_pages.charts import Laid, lay
from routecost.render.pdf_pages.flow import Heading, flow


def pages(report: Report) -> bytes:
    """Return a report as a PDF file, consuming its rows."""
    look.load_fonts()
    laid: list[Laid] = []
    template = _Template()
    template.build(list(flow(report, laid)))
    writer = PdfWriter(clone_from=PdfReader(template.sink))
    lay(writer, laid)
    feet = PdfReader(_feet(sanitize(report.title), len(writer.pages)))
    for page, foot in zip(writer.pages, feet.pages, strict=True):
        page.merge_page(foot)
        page.compress_content_streams()
    return _described(writer, sanitize(report.title))


class _Template(BaseDocTemplate):
    """A document template that bookmarks headings."""

    def __init__(self) -> None:
        self.sink = BytesIO()
        low, high = look.MARGIN, look.PAGE[1] - 2 * look.MARGIN
        frame = Frame(look.MARGIN, low, look.ROOM, high, 0, 0, 0, 0)
        templates = [PageTemplate(frames=[frame])]
        font = look.PLAIN  # the default one would not be embedded
        super().__init__(
            self.sink, pagesize=look.PAGE, pageTemplates=templates, invariant=1, initialFontName=font
        )

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  the name that reportlab calls
        """Bookmark a heading."""
        if isinstance(flowable, Heading):
            key = f"heading-{self.canv.getPageNumber()}-{flowable.title}"
            self.canv.bookmarkHorizontal(key, 0, 0)
            self.canv.addOutlineEntry(flowable.title, key, flowable.level)


def _feet(title: str, count: int) -> BytesIO:
    """Return pages that contain only the footers; the page count must be known."""
    sink = BytesIO()
    canvas = Canvas(sink, pagesize=look.PAGE, invariant=1, initialFontName=look.PLAIN)  # type: ignore[arg-type]
    low = look.MARGIN * 0.6
    for number in range(1, count + 1):
        canvas.setFont(look.PLAIN, look.FOOT)
        canvas.setFillColor(look.SOFT)
        canvas.drawString(look.MARGIN, low, title)
        canvas.drawRightString(look.PAGE[0] - look.MARGIN, low, f"page {number} of {count}")
        canvas.showPage()
    canvas.save()
    return sink


def _described(writer: PdfWriter, title: str) -> bytes:
    """Add metadata without a date or a version, so that output depends only on the data."""
    writer.pdf_header = "%PDF-1.7"
    writer.metadata = {"/Title": title, "/Creator": "routecost", "/Producer": "routecost"}
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject("en")
    shown = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    root[NameObject("/ViewerPreferences")] = shown
    sink = BytesIO()
    writer.write(sink)
    return sink.getvalue()
