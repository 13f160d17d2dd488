"""How a strategy is paid, as a document: at the rates of the sheet, or by a subscription."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import (
    Context,
    Day,
    Leaf,
    Name,
    Share,
    Whole,
    fault,
    quoted,
    read_name,
    reads_number,
)
from routecost.documents.pricing.entry_order import order_faults
from routecost.model.pricing.subscription import (
    HOURS_A_DAY,
    Busy,
    PaidBy,
    SeatGroup,
    Seats,
    WorkingHours,
)
from routecost.problems import KeyPath, did_you_mean
from routecost.units import ONE, ZERO, percent

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.scenario.workload import Workload

API, EVEN = "api", "even"


def _read_plan(value: Any, context: Context) -> str:
    name, known = read_name(value), context.get("subscription")
    if known is not None and name not in known:
        hint = did_you_mean(name, known) if known else '; the pricing sheet has no "subscriptions"'
        raise fault(f'unknown subscription "{name}"{hint}')
    return name


def _reads_word(word: str) -> Leaf:
    def parse(value: Any, _: Context) -> str:
        if value != word:
            raise fault(f"{quoted(value)} is given; expected {word}")
        return word

    return Leaf(parse, {"const": word})


PlanName = Annotated[str, Leaf(_read_plan, {"type": "string", "minLength": 1})]
Hours = Annotated[Decimal, reads_number("hours a day, above 0 and at most 24", Decimal("1e-9"), HOURS_A_DAY)]
Days = Annotated[Decimal, reads_number("days a week, above 0 and at most 7", Decimal("1e-9"), Decimal(7))]


@document
class GroupDocument:
    """A share of the seats, and of the work that they do."""

    seats: Share
    work: Share


@document
class BusyDocument:
    """A share of the windows, and of the work that is done in them."""

    windows: Share
    work: Share


@document
class HoursDocument:
    """Hours a day and days a week over which the work of a seat is evenly spread."""

    hours_a_day: Hours
    days_a_week: Days


def _seats_kind(data: Any) -> str | None:
    return "by owner" if isinstance(data, dict) else None if isinstance(data, list) else "number"


SeatCount = Annotated[
    Any,
    OneOf(
        "a number of seats, or one by owner", {"number": Whole, "by owner": dict[Name, Whole]}, _seats_kind
    ),
]


@document
class DatedSeatsDocument:
    """Seats from a day on."""

    seats: SeatCount
    start: Annotated[Day | None, Field(alias="from")] = None


def _all_seats_kind(data: Any) -> str | None:
    return "dated" if isinstance(data, list) else _seats_kind(data)


AllSeats = Annotated[
    Any,
    OneOf(
        "a number of seats, one by owner, or a list of {from, seats}",
        {"number": Whole, "by owner": dict[Name, Whole], "dated": tuple[DatedSeatsDocument, ...]},
        _all_seats_kind,
    ),
]


def _windows_kind(data: Any) -> str | None:
    return "rows" if isinstance(data, list) else "hours" if isinstance(data, dict) else EVEN


Windows = Annotated[
    Any,
    OneOf(
        "even, {hours_a_day, days_a_week}, or a list of {windows, work}",
        {
            EVEN: Annotated[str, _reads_word(EVEN)],
            "hours": HoursDocument,
            "rows": tuple[BusyDocument, ...],
        },
        _windows_kind,
    ),
]


@document
class SubscribedDocument:
    """A subscription that pays for a strategy, its seats, and how the work is spread over them."""

    subscription: PlanName
    seats: AllSeats
    usage: dict[Name, GroupDocument] | None = None
    windows: Windows | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for seats out of order, and for shares that do not sum to 1 or have work and no room."""
        if isinstance(self.seats, tuple):
            yield from order_faults(("seats",), [one.start for one in self.seats])
        if self.seats in ((), {}) or any(one.seats == {} for one in self._dated):
            yield Fault("no seats are given; expected at least one", ("seats",))
        if self.usage is not None:
            yield from _share_faults("usage", self.usage, "seats")
        if isinstance(self.windows, tuple):
            yield from _share_faults("windows", dict(enumerate(self.windows)), "windows")

    @property
    def _dated(self) -> tuple[DatedSeatsDocument, ...]:
        return self.seats if isinstance(self.seats, tuple) else ()

    def _all_seats(self) -> Iterator[tuple[KeyPath, date | None, Any]]:
        if not isinstance(self.seats, tuple):
            yield ("seats",), None, self.seats
        for at, one in enumerate(self._dated):
            yield ("seats", at, "seats"), one.start, one.seats

    def owner_faults(self, work: Workload) -> Iterator[Fault]:
        """Look for seats of owners that no task type has."""
        owners = tuple(dict.fromkeys(task.owner for task in work.task_types if task.owner is not None))
        for path, _, seats in self._all_seats():
            for owner in seats if isinstance(seats, dict) else ():
                if owner not in owners:
                    hint = did_you_mean(owner, owners) if owners else '; set "owner" on task types'
                    yield Fault(f'no task type has the owner "{owner}"{hint}', (*path, owner), on_key=True)

    def build(self, sheet: PricingSheet, path: KeyPath) -> PaidBy:
        """Return how a strategy is paid."""
        groups = (self.usage or {}).items()
        return PaidBy(
            sheet.subscriptions[self.subscription],
            tuple(
                Seats(start, seats if isinstance(seats, dict) else {None: seats})
                for _, start, seats in self._all_seats()
            ),
            tuple(SeatGroup(name, group.seats, group.work) for name, group in groups),
            _spread(self.windows),
            path,
        )


