"""What a subscription costs and serves in a month, by group of seats, next to the rates of the sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum

from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

TABLE = (
    "strategy",
    "subscription",
    "owner",
    "group",
    "seats",
    "tasks_per_month",
    "api_cost_per_month",
    "fee_per_month",
    "beyond_per_month",
    "beyond_per_month_high",
    "cost_per_month",
    "cost_per_month_high",
    "included_share",
    "included_share_low",
    "tasks_not_served",
    "tasks_not_served_high",
    "tasks_slowed",
    "tasks_slowed_high",
    "cheaper",
)
"""The columns of a group."""


class Cheaper(StrEnum):
    """Which of the two costs less for a group of seats."""

    SUBSCRIPTION = "subscription"
    API = "api"
    EQUAL = "equal"
    DEPENDS = "depends"
    NOT_ALL_SERVED = "not all served"


@dataclass(frozen=True, slots=True)
class SeatGroupMonth:
    """A group of seats in a month; money in the sheet's currency, before terms on a month's total.

    ``api_cost_per_month`` is what its calls cost at the rates of the sheet. ``included_share`` is the share
    of its work within the included usage in the best case, ``included_share_low`` that in the worst case.
    ``stops`` and ``slows`` say what happens to the rest, which is otherwise in ``beyond_per_month``.
    """

    strategy: str
    subscription: str
    owner: str | None
    group: str
    seats: Decimal
    tasks_per_month: Decimal
    api_cost_per_month: Decimal
    fee_per_month: Decimal
    beyond_per_month: Decimal
    beyond_per_month_high: Decimal
    included_share: Decimal
    included_share_low: Decimal
    stops: bool = False
    slows: bool = False

    @property
    @exact
    def cost_per_month(self) -> Decimal:
        """The fee and what is billed beyond it, in the best case."""
        return self.fee_per_month + self.beyond_per_month

    @property
    @exact
    def cost_per_month_high(self) -> Decimal:
        """The fee and what is billed beyond it, in the worst case."""
        return self.fee_per_month + self.beyond_per_month_high

    @property
    @exact
    def _tasks_beyond(self) -> tuple[Decimal, Decimal]:
        shares = (ONE - self.included_share, ONE - self.included_share_low)
        return shares[0] * self.tasks_per_month, shares[1] * self.tasks_per_month

    @property
    def tasks_not_served(self) -> Decimal:
        """The tasks that are not done, in the best case."""
        return self._tasks_beyond[0] if self.stops else ZERO

    @property
    def tasks_not_served_high(self) -> Decimal:
        """The tasks that are not done, in the worst case."""
        return self._tasks_beyond[1] if self.stops else ZERO

    @property
    def tasks_slowed(self) -> Decimal:
        """The tasks that are done beyond the included usage, slowly, in the best case."""
        return self._tasks_beyond[0] if self.slows else ZERO

    @property
    def tasks_slowed_high(self) -> Decimal:
        """The tasks that are done beyond the included usage, slowly, in the worst case."""
        return self._tasks_beyond[1] if self.slows else ZERO

    @property
    def cheaper(self) -> Cheaper:
        """Which of the subscription and the rates of the sheet costs less."""
        if self.tasks_not_served_high:
            return Cheaper.NOT_ALL_SERVED
        low, high, api = self.cost_per_month, self.cost_per_month_high, self.api_cost_per_month
        if low == high == api:
            return Cheaper.EQUAL
        if high <= api:
            return Cheaper.SUBSCRIPTION
        return Cheaper.API if low >= api else Cheaper.DEPENDS


@dataclass(frozen=True, slots=True)
class SubscribedMonth:
    """A month of a strategy that a subscription pays for, by group of seats.

    ``unknown`` names what would have to be stated for one value instead of a range.
    """

    subscription: str
    groups: tuple[SeatGroupMonth, ...]
    unknown: tuple[str, ...] = ()

    @property
    def is_ranged(self) -> bool:
        """True if less may be included than in the best case."""
        return any(group.included_share != group.included_share_low for group in self.groups)

    def total(self, name: str) -> Decimal:
        """Return the sum of a figure over all groups."""
        return total_of(self.groups, name)

    @property
    def leaves_tasks(self) -> bool:
        """True if some tasks may not be served."""
        return any(group.tasks_not_served_high for group in self.groups)

    @property
    def fewer_tasks(self) -> Decimal:
        """The tasks of a month that are done in the best case and not in the worst."""
        return self.total("tasks_not_served_high") - self.total("tasks_not_served")

    @exact
    def served(self, *, worst: bool) -> Decimal:
        """Return the share of the tasks that is done, of those of its seats."""
        whole = whole_of(self.groups) if self.groups else None
        if whole is None or not whole.tasks_per_month:
            return ONE
        missing = whole.tasks_not_served_high if worst else whole.tasks_not_served
        return ONE - missing / whole.tasks_per_month

    @exact
    def served_of(self, calls: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        """Return the calls per task that are made for sure, given those of a task that is served."""
        if not self.leaves_tasks:
            return calls
        share = self.served(worst=True)
        return tuple(count * share for count in calls)

    @property
    def is_capped(self) -> bool:
        """True if work beyond the included usage costs nothing more: it is not done, or slow."""
        return any(group.stops or group.slows for group in self.groups)

    @exact
    def served_share(self, owner: str | None, *, worst: bool) -> Decimal:
        """Return the share of the tasks of an owner that is served; 1 for those without seats."""
        own = [group for group in self.groups if group.owner in (None, owner)]
        tasks = total_of(own, "tasks_per_month")
        missing = total_of(own, "tasks_not_served_high" if worst else "tasks_not_served")
        return ONE - missing / tasks if tasks else ONE


@exact
def total_of(groups: Iterable[SeatGroupMonth], name: str) -> Decimal:
    """Return the sum of a figure."""
    return sum((getattr(group, name) for group in groups), ZERO)


@exact
def whole_of(groups: Sequence[SeatGroupMonth]) -> SeatGroupMonth:
    """Return all groups of a strategy as one."""
    first, sums = groups[0], {name: total_of(groups, name) for name in _SUMS}
    value = sums["tasks_per_month"]

    def included(name: str) -> Decimal:
        of_groups = (getattr(group, name) * group.tasks_per_month for group in groups)
        return sum(of_groups, ZERO) / value if value else ONE

    return SeatGroupMonth(
        strategy=first.strategy,
        subscription=first.subscription,
        owner=None,
        group="all",
        included_share=included("included_share"),
        included_share_low=included("included_share_low"),
        stops=first.stops,
        slows=first.slows,
        **sums,
    )


_SUMS = (
    "seats",
    "tasks_per_month",
    "api_cost_per_month",
    "fee_per_month",
    "beyond_per_month",
    "beyond_per_month_high",
)
