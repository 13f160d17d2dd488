"""Reports as text."""

from __future__ import annotations

from io import StringIO

from routecost.model.report.report import Report
from routecost.render import write


def text_of(report: Report) -> str:
    """Return a report as text, without line breaks."""
    sink = StringIO()
    write(report, "text", sink)
    return " ".join(sink.getvalue().split())
