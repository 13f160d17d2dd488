"""Report of break-even points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from routecost.model.report.cells import Cell, Column, Quantity, Scalar, Unit
from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.model.results.breakeven import Answer, BreakEven, Breakevens, Question
from routecost.model.results.verdicts.worst_of import WorstOf
from routecost.report.caveats import at_means, made_up, not_counted, own_fees, unpriced_reviews
from routecost.report.places import distinct_places, telling_apart

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
    Question.PLAN_VOLUME: Unit.COUNT,
    Question.WRONG_TIER: Unit.SHARE,
    Question.ROUTER_ERROR: Unit.SHARE,
    Question.SUCCESS_RATE: Unit.SHARE,
    Question.FAILURE_COST: Unit.MONEY,
    Question.ESCALATION: Unit.SHARE,
    Question.SUBSCRIPTION: Unit.NUMBER,
    Question.SERVED: Unit.NUMBER,
}
_OPEN = Answer.NOT_MODELLED
_WHAT = {
    Question.VOLUME: "volume",
    Question.PLAN_VOLUME: "volume over the plan",
    Question.WRONG_TIER: "misrouted tasks",
    Question.ROUTER_ERROR: "router errors",
    Question.SUCCESS_RATE: "success rates",
    Question.FAILURE_COST: "failure costs",
    Question.ESCALATION: "escalations",
    Question.SUBSCRIPTION: "subscriptions",
    Question.SERVED: "tasks served by subscriptions",
}
"""Questions without a parameter, in a note."""

_TITLES = {
    Question.VOLUME: "Tasks per day at which routing repays engineering and upkeep",
    Question.PLAN_VOLUME: "Tasks per day at the start at which routing repays them over the plan",
    Question.WRONG_TIER: "Share of misrouted tasks that cancels the savings",
    Question.ROUTER_ERROR: "Router error rate at which the default costs the same",
    Question.SUCCESS_RATE: "Success rate that the cheap tier needs",
    Question.FAILURE_COST: "Failure cost above which the expensive tier pays off",
    Question.SUBSCRIPTION: "Use and seats at which a subscription costs less than the rates of the sheet",
    Question.SERVED: "Use and seats at which a subscription serves all tasks",
    Question.ESCALATION: "Escalation rate above which a cascade costs more than starting one tier up",
}


def report(breakevens: Breakevens) -> Report:
    """Return the report of break-even points: a table per question for people, one for machines."""
    columns = (*_COLUMNS, *(_WORST if any(row.worst_answer for row in breakevens.breakevens) else ()))
    rows = [tuple(_cell(row, column) for column in columns) for row in breakevens.breakevens]
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


def _cell(row: BreakEven, column: Column) -> Cell:
    value: Scalar = getattr(row, column.key)
    return Quantity(value, UNITS[row.question]) if column.unit is Unit.NUMBER else value


def _for_people(breakevens: Breakevens) -> Iterator[Block]:
    """Yield the answers that decide about the proposal, and in one line each what is left out and why."""
    shown = [row for row in breakevens.breakevens if row.of_proposal]
    for question in Question:
        rows = tuple(row for row in shown if row.question is question and row.answer is not _OPEN)
        if not rows:
            continue
        is_wrong_tier = question is Question.WRONG_TIER and len(rows) > 1
        table = _of_wrong_tiers if is_wrong_tier else _of_others
        yield table(question, rows, breakevens.worst_of)
    yield from _not_modelled([row for row in shown if row.answer is _OPEN])
    others = len(breakevens.breakevens) - len(shown)
    if others:
        yield Note.of(
            f"{others} more break-even points are about tiers that neither {breakevens.proposed} nor "
            f"{breakevens.default} uses, or other strategies; --format json has them."
        )


def _not_modelled(rows: Sequence[BreakEven]) -> Iterator[Note]:
    """Yield a line for each reason why break-even points are not modelled."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        what = "" if row.question is Question.PLAN_VOLUME else row.parameter
        by_reason.setdefault(row.meaning, []).append(what or _WHAT[row.question])
    for reason, of_which in by_reason.items():
        yield Note.of(f"Not modelled: {', '.join(dict.fromkeys(of_which))}. {reason}")


def _of_others(question: Question, rows: tuple[BreakEven, ...], worst_of: WorstOf) -> Table:
    columns: tuple[Column, ...] = (
        Column("parameter", ""),
        Column("answer", "break-even", UNITS[question]),
        Column("now", "now", UNITS[question]),
        Column("meaning", "meaning"),
    )
    cells: list[tuple[Cell, ...]]
    places = _places(rows)
    cells = [
        (row.parameter or "all", _answer(row, places), Quantity(row.now, *_shape(row)), row.meaning)
        for row in rows
    ]
    if any(row.worst_answer for row in rows):
        worst = Column("worst", f"if {worst_of.short}", UNITS[question])
        columns = (*columns[:2], worst, *columns[2:])
        cells = [(*cell[:2], _worst(row, places), *cell[2:]) for row, cell in zip(rows, cells, strict=True)]
    return Table(question.name.lower(), columns, cells, _TITLES[question], Audience.PEOPLE)


def _of_wrong_tiers(question: Question, rows: tuple[BreakEven, ...], _: WorstOf) -> Table:
    columns = (
        Column("parameter", "correct -> wrong tier"),
        Column("all_tasks", "of all tasks", UNITS[question]),
        Column("own_tasks", "of its tasks", UNITS[question]),
        Column("meaning", "meaning"),
    )
    places = _places(rows)
    cells = [
        (parameter, _answer(of_all, places), _answer(of_own, places), of_all.meaning)
        for parameter, (of_all, of_own) in groupby(rows, lambda row: row.parameter)
    ]
    return Table(question.name.lower(), columns, cells, _TITLES[question], Audience.PEOPLE)


def _places(rows: tuple[BreakEven, ...]) -> int:
    """Return the decimal places at which the values of a table, each for another tier or task, differ."""
    return distinct_places(UNITS[rows[0].question], (row.value for row in rows))


def _worst(row: BreakEven, places: int) -> Cell:
    if row.worst_answer is None:
        return _answer(row, places)
    is_at = row.worst_answer is Answer.AT
    return Quantity(row.worst_value, *_shape(row, places)) if is_at else str(row.worst_answer)


def _answer(row: BreakEven, places: int) -> Cell:
    return Quantity(row.value, *_shape(row, places)) if row.answer is Answer.AT else str(row.answer)


def _shape(row: BreakEven, places: int = 0) -> tuple[Unit, None, int]:
    """Return the unit and decimal places of the values of a row, which are compared."""
    unit = UNITS[row.question]
    apart = (telling_apart(unit, row.now, value) for value in (row.value, row.worst_value))
    return unit, None, max(places, *apart)
