"""What is said of the escalations that routing tables would add to a log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.model.report.cells import Cell, Column, Range, Unit
from routecost.model.report.report import Audience, Block, Note, Table
from routecost.model.results.logs.replay import AddedCalls, Replay

_COLUMNS = (
    Column("table", "table"),
    Column("task_type", "task type"),
    Column("calls", "calls", Unit.COUNT),
    Column("tier", "tier"),
    Column("escalates_to", "escalates to"),
    Column("share", "escalated", Unit.SHARE),
    Column("added", "cost at this share", Unit.MONEY),
    Column("added_high", "at most", Unit.MONEY, machine_only=True),
    Column("added_if_all", "if all escalate", Unit.MONEY),
)


def escalation_table(replay: Replay, most: int) -> Iterator[Block]:
    """Yield the escalations that tables would add, to people if there are at most ``most``, and a note."""
    if all(table.kind == "logged" for table in replay.tables):
        return
    rows = [_row(table, one) for table, every in replay.escalations.items() for one in every]
    if rows:
        audience = Audience.MACHINES if len(rows) > most else Audience.ALL
        yield Table("escalations", _COLUMNS, rows, "Escalations that a table would add", audience)
        yield Note.of(
            "Each logged call runs once, on the tier of its task type. Escalations are not included above: "
            "they are calls of the next tier with the tokens of the logged ones, for the share that the "
            "evidence of the table has, and of all its further tiers if all escalate. If the log has "
            "escalations of its own, they are among its calls. Reviews are not included: their tokens are "
            "not known."
        )
    else:
        yield Note.of(
            "Each logged call runs once, on the tier of its task type; escalations and reviews that a table "
            "would add are not included."
        )


def _row(table: str, one: AddedCalls) -> Sequence[Cell]:
    cost = one.expected
    shown: Cell = None
    if cost is not None:
        shown = cost.low if cost.is_exact else Range(cost.low, cost.high)
    return (
        table,
        one.task_type,
        one.calls,
        one.tier,
        ", ".join(one.path),
        one.share,
        shown,
        None if cost is None else cost.high,
        one.most,
    )
