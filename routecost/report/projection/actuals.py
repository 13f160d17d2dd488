"""Plan against actual, as the part of a projection's report that it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from routecost.model.report.cells import Cell, Column, Quantity, Scalar, Shown, Unit
from routecost.model.report.report import Audience, Block, Note, Table
from routecost.model.results.actuals import (
    ACTUAL_COLUMNS,
    Factor,
    PlanVsActual,
    PriceVolumeMix,
    add_up,
)
from routecost.report.projection.budget import fate_note

_UNITS = {"month": Unit.TEXT, "strategy": Unit.TEXT}
_LABELS = {
    "month": "month",
    "planned": "planned",
    "actual": "actual",
    "gap": "gap",
    "gap_fraction": "in %",
    "rebased": "expected",
    "cumulative_planned": "planned so far",
    "cumulative_rebased": "expected so far",
}
_PARTS = (
    Column("month", "month"),
    Column("part", "part"),
    Column("amount", "amount", Unit.MONEY),
    Column("of_planned", "of planned", Unit.CHANGE),
)
_MOST_TOLD = 6
Part = str | Quantity


def blocks(course: PlanVsActual) -> Iterator[Block]:
    """Yield the table of plan against actual, what gaps are made of, and what is to be expected."""
    yield _for_people(course)
    if not all(held.split.is_dark for _, held in course.known):
        yield _parts_for_people(course)
    yield from _told(course)
    yield from _lacking(course)
    yield _forecast(course)
    if course.has_terms_on_totals:
        yield Note.of("What discounts and commitments make of a month is forecast in proportion to the plan.")
    if course.budget is not None:
        yield fate_note(course.budget, "As it goes, spend", "the")


def tables(course: PlanVsActual) -> Iterator[Table]:
    """Yield the tables for machines."""
    columns = tuple(Column(key, key, _unit(key)) for key in ACTUAL_COLUMNS)
    rows = (list(record.values()) for record in course.records())
    yield Table("actuals", columns, rows, audience=Audience.MACHINES)
    parts = [
        (month.month, part.name, part.amount, part.amount / month.planned if month.planned else None)
        for month, held in course.known
        for part in held.split.parts
    ]
    yield Table("gap", _PARTS, parts, audience=Audience.MACHINES)


def meta(course: PlanVsActual) -> Mapping[str, Scalar]:
    """Return what JSON says of the course beside the tables."""
    budget = course.budget
    return {
        "file": course.file,
        "months": len(course.known),
        "ratio": course.ratio,
        "planned_total": course.planned_total,
        "expected_total": course.expected_total,
        "budget_crossed": None if budget is None or budget.crossed is None else budget.crossed.month,
    }


def _unit(key: str) -> Unit:
    return _UNITS.get(key, Unit.CHANGE if key.endswith("fraction") else Unit.MONEY)


def _for_people(course: PlanVsActual) -> Table:
    columns = tuple(Column(key, label, _unit(key)) for key, label in _LABELS.items())
    rows = [[record[key] for key in _LABELS] for record in course.records()]
    strategies = dict.fromkeys(month.strategy for month in course.months)
    title = f"Plan and actual, under {', then '.join(strategies)}"
    return Table("plan_and_actual", columns, rows, title, Audience.PEOPLE)


def _parts_for_people(course: PlanVsActual) -> Table:
    columns = (
        Column("month", "month"),
        Column("gap", "gap", Unit.MONEY),
        *(Column(factor, factor, Unit.MONEY) for factor in Factor),
    )
    rows = [[month.month, held.gap, *_cells(held.split)] for month, held in course.known]
    grouped = {tuple(part.factors for part in held.split.parts) for _, held in course.known}
    if len(grouped) == 1 and len(rows) > 1:
        rows.append(["together", add_up(held.gap for _, held in course.known), *_cells(course.split)])
    return Table("gap_parts", columns, rows, "What the gaps are made of", Audience.PEOPLE)


def _cells(split: PriceVolumeMix) -> Iterator[Cell]:
    """Yield a cell per factor; of factors that are told together the first has the money."""
    firsts = {part.factors[0]: part.amount for part in split.parts}
    others = {factor: part.factors[0] for part in split.parts for factor in part.factors[1:]}
    for factor in Factor:
        if factor in firsts:
            yield firsts[factor]
        else:
            yield Shown(None, f"with {others[factor]}") if factor in others else None


def _told(course: PlanVsActual) -> Iterator[Note]:
    known = course.known
    for month, held in known[-_MOST_TOLD:]:
        yield _sentence(f"{month.month} cost ", held.gap, month.planned, held.split)
    if len(known) > 1:
        planned = add_up(month.planned for month, _ in known)
        gap = add_up(held.gap for _, held in known)
        yield _sentence(f"Together {len(known)} months cost ", gap, planned, course.split)


def _sentence(start: str, gap: Decimal, planned: Decimal, split: PriceVolumeMix) -> Note:
    if not gap:
        return Note.of(start, Quantity(planned, Unit.MONEY), ", as planned", *_made_of(split), ".")
    return Note.of(start, *_difference(gap, planned), *_made_of(split), ".")


def _difference(gap: Decimal, planned: Decimal) -> Iterator[Part]:
    yield Quantity(abs(gap), Unit.MONEY)
    if planned:
        yield " ("
        yield Quantity(abs(gap) / planned, Unit.SHARE)
        yield ")"
    yield f" {'more' if gap > 0 else 'less'} than planned"


def _made_of(split: PriceVolumeMix) -> Iterator[Part]:
    parts = [part for part in split.parts if part.amount]
    if split.is_dark and parts:
        yield ", and nothing tells why: neither tasks nor tokens are given"
        return
    between = "; " if any(len(part.factors) > 1 for part in parts) else ", "
    for at, part in enumerate(parts):
        together = " together" if len(part.factors) > 1 else ""
        yield f"{between if at else ': '}{part.name}{together} {'+' if part.amount > 0 else ''}"
        yield Quantity(part.amount, Unit.MONEY)


def _lacking(course: PlanVsActual) -> Iterator[Note]:
    """Say of factors that are told together what would tell them apart, and in which months."""
    months: dict[tuple[str, ...], list[str]] = {}
    for month, held in course.known:
        if held.split.lacking and held.gap and not held.split.is_dark:
            months.setdefault(held.split.lacking, []).append(month.month)
    for lacking, names in months.items():
        what = f"{_listed(lacking)} {'is' if len(lacking) == 1 else 'are'} not given"
        yield Note.of(f"In {_listed(names)} some causes cannot be told apart: {what}.")


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _forecast(course: PlanVsActual) -> Note:
    total = course.expected_total
    if course.ratio is None or total is None:
        return Note.of("Nothing was planned for these months, so nothing can be forecast from them.")
    gap = total - course.planned_total
    against = [", as planned"] if not gap else [", ", *_difference(gap, course.planned_total)]
    if len(course.known) == len(course.months):
        return Note.of("All months cost ", Quantity(total, Unit.MONEY), *against, ".")
    return Note.of(
        "The other months are forecast at ",
        Quantity(course.ratio, Unit.SHARE),
        " of their plan, as those with actuals came to; growth and dated prices stay as planned. All "
        f" {len(course.months)} months are expected to cost ",
        Quantity(total, Unit.MONEY),
        *against,
        ".",
    )
