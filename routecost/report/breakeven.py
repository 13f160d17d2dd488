"""Report of break-even points."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from routecost.model.report.cells import Cell, Column, Quantity, Unit
from routecost.model.report.report import Audience, Block, Report, Table
from routecost.model.results.breakeven import Answer, BreakEven, Breakevens, Question
from routecost.report.caveats import at_means, made_up, not_counted, own_fees, unpriced_reviews
from routecost.report.places import telling_apart

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
_WORST = (
    Column("worst_value", "worst case", Unit.NUMBER),
    Column("worst_answer", "worst case, answer"),
)
"""The answers in the worst case of repeated work, if some of them differ."""

UNITS = {
    Question.VOLUME: Unit.COUNT,
    Question.WRONG_TIER: Unit.SHARE,
    Question.ROUTER_ERROR: Unit.SHARE,
    Question.SUCCESS_RATE: Unit.SHARE,
    Question.FAILURE_COST: Unit.MONEY,
    Question.ESCALATION: Unit.SHARE,
}
_TITLES = {
    Question.VOLUME: "Tasks per day at which routing repays engineering and upkeep",
    Question.WRONG_TIER: "Share of misrouted tasks that cancels the savings",
    Question.ROUTER_ERROR: "Router error rate at which the default costs the same",
    Question.SUCCESS_RATE: "Success rate that the cheap tier needs",
    Question.FAILURE_COST: "Failure cost above which the expensive tier pays off",
    Question.ESCALATION: "Escalation rate above which a cascade costs more than starting one tier up",
}


def report(breakevens: Breakevens) -> Report:
    """Return the report of break-even points: a table per question for people, one for machines."""
    columns = (*_COLUMNS, *(_WORST if any(row.worst_answer for row in breakevens.breakevens) else ()))
    rows = [tuple(getattr(row, column.key) for column in columns) for row in breakevens.breakevens]
    blocks: list[Block] = [Table("breakevens", columns, rows, audience=Audience.MACHINES)]
    blocks += _for_people(breakevens)
    return Report(
        command="breakeven",
        title=f"{breakevens.scenario}: break-even points, "
        f"{breakevens.pricing} prices as of {breakevens.as_of}",
        meta={
            "scenario": breakevens.scenario,
            "currency": breakevens.currency,
            "pricing": breakevens.pricing,
            "as_of": breakevens.as_of,
            "default": breakevens.default,
            "proposed": breakevens.proposed,
            "illustrative": breakevens.illustrative,
            "at_means": list(breakevens.at_means),
        },
        blocks=(
            *blocks,
            *own_fees(breakevens.own_fees, "single tiers, and starts higher up,"),
            *not_counted(breakevens.escalates_unknown),
            *unpriced_reviews(breakevens.unpriced_reviews),
            *made_up(breakevens.illustrative),
            *at_means(breakevens.at_means),
        ),
        currency=breakevens.currency,
    )


def _for_people(breakevens: Breakevens) -> Iterator[Table]:
    for question in Question:
        rows = breakevens.of(question)
        if not rows:
            continue
        is_wrong_tier = question is Question.WRONG_TIER and len(rows) > 1
        table = _of_wrong_tiers if is_wrong_tier else _of_others
        yield table(question, rows)


def _of_others(question: Question, rows: tuple[BreakEven, ...]) -> Table:
    columns: tuple[Column, ...] = (
        Column("parameter", ""),
        Column("answer", "break-even", UNITS[question]),
        Column("now", "now", UNITS[question]),
        Column("meaning", "meaning"),
    )
    cells: list[tuple[Cell, ...]]
    cells = [
        (row.parameter or "all", _answer(row), Quantity(row.now, *_shape(row)), row.meaning) for row in rows
    ]
    if any(row.worst_answer for row in rows):
        worst = Column("worst", "if repeated work is hard", UNITS[question])
        columns = (*columns[:2], worst, *columns[2:])
        cells = [(*cell[:2], _worst(row), *cell[2:]) for row, cell in zip(rows, cells, strict=True)]
    return Table(question.name.lower(), columns, cells, _TITLES[question], Audience.PEOPLE)


def _of_wrong_tiers(question: Question, rows: tuple[BreakEven, ...]) -> Table:
    columns = (
        Column("parameter", "correct -> wrong tier"),
        Column("all_tasks", "of all tasks", UNITS[question]),
        Column("own_tasks", "of its tasks", UNITS[question]),
        Column("meaning", "meaning"),
    )
    cells = [
        (parameter, _answer(of_all), _answer(of_own), of_all.meaning)
        for parameter, (of_all, of_own) in groupby(rows, lambda row: row.parameter)
    ]
    return Table(question.name.lower(), columns, cells, _TITLES[question], Audience.PEOPLE)


def _worst(row: BreakEven) -> Cell:
    if row.worst_answer is None:
        return _answer(row)
    return Quantity(row.worst_value, *_shape(row)) if row.worst_answer is Answer.AT else str(row.worst_answer)


def _answer(row: BreakEven) -> Cell:
    return Quantity(row.value, *_shape(row)) if row.answer is Answer.AT else str(row.answer)


def _shape(row: BreakEven) -> tuple[Unit, None, int]:
    """Return the unit and decimal places of the values of a row, which are compared."""
    unit = UNITS[row.question]
    return unit, None, max(telling_apart(unit, row.now, value) for value in (row.value, row.worst_value))
