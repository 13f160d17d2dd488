from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.errors import UsageError
from routecost.model.scenario.horizon import MAX_MONTHS, Horizon, month_name, read_growth, read_month

FIRST = date(2026, 2, 1)


@given(st.dates(), st.integers(1, MAX_MONTHS))
def test_months_follow_each_other(day: date, months: int) -> None:
    start = day.replace(day=1)
    if start.year > 9940:
        return
    days = Horizon(start, months).first_days
    assert (len(days), days[0]) == (months, start)
    for before, after in pairwise(days):
        assert 28 <= (after - before).days <= 31
        assert after.day == 1


@pytest.mark.parametrize("months", [0, -1, 601])
def test_a_number_of_months_that_is_no_plan(months: int) -> None:
    with pytest.raises(UsageError, match=f'cannot plan "{months}" months; expected 1 to 600'):
        Horizon(FIRST, months)


def test_the_calendar_ends() -> None:
    assert Horizon(date(9999, 11, 1), 2).first_days[-1] == date(9999, 12, 1)
    for start, months in ((date(9999, 12, 1), 600), (date(9999, 11, 1), 3)):
        with pytest.raises(UsageError, match="end after 9999-12; expected fewer months or an earlier start"):
            Horizon(start, months)


@pytest.mark.parametrize("growth", ["1e99%", "1e9%", "10%"])
def test_growth_beyond_all_bounds(growth: str) -> None:
    with pytest.raises(UsageError, match=r"more than 1e\+15; expected less growth or fewer months"):
        Horizon(FIRST, 600, read_growth(growth))


def test_everything_may_end() -> None:
    assert Horizon(FIRST, 3, Decimal(-1)).factors() == tuple(map(Decimal, (1, 0, 0)))


@pytest.mark.parametrize(
    ("text", "growth"),
    [
        ("5%", "0.05"),
        ("0.05", "0.05"),
        ("+2.5 %", "0.025"),
        ("-2%", "-0.02"),
        (" .5% ", "0.005"),
        ("1e1%", "0.1"),
        ("-100%", "-1"),
        ("500%", "5"),
        ("0", "0"),
    ],
)
def test_growth_is_read(text: str, growth: str) -> None:
    assert read_growth(text) == Decimal(growth)


@pytest.mark.parametrize(
    "text", ["", "%", "nan", "inf", "-inf%", "5%%", "0x5", "5 5", "1e999", "\uff15%", "five", "1_0%"]
)
def test_what_is_no_growth_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not a growth per month; expected one such as 5%, 0\.05 or -2%"):
        read_growth(text)


def test_a_growth_of_more_than_there_is() -> None:
    with pytest.raises(UsageError, match='growth "-150%" is below -100%; expected -100% or more'):
        read_growth("-150%")


@pytest.mark.parametrize(
    ("text", "percentage", "meant"), [("5", "500%", "5%"), ("1.0", "100%", "1.0%"), ("-2", "-200%", "-2%")]
)
def test_a_share_that_was_meant_in_per_cent_is_not_guessed(text: str, percentage: str, meant: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read_growth(text)
    message = f'growth "{text}" is a share of {percentage} a month; expected "{meant}" or, if you mean it, '
    assert str(refusal.value) == message + f'"{percentage}"'


@given(st.dates())
def test_a_month_is_read_as_it_is_named(day: date) -> None:
    assert read_month(month_name(day)) == day.replace(day=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000-01",
        "0000-13",
        "2026-13",
        "2026-00",
        "2026-2",
        "2026-02-01",
        "02-2026",
        "\uff12026-02",
        " 2026-02",
    ],
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a month; expected YYYY-MM, such as 2026-02"):
        read_month(text)
