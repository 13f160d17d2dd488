"""PDF: A4 pages with bookmarks and vector charts (needs reportlab and pypdf)."""

from __future__ import annotations

from importlib import import_module
from typing import BinaryIO

from routecost.errors import EnvironmentFailure
from routecost.model.report.report import Report

NAME = "pdf"
SUFFIXES = (".pdf",)
BINARY = True

NEEDED = ("reportlab", "pypdf")


def render(report: Report, sink: BinaryIO) -> None:
    """Write a report as A4 pages; output is deterministic.

    Raises EnvironmentFailure if a required package is missing.
    """
    require()
    from routecost.render.pdf_pages.pages import pages

    sink.write(pages(report))


def require() -> None:
    """Raise EnvironmentFailure if a required package is missing."""
    for package in NEEDED:
        _require(package)


def _require(package: str) -> None:
    try:
        import_module(package)
    except ImportError as missing:
        raise EnvironmentFailure(
            f'the format "pdf" needs {package}; install it with: pip install "routecost[pdf]"'
        ) from missing
