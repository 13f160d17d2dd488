"""What all figures of these tests say of themselves."""

from __future__ import annotations

from typing import Any

from routecost.model.report.cells import Unit

ABOUT: dict[str, Any] = {
    "axis": "USD per month",
    "source": "Prices: invented, as of 2026-02-01. Scenario: my-fleet.",
    "unit": Unit.MONEY,
    "currency": "USD",
}
