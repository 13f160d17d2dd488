"""``{of: sonnet, meter: input, change: -10%, from: 2027-01-01}``: prices that a scenario assumes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import (
    PERCENT_SCHEMA,
    Context,
    Day,
    Leaf,
    MeterName,
    Name,
    Rate,
    fault,
    quoted,
    read_number,
)
from routecost.engine.pricing.what_if import models_of, unknown_target, why_not
from routecost.model.pricing.sheet import PricingSheet, WhatIf

_MOST = Decimal(1000)
_EXPECTED = "a change from -100% to +100000%, such as -20% or 0.05"
_SCHEMA = {"anyOf": [{"type": "number", "minimum": -1, "maximum": int(_MOST)}, PERCENT_SCHEMA]}


def _read_change(value: Any, _: Context) -> Decimal:
    number = read_number(value, _EXPECTED, percent=True)
    if not -1 <= number <= _MOST:
        raise fault(f"{quoted(value)} is out of range; expected {_EXPECTED}")
    return number


Change = Annotated[Decimal, Leaf(_read_change, {**_SCHEMA, "description": _EXPECTED})]


@document
class PriceChangeDocument:
    """A change of the rates of a model, or of those of a tier or provider; or a new rate of one meter."""

    of: Name
    meter: MeterName | None = None
    change: Change | None = None
    rate: Rate | None = None
    start: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield faults for neither or both of change and rate, and for days in the wrong order."""
        if (self.change is None) == (self.rate is None):
            given = "neither" if self.change is None else "both"
            yield Fault(f'{given} of "change" and "rate" given; expected one')
        elif self.rate is not None and self.meter is None:
            yield Fault('a new rate needs a "meter", such as input', ("rate",), on_key=True)
        if self.start is not None and self.until is not None and self.until < self.start:
            yield Fault(f"{self.until} is before {self.start}", ("until",))

    def sheet_faults(self, sheet: PricingSheet) -> Iterator[Fault]:
        """Yield faults for what the sheet does not have: the models, or a rate of the meter."""
        models = models_of(self.of, sheet)
        if not models:
            yield Fault(unknown_target(self.of, sheet), ("of",))
            return
        why = why_not(self.build("", models), sheet)
        if why is not None:
            yield Fault(why, ("meter",))

    def build(self, name: str, models: tuple[str, ...]) -> WhatIf:
        """Return the change; its text has the number that holds in every run, a mean if it is uncertain."""
        factor = None if self.change is None else 1 + self.change
        text = " ".join(filter(None, (self.of, self.meter, self._amount, f"(price_changes.{name})")))
        return WhatIf(text, models, self.meter, factor, self.rate, self.start, self.until)

    @property
    def _amount(self) -> str:
        if isinstance(self.change, Decimal):
            return f"{float(self.change * 100):+.6g}%"
        return f"{float(self.rate):.6g}" if isinstance(self.rate, Decimal) else ""
