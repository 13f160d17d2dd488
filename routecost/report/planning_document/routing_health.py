"""What the linter says of the routing tables that a scenario's strategies route by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.model.report.report import Block, FindingList, Note, Report
from routecost.model.results.planning_document import Planning, RoutedBy
from routecost.report.routing import validate

NO_TABLE = "No strategy of the scenario uses a routing table, so there is none to check."


def report(planning: Planning) -> Report:
    """Return the health of the routing tables, with all findings; or that there are none."""
    found = planning.routed_by
    return Report(
        command="report",
        title="Health of the routing table" + "s" * (len(found) > 1),
        meta={"tables": [each.validation.table for each in found]},
        blocks=tuple(_blocks(found)),
        currency=planning.comparison.currency,
    )


def _blocks(found: Sequence[RoutedBy]) -> Iterator[Block]:
    if not found:
        yield Note.of(NO_TABLE)
    for each in found:
        made = validate.report(each.validation)
        yield Note.of(f"{' and '.join(each.strategies)}: the routing table {made.title}.")
        if each.validation.findings:
            yield FindingList(each.validation.findings, each.validation.rules)
        yield from (block for block in made.blocks if isinstance(block, Note))
    yield validate.findings([each.validation for each in found])
