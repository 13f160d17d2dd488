"""Rows of FOCUS 1.2, the FinOps Open Cost and Usage Specification."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from routecost.model.frames import Result
from routecost.model.results.focus.charges import (
    SUMS,
    Bought,
    Category,
    Charge,
    meter_name,
    priced_quantity,
    rounded,
    total_of,
)
from routecost.records import dataclass
from routecost.units import METERS, ONE, ZERO

if TYPE_CHECKING:
    import pandas

    from routecost.model.results.logs.usage import LogFacts, Unpriced
    from routecost.model.results.projection import Projection

UNKNOWN = "unknown"
"""The account and the provider, if neither a file nor an option states them."""

SERVICE_CATEGORY, SERVICE = "AI and Machine Learning", "Generative AI"

TIMES = ("BillingPeriodEnd", "BillingPeriodStart", "ChargePeriodEnd", "ChargePeriodStart")
DECIMALS = (
    "BilledCost",
    "CommitmentDiscountQuantity",
    "ConsumedQuantity",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "ListCost",
    "ListUnitPrice",
    "PricingCurrencyContractedUnitPrice",
    "PricingCurrencyEffectiveCost",
    "PricingCurrencyListUnitPrice",
    "PricingQuantity",
    "x_BilledCostHigh",
)
"""The columns with exact numbers."""

COLUMNS = (
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountQuantity",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "CommitmentDiscountUnit",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceId",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingCurrency",
    "PricingCurrencyContractedUnitPrice",
    "PricingCurrencyEffectiveCost",
    "PricingCurrencyListUnitPrice",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SkuId",
    "SkuMeter",
    "SkuPriceDetails",
    "SkuPriceId",
    "Tags",
    "x_BilledCostHigh",
    "x_ChargeType",
    "x_Model",
    "x_PricingSheet",
    "x_Scenario",
    "x_Strategy",
)
"""All columns: those of FOCUS, then routecost's own."""

_UNITS = {
    "request": "Requests",
    "web_search": "Searches",
    "storage_search": "Searches",
    "input_message": "Messages",
    "document_page": "Pages",
    "annotated_page": "Pages",
    "input_character": "Characters",
    "cache_storage": "Token-Hours",
    "file_storage": "GB-Hours",
}


