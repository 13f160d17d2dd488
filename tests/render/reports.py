"""Reports and figures that the tests of the formats share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from routecost.model.report.cells import Cell, Column, Quantity, Shown, Unit
from routecost.model.report.report import Bar, BarFigure, Note, Report, Table
from routecost.render import write

COLUMNS = (
    Column("strategy", "Strategy"),
    Column("cost_per_task", "Per task", Unit.MONEY),
    Column("cost_per_month", "Per month", Unit.MONEY),
    Column("vs_baseline", "Against all-opus", Unit.CHANGE),
    Column("tasks", "Tasks", Unit.COUNT, machine_only=True),
)

ROWS: tuple[Sequence[Cell], ...] = (
    ("all-haiku", Decimal("0.0036"), Decimal("54.00"), Decimal(54) / Decimal("1012.5") - 1, 15000),
    ("routed", Decimal("0.00828"), Decimal("124.2"), None, 15000),
    ("all-opus", Decimal("0.0675"), Decimal("1012.5"), Shown(Decimal(0), "baseline"), 15000),
)

FIGURE = BarFigure(
    title="Spend per month by strategy",
    axis="US dollars per month",
    bars=(
        Bar("all-haiku", 54.0),
        Bar("routed", 124.2, emphasis=True),
        Bar("all-opus", 1012.5, is_baseline=True),
    ),
    source="claude-article prices as of 2026-02-01",
    alt="Spend per month of <three> strategies.",
    unit=Unit.MONEY,
    currency="USD",
)


def compare(figure: BarFigure | None = None) -> Report:
    """Return a small report with every kind of block."""
    return Report(
        "compare",
        "Compare: article-fleet",
        {"scenario": "article-fleet", "as_of": date(2026, 2, 1), "savings": {"per_month": Decimal("78.30")}},
        (
            Table("strategies", COLUMNS, ROWS),
            Note.of("Saves ", Quantity(Decimal("78.3"), Unit.MONEY), " a month."),
            Note.of("Old.", warning=True),
        ),
        figure=figure,
    )


def one_table(
    rows: Iterable[Sequence[Cell]], columns: tuple[Column, ...] = (Column("name", "Name"),)
) -> Report:
    """Return a report of nothing but one table."""
    return Report("usage", "Usage", {}, (Table("usage", columns, rows),))


def rendered(report: Report, format_name: str) -> str:
    """Return what a text format makes of a report."""
    sink = StringIO()
    write(report, format_name, sink)
    return sink.getvalue()
