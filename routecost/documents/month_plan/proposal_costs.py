"""Engineering and upkeep of the proposal, as documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.money import Currency, InStatedCurrency, Money
from routecost.documents.core.scalars import Day, Name
from routecost.documents.month_plan.dated import Month, until_faults
from routecost.model.scenario.month_plan import Engineering, Upkeep


@document
class EngineeringDocument:
    """A cost that is paid once, on a day."""

    amount: Money
    date: Day
    currency: Currency | None = None

    def build(self, name: str) -> Engineering:
        """Return the cost."""
        return Engineering(name, self.date, self.amount)


@document
class UpkeepDocument:
    """A cost per month, from a month to another."""

    amount: Money
    start: Annotated[Month, Field(alias="from")]
    until: Month | None = None
    currency: Currency | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for an end before the beginning."""
        yield from until_faults(self.start, self.until)

    def build(self, name: str) -> Upkeep:
        """Return the cost."""
        return Upkeep(name, self.amount, self.start, self.until)


EngineeringByName = dict[Name, Annotated[EngineeringDocument, InStatedCurrency()]]
UpkeepByName = dict[Name, Annotated[UpkeepDocument, InStatedCurrency(), Checked()]]