def _paid_kind(data: Any) -> str | None:
    return "subscription" if isinstance(data, dict) else API if data == API else None


PaidByDocument = Annotated[
    Any,
    OneOf(
        'api, or a mapping with "subscription" and "seats"',
        {
            API: Annotated[str, _reads_word(API)],
            "subscription": Annotated[SubscribedDocument, Checked()],
        },
        _paid_kind,
    ),
]


def _spread(windows: Any) -> WorkingHours | tuple[Busy, ...] | None:
    if windows is None:
        return None
    if windows == EVEN:
        return WorkingHours()
    if isinstance(windows, HoursDocument):
        return WorkingHours(windows.hours_a_day, windows.days_a_week)
    return tuple(Busy(row.windows, row.work) for row in windows)


def _share_faults(key: str, rows: Mapping[Any, Any], room: str) -> Iterator[Fault]:
    for part in (room, "work"):
        whole = sum((getattr(row, part) for row in rows.values()), ZERO)
        if whole != ONE:
            yield Fault(f'the shares of "{part}" sum to {percent(whole)}; expected 100%', (key,), on_key=True)
    for name, row in rows.items():
        if row.work and not getattr(row, room):
            yield Fault(
                f"{percent(row.work)} of the work has no {room}; expected a share above 0", (key, name)
            )


def payment_faults(
    payments: Mapping[str, Any], sheet: PricingSheet, fees: Collection[Any]
) -> Iterator[Fault]:
    """Look for subscriptions beside fixed fees of the same strategy, or allowances per day."""
    shared = any(fee.strategy is None for fee in fees)
    daily = any(one.per == "day" for terms in sheet.terms for one in terms.allowances)
    for name, paid in payments.items():
        path: KeyPath = ("strategies", name, "paid_by")
        if shared or any(fee.strategy == name for fee in fees):
            message = (
                f'strategy "{name}" has capacity or storage as well; expected it for other strategies only'
            )
            yield Fault(message, path, on_key=True)
        if daily:
            yield Fault(
                f'pricing sheet "{sheet.name}" has allowances per day, which are not modelled beside '
                "subscriptions; expected allowances per month",
                path,
                on_key=True,
            )
        if paid.subscription in sheet.subscriptions:
            yield from (replace(one, path=(*path, *one.path)) for one in _row_faults(paid, sheet))


def _row_faults(paid: SubscribedDocument, sheet: PricingSheet) -> Iterator[Fault]:
    """Look for a spread over windows of a plan that has none."""
    terms = sheet.subscriptions[paid.subscription].terms
    if isinstance(paid.windows, tuple) and all(one.hours is None for own in terms for one in own.included):
        yield Fault(f'"{paid.subscription}" has no windows, only months', ("windows",), on_key=True)
