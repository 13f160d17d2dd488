"""Page size, fonts and text styles of PDF pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont

from routecost.render.charts.page.style import THEMES
from routecost.render.plotting import import_matplotlib

PAGE = A4
MARGIN = 20 * mm
ROOM = PAGE[0] - 2 * MARGIN
"""Text width, in points."""

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
_LIGHT = THEMES["light"]
INK, SOFT, RULE, ACCENT = map(HexColor, (_LIGHT.ink, _LIGHT.soft, _LIGHT.grid, _LIGHT.accent))

TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=8.5, leading=12.5, textColor=INK, spaceAfter=5)
WARNING = ParagraphStyle("warning", TEXT, spaceAfter=0)
TITLE = ParagraphStyle("title", TEXT, fontName=BOLD, fontSize=16, leading=21, spaceAfter=10)
HEADING = ParagraphStyle(
    "heading", TEXT, fontName=BOLD, fontSize=12, leading=16, spaceBefore=16, spaceAfter=7
)
CAPTION = ParagraphStyle("caption", TEXT, fontName=BOLD, spaceBefore=7, spaceAfter=4)
FOOT = 7.0
"""Font size of the footer."""


@cache
def load_fonts() -> None:
    """Register the font that ships with matplotlib, so that output is the same on every machine."""
    folder = Path(import_matplotlib().get_data_path()) / "fonts" / "ttf"
    for name in (PLAIN, BOLD):
        registerFont(TTFont(name, folder / f"{name}.ttf"))
    registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
