"""Suggestions of tiers as a part of a report."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.merge_report import Block, Column, Note, Table, Unit
from routecost.model.results.suggestions import Suggestions

_COLUMNS = (
    Column("task", "task"),
    Column("tier", "tier"),
    Column("cost", "cost per task", Unit.MONEY),
    Column("suggested", "suggested"),
    Column("suggested_cost", "cost there", Unit.MONEY),
    Column("runner_up", "next best"),
    Column("sure", "sure", Unit.SHARE),
    Column("more_trials", "more trials", Unit.COUNT),
    Column("why", "note"),
)


def suggestions(made: Suggestions) -> Iterator[Block]:
    """Yield the table of suggestions, and how to read it."""
    yield Table("suggestions", _COLUMNS, [list(record.values()) for record in made.records()], "Suggestions")
    if any(row.suggested is not None for row in made.rows):
        yield Note.of(
            "Costs are those of the model and of failures. More trials, on each of the two tiers, would show "
            "that the lower one is no worse by more than the margin; none would where it is left empty."
        )
