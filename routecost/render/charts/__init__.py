"""Charts as SVG, PNG or PDF: one module per kind of figure, discovered in ``kinds``.

A chart module exposes ``FIGURE``, the class it draws; ``draw(figure, design)``, which returns a
matplotlib figure; and ``described(figure)``, its text alternative. matplotlib is imported only when
a chart is drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from importlib import import_module
from io import BytesIO
from os import PathLike, fspath
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, Any, BinaryIO

from routecost.errors import UsageError
from routecost.model.report.report import Figure
from routecost.problems import did_you_mean
from routecost.render.charts import kinds
from routecost.render.charts.page.alt_text import accessible
from routecost.render.charts.page.design import Design, house_style
from routecost.render.charts.page.missing_glyphs import one_warning
from routecost.render.charts.page.style import SIZES, THEMES
from routecost.render.escape import sanitize

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MatplotlibFigure

FORMATS = ("svg", "png", "pdf")

Target = str | PathLike[str] | BinaryIO


def chart_format(path: str | PathLike[str]) -> str:
    """Return the chart format of a file suffix; raises UsageError if it is not supported."""
    suffix = Path(path).suffix.lower()
    if suffix.lstrip(".") not in FORMATS:
        raise UsageError(f'cannot draw a chart as "{fspath(path)}"; expected a name in .svg, .png or .pdf')
    return suffix.lstrip(".")


def draw(
    figure: Figure, target: Target, kind: str | None = None, *, size: str = "doc", theme: str = "light"
) -> None:
    """Draw a figure to a file or a binary sink; output is deterministic.

    ``kind`` is one of FORMATS (default: by the file's suffix), ``size`` one of ``style.SIZES``,
    ``theme`` one of ``style.THEMES``. Nothing is written unless the whole drawing succeeds. Raises
    UsageError for an unknown kind, size or theme, ValueError for values that are not finite.
    """
    chosen = _kind(target) if kind is None else known_name("format", kind, FORMATS)
    content = _drawn(figure, chosen, design(size, theme))
    if isinstance(target, str | PathLike):
        Path(target).write_bytes(content)
    else:
        target.write(content)


def draw_pages(figures: Iterable[Figure], sink: BinaryIO) -> None:
    """Draw figures to one PDF, a page for each; they have one subset of the fonts in common."""
    from matplotlib.backends.backend_pdf import PdfPages

    made_for = design()
    with house_style(made_for), one_warning(), PdfPages(sink, metadata=_metadata("", "", "pdf")) as pages:
        for figure in figures:
            laid_out(figure, made_for).savefig(pages, format="pdf", dpi=made_for.size.dpi)


def design(size: str = "doc", theme: str = "light") -> Design:
    """Return the design of a size and theme; raises UsageError if one is unknown."""
    return Design(SIZES[known_name("size", size, SIZES)], THEMES[known_name("theme", theme, THEMES)])


def laid_out(figure: Figure, made_for: Design) -> MatplotlibFigure:
    """Return the matplotlib figure, to be saved within ``design.house_style``."""
    page: MatplotlibFigure = _module(figure).draw(figure, made_for)
    return page


def described(figure: Figure) -> str:
    """Return the text alternative of a figure, with its values."""
    text: str = _module(figure).described(figure)
    return text


def known_name(what: str, name: str, names: Collection[str]) -> str:
    """Return a name; raises UsageError if it is unknown."""
    if name not in names:
        raise UsageError(f'unknown chart {what} "{name}"{did_you_mean(name, names)}')
    return name


def _kind(target: Target) -> str:
    if not isinstance(target, str | PathLike):
        raise UsageError("a chart written to a stream needs a format: svg, png or pdf")
    return chart_format(target)


def _drawn(figure: Figure, kind: str, made_for: Design) -> bytes:
    sink = BytesIO()
    title, alt = sanitize(figure.title), described(figure)
    with house_style(made_for), one_warning():
        page = laid_out(figure, made_for)
        page.savefig(sink, format=kind, dpi=made_for.size.dpi, metadata=_metadata(title, alt, kind))
    return accessible(sink.getvalue(), title, alt) if kind == "svg" else sink.getvalue()


def _module(figure: Figure) -> ModuleType:
    modules = (import_module(f"{kinds.__name__}.{module.name}") for module in iter_modules(kinds.__path__))
    return next(module for module in modules if getattr(module, "FIGURE", None) is type(figure))


def _metadata(title: str, alt: str, kind: str) -> dict[str, Any]:
    """Return metadata without a date or a version, so that a chart changes only with its data."""
    if kind == "png":
        return {"Title": title, "Description": alt, "Software": "routecost"}
    if kind == "pdf":
        about = {"Title": title, "Subject": alt, "Creator": "routecost"}
        return about | {"Producer": None, "CreationDate": None}
    return {"Date": None, "Creator": "routecost"}
