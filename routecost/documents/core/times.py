"""Times of day, days of the week and time zones as scalar fields."""

from __future__ import annotations

import re
from typing import Annotated, Any

from routecost.documents.core.scalars import Context, Leaf, fault, quoted, read_text
from routecost.model.pricing.hours import EVERY_DAY, WEEKDAYS
from routecost.problems import did_you_mean, nearest

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_OFFSET = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d", re.ASCII)
_GROUPS = {"all": EVERY_DAY, "working": EVERY_DAY[:5], "weekend": EVERY_DAY[5:]}


def _read_time(value: Any, _: Context) -> int:
    """Return the minute of the day."""
    text = read_text(value).strip()
    if not _TIME.fullmatch(text):
        raise fault(f"{quoted(text)} is not a time of day; expected one from 00:00 to 24:00, such as 08:30")
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _read_zone(value: Any, _: Context) -> str:
    text = read_text(value).strip()
    if _OFFSET.fullmatch(text):
        return text
    from zoneinfo import ZoneInfo, available_timezones  # slow to import, and few documents need it

    try:
        return ZoneInfo(text).key or text
    except (KeyError, ValueError, OSError):
        known = available_timezones()
        near = (
            did_you_mean(text, known)
            if nearest(text, known)
            else "; expected one such as Asia/Shanghai or +08:00"
        )
        missing = "; no time zones are installed: pip install tzdata, or give an offset such as +08:00"
        raise fault(f"unknown time zone {quoted(text)}{near if known else missing}") from None


def _read_days(value: Any, _: Context) -> tuple[int, ...]:
    if isinstance(value, str) and value in _GROUPS:
        return _GROUPS[value]
    if not isinstance(value, list) or not value:
        given = "no days are" if value == [] else f"{quoted(value)} is"
        raise fault(f"{given} given; expected {', '.join(_GROUPS)}, or a list such as [mon, tue]")
    return tuple(sorted({_day(item) for item in value}))


def _day(value: Any) -> int:
    word = read_text(value).strip().lower()
    known = {name: at for at, day in enumerate(WEEKDAYS) for name in (day, day[:3])}
    if word not in known:
        raise fault(f"unknown day of the week {quoted(value)}{did_you_mean(word, WEEKDAYS)}")
    return known[word]


TimeOfDay = Annotated[int, Leaf(_read_time, {"type": "string", "pattern": f"^({_TIME.pattern})$"})]
TimeZone = Annotated[str, Leaf(_read_zone, {"type": "string", "minLength": 1})]
WeekDays = Annotated[
    tuple[int, ...],
    Leaf(
        _read_days,
        {"anyOf": [{"enum": list(_GROUPS)}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]},
    ),
]
