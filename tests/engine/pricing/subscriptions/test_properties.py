"""Properties of what subscriptions serve and cost, checked with a simulation of single tasks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.compare.compare import compare
from routecost.engine.strategies.tier import UniformTier
from routecost.model.pricing.subscription import (
    Beyond,
    Busy,
    CountedIn,
    Included,
    PaidBy,
    PlanTerms,
    SeatGroup,
    Seats,
    Sharing,
    Subscription,
    WorkingHours,
)
from routecost.model.results.comparison import StrategyCost
from routecost.model.results.subscriptions.seat_groups import SubscribedMonth
from routecost.model.scenario.scenario import Scenario
from tests.engine.pricing.subscriptions.reference import first_use_windows, served
from tests.support.build import DAY, entry, sheet, task, tokens, workload

DAYS = 28
HOURS = DAYS * 24
WEEK = 168
"""A month of whole weeks, so that windows fit into it."""


def fleet(tasks: int | Decimal, paid: PaidBy) -> Scenario:
    """Return a scenario with a number of tasks a month, each a call of 1,000 input and 100 output tokens."""
    strategies = {"api": UniformTier("only"), "paid": UniformTier("only", fees_of="paid")}
    work = workload(task(Decimal(tasks) / DAYS, tokens(1000, 100)))
    return Scenario(
        "fleet", work, strategies, SHEET, "api", days_per_month=Decimal(DAYS), subscriptions={"paid": paid}
    )


SHEET = sheet(only=entry(input=2, output=10))
PER_TASK = Decimal("0.003")


def plan(
    *included: Included, seats: int = 1, fee: int = 0, beyond: Beyond = Beyond.STOP, **more: Any
) -> PaidBy:
    terms = PlanTerms(Decimal(fee), beyond, included, **{k: v for k, v in more.items() if k not in PAID})
    own = {key: value for key, value in more.items() if key in PAID}
    return PaidBy(Subscription("plan", (terms,)), (Seats(None, {None: Decimal(seats)}),), **own)


PAID = ("groups", "spread")


def requests(amount: int, hours: int | None = None, sharing: Sharing = Sharing.SEAT) -> Included:
    length = None if hours is None else Decimal(hours)
    return Included(CountedIn.REQUESTS, Decimal(amount), Decimal(amount), length, sharing)


def costs(scenario: Scenario) -> StrategyCost:
    return compare(scenario, DAY)["paid"]


def month(scenario: Scenario) -> SubscribedMonth:
    found = costs(scenario).subscribed
    assert found is not None
    return found


def close(one: Decimal, other: Decimal | int) -> bool:
    """Return whether two numbers differ by the rounding of the tasks of a day alone."""
    return abs(one - other) < Decimal("1e-20")


EVENLY = (SeatGroup("all"),)
counts = st.integers(0, 60)


@given(st.data())
def test_bounds_contain_every_schedule(data: st.DataObject) -> None:
    seats, tasks = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 60))
    limits = {
        length: data.draw(st.integers(0, 20))
        for length in data.draw(st.sets(st.sampled_from([6, 24, WEEK]), max_size=2))
    }
    own = data.draw(st.none() | st.integers(0, 40))
    pool = data.draw(st.none() | st.integers(0, 40))
    included = [requests(amount, length) for length, amount in limits.items()]
    included += [] if own is None else [requests(own)]
    included += [] if pool is None else [requests(pool, None, Sharing.PLAN)]
    places = st.tuples(st.integers(0, seats - 1), st.integers(0, HOURS - 1))
    schedule = data.draw(st.lists(places, min_size=tasks, max_size=tasks))
    done = served(schedule, limits, own, pool)
    paid = month(fleet(tasks, plan(*included, seats=seats)))
    low = tasks - paid.total("tasks_not_served_high")
    high = tasks - paid.total("tasks_not_served")
    assert low - Decimal("1e-20") <= done <= high + Decimal("1e-20")


@given(counts, st.integers(0, 9), st.integers(1, 5))
def test_a_burst_on_one_seat_is_the_worst_case(tasks: int, limit: int, seats: int) -> None:
    paid = month(fleet(tasks, plan(requests(limit, 6), requests(limit * 3, WEEK), seats=seats)))
    burst = served([(0, 0)] * tasks, {6: limit, WEEK: limit * 3}, None, None)
    assert close(tasks - paid.total("tasks_not_served_high"), burst)


@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 4))
def test_even_work_is_the_best_case(per_window: int, limit: int, seats: int) -> None:
    windows = HOURS // 6
    tasks = per_window * windows * seats
    schedule = [
        (seat, window * 6) for seat in range(seats) for window in range(windows) for _ in range(per_window)
    ]
    paid = month(fleet(tasks, plan(requests(limit, 6), seats=seats)))
    done = served(schedule, {6: limit}, None, None)
    assert close(tasks - paid.total("tasks_not_served"), done)
    known = plan(requests(limit, 6), seats=seats, groups=EVENLY, spread=WorkingHours())
    (group,) = month(fleet(tasks, known)).groups
    assert group.tasks_not_served == group.tasks_not_served_high
    assert close(group.tasks_not_served, tasks - done)


@given(st.integers(1, 24), st.integers(1, 7), st.integers(1, 12), st.integers(1, 50), st.integers(1, 400))
def test_working_hours_open_windows_at_their_first_use(
    hours: int, days: int, length: int, limit: int, tasks: int
) -> None:
    known = plan(requests(limit, length), groups=EVENLY, spread=WorkingHours(Decimal(hours), Decimal(days)))
    (group,) = month(fleet(tasks, known)).groups
    whole_day = hours == 24 and days == 7
    if -(-hours // length) * length > 24 and not whole_day:
        assert group.included_share_low <= group.included_share
        return
    working_days = Fraction(DAYS * days, 7)
    rate = Fraction(tasks) / working_days / hours
    if whole_day:
        done = min(Fraction(tasks), Fraction(limit * HOURS, length))
    else:
        done = first_use_windows(Fraction(hours), Fraction(length), Fraction(limit), rate) * working_days
    assert float(group.included_share) == pytest.approx(float(done / tasks), rel=1e-12)


@given(st.integers(1, 99), st.integers(1, 99), st.integers(1, 30), st.integers(1, 3000))
def test_a_stated_spread_fills_its_windows(share: int, work: int, limit: int, tasks: int) -> None:
    shares = Decimal(share) / 100, Decimal(work) / 100
    rows = (Busy(*shares), Busy(1 - shares[0], 1 - shares[1]))
    (group,) = month(fleet(tasks, plan(requests(limit, 6), groups=EVENLY, spread=rows))).groups
    windows = HOURS // 6
    done = sum(min(row.work * tasks, row.windows * windows * limit) for row in rows)
    assert close(group.included_share * tasks - done, 0)


limit_sets = st.lists(
    st.builds(
        requests,
        st.integers(0, 200),
        st.sampled_from([None, 6, 24, WEEK]),
    ),
    max_size=3,
)
rules = st.sampled_from(list(Beyond))


def terms_of(rule: Beyond) -> dict[str, Any]:
    return {"beyond": rule, "credit_value": Decimal("0.01"), "credit_price": Decimal("0.012")}


@given(limit_sets, rules, st.integers(1, 6), st.integers(0, 500), st.integers(0, 500))
def test_costs_rise_with_the_volume_and_service_with_seats(
    included: list[Included], rule: Beyond, seats: int, tasks: int, more: int
) -> None:
    paid = plan(*included, seats=seats, fee=7, **terms_of(rule))
    less, bigger = costs(fleet(tasks, paid)), costs(fleet(tasks + more, paid))
    assert less.cost_per_month <= bigger.cost_per_month
    assert less.cost_per_month_high <= bigger.cost_per_month_high
    assert less.cost_per_month <= less.cost_per_month_high
    fewer = month(fleet(tasks, paid))
    wider = month(fleet(tasks, plan(*included, seats=seats + 1, fee=7, **terms_of(rule))))
    for one, other in zip(fewer.groups, wider.groups, strict=True):
        assert other.included_share >= one.included_share - Decimal("1e-20")
        assert other.included_share_low >= one.included_share_low - Decimal("1e-20")


@given(limit_sets, st.integers(1, 6), st.integers(0, 500))
def test_served_and_not_served_are_all_tasks(included: list[Included], seats: int, tasks: int) -> None:
    cost = costs(fleet(tasks, plan(*included, seats=seats, fee=7)))
    assert cost.subscribed is not None
    done = sum(outcome.tasks_per_day for outcome in cost.expansion.outcomes) * DAYS
    assert close(done + cost.subscribed.total("tasks_not_served") - tasks, 0)
    assert cost.cost_per_month == 7 * seats, "never 0, however little is done"


@pytest.mark.slow
@given(limit_sets, st.integers(1, 6), st.integers(0, 500))
def test_without_a_fee_and_anything_included_it_is_the_api(
    included: list[Included], seats: int, tasks: int
) -> None:
    nothing = [replace(one, low=Decimal(0), high=Decimal(0)) for one in included]
    bare = plan(*(nothing or [requests(0)]), seats=seats, beyond=Beyond.API)
    assert close(costs(fleet(tasks, bare)).cost_per_month, tasks * PER_TASK)
    unlimited = plan(seats=seats, beyond=Beyond.API)
    assert costs(fleet(tasks, unlimited)).cost_per_month == 0
    worthless = replace(requests(0), low=Decimal(0), high=None)
    unknown = costs(fleet(tasks, plan(worthless, seats=seats, beyond=Beyond.API)))
    assert unknown.cost_per_month == 0
    assert close(unknown.cost_per_month_high, tasks * PER_TASK)


@pytest.mark.slow
@given(st.integers(0, 300), st.integers(1, 6), st.integers(0, 1500), st.integers(1, 99))
def test_a_shared_pool_serves_no_less_than_pools_of_seats(
    amount: int, seats: int, tasks: int, work: int
) -> None:
    part = Decimal(work) / 100
    groups = (SeatGroup("one", Decimal("0.5"), part), SeatGroup("other", Decimal("0.5"), 1 - part))
    shared, own = (
        month(fleet(tasks, plan(requests(amount, None, sharing), seats=seats, groups=groups)))
        for sharing in (Sharing.SEATS, Sharing.SEAT)
    )
    assert shared.total("tasks_not_served") <= own.total("tasks_not_served") + Decimal("1e-20")
    assert close(shared.total("tasks_not_served"), max(0, tasks - amount * seats))
    pools = [min(group.work * tasks, group.seats * seats * amount) for group in groups]
    assert close(tasks - own.total("tasks_not_served") - sum(pools), 0)
