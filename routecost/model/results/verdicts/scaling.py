"""Token counts that were measured on another model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.model.scenario.strategy import TokenScaling


@dataclass(frozen=True, slots=True)
class Scaling:
    """Token counts scaled from the model they were measured on, except those of ``unknown`` models.

    ``bounds`` has the lowest and highest cost per month of the strategies whose factors have bounds.
    """

    measured_on: str
    scaled: tuple[TokenScaling, ...]
    unknown: tuple[str, ...]
    bounds: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
