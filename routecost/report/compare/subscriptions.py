"""The part of a comparison about subscriptions: for whom they pay, and what they leave undone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.model.report.cells import Cell, Column, Quantity, Range, Unit
from routecost.model.report.report import Audience, Block, Note, Table
from routecost.model.results.subscriptions.seat_groups import Cheaper, whole_of
from routecost.units import listed

if TYPE_CHECKING:
    from routecost.model.results.comparison import Comparison
    from routecost.model.results.subscriptions.seat_groups import SeatGroupMonth, SubscribedMonth

_MONEY = {
    "api_cost_per_month": "at API rates",
    "fee_per_month": "fee",
    "beyond_per_month": "beyond",
    "cost_per_month": "subscription",
}
_OTHERS = {"seats": ("seats", Unit.NUMBER), "tasks_per_month": ("tasks", Unit.COUNT)}
_BOUNDS = {"included_share": "included", "tasks_not_served": "not served", "tasks_slowed": "slowed"}
_WORDS = {Cheaper.API: "API rates", Cheaper.DEPENDS: "depends"}


def blocks(comparison: Comparison) -> Iterator[Block]:
    """Yield the groups of seats of strategies that subscriptions pay for, and warnings about them."""
    months = {cost.strategy: cost.subscribed for cost in comparison.strategies}
    paid = {name: month for name, month in months.items() if month is not None and month.groups}
    if not paid:
        return
    rows = [row for month in paid.values() for row in _rows(month)]
    yield _for_people(rows)
    yield _for_machines(rows)
    yield Note.of(
        "Fees are per month; work beyond the included usage is before discounts on a month's total."
    )
    for name, month in paid.items():
        yield from warnings(name, month)


def _rows(month: SubscribedMonth) -> list[SeatGroupMonth]:
    return [*month.groups, *([whole_of(month.groups)] if len(month.groups) > 1 else [])]


def _name(row: SeatGroupMonth) -> str:
    return " ".join(part for part in (row.owner, row.group) if part) or "all"


def _for_people(rows: list[SeatGroupMonth]) -> Table:
    shown = [
        key for key in ("tasks_not_served", "tasks_slowed") if any(getattr(r, f"{key}_high") for r in rows)
    ]
    columns = (
        Column("strategy", "strategy"),
        Column("group", "seats of"),
        *(Column(key, *shape) for key, shape in _OTHERS.items()),
        *(Column(key, label, Unit.MONEY) for key, label in _MONEY.items()),
        Column("included_share", _BOUNDS["included_share"], Unit.SHARE),
        *(Column(key, _BOUNDS[key], Unit.COUNT) for key in shown),
        Column("cheaper", "cheaper"),
    )
    cells = [
        [
            row.strategy,
            _name(row),
            row.seats,
            row.tasks_per_month,
            row.api_cost_per_month,
            row.fee_per_month,
            *(_between(row, key) for key in ("beyond_per_month", "cost_per_month")),
            _range(row.included_share, row.included_share_low),
            *(_between(row, key) for key in shown),
            _WORDS.get(row.cheaper, str(row.cheaper)),
        ]
        for row in rows
    ]
    return Table(
        "seat_groups", columns, cells, "Subscriptions, by group of seats, per month", Audience.PEOPLE
    )


def _between(row: SeatGroupMonth, key: str) -> Cell:
    return _range(getattr(row, key), getattr(row, f"{key}_high"))


def _range(best: Decimal, worst: Decimal) -> Cell:
    return best if best == worst else Range(min(best, worst), max(best, worst))


def _for_machines(rows: list[SeatGroupMonth]) -> Table:
    from routecost.model.results.subscriptions.seat_groups import TABLE

    units = {**dict.fromkeys(_MONEY, Unit.MONEY), **{key: unit for key, (_, unit) in _OTHERS.items()}}
    units |= {"included_share": Unit.SHARE, "tasks_not_served": Unit.COUNT, "tasks_slowed": Unit.COUNT}
    bare = {key: key.removesuffix("_high").removesuffix("_low") for key in TABLE}
    columns = tuple(Column(key, key, units.get(name, Unit.TEXT)) for key, name in bare.items())
    cells = [[_raw(row, key) for key in TABLE] for row in rows]
    return Table("subscriptions", columns, cells, audience=Audience.MACHINES)


def _raw(row: SeatGroupMonth, key: str) -> Cell:
    value = getattr(row, key)
    return str(value) if isinstance(value, Cheaper) else value


def warnings(name: str, month: SubscribedMonth) -> Iterator[Note]:
    """Yield what would narrow a range, and how many tasks are not done, or slow."""
    if month.is_ranged:
        yield Note.of(
            f"What {month.subscription} serves with {name} depends on how the work is spread; state "
            f"{listed(month.unknown)} of it to narrow the range."
        )
    low, high = month.total("tasks_not_served"), month.total("tasks_not_served_high")
    tasks = month.total("tasks_per_month")
    if high:
        served = (Quantity(1 - part / tasks, Unit.SHARE) for part in (high, low))
        yield Note.of(
            f"{name} does not do all of the work: {month.subscription} serves ",
            *_ends(*served, same=low == high),
            " of the tasks, and ",
            *_ends(Quantity(low, Unit.COUNT), Quantity(high, Unit.COUNT), same=low == high),
            " tasks a month are not done, whose value is not counted. It is not compared with strategies "
            "that do them all.",
            warning=True,
        )
    slow, slowest = month.total("tasks_slowed"), month.total("tasks_slowed_high")
    if slowest:
        yield Note.of(
            f"{month.subscription} is slow for ",
            *_ends(Quantity(slow, Unit.COUNT), Quantity(slowest, Unit.COUNT), same=slow == slowest),
            f" tasks a month with {name}, beyond its included usage; the time is not counted.",
            warning=True,
        )


def _ends(low: Quantity, high: Quantity, *, same: bool) -> Iterator[Quantity | str]:
    yield from (low,) if same else (low, " to ", high)
