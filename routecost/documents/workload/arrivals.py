"""The hours at which calls arrive, as a document."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Context, Leaf, fault, quoted, read_number
from routecost.documents.core.times import TimeOfDay, TimeZone, WeekDays
from routecost.engine.usage.hours import shifted
from routecost.model.pricing.hours import EVERY_DAY, MINUTES_PER_DAY, Hours, Span
from routecost.model.scenario.arrivals import Arrivals
from routecost.units import MAX_COUNT, ONE, ZERO

HOURS_PER_DAY, HOURS_PER_WEEK = 24, 168


def _read_by_hour(value: Any, _: Context) -> tuple[Decimal, ...]:
    expected = (
        f"{HOURS_PER_DAY} weights of 0 or more, one for each hour from midnight, "
        f"or {HOURS_PER_WEEK} for those of a week from Monday"
    )
    if not isinstance(value, list) or len(value) not in {HOURS_PER_DAY, HOURS_PER_WEEK}:
        given = f"a list of {len(value)}" if isinstance(value, list) else quoted(value)
        raise fault(f"{given} is given; expected {expected}")
    weights = tuple(read_number(item, "a weight", percent=True) for item in value)
    if not all(0 <= weight <= MAX_COUNT for weight in weights) or not any(weights):
        raise fault(f"weights are out of range; expected {expected}, not all 0")
    return weights


_WEIGHT = {
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*%$"}]
}
ByHour = Annotated[
    tuple[Decimal, ...],
    Leaf(
        _read_by_hour,
        {
            "type": "array",
            "items": _WEIGHT,
            "anyOf": [{"minItems": size, "maxItems": size} for size in (HOURS_PER_DAY, HOURS_PER_WEEK)],
        },
    ),
]


@document
class ArrivalsDocument:
    """A profile of arrivals: weights by hour of the day, or working hours."""

    time_zone: TimeZone
    by_hour: ByHour | None = None
    start: Annotated[TimeOfDay | None, Field(alias="from")] = None
    end: Annotated[TimeOfDay | None, Field(alias="to")] = None
    days: WeekDays = EVERY_DAY

    def faults(self) -> Iterator[Fault]:
        """Yield a fault unless there is one profile."""
        if (self.by_hour is None) == (self.start is None and self.end is None) or (
            (self.start is None) != (self.end is None)
        ):
            yield Fault('expected "by_hour", or "from" and "to"')
        elif len(self.by_hour or ()) == HOURS_PER_WEEK and self.days != EVERY_DAY:
            yield Fault(f'"by_hour" has {HOURS_PER_WEEK} weights, which are those of all days', ("days",))
        elif self.start is not None and self.start == self.end:
            yield Fault(
                '"from" and "to" are the same time; expected a later "to", or 00:00 to 24:00', ("to",)
            )

    def build(self) -> Arrivals:
        """Return the arrivals of a week."""
        spans: list[tuple[Span, Decimal]] = []
        if self.by_hour is None:
            hours = Hours((self.start or 0) % MINUTES_PER_DAY, self.end or 0, self.time_zone, self.days)
            spans = [(span, ONE) for span in shifted(hours.spans, 0)]
        else:
            days = (0,) if len(self.by_hour) == HOURS_PER_WEEK else self.days
            for day in days:
                for hour, weight in enumerate(self.by_hour):
                    start = day * MINUTES_PER_DAY + hour * 60
                    spans.append(((start, start + 60), weight))
        return Arrivals(self.time_zone, tuple(_merged(sorted(spans))))


def _merged(spans: list[tuple[Span, Decimal]]) -> Iterator[tuple[Span, Decimal]]:
    """Yield spans with a weight, neighbours of one weight as one."""
    start, end, rate = 0, 0, ZERO
    for (since, upto), weight in spans:
        if since == end and weight == rate:
            end = upto
            continue
        if rate:
            yield (start, end), rate
        start, end, rate = since, upto, weight
    if rate:
        yield (start, end), rate
