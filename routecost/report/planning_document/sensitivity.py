"""What moves the cost of the proposal, as far as people want to know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.model.results.sensitivity import Tornado
from routecost.report.sensitivity import tornado as _tornado

MOST = 15
"""The most assumptions that people are shown; machines get them all."""


def report(tornado: Tornado) -> Report:
    """Return the report of a tornado without what hardly matters to a reader."""
    made = _tornado.report(tornado)
    return replace(
        made,
        title=f"What moves the cost of {tornado.strategy}",
        blocks=tuple(_blocks(tornado, made)),
    )


def _blocks(tornado: Tornado, made: Report) -> Iterator[Block]:
    moving = sum(bool(each.swing(tornado.cost_per_month)) for each in tornado.assumptions)
    for block in made.blocks:
        if isinstance(block, Table):
            rows = list(block.rows)
            yield replace(block, rows=rows, audience=Audience.MACHINES)
            yield replace(block, name="moving", rows=rows[: min(moving, MOST)], audience=Audience.PEOPLE)
        elif not (isinstance(block, Note) and block.warning):
            yield block
    yield from _left_out(min(moving, MOST), moving, len(tornado.assumptions))
    yield from _stuck(tornado)


def _left_out(shown: int, moving: int, count: int) -> Iterator[Note]:
    told = {"move it less": moving - shown, "do not move it": count - moving}
    parts = [f"{number} others {what}" for what, number in told.items() if number]
    if parts:
        yield Note.of(f"{' and '.join(parts)}.")


def _stuck(tornado: Tornado) -> Iterator[Note]:
    """Say in one sentence which moves the scenario does not bear."""
    moves = [
        (f"{each.name} cannot move {way}", side.why)
        for each in tornado.assumptions
        for way, side in (("down", each.down), ("up", each.up))
        if side.why is not None
    ]
    if moves:
        (first, why), *others = moves
        more = f", nor are {len(others)} other moves possible" if others else ""
        yield Note.of(f"{first} that far ({why}){more}.")
