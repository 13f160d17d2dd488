"""The document type of the fixed costs of routing."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.money import Money
from routecost.documents.core.scalars import Context, Leaf, fault, quoted, read_number
from routecost.model.results.breakeven import MOST_MONTHS
from routecost.model.scenario.routing_decision import RoutingCosts

_EXPECTED = f"whole months from 1 to {MOST_MONTHS}"


def _read_months(value: Any, _: Context) -> Decimal:
    months = read_number(value, _EXPECTED)
    if not 1 <= months <= MOST_MONTHS or months != int(months):
        raise fault(f"{quoted(value)} is out of range; expected {_EXPECTED}")
    return months


Months = Annotated[
    Decimal,
    Leaf(_read_months, {"type": "integer", "minimum": 1, "maximum": MOST_MONTHS, "description": _EXPECTED}),
]


@document
class RoutingCostsDocument:
    """The engineering and upkeep costs of routing, and the payback period in months."""

    engineering: Money
    upkeep_per_month: Money
    within_months: Months

    def build(self) -> RoutingCosts:
        """Return the costs of routing."""
        return RoutingCosts(self.engineering, self.upkeep_per_month, int(self.within_months))
