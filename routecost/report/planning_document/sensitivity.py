"""Assumptions ranked by their effect on the cost of the proposal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.model.results.tornado import Tornado
from routecost.report.sensitivity import tornado as _tornado

MOST = 15
"""Number of assumptions shown to people; machines get all."""


def report(tornado: Tornado) -> Report:
    """Return the report of a tornado, limited to the assumptions that matter most."""
    full = _tornado.report(tornado)
    return replace(
        full,
        title=f"Sensitivity of the cost of {tornado.strategy}",
        blocks=tuple(_blocks(tornado, full)),
    )


def _blocks(tornado: Tornado, full: Report) -> Iterator[Block]:
    moving = sum(bool(assumption.swing(tornado.costs)) for assumption in tornado.assumptions)
    for block in full.blocks:
        if isinstance(block, Table):
            rows = list(block.rows)
            yield replace(block, rows=rows, audience=Audience.MACHINES)
            yield replace(block, name="moving", rows=rows[: min(moving, MOST)], audience=Audience.PEOPLE)
        elif not (isinstance(block, Note) and block.warning):
            yield block
    yield from _left_out(min(moving, MOST), moving, len(tornado.assumptions))
    yield from _tornado.left_out_notes(tornado)
    yield from _impossible(tornado)


def _left_out(shown: int, moving: int, count: int) -> Iterator[Note]:
    counts = {"have a smaller effect": moving - shown, "have no effect": count - moving}
    parts = [f"{number} other{'s' * (number > 1)} {what}" for what, number in counts.items() if number]
    if parts:
        yield Note.of(f"{' and '.join(parts)}.")


def _impossible(tornado: Tornado) -> Iterator[Note]:
    """Yield a sentence on the changes that the scenario does not allow."""
    moves = [
        (f"{assumption.name} cannot change {direction}", side.why)
        for assumption in tornado.assumptions
        for direction, side in (("down", assumption.down), ("up", assumption.up))
        if side.why is not None
    ]
    if moves:
        (first, why), *others = moves
        more = (
            f"; {len(others)} other change{'s are' if len(others) > 1 else ' is'} not possible either"
            if others
            else ""
        )
        yield Note.of(f"{first} by that much ({why}){more}.")
