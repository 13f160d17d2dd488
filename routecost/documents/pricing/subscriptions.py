"""Subscriptions of a pricing sheet, as documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import (
    Amount,
    Context,
    Count,
    Day,
    Leaf,
    MeterName,
    ModelName,
    Rate,
    Text,
    Whole,
    fault,
    quoted,
    read_number,
    reads_number,
    reads_whole,
)
from routecost.documents.pricing.entry_order import order_faults
from routecost.model.pricing.subscription import (
    HOURS_A_DAY,
    HOURS_A_WEEK,
    Beyond,
    CountedIn,
    Included,
    PlanTerms,
    Sharing,
    Subscription,
)
from routecost.problems import did_you_mean
from routecost.units import FIXED_METERS, MAX_COUNT, ZERO

UNKNOWN = "unknown"
MOST_ROLLOVER = 120
_HOURS = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*h", re.ASCII)
_NAMED = {"month": None, "week": HOURS_A_WEEK, "day": HOURS_A_DAY}


def _read_limit(value: Any, _: Context) -> Decimal | str:
    if value == UNKNOWN:
        return UNKNOWN
    expected = "an amount of 0 or more, or unknown"
    number = read_number(value, expected)
    if not 0 <= number <= MAX_COUNT:
        raise fault(f"{quoted(value)} is out of range; expected {expected}")
    return number


def _read_window(value: Any, _: Context) -> Decimal | None:
    """Return the hours of a window; None for a month."""
    text = str(value).strip()
    if text in _NAMED:
        return _NAMED[text]
    hours = _HOURS.fullmatch(text)
    if hours is None or not 0 < Decimal(hours[1]) <= HOURS_A_DAY:
        raise fault(
            f"{quoted(value)} is not a window; expected month, week, day, or hours from 0h to 24h: 5h"
        )
    return Decimal(hours[1])


def _reads_one_of(kind: type[Beyond] | type[Sharing], what: str) -> Leaf:
    names = [one.value for one in kind]

    def parse(value: Any, _: Context) -> Any:
        if value not in names:
            hint = did_you_mean(str(value), names)
            raise fault(f"{quoted(value)} is not {what}; expected {', '.join(names)}{hint}")
        return kind(value)

    return Leaf(parse, {"enum": names})


Limit = Annotated[Any, Leaf(_read_limit, {"anyOf": [{"type": "number", "minimum": 0}, {"const": UNKNOWN}]})]
_WINDOW = {"anyOf": [{"enum": list(_NAMED)}, {"type": "string", "pattern": rf"^\s*{_HOURS.pattern}\s*$"}]}
WindowName = Annotated[Any, Leaf(_read_window, _WINDOW)]
BeyondName = Annotated[Any, _reads_one_of(Beyond, "a rule for work beyond what is included")]
SharingName = Annotated[Any, _reads_one_of(Sharing, "a holder of included usage")]
CreditValue = Annotated[Decimal, reads_number("money per credit, above 0", Decimal("1e-12"), MAX_COUNT)]
Months = Annotated[Decimal, reads_whole(MOST_ROLLOVER, 0)]


@document
class IncludedDocument:
    """Usage that a subscription includes per window, in one of five units."""

    money: Limit | None = None
    credits: Limit | None = None
    requests: Limit | None = None
    tokens: Limit | None = None
    tasks: Limit | None = None
    at_least: Count | None = None
    at_most: Count | None = None
    per: WindowName = None
    of: SharingName = Sharing.SEAT

    @property
    def _stated(self) -> Mapping[CountedIn, Any]:
        given = {unit: getattr(self, unit.value) for unit in CountedIn}
        return {unit: limit for unit, limit in given.items() if limit is not None}

    @property
    def unit(self) -> CountedIn | None:
        """The unit; None unless exactly one is stated."""
        return next(iter(self._stated)) if len(self._stated) == 1 else None

    def faults(self) -> Iterator[Fault]:
        """Yield faults unless there is one amount, whose bounds are stated only if it is unknown."""
        if self.unit is None:
            names = ", ".join(f'"{unit.value}"' for unit in CountedIn)
            yield Fault(f"expected exactly one of {names}: what is included")
            return
        for key in ("at_least", "at_most"):
            if getattr(self, key) is not None and self._stated[self.unit] != UNKNOWN:
                yield Fault(f'the amount is stated; expected "{key}" only beside "unknown"', (key,), True)
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            yield Fault(f'"at_most" is below "at_least", {self.at_least}', ("at_most",))
        if self.of is not Sharing.SEAT and self.per is not None:
            yield Fault('usage that seats share is counted by the month; expected "per: month"', ("per",))

    def build(self) -> Included:
        """Return the included usage."""
        assert self.unit is not None
        limit = self._stated[self.unit]
        low, high = (self.at_least or ZERO, self.at_most) if limit == UNKNOWN else (limit, limit)
        return Included(self.unit, low, high, self.per, self.of)


def _terms_kind(data: Any) -> str | None:
    return "dated" if isinstance(data, list) else "plan" if isinstance(data, dict) else None


@document
class PlanTermsDocument:
    """The fee of a subscription, what it includes, and what happens beyond."""

    fee: Amount
    beyond: BeyondName
    included: tuple[Annotated[IncludedDocument, Checked()], ...] = ()
    minimum_seats: Whole = ZERO
    credit_value: CreditValue | None = None
    credit_rates: dict[ModelName, dict[MeterName, Rate]] = field(default_factory=dict)
    credit_price: Amount | None = None
    rollover: Months = ZERO
    start: Annotated[Day | None, Field(alias="from")] = None
    checked: Day | None = None
    source: Text | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for credits without a value, and for a price or a rollover without credits."""
        is_sold = self.beyond is Beyond.CREDITS
        if is_sold and self.credit_price is None:
            yield Fault('credits are sold beyond; expected their "credit_price"', ("beyond",))
        if self.credit_price is not None and not is_sold:
            yield Fault('no credits are sold; expected "beyond: credits"', ("credit_price",), True)
        counted = [one.unit for one in self.included]
        if self.credit_value is not None and self.credit_rates:
            yield Fault('expected either "credit_value" or "credit_rates"', ("credit_value",), True)
        if (is_sold or CountedIn.CREDITS in counted) and self.credit_value is None and not self.credit_rates:
            yield Fault(
                'the use of credits is unknown; expected "credit_value", what a credit is worth at the rates '
                'of the sheet, or "credit_rates", the credits that models take'
            )
        for model, rates in self.credit_rates.items():
            for meter in rates or ("",):
                if meter in (*FIXED_METERS, ""):
                    what = f'"{meter}" is no use of a call' if meter else "no rates are given"
                    yield Fault(f"{what}; expected meters such as input and output", ("credit_rates", model))
        if self.rollover and not any(one.unit and one.per is None for one in self.included):
            yield Fault("nothing is included by the month that could roll over", ("rollover",), True)

    def build(self) -> PlanTerms:
        """Return the terms."""
        return PlanTerms(
            self.fee,
            self.beyond,
            tuple(one.build() for one in self.included),
            self.minimum_seats,
            self.credit_value,
            self.credit_rates,
            self.credit_price or ZERO,
            int(self.rollover),
            self.start,
            self.source,
        )


SubscriptionDocument = Annotated[
    Any,
    OneOf(
        "a plan with its fee, or a list of plans with {from}",
        {
            "plan": Annotated[PlanTermsDocument, Checked()],
            "dated": tuple[Annotated[PlanTermsDocument, Checked()], ...],
        },
        _terms_kind,
    ),
]


def subscription_faults(plans: Mapping[str, Any]) -> Iterator[Fault]:
    """Look for plans without terms, and for terms out of order."""
    for name, plan in plans.items():
        if isinstance(plan, tuple):
            yield from order_faults(("subscriptions", name), [terms.start for terms in plan])
            if not plan:
                yield Fault("no terms are given; expected at least one", ("subscriptions", name))


def build_subscription(name: str, plan: Any) -> Subscription:
    """Return a subscription of either form."""
    terms = plan if isinstance(plan, tuple) else (plan,)
    return Subscription(name, tuple(one.build() for one in terms))
