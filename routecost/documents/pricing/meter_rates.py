"""The document type of rates by meter, which entries, context steps and processing modes have."""

from __future__ import annotations

from dataclasses import field, make_dataclass
from typing import Any

from pydantic import ConfigDict

from routecost.documents.core.scalars import Rate, TokenMeter
from routecost.units import METERS

MeterRates: Any = make_dataclass(
    "MeterRates",
    [
        *((meter, Rate | None, field(default=None)) for meter in METERS),
        ("unpriced", tuple[TokenMeter, ...], field(default=())),
    ],
    kw_only=True,
    eq=False,
    repr=False,
    namespace={
        "__doc__": "Rates by meter; ``unpriced`` names meters that are known to have none.",
        "__pydantic_config__": ConfigDict(extra="forbid"),
    },
)
