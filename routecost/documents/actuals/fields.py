"""Field types of actuals: past months within the plan, and the sheet's currency."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Annotated, Any

from routecost.documents.core.scalars import Context, Leaf, fault, quoted, read_text
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


SPAN, MONEY = "span", "money"
"""Keys of the validation context for the allowed months (a Span) and the currency (a sheet)."""


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


def _read_currency(value: Any, context: Context) -> str:
    text, sheet = read_text(value), context.get(MONEY)
    if sheet is not None and text != sheet.currency:
        raise fault(f'{quoted(text)} is given; pricing sheet "{sheet.name}" is in "{sheet.currency}"')
    return text


MonthName = Annotated[date, Leaf(_read_month, _MONTH_SCHEMA)]
CurrencyName = Annotated[str, Leaf(_read_currency, {"type": "string", "minLength": 1})]
