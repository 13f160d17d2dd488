"""Growth, seasons and hours of arrival in the calls of a log, where it is long enough to show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from routecost.model.scenario.horizon import CALENDAR_MONTHS
from routecost.records import dataclass

LEAST_WEEKS = 8
LEAST_T = 3.71
"""Student's t with the six degrees of freedom of eight weeks: exceeded by chance in 1% of stationary logs."""

LEAST_MONTHS = 24
LEAST_F = 4.47
"""F with 11 and 11 degrees of freedom, those of two years: exceeded by chance in 1%."""

LEAST_ARRIVALS = 200
WEEKEND = 0.05
"""The share of a working day below which a day of the weekend has no calls."""

_FIRST_DAY = date(1970, 1, 1)
_HOURS, _WEEK = 24, 7
_DAYS_PER_MONTH = 30


@dataclass(frozen=True, slots=True)
class Trend:
    """What a plan states, and a sentence about each part that it states or leaves out.

    The mean volume of the log is that of its ``middle``.
    """

    middle: date
    growth: str | None = None
    seasonality: Mapping[str, str] | None = None
    statements: tuple[str, ...] = ()

    def plan(self, start: date) -> dict[str, Any]:
        """Return the plan of the scenario from the first day of a month on, at the volume of that month."""
        stated: dict[str, Any] = {"start": f"{start:%Y-%m}"}
        factor = 1.0
        if self.growth is not None:
            stated["growth"] = self.growth
            months = (start - self.middle).days / _DAYS_PER_MONTH + 0.5
            factor = (1 + float(self.growth.rstrip("%")) / 100) ** months
        if self.seasonality is not None:
            stated["seasonality"] = dict(self.seasonality)
            factor *= float(self.seasonality[CALENDAR_MONTHS[start.month - 1]])
        if len(stated) > 1:
            stated["volume"] = [{"from": start.isoformat(), "factor": f"{factor:.6g}"}]
        return stated


def trend(
    hours: Mapping[int, int],
    first: date,
    last: date,
    *,
    is_first_whole: bool = False,
    is_last_whole: bool = False,
) -> Trend:
    """Return growth and seasons of the calls from a first to a last day, without ends that may be partial."""
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    days = days[not is_first_whole : len(days) - (not is_last_whole)]
    daily = dict.fromkeys(days, 0)
    for hour, calls in hours.items():
        day = _day(hour)
        if day in daily:
            daily[day] += calls
    growth, about_growth = _growth([*daily.values()])
    seasons, about_seasons = _seasons(daily)
    return Trend(
        first + (last - first) / 2,
        growth,
        None
        if seasons is None
        else {CALENDAR_MONTHS[at]: f"{value:.3f}" for at, value in enumerate(seasons)},
        (about_growth, about_seasons),
    )


def _day(hour: int) -> date:
    return _FIRST_DAY + timedelta(days=hour // _HOURS)


def _growth(daily: Sequence[int]) -> tuple[str | None, str]:
    """Return the growth per month of weekly sums by regression of their logarithms, if it is significant."""
    weeks = len(daily) // _WEEK
    if weeks < LEAST_WEEKS:
        return None, f"No growth: the log has {_counted(weeks, 'whole week')}, and {LEAST_WEEKS} are required"
    sums = np.array(daily[: weeks * _WEEK], dtype=float).reshape(weeks, _WEEK).sum(axis=1)
    if not sums.all():
        return None, "No growth: the log has weeks without calls"
    slope, score = _slope(np.log(sums))
    test = f"t = {score:.1f} over {weeks} weeks; {LEAST_T} is required (p < 1%)"
    if abs(score) < LEAST_T:
        return None, f"No growth: {test}"
    rate = np.expm1(slope * _DAYS_PER_MONTH / _WEEK)
    return f"{rate * 100:.2f}%", f"Growth of {rate * 100:.2f}% a month: {test}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _slope(values: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Return the slope of a regression on the index, and its t statistic."""
    at = np.arange(len(values)) - (len(values) - 1) / 2
    square = float(at @ at)
    slope = float(at @ values) / square
    left = values - values.mean() - slope * at
    variance = float(left @ left) / (len(values) - 2) / square
    if variance <= 1e-24:  # exact up to rounding
        return slope, 0.0 if abs(slope) < 1e-9 else float(np.copysign(np.inf, slope))
    return slope, slope / variance**0.5


def _seasons(daily: Mapping[date, int]) -> tuple[list[float] | None, str]:
    """Return a factor per calendar month, if months differ more than the same months of different years."""
    months: dict[tuple[int, int], list[int]] = {}
    for day, calls in daily.items():
        months.setdefault((day.year, day.month), []).append(calls)
    whole = {key: sum(numbers) / len(numbers) for key, numbers in months.items() if len(numbers) >= 28}
    if len(whole) < LEAST_MONTHS:
        return None, (
            f"No seasons: the log has {_counted(len(whole), 'whole month')}, and {LEAST_MONTHS} are required"
        )
    if not all(whole.values()):
        return None, "No seasons: the log has months without calls"
    values = np.log(np.array([*whole.values()]))
    slope, _ = _slope(values)
    values = values - slope * np.arange(len(values))
    values -= values.mean()
    numbers = np.array([month for _, month in whole])
    means = np.array([values[numbers == month].mean() for month in range(1, 13)])
    between = sum(float(means[month - 1] ** 2) for month in numbers) / 11
    within = float(((values - means[numbers - 1]) ** 2).sum()) / (len(values) - 12)
    score = between / within if within > 1e-24 else (0.0 if between < 1e-18 else float("inf"))
    test = f"F = {score:.1f} over {len(values)} months; {LEAST_F} is required (p < 1%)"
    if score < LEAST_F:
        return None, f"No seasons: {test}"
    factors = np.exp(means)
    return [*(factors / factors.mean())], f"Seasons of calendar months: {test}"


def arrivals(hours: Mapping[int, int], zone: str, days: int) -> tuple[dict[str, Any] | None, str]:
    """Return the hours of arrival, if the log has enough days and calls, and a sentence about them."""
    calls = sum(hours.values())
    if days < _WEEK or calls < LEAST_ARRIVALS:
        return None, (
            f"No hours of arrival: {_WEEK} days and {LEAST_ARRIVALS} calls are required, and the log has "
            f"{days} and {calls}"
        )
    by_hour, by_day = [0] * _HOURS, [0] * _WEEK
    for hour, count in hours.items():
        by_hour[hour % _HOURS] += count
        by_day[_day(hour).weekday()] += count
    weekend, working = sum(by_day[5:]) / 2, sum(by_day[:5]) / 5
    share = weekend / working if working else 1.0
    data: dict[str, Any] = {"time_zone": zone, "by_hour": [str(count) for count in by_hour]}
    stated = f"a day of the weekend has {share:.0%} of the calls of a working day"
    if share < WEEKEND:
        return {**data, "days": "working"}, f"Hours of arrival are those of working days: {stated}"
    return data, f"Hours of arrival are those of all days together: {stated}"
