"""The expected end of a month and its band."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from statistics import stdev

import pytest
from scipy.special import stdtrit

from routecost.engine.logs import pace
from routecost.engine.logs.pace import month_end

NOV = date(2026, 11, 1)


def days(first: date, *costs: int) -> dict[date, Decimal]:
    return {first + timedelta(days=at): Decimal(cost) for at, cost in enumerate(costs)}


def numbers(*values: Decimal | int | None) -> list[float | None]:
    return [None if value is None else float(value) for value in values]


def test_even_days_leave_no_doubt() -> None:
    end = month_end(days(NOV, *[3] * 10), NOV, NOV + timedelta(days=9))
    assert numbers(end.spent, end.expected, end.low, end.high) == [30, 90, 90, 90]
    assert (end.basis, end.days_left, len(end.days)) == (10, 20, 10)


def test_the_band_is_the_prediction_interval_of_the_sum_of_the_days_left() -> None:
    costs = [1, 4, 2, 8, 5]
    end = month_end(days(NOV, *costs), NOV, NOV + timedelta(days=4))
    left, mean, deviation = 25, 4.0, stdev(costs)
    spread = stdtrit(4, 0.9) * deviation * (left + left**2 / 5) ** 0.5
    assert end.expected == 20 + left * Decimal(4)
    assert float(end.high or 0) == pytest.approx(20 + left * mean + spread, rel=1e-4)
    assert float(end.low or 0) == pytest.approx(max(20, 20 + left * mean - spread), rel=1e-4)


def test_the_quantiles_are_those_of_students_distribution() -> None:
    assert [float(value) for value in pace._T_90] == [
        pytest.approx(stdtrit(freedom, 0.9), abs=6e-5) for freedom in range(1, pace.BASIS)
    ]


def test_days_of_the_month_before_count_up_to_four_weeks() -> None:
    first = date(2026, 10, 1)
    end = month_end(days(first, *[10] * 5, *[2] * 30), first, date(2026, 11, 4))
    assert numbers(end.basis, end.spent, end.expected) == [28, 8, 60]


def test_days_without_calls_cost_nothing_and_one_day_gives_no_band() -> None:
    end = month_end({NOV: Decimal(6)}, NOV, NOV + timedelta(days=2))
    assert numbers(end.expected, *(day.cost for day in end.days)) == [60, 6, 0, 0]
    single = month_end({NOV: Decimal(6)}, NOV, NOV)
    assert numbers(single.expected, single.low, single.high) == [180, None, None]


def test_a_day_that_is_not_over_is_not_in_the_mean() -> None:
    costs, last = [1, 4, 2, 8, 5], NOV + timedelta(days=5)
    whole = month_end(days(NOV, *costs), NOV, NOV + timedelta(days=4))
    for so_far, expected in ((1, whole.expected), (4, whole.expected), (9, whole.expected + 5)):
        end = month_end(days(NOV, *costs, so_far), NOV, last, is_over=False)
        assert numbers(end.basis, end.days_left, end.spent) == [5, 24, 20 + so_far]
        assert end.expected == expected
        assert (end.high or 0) - end.expected == (whole.high or 0) - whole.expected


def test_a_month_that_is_over_costs_what_was_spent() -> None:
    end = month_end({date(2026, 11, 30): Decimal(6)}, NOV, date(2026, 11, 30))
    assert numbers(end.expected, end.low, end.high, end.days_left) == [6, 6, 6, 0]
