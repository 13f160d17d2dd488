"""Pieces of a bill: what terms on totals need of a day or a month.

Amounts are Decimals, or arrays with a value for each simulated run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from routecost.model.pricing.bill import TermLine
from routecost.records import dataclass
from routecost.units import ZERO, cancelled

if TYPE_CHECKING:
    from routecost.model.pricing.subscription import Beyond
    from routecost.model.scenario.month_plan import Commitment

SPEND, COUNT, FIXED = "spend", "count", "fixed"
Covers = tuple[int, ...]
"""The scopes that cover an item of a bill, by their index."""


class Piece(NamedTuple):
    """A sum: the spend or the count of all items with the same scopes, or their price at a step."""

    covers: Covers
    what: str = SPEND

    @property
    def is_fixed(self) -> bool:
        """True if it is a fixed fee, which does not depend on the volume."""
        return self.what.startswith(FIXED)


Amount = Any
"""A Decimal, or an array."""
Pieces = Mapping[Piece, Amount]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The operations on amounts that differ between Decimals and arrays."""

    least: Callable[[Amount, Amount], Amount] = min
    choose: Callable[[Any, Amount, Amount], Amount] = lambda test, one, other: one if test else other
    number: Callable[[Any], Amount] = lambda number: number

    def between(self, total: Amount, low: Any, high: Any) -> Amount:
        """Return the part of a total that is above ``low`` and at most ``high`` (None: no limit)."""
        low = self.number(low)
        top = total if high is None else self.least(total, self.number(high))
        return self.choose(top > low, top - low, top * 0)

    def share(self, value: Amount, part: Amount, whole: Amount) -> Amount:
        """Return value x part / whole, and 0 if the whole is 0."""
        return value * part / self.choose(whole > 0, whole, whole + 1)


EXACT = Arithmetic()
"""The arithmetic of Decimals."""


class Billed(NamedTuple):
    """The billed cost of a month, and the part of it that pays for an unused commitment.

    ``paid_before`` is what was paid in the contract year before the month.
    """

    cost: Amount
    shortfall: Amount = ZERO
    paid_before: Amount = ZERO


Carried = dict[tuple[str, str | None, str, int, str], list[Amount]]
"""What is left of past months, by strategy, owner, group, limit and its unit, the oldest first."""


class GroupMonth(NamedTuple):
    """A group of seats in a month: its seats, the API value of its work, and the share that is served."""

    owner: str | None
    group: str
    seats: Amount
    value: Amount
    tasks: Amount
    fee: Amount
    served: Amount
    beyond: Amount
    rule: Beyond


class PlanMonth(NamedTuple):
    """What a plan bills for a month, and the spend of the work that is done and not billed by the sheet."""

    plan: str
    seats: Decimal
    fee: Decimal
    credits: Decimal
    credit_price: Decimal
    unbilled: Decimal


@dataclass(slots=True)
class Paid:
    """What subscriptions change in a month.

    ``left`` are the pieces that are billed at the rates of the sheet, ``removed`` the spend that is not,
    by strategy, owner and covers. ``charges`` are fees and credits by strategy and owner, ``lines`` those
    of the bill, and ``groups`` the months of groups by strategy. ``done`` is the share of the work that is
    done, by strategy, number of the terms, and owner, and ``plans`` are exact amounts only.
    """

    left: dict[Piece, Amount]
    removed: dict[tuple[str, str | None, Covers], Amount] = field(default_factory=dict)
    charges: dict[tuple[str, str | None], Amount] = field(default_factory=dict)
    lines: list[TermLine] = field(default_factory=list)
    groups: dict[str, list[GroupMonth]] = field(default_factory=lambda: defaultdict(list))
    done: dict[tuple[str, int, str | None], Amount] = field(default_factory=dict)
    plans: list[PlanMonth] = field(default_factory=list)


@dataclass(slots=True)
class Settlement:
    """A day or month after terms on totals: spends by the scopes that cover them, and the terms' lines.

    ``promised`` is what is paid of the amounts of commitments that are not allotted by use. ``paid`` is
    what subscriptions change; their charges are in the total, and in none of the spends.
    """

    spends: dict[Covers, Amount]
    total: Amount
    lines: list[TermLine] = field(default_factory=list)
    shortfalls: dict[Commitment, Amount] = field(default_factory=dict)
    promised: dict[Commitment, Amount] = field(default_factory=dict)
    pieces: dict[Piece, Amount] = field(default_factory=dict)
    paid: Paid | None = None

    @property
    def shortfall(self) -> Amount:
        """The part of the total that pays for unused commitments."""
        return total_of(self.shortfalls.values()) if self.shortfalls else ZERO

    def within(self, scope: int | None) -> Amount:
        """Return the spend that a scope covers; None: all of it."""
        if scope is None:
            return self.total
        return sum((spend for covers, spend in self.spends.items() if scope in covers), self.total * 0)

    def replace(self, scope: int | None, spend: Amount, new: Amount, numbers: Arithmetic) -> None:
        """Replace the spend that a scope covers, in proportion."""
        for covers, part in self.spends.items():
            if scope is None or scope in covers:
                self.spends[covers] = part + numbers.share(part, new - spend, spend)
        before = self.total
        self.total = new if scope is None else before + (new - spend)
        if numbers is EXACT:
            self.total = cancelled(self.total, before)

    def add_line(  # noqa: PLR0917  the fields of a line
        self,
        name: str,
        currency: str,
        base: Decimal,
        change: Decimal,
        source: str | None,
        factor: Decimal | None = None,
    ) -> None:
        """Add the line of a term that applies to ``base``, if there is any."""
        if base:
            factor = change / base if factor is None else factor
            self.lines.append(TermLine(name, currency, base, factor, change, source))


def total_of(amounts: Iterable[Amount]) -> Amount:
    """Return the sum of at least one amount."""
    first, *others = amounts
    return sum(others, first)
