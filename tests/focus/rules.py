"""The column rules of FOCUS 1.2 (CostAndUsage), as data, and what is wrong with rows.

From the requirements model 1.2.0.1 of the specification, which focus-validator 2.2.1 bundles
(https://focus.finops.org/focus-specification/v1-2/), read on 2026-11-29.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Context, Decimal
from io import StringIO
from typing import Any

EXACT = Context(prec=500)

STRING, DECIMAL, TIME, JSON = "string", "decimal", "time", "json"
TYPES = {
    **dict.fromkeys(
        [
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
        ],
        DECIMAL,
    ),
    **dict.fromkeys(["BillingPeriodEnd", "BillingPeriodStart", "ChargePeriodEnd", "ChargePeriodStart"], TIME),
    **dict.fromkeys(["SkuPriceDetails", "Tags"], JSON),
    **dict.fromkeys(
        [
            "BillingAccountId",
            "BillingAccountName",
            "BillingCurrency",
            "ChargeCategory",
            "ChargeClass",
            "ChargeDescription",
            "ChargeFrequency",
            "CommitmentDiscountCategory",
            "CommitmentDiscountId",
            "CommitmentDiscountName",
            "CommitmentDiscountStatus",
            "CommitmentDiscountType",
            "CommitmentDiscountUnit",
            "ConsumedUnit",
            "InvoiceId",
            "InvoiceIssuerName",
            "PricingCategory",
            "PricingCurrency",
            "PricingUnit",
            "ProviderName",
            "PublisherName",
            "ServiceCategory",
            "ServiceName",
            "ServiceSubcategory",
            "SkuId",
            "SkuMeter",
            "SkuPriceId",
        ],
        STRING,
    ),
}
"""The columns that must be present, or are recommended, and their types."""

NEVER_NULL = [
    "BilledCost",
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "PricingCurrency",
    "PricingCurrencyEffectiveCost",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
]
ALWAYS_NULL = ("ChargeClass", "InvoiceId")
"""Null, because nothing is a correction and nothing is on an invoice."""

ALLOWED = {
    "ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"},
    "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
    "CommitmentDiscountCategory": {"Spend", "Usage"},
    "CommitmentDiscountStatus": {"Used", "Unused"},
    "PricingCategory": {"Standard", "Dynamic", "Committed", "Other"},
    "ServiceCategory": {"AI and Machine Learning"},
    "ServiceSubcategory": {"Generative AI"},
}

Row = Mapping[str, str]
Condition = Callable[[Row], bool]


def _is_priced(row: Row) -> bool:
    return row["ChargeCategory"] in ("Usage", "Purchase")


def _is_consumed(row: Row) -> bool:
    return row["ChargeCategory"] == "Usage" and row["CommitmentDiscountStatus"] != "Unused"


def _has(column: str) -> Condition:
    return lambda row: row[column] != ""


NOT_NULL: list[tuple[str, Condition]] = [
    *(
        (column, _is_priced)
        for column in [
            "PricingQuantity",
            "ListUnitPrice",
            "ContractedUnitPrice",
            "PricingCategory",
            "SkuId",
            "SkuPriceId",
            "PricingCurrencyListUnitPrice",
            "PricingCurrencyContractedUnitPrice",
        ]
    ),
    ("PricingUnit", _has("PricingQuantity")),
    ("ConsumedQuantity", _is_consumed),
    ("ConsumedUnit", _has("ConsumedQuantity")),
    ("SkuMeter", _has("SkuId")),
    ("CommitmentDiscountCategory", _has("CommitmentDiscountId")),
    ("CommitmentDiscountName", _has("CommitmentDiscountId")),
    ("CommitmentDiscountType", _has("CommitmentDiscountId")),
    (
        "CommitmentDiscountStatus",
        lambda row: row["CommitmentDiscountId"] != "" and row["ChargeCategory"] == "Usage",
    ),
    ("CommitmentDiscountQuantity", lambda row: row["CommitmentDiscountId"] != "" and _is_priced(row)),
    ("CommitmentDiscountUnit", _has("CommitmentDiscountQuantity")),
]
"""Columns that must not be null, and when. In all other rows that a rule is about they must be null."""

NULL: list[tuple[str, Condition]] = [
    ("ConsumedQuantity", lambda row: not _is_consumed(row)),
    ("ConsumedUnit", lambda row: not row["ConsumedQuantity"]),
    ("PricingUnit", lambda row: not row["PricingQuantity"]),
    ("SkuMeter", lambda row: not row["SkuId"]),
    ("SkuPriceDetails", lambda row: not row["SkuPriceId"]),
    *(
        (f"CommitmentDiscount{part}", lambda row: not row["CommitmentDiscountId"])
        for part in ("Category", "Name", "Type", "Status", "Quantity")
    ),
    ("CommitmentDiscountUnit", lambda row: not row["CommitmentDiscountQuantity"]),
]
PRODUCTS = (("ListCost", "ListUnitPrice"), ("ContractedCost", "ContractedUnitPrice"))
"""Costs that are a price x PricingQuantity, where there are both."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FORMS: dict[str, Callable[[str], object]] = {
    STRING: lambda text: text.strip() == text,
    DECIMAL: _NUMBER.fullmatch,
    TIME: _TIME.fullmatch,
    JSON: lambda text: isinstance(json.loads(text), dict),
}


