"""Growth, seasons and hours of arrival: stated where a log shows them, and only there."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from routecost.engine.logs.calibration.trend import LEAST_T, Trend, arrivals, trend

FIRST = date(2024, 11, 3)


def log(days: int, volume: Callable[[date, int], float], seed: int | None = None) -> dict[int, int]:
    """Calls at noon of each day; with a seed, they vary by chance."""
    chance = random.Random(seed)
    found = {}
    for at in range(days):
        day = FIRST + timedelta(days=at)
        mean = volume(day, at)
        calls = mean if seed is None else chance.gauss(mean, math.sqrt(mean))
        found[(day - date(1970, 1, 1)).days * 24 + 12] = round(calls)
    return found


def of(days: int, volume: Callable[[date, int], float], seed: int | None = None) -> Trend:
    return trend(log(days, volume, seed), FIRST, FIRST + timedelta(days=days - 1))


def test_growth_is_stated_per_month_with_its_test() -> None:
    found = of(120, lambda _, at: 10_000 * 1.05 ** (at / 30), seed=1)
    assert float((found.growth or "").rstrip("%")) == pytest.approx(5, abs=0.3)
    assert "t = " in found.statements[0]
    plan = found.plan(date(2024, 11, 1))
    volume = plan.pop("volume")
    assert plan == {"start": "2024-11", "growth": found.growth}
    assert volume[0]["from"] == "2024-11-01"
    middle = (FIRST + timedelta(days=60) - date(2024, 11, 16)).days
    assert float(volume[0]["factor"]) == pytest.approx(1.05 ** (-middle / 30), rel=0.02)
    shrinking = of(120, lambda _, at: 10_000 * 0.9 ** (at / 30), seed=1)
    assert float((shrinking.growth or "").rstrip("%")) == pytest.approx(-10, abs=0.3)


def test_stationary_traffic_has_no_growth() -> None:
    """At most 1% of stationary logs seem to grow: of 300, fewer than 10."""
    stated = [of(70, lambda _, __: 500, seed).growth for seed in range(300)]
    assert sum(growth is not None for growth in stated) < 10
    assert of(70, lambda _, __: 500).growth is None


def test_short_logs_state_no_growth_and_say_why() -> None:
    found = of(57, lambda _, at: 1000 * 1.1**at)
    assert found.plan(FIRST) == {"start": "2024-11"}
    assert found.statements[0] == "No growth: the log has 7 whole weeks, and 8 are required"
    assert of(58, lambda _, at: 1000 * 1.1**at).growth is not None
    assert of(9, lambda _, __: 1).statements[0].startswith("No growth: the log has 1 whole week,")


def test_ends_that_are_known_to_be_whole_are_part_of_the_trend() -> None:
    last = FIRST + timedelta(days=55)
    hours = log(56, lambda _, at: 1000 * 1.1**at)
    assert trend(hours, FIRST, last, is_first_whole=True).growth is None
    assert trend(hours, FIRST, last, is_first_whole=True, is_last_whole=True).growth is not None
    assert f"{LEAST_T}" in of(70, lambda _, __: 500, 1).statements[0]


def season(day: date, _: int) -> float:
    return 2000 * (1.5 if day.month == 12 else 0.9 if day.month == 8 else 1)


def test_seasons_need_two_years() -> None:
    found = of(3 * 365, season, seed=1)
    factors = {name: float(factor) for name, factor in (found.seasonality or {}).items()}
    assert factors["december"] / factors["march"] == pytest.approx(1.5, rel=0.02)
    assert factors["august"] / factors["march"] == pytest.approx(0.9, rel=0.02)
    assert sum(factors.values()) == pytest.approx(12, abs=0.01)
    assert found.plan(date(2025, 12, 1))["volume"][0]["factor"] == f"{factors['december']:.6g}"
    assert of(400, season, seed=1).seasonality is None
    assert of(3 * 365, lambda _, __: 2000, seed=1).seasonality is None


def test_arrivals_by_hour_and_working_days() -> None:
    hours = {at * 24 + 9: 100 for at in range(14) if at % 7 < 5}  # day 0 is a Thursday
    monday = {(at + 4) * 24 + 9: 100 for at in range(14) if at % 7 < 5}
    data, said = arrivals(monday, "Europe/Berlin", 14)
    assert data is not None
    assert data["by_hour"][9] == "1000"
    assert data["days"] == "working"
    assert "0% of the calls of a working day" in said
    everyday, _ = arrivals(hours, "UTC", 14)
    assert everyday is not None
    assert "days" not in everyday
    assert arrivals(monday, "UTC", 6)[0] is None
    assert arrivals({9: 199}, "UTC", 7)[0] is None
