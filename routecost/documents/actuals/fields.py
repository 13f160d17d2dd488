"""Field types of actuals: past months within the plan, and the sheet's currency."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Annotated, Any

from routecost.documents.core.money import OnDay
from routecost.documents.core.scalars import Context, Leaf, fault, quoted
from routecost.errors import UsageError
from routecost.model.scenario.horizon import month_name, read_month
from routecost.records import dataclass

_MONTH_SCHEMA = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}


@dataclass(frozen=True, slots=True)
class Span:
    """The months of a horizon; actuals are allowed for those that ended before ``today``."""

    first: date
    last: date
    today: date


SPAN = "span"
"""Key of the validation context for the allowed months (a Span)."""


def _read_month(value: Any, context: Context) -> date:
    try:
        month = read_month(str(value).strip())
    except UsageError as error:
        raise fault(f"{quoted(value)} is not a month; expected YYYY-MM, such as 2026-02") from error
    span: Span | None = context.get(SPAN)
    if span is not None and not span.first <= month <= span.last:
        plan = f"{month_name(span.first)} to {month_name(span.last)}"
        raise fault(f"{quoted(value)} is outside the plan, {plan}; see --start and --months")
    if span is not None and month.replace(day=monthrange(month.year, month.month)[1]) >= span.today:
        raise fault(f"{quoted(value)} is not over on {span.today}; expected past months")
    return month


def _last_day(raw: Any) -> date | None:
    """Return the last day of the month that a mapping states; None if it states none."""
    try:
        month = read_month(str(raw["month"]).strip())
    except (KeyError, TypeError, UsageError):
        return None
    return month.replace(day=monthrange(month.year, month.month)[1])


MonthName = Annotated[date, Leaf(_read_month, _MONTH_SCHEMA)]
AtRatesOfMonth = OnDay(_last_day)
"""Annotation: the amounts of a month are converted at the rates of its last day."""
