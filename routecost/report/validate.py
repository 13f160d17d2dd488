"""What the linter says, as a report."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.blocks import FindingList
from routecost.model.report import Audience, Block, Column, Note, Report, Table, Unit
from routecost.model.validation import FINDING_COLUMNS, Validation
from routecost.problems import Severity

_COUNTED = ("line", "column")


def report(validation: Validation) -> Report:
    """Return the report of a validation: its findings, and how many there are."""
    prices = (
        "" if validation.pricing is None else f" and {validation.pricing} prices as of {validation.as_of}"
    )
    return Report(
        command="validate",
        title=f"{validation.table}: held against {validation.taxonomy}{prices}",
        meta={
            "table": validation.table,
            "taxonomy": validation.taxonomy,
            "pricing": validation.pricing,
            "as_of": validation.as_of,
            "ignored": validation.ignored,
            "skipped": [rule.code for rule in validation.skipped],
        },
        blocks=tuple(_blocks(validation)),
    )


def _blocks(validation: Validation) -> Iterator[Block]:
    yield FindingList(validation.findings, validation.rules)
    yield _table(validation)
    yield Note.of(_tally(validation))
    if validation.skipped:
        rules = " and ".join(f"{rule.code} {rule.name}" for rule in validation.skipped)
        yield Note.of(f"Not checked without prices (--pricing): {rules}")


def _table(validation: Validation) -> Table:
    columns = tuple(Column(key, key, Unit.COUNT if key in _COUNTED else Unit.TEXT) for key in FINDING_COLUMNS)
    rows = [list(record.values()) for record in validation.records()]
    return Table("findings", columns, rows, audience=Audience.MACHINES)


def _tally(validation: Validation) -> str:
    counts = [_counted(validation.count(severity), severity.value) for severity in Severity]
    found = ", ".join(count for count in counts if count) or "no findings"
    return found + (f" ({validation.ignored} ignored)" if validation.ignored else "")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}" if count else ""
