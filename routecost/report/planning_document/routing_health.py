"""Lint findings for the routing tables that the strategies use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.model.report.report import Block, FindingList, Note, Report
from routecost.model.results.planning_document import Planning, RoutedBy
from routecost.report.routing import validate

NO_TABLE = "No strategy of the scenario uses a routing table."


def report(planning: Planning) -> Report:
    """Return the findings of each routing table, or a note that there is none."""
    tables = planning.routed_by
    return Report(
        command="report",
        title="Health of the routing table" + "s" * (len(tables) > 1),
        meta={"tables": [table.validation.table for table in tables]},
        blocks=tuple(_blocks(tables)),
        currency=planning.comparison.currency,
    )


def _blocks(tables: Sequence[RoutedBy]) -> Iterator[Block]:
    if not tables:
        yield Note.of(NO_TABLE)
    for table in tables:
        lint_report = validate.report(table.validation)
        yield Note.of(f"{' and '.join(table.strategies)}: the routing table {lint_report.title}.")
        if table.validation.findings:
            yield FindingList(table.validation.findings, table.validation.rules)
        yield from (block for block in lint_report.blocks if isinstance(block, Note))
    yield validate.findings([table.validation for table in tables])