@dataclass(frozen=True, slots=True)
class FocusRows(Result):
    """Charges whose billed costs sum to ``total``, exactly, as rows of FOCUS 1.2.

    Days begin at midnight in ``zone``. ``scenario`` and ``strategy`` are those of a projection, whose rows
    are a forecast. ``facts`` and ``unpriced`` say what was read from logs, and which calls are in no row.
    """

    charges: tuple[Charge, ...]
    currency: str
    list_currency: str
    pricing: str
    account: str = UNKNOWN
    provider: str | None = None
    zone: tzinfo = UTC
    scenario: str | None = None
    strategy: str | None = None
    facts: LogFacts | None = None
    unpriced: tuple[Unpriced, ...] = ()
    has_terms: bool = False
    projection: Projection | None = None

    @property
    def total(self) -> Decimal:
        """The sum of the billed costs."""
        return total_of(self.charges)

    @property
    def is_exact(self) -> bool:
        """Whether all costs are known."""
        return all(charge.high is None for charge in self.charges)

    def records(self) -> list[dict[str, Any]]:
        """Return a dict per row by column; numbers are exact Decimals, times are in UTC, null is None."""
        rates = self._rates_of_months()
        rows = (self._row(charge, rates.get(charge.month, ONE)) for charge in self.charges)
        return [{column: row.get(column) for column in COLUMNS} for row in rows]

    def _rates_of_months(self) -> dict[date, Decimal]:
        """Return the amount of the list's currency for one of the bill's, if they are two, in the usage."""
        if self.currency == self.list_currency:
            return {}
        here, there = dict[date, Decimal](), dict[date, Decimal]()
        for charge in self.charges:
            own = _cost_there(charge)
            if own is not None:
                here[charge.month] = SUMS.add(here.get(charge.month, ZERO), charge.contracted)
                there[charge.month] = SUMS.add(there.get(charge.month, ZERO), own)
        return {month: SUMS.divide(there[month], cost) for month, cost in here.items() if cost}

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per charge, float64 for numbers."""
        from routecost.model.frames import frame

        return frame(self.records()).astype(dict.fromkeys(DECIMALS, "float64") if self.charges else {})

    def _row(self, charge: Charge, rate: Decimal) -> dict[str, Any]:
        there = _cost_there(charge)
        provider = self.provider or (charge.sku and charge.sku.provider) or UNKNOWN
        month = charge.month
        return {
            "BilledCost": charge.billed,
            "EffectiveCost": charge.effective,
            "ListCost": charge.listed,
            "ContractedCost": charge.contracted,
            "BillingAccountId": self.account,
            "BillingCurrency": self.currency,
            "PricingCurrency": self.list_currency,
            "PricingCurrencyEffectiveCost": rounded(SUMS.multiply(charge.effective, rate))
            if there is None
            else there,
            "BillingPeriodStart": self._midnight(month),
            "BillingPeriodEnd": self._midnight(next_month(month)),
            "ChargePeriodStart": self._midnight(charge.begins),
            "ChargePeriodEnd": self._midnight(charge.ends),
            "ChargeCategory": str(charge.category),
            "ChargeDescription": charge.description,
            "ChargeFrequency": "One-Time"
            if charge.bought and not charge.bought.recurs
            else _FREQUENCIES[charge.category],
            **dict.fromkeys(("InvoiceIssuerName", "ProviderName", "PublisherName"), provider),
            "ServiceCategory": SERVICE_CATEGORY,
            "ServiceName": SERVICE,
            "ServiceSubcategory": SERVICE,
            "Tags": _object(charge.tags),
            "x_BilledCostHigh": charge.high,
            "x_ChargeType": "Actual" if self.strategy is None else "Forecast",
            "x_PricingSheet": self.pricing,
            "x_Scenario": self.scenario,
            "x_Strategy": self.strategy,
            **(_usage(charge) if charge.commitment is None else self._commitment(charge, rate)),
            **({} if charge.bought is None else _purchase(charge.bought, rate)),
        }

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _commitment(self, charge: Charge, rate: Decimal) -> dict[str, Any]:
        """Return the columns of a charge that belongs to a commitment."""
        name = charge.commitment
        columns: dict[str, Any] = {
            "CommitmentDiscountCategory": "Spend",
            "CommitmentDiscountId": name,
            "CommitmentDiscountName": name,
            "CommitmentDiscountType": "Committed spend",
        }
        if charge.category not in (Category.PURCHASE, Category.USAGE):
            return columns
        is_bought = charge.category is Category.PURCHASE
        return {
            **columns,
            "CommitmentDiscountQuantity": charge.billed if is_bought else charge.effective,
            "CommitmentDiscountStatus": None if is_bought else "Unused",
            "CommitmentDiscountUnit": self.currency,
            "PricingCategory": "Standard" if is_bought else "Committed",
            "PricingQuantity": charge.billed,
            "PricingUnit": self.currency,
            **dict.fromkeys(("ListUnitPrice", "ContractedUnitPrice"), ONE),
            **dict.fromkeys(
                ("PricingCurrencyListUnitPrice", "PricingCurrencyContractedUnitPrice"), rounded(rate)
            ),
            "SkuId": name,
            "SkuMeter": "Committed Spend",
            "SkuPriceId": name,
        }


_FREQUENCIES = {
    Category.USAGE: "Usage-Based",
    Category.PURCHASE: "Recurring",
    Category.CREDIT: "One-Time",
    Category.ADJUSTMENT: "One-Time",
}


def _purchase(bought: Bought, rate: Decimal) -> dict[str, Any]:
    """Return the columns of what is bought of a subscription."""
    here, there = ("ListUnitPrice", "ContractedUnitPrice"), rounded(SUMS.multiply(bought.price, rate))
    return {
        "PricingCategory": "Standard",
        "PricingQuantity": bought.quantity,
        "PricingUnit": bought.unit,
        **dict.fromkeys(here, bought.price),
        **dict.fromkeys((f"PricingCurrency{name}" for name in here), there),
        **dict.fromkeys(("SkuId", "SkuPriceId"), f"{bought.plan}/{bought.name.lower()}"),
        "SkuMeter": bought.name,
    }


def _usage(charge: Charge) -> dict[str, Any]:
    """Return the columns of usage at a unit price."""
    sku, price, count = charge.sku, charge.price, charge.count
    if sku is None or price is None or count is None:
        return {}
    unit, per = consumed_unit(sku.meter), METERS[sku.meter].per
    details = {"x_Model": sku.model, "x_Meter": sku.meter, "x_Mode": sku.mode}
    return {
        "ConsumedQuantity": count,
        "ConsumedUnit": unit,
        "PricingQuantity": priced_quantity(sku.meter, count),
        "PricingUnit": unit if per == 1 else f"{per} {unit}",
        "PricingCategory": "Standard",
        "ListUnitPrice": price.listed,
        "ContractedUnitPrice": price.contracted,
        "PricingCurrencyListUnitPrice": price.listed_there,
        "PricingCurrencyContractedUnitPrice": price.contracted_there,
        "SkuId": sku.id,
        "SkuMeter": meter_name(sku.meter),
        "SkuPriceId": sku.price_id,
        "SkuPriceDetails": _object(
            details | ({"x_ContextAbove": f"{sku.above} tokens"} if sku.above else {})
        ),
        "x_Model": sku.model,
    }


def _cost_there(charge: Charge) -> Decimal | None:
    """Return the cost of usage at a unit price in the currency of the price list; None for other charges."""
    if charge.sku is None or charge.price is None or charge.count is None:
        return None
    return SUMS.multiply(priced_quantity(charge.sku.meter, charge.count), charge.price.contracted_there)


def consumed_unit(meter: str) -> str:
    """Return the unit of a meter, such as ``Tokens``."""
    return _UNITS.get(meter) or ("Tokens" if METERS[meter].is_token else "Hours")


def _object(values: Mapping[str, str | bool]) -> str | None:
    return json.dumps(dict(values), ensure_ascii=False) if values else None


def next_month(month: date) -> date:
    """Return the first day of the next month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
