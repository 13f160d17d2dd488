"""Break-evens as a report."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from routecost.model.report.cells import Cell, Column, Quantity, Unit
from routecost.model.report.report import Audience, Block, Report, Table
from routecost.model.results.breakeven import Answer, BreakEven, Breakevens, Question
from routecost.report.caveats import at_means, made_up

_COLUMNS = (
    Column("question", "question"),
    Column("parameter", "parameter"),
    Column("value", "value", Unit.NUMBER),
    Column("unit", "unit"),
    Column("answer", "answer"),
    Column("meaning", "meaning"),
    Column("now", "now", Unit.NUMBER),
    Column("task_type", "task type"),
)
UNITS = {
    Question.VOLUME: Unit.COUNT,
    Question.WRONG_TIER: Unit.SHARE,
    Question.ROUTER_ERROR: Unit.SHARE,
    Question.SUCCESS_RATE: Unit.SHARE,
    Question.FAILURE_COST: Unit.MONEY,
    Question.ESCALATION: Unit.SHARE,
}
_TITLES = {
    Question.VOLUME: "Tasks a day at which routing repays its engineering and upkeep",
    Question.WRONG_TIER: "Tasks sent to the wrong tier that erase the savings",
    Question.ROUTER_ERROR: "Mistakes of the router at which the default costs the same",
    Question.SUCCESS_RATE: "Success rate below which the cheap tier stops paying",
    Question.FAILURE_COST: "Cost of a failure above which the dear tier pays",
    Question.ESCALATION: "Escalations at which a cascade costs more than starting one tier up",
}


def report(found: Breakevens) -> Report:
    """Return the report of break-evens: a table per question for people, one for machines."""
    rows = [tuple(getattr(row, column.key) for column in _COLUMNS) for row in found.breakevens]
    blocks: list[Block] = [Table("breakevens", _COLUMNS, rows, audience=Audience.MACHINES)]
    blocks += _for_people(found)
    return Report(
        command="breakeven",
        title=f"{found.scenario}: where decisions turn, at {found.pricing} prices as of {found.as_of}",
        meta={
            "scenario": found.scenario,
            "currency": found.currency,
            "pricing": found.pricing,
            "as_of": found.as_of,
            "default": found.default,
            "proposed": found.proposed,
            "illustrative": found.illustrative,
            "at_means": list(found.at_means),
        },
        blocks=(*blocks, *made_up(found.illustrative), *at_means(found.at_means)),
        currency=found.currency,
    )


def _for_people(found: Breakevens) -> Iterator[Table]:
    for question in Question:
        rows = found.of(question)
        if not rows:
            continue
        is_wrong_tier = question is Question.WRONG_TIER and len(rows) > 1
        make = _of_wrong_tiers if is_wrong_tier else _of_others
        yield make(question, rows)


def _of_others(question: Question, rows: tuple[BreakEven, ...]) -> Table:
    columns = (
        Column("parameter", ""),
        Column("answer", "break-even", UNITS[question]),
        Column("now", "now", UNITS[question]),
        Column("meaning", "meaning"),
    )
    cells = [(row.parameter or "all", _answer(row), row.now, row.meaning) for row in rows]
    return Table(question.name.lower(), columns, cells, _TITLES[question], Audience.PEOPLE)


def _of_wrong_tiers(question: Question, rows: tuple[BreakEven, ...]) -> Table:
    columns = (
        Column("parameter", "meant -> sent"),
        Column("all_tasks", "of all tasks", UNITS[question]),
        Column("own_tasks", "of its own", UNITS[question]),
        Column("meaning", "meaning"),
    )
    cells = [
        (parameter, _answer(of_all), _answer(of_own), of_all.meaning)
        for parameter, (of_all, of_own) in groupby(rows, lambda row: row.parameter)
    ]
    return Table(question.name.lower(), columns, cells, _TITLES[question], Audience.PEOPLE)


def _answer(row: BreakEven) -> Cell:
    return Quantity(row.value, UNITS[row.question]) if row.answer is Answer.AT else str(row.answer)
