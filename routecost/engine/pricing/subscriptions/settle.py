"""The second stage of strategies that are paid by a subscription: what is included, and what is beyond.

The pieces of a day's bill name the strategy and the number of its terms, so that a month sums up the days
of each; everything here is linear in the work up to the month, as for other terms on totals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from routecost.engine.pricing.pieces import (
    EXACT,
    FIXED,
    SPEND,
    Amount,
    Arithmetic,
    Carried,
    Covers,
    GroupMonth,
    Paid,
    Piece,
    Pieces,
    PlanMonth,
    total_of,
)
from routecost.engine.pricing.subscriptions.fractions import Month, Seat, capacity, served
from routecost.engine.pricing.subscriptions.parts import needs, terms_on
from routecost.model.pricing.bill import Bill, TermLine
from routecost.model.pricing.subscription import (
    Beyond,
    CountedIn,
    Included,
    PaidBy,
    PlanTerms,
    SeatGroup,
    Sharing,
)
from routecost.units import ONE, ZERO

_SEPARATOR = "\x1f"
_PAID = "paid"
_ALL_DAYS = Piece((), f"{FIXED}{_SEPARATOR}days")
_DAYS, _BILLED, _SEATS, _NEED, _PART = "days", "billed", "seats", "need", "part"

Contract: TypeAlias = tuple[str, int]
"""A strategy, and the number of the terms of its subscription."""


def pieces_of(bill: Bill, paid: PaidBy, own: Mapping[str | None, Pieces]) -> dict[Piece, Amount]:
    """Return the pieces of a day that a subscription pays for, given those of each owner's bill."""
    at, terms = terms_on(paid, bill)
    seats = {} if bill.day is None else paid.seats_on(bill.seats_on or bill.day)
    pieces: dict[Piece, Amount] = {}
    if not seats:
        return pieces

    def name(*parts: str, fixed: bool = False) -> str:
        texts = (str(bill.fees_of), str(at), *parts)
        return _SEPARATOR.join([FIXED if fixed else _PAID, *texts])

    pieces[Piece((), name(_DAYS, fixed=True))] = ONE
    billed = max(sum(seats.values(), ZERO), terms.minimum_seats)
    pieces[Piece((), name(_BILLED, fixed=True))] = billed
    for part in bill.paid:
        if part.owner not in seats:
            continue
        owner = _owner_text(part.owner)
        pieces[Piece((), name(_SEATS, owner, fixed=True))] = seats[part.owner]
        for unit, need in needs(terms, part):
            pieces[Piece((), name(_NEED, owner, unit.value))] = need
        for piece, amount in own[part.owner].items():
            pieces[Piece(piece.covers, name(_PART, owner, piece.what))] = amount
    return pieces


def all_days() -> dict[Piece, Amount]:
    """Return the piece that counts the days of a month."""
    return {_ALL_DAYS: ONE}


def _owner_text(owner: str | None) -> str:
    return "" if owner is None else f"={owner}"


def settled(
    pieces: Pieces,
    subscriptions: Mapping[str, PaidBy],
    currency: str,
    numbers: Arithmetic,
    carried: Carried | None,
    *,
    worst: bool,
) -> Paid:
    """Return what subscriptions change in a month, given the pieces of all its days.

    ``carried`` has what past months have left, and is brought up to date; None: there are none.
    """
    ours: dict[Contract, dict[tuple[str, ...], dict[Covers, Amount]]] = {}
    result = Paid({})
    for piece, amount in pieces.items():
        _, *parts = piece.what.split(_SEPARATOR)
        if not parts:
            result.left[piece] = amount
        elif piece != _ALL_DAYS:
            contract = ours.setdefault((parts[0], int(parts[1])), defaultdict(dict))
            contract[tuple(parts[2:])][piece.covers] = amount
    for (strategy, at), stated in ours.items():
        paid = subscriptions[strategy]
        _Month(strategy, at, paid, stated, pieces[_ALL_DAYS], numbers, worst, carried).settle(
            result, currency
        )
    return result