def read(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(StringIO(text)))


def faults(rows: list[dict[str, str]]) -> list[str]:
    """Return what is wrong with rows."""
    return [f"row {at}: {fault}" for at, row in enumerate(rows) for fault in (*_columns(row), *_rules(row))]


def _columns(row: Row) -> Iterator[str]:
    names = list(row)
    own = [name for name in names if name not in TYPES]
    if missing := TYPES.keys() - row.keys():
        yield f"lacks {missing}"
    if names[-len(own) :] != own or not all(name.startswith("x_") for name in own):
        yield f"own columns are not last, or not x_: {own}"
    for name, kind in TYPES.items():
        if row.get(name) and not _FORMS[kind](row[name]):
            yield f"{name} is no {kind}: {row[name]}"


def _rules(row: Row) -> Iterator[str]:
    yield from (f"{name} is null" for name in NEVER_NULL if not row[name])
    yield from (f"{name} is {row[name]}" for name in ALWAYS_NULL if row[name])
    yield from (f"{name} is null" for name, condition in NOT_NULL if condition(row) and not row[name])
    yield from (f"{name} is not null" for name, condition in NULL if condition(row) and row[name])
    for name, values in ALLOWED.items():
        if row[name] and row[name] not in values:
            yield f"{name} is {row[name]}"
    for name in ("BillingCurrency", "PricingCurrency"):
        if not re.fullmatch("[A-Z]{3}", row[name]):
            yield f"{name} is {row[name]}"
    yield from _products(row)
    if row["ChargeCategory"] == "Purchase" and row["ChargeFrequency"] == "Usage-Based":
        yield "a purchase is not based on usage"
    if row["ChargeCategory"] == "Purchase" and Decimal(row["EffectiveCost"]):
        yield "a purchase has an effective cost, which is that of what it covers"
    if row["ChargeDescription"].startswith("Rounding") and abs(Decimal(row["BilledCost"])) > Decimal("1e-9"):
        yield f"no rounding is {row['BilledCost']}"
    if not row["BillingPeriodStart"] <= row["ChargePeriodStart"] < row["ChargePeriodEnd"]:
        yield "a charge does not begin in its billing period, or does not end after that"


def _products(row: Row) -> Iterator[str]:
    for cost, price in PRODUCTS:
        if row[price] and row["PricingQuantity"]:
            product = EXACT.multiply(Decimal(row[price]), Decimal(row["PricingQuantity"]))
            if product != Decimal(row[cost]):
                yield f"{price} x PricingQuantity is {product}, and {cost} is {row[cost]}"
            if Decimal(row[price]) < 0:
                yield f"{price} is negative"


def total(rows: list[dict[str, Any]], column: str = "BilledCost") -> Decimal:
    """Return the exact sum of a column."""
    sum_ = Decimal(0)
    for row in rows:
        sum_ = EXACT.add(sum_, Decimal(row[column]))
    return sum_