class _Month(NamedTuple):
    """A month, or the part of it, in which terms pay for a strategy; ``all_days`` are those of the month."""

    strategy: str
    at: int
    paid: PaidBy
    stated: Mapping[tuple[str, ...], Mapping[Covers, Amount]]
    all_days: Amount
    numbers: Arithmetic
    worst: bool
    carried: Carried | None

    @property
    def terms(self) -> PlanTerms:
        return self.paid.subscription.terms[self.at]

    @property
    def days(self) -> Amount:
        return self.stated[_DAYS,][()]

    @property
    def month(self) -> Amount:
        """The share of the month in which the terms hold."""
        return self.days / self.all_days

    @property
    def owners(self) -> Iterator[str]:
        return (parts[1] for parts in self.stated if parts[0] == _SEATS)

    def seats(self, owner: str) -> Amount:
        """Return the mean number of seats of an owner."""
        return self.stated[_SEATS, owner][()] / self.days

    def need(self, owner: str, unit: CountedIn) -> Amount:
        return self.stated[_NEED, owner, unit.value][()]

    def settle(self, result: Paid, currency: str) -> None:
        """Add what the terms change."""
        numbers, rows = self.numbers, {owner: list(self._groups(owner)) for owner in self.owners}
        pooled = self._pooled(rows)
        billed = self.stated[_BILLED,][()] / self.all_days
        fee, seats = billed * numbers.number(self.terms.fee), total_of(map(self.seats, rows))
        included, everything, bought = fee * 0, fee * 0, fee * 0
        beyond = self.terms.beyond
        for owner, groups in rows.items():
            name = owner[1:] or None
            shares = [(group, share * pooled) for group, _, share in groups]
            share = total_of(numbers.number(group.work) * part for group, part in shares)
            own_fee = fee * self.seats(owner) / seats
            key, charge = (self.strategy, name), own_fee + self._bought(owner, share)
            result.charges[key] = result.charges.get(key, charge * 0) + charge
            result.done[self.strategy, self.at, name] = share if beyond is Beyond.STOP else share * 0 + 1
            bought = bought + self._credits(owner, share)
            spend = self._take(result, owner, share)
            everything, included = everything + spend, included + spend * share
            self._note_groups(result, owner, shares, own_fee)
        if numbers is EXACT:
            price = self.terms.credit_price or ZERO
            taken = included if beyond is Beyond.API else everything
            result.lines += self._lines(currency, taken, billed, fee, bought * price)
            done = included if beyond is Beyond.STOP else taken
            name = self.paid.subscription.name
            result.plans.append(PlanMonth(name, billed, self.terms.fee, bought, price, done))

    def _groups(self, owner: str) -> Iterator[tuple[SeatGroup, Amount, Amount]]:
        """Yield the groups of seats of an owner, with their seats and the share of their work served."""
        numbers, seats = self.numbers, self.seats(owner)
        limits = [one for one in self.terms.included if one.sharing is Sharing.SEAT]
        groups = self.paid.groups or (SeatGroup(""),)
        for group in groups:
            count = seats * numbers.number(group.seats)
            if not group.work:
                yield group, count, count * 0 + numbers.number(ONE)
                continue
            alone = self.worst and not self.paid.groups
            of_one = numbers.least(count, count * 0 + numbers.number(ONE)) if alone else count
            need = {
                unit: self.need(owner, unit) * numbers.number(group.work) / of_one
                for unit in {one.unit for one in limits}
            }
            extra = self._carried_over(owner, group, limits, need)
            month = Month(self.days, self.month)
            share = served(self.paid, limits, Seat(need, extra), month, numbers, worst=self.worst)
            self._carry(owner, group, limits, need, share)
            yield group, count, share

    def _carried_over(
        self, owner: str, group: SeatGroup, limits: list[Included], need: Mapping[CountedIn, Amount]
    ) -> dict[int, Amount]:
        """Return what past months have left of each limit of a month, for one seat."""
        if self.carried is None or not self.terms.rollover:
            return {}
        return {
            at: total_of(left)
            for at, limit in enumerate(limits)
            if (left := self.carried.get((self.strategy, owner, group.name, at, limit.unit)))
            and limit.unit in need
        }

    def _carry(
        self,
        owner: str,
        group: SeatGroup,
        limits: list[Included],
        need: Mapping[CountedIn, Amount],
        share: Amount,
    ) -> None:
        """Keep what a month leaves of its limits, unless it is unknown how the work is spread."""
        if self.carried is None or not self.terms.rollover or (self.worst and not self.paid.groups):
            return
        for at, limit in enumerate(limits):
            most = capacity(limit, worst=self.worst)
            if limit.hours is None and most is not None:
                key = (self.strategy, owner, group.name, at, limit.unit)
                granted = self.month * self.numbers.number(most)
                used = need[limit.unit] * share
                self.carried[key] = self._unused(self.carried.get(key, []), granted, used)

    def _unused(self, before: list[Amount], granted: Amount, used: Amount) -> list[Amount]:
        """Return what is left of the amounts of the last months, of which the oldest are used first."""
        left = []
        for amount in (*before, granted):
            taken = self.numbers.least(amount, used)
            left.append(amount - taken)
            used = used - taken
        return left[-self.terms.rollover :]

    def _pooled(self, rows: Mapping[str, list[tuple[SeatGroup, Amount, Amount]]]) -> Amount:
        """Return the share of the work that seats may do which amounts shared by all of them serve."""
        numbers = self.numbers
        share = self.month * 0 + numbers.number(ONE)
        for at, limit in enumerate(self.terms.included):
            most = capacity(limit, worst=self.worst)
            if limit.sharing is Sharing.SEAT or most is None:
                continue
            need = total_of(
                self.need(owner, limit.unit) * numbers.number(group.work) * part
                for owner, groups in rows.items()
                for group, _, part in groups
            )
            granted = self.month * numbers.number(most)
            if limit.sharing is Sharing.SEATS:
                granted = self.stated[_BILLED,][()] / self.all_days * numbers.number(most)
            key = (self.strategy, None, "", at, limit.unit)
            before = self.carried.get(key, []) if self.carried is not None and self.terms.rollover else []
            room = total_of([granted, *before])
            part = numbers.choose(need > 0, numbers.share(room, share * 0 + 1, need), share * 0 + 1)
            share = numbers.least(share, part)
            if self.carried is not None and self.terms.rollover:
                self.carried[key] = self._unused(before, granted, numbers.least(need, room))
        return share

    def _bought(self, owner: str, share: Amount) -> Amount:
        """Return the price of the credits that are bought beyond the included usage."""
        return self._credits(owner, share) * self.numbers.number(self.terms.credit_price or ZERO)

    def _credits(self, owner: str, share: Amount) -> Amount:
        """Return the credits that are bought beyond the included usage."""
        if self.terms.beyond is not Beyond.CREDITS:
            return share * 0
        return self.need(owner, CountedIn.CREDITS) * (share * 0 + self.numbers.number(ONE) - share)

    def _take(self, result: Paid, owner: str, share: Amount) -> Amount:
        """Take the part of an owner's pieces that is not billed by the sheet; return all its spend."""
        taken = share if self.terms.beyond is Beyond.API else share * 0 + self.numbers.number(ONE)
        spend = share * 0
        for (kind, *parts), by_covers in self.stated.items():
            if kind != _PART or parts[0] != owner:
                continue
            for covers, amount in by_covers.items():
                piece = Piece(covers, parts[1])
                result.left[piece] = result.left[piece] - amount * taken
                if piece.what == SPEND:
                    spend = spend + amount
                    key = (self.strategy, owner[1:] or None, covers)
                    result.removed[key] = result.removed.get(key, taken * 0) + amount * taken
        return spend

    def _note_groups(
        self, result: Paid, owner: str, shares: Iterable[tuple[SeatGroup, Amount]], fee: Amount
    ) -> None:
        whole = self.need(owner, CountedIn.MONEY)
        for group, share in shares:
            value = whole * self.numbers.number(group.work)
            over = value * (share * 0 + self.numbers.number(ONE) - share)
            bought = self._bought(owner, share) * self.numbers.number(group.work)
            beyond = {Beyond.API: over, Beyond.CREDITS: bought}.get(self.terms.beyond, share * 0)
            count = self.seats(owner) * self.numbers.number(group.seats)
            tasks = self.need(owner, CountedIn.TASKS) * self.numbers.number(group.work)
            result.groups[self.strategy].append(
                GroupMonth(
                    owner[1:] or None,
                    group.name,
                    count,
                    value,
                    tasks,
                    fee * self.numbers.number(group.seats),
                    share,
                    beyond,
                    self.terms.beyond,
                )
            )

    def _lines(
        self, currency: str, taken: Decimal, billed: Amount, fee: Decimal, sold: Decimal
    ) -> Iterator[TermLine]:
        """Yield the lines of the bill, which also say that a fee or usage is 0."""
        name, source, terms = self.paid.subscription.name, self.terms.source, self.terms
        is_whole = isinstance(billed, Decimal) and billed == billed.to_integral_value()
        count = f"{billed.normalize():f} seats" if is_whole else "seats"
        yield TermLine(f"{name}: usage not billed at these rates", currency, taken, -ONE, -taken, source)
        yield TermLine(f"{name}: {count} at {terms.fee:f} a month", currency, fee, ONE, fee, source)
        if terms.beyond is Beyond.CREDITS:
            text = f"{name}: credits beyond at {terms.credit_price:f}"
            yield TermLine(text, currency, sold, ONE, sold, source)
