"""Paths to figures: ``strategies.all-opus.cost_per_day``, ``savings.fraction``, ``prices.opus.input``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from routecost.errors import UnknownNameError
from routecost.problems import did_you_mean
from routecost.records import dataclass
from routecost.units import METERS

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet

COST_COLUMNS = ("cost_per_task", "cost_per_day", "cost_per_month", "cost_per_year", "vs_baseline")
"""The columns of every comparison, after ``strategy``."""

QUALITY_COLUMNS = ("success_rate", "cost_per_success", "failure_cost_per_month", "total_cost_per_month")
"""The further columns of a comparison with success rates."""

ENDS = {
    "cost_per_month": ("cost_per_month_high",),
    "success_rate": ("success_rate_low", "success_rate_high"),
    "cost_per_success": ("cost_per_success_high",),
    "failure_cost_per_month": ("failure_cost_per_month_low", "failure_cost_per_month_high"),
    "total_cost_per_month": ("total_cost_per_month_low", "total_cost_per_month_high"),
    "cost_per_task": ("cost_per_task_high",),
    "cost_per_day": ("cost_per_day_high",),
    "cost_per_year": ("cost_per_year_high",),
    "vs_baseline": ("vs_baseline_low", "vs_baseline_high"),
}
"""Figure -> the ends of its range: by the worst case of repeated work, and by what is unknown."""

RANGE_COLUMNS = tuple(end for ends in ENDS.values() for end in ends)
"""The last columns of a comparison, those in which an end differs from the figure."""

SAVINGS_RANGE = (
    "per_month_low",
    "per_month_high",
    "with_failures_per_month_low",
    "with_failures_per_month_high",
)
"""The range of savings, if repeated work gives one."""

SAVINGS_FIELDS = ("fraction", "per_day", "per_month", "per_year", "with_failures_per_month", *SAVINGS_RANGE)


_FRACTIONS = ("vs_baseline", "success_rate")


class Root(StrEnum):
    """The first part of a path."""

    STRATEGIES = "strategies"
    SAVINGS = "savings"
    PRICES = "prices"


STRATEGY_FIELDS = (*COST_COLUMNS, *QUALITY_COLUMNS, *RANGE_COLUMNS, "seconds_per_task")


_FIELDS = {
    Root.STRATEGIES: STRATEGY_FIELDS,
    Root.SAVINGS: SAVINGS_FIELDS,
    Root.PRICES: tuple(METERS),
}


@dataclass(frozen=True, slots=True)
class FigurePath:
    """A path to a figure: of the strategy or tier ``name`` (None for savings), its ``field``."""

    root: Root
    name: str | None
    field: str

    def __str__(self) -> str:
        return ".".join(part for part in (self.root, self.name, self.field) if part is not None)

    @property
    def kind(self) -> FigureKind:
        """The kind of the figure."""
        if self.field in ("fraction", *_FRACTIONS, *(end for key in _FRACTIONS for end in ENDS[key])):
            return FigureKind.FRACTION
        return FigureKind.RATIO if self.field == "seconds_per_task" else FigureKind.MONEY

    def currency(self, sheet: PricingSheet) -> str | None:
        """Return the currency of the figure at the prices of a sheet; None if it is no money."""
        if self.kind is not FigureKind.MONEY:
            return None
        return sheet.list_currency if self.root is Root.PRICES else sheet.currency

    @classmethod
    def parse(cls, text: str) -> FigurePath:
        """Parse a path; names may contain dots. Raises UnknownNameError for the part that is wrong."""
        first, *middle = text.split(".")
        if first not in list(Root):
            raise UnknownNameError(f'"{text}" is not a path to a figure{did_you_mean(first, list(Root))}')
        root = Root(first)
        *names, field = middle or [""]
        name = ".".join(names)
        if not field or (names if root is Root.SAVINGS else not name):
            raise UnknownNameError(f'"{text}" is not a path to a figure; expected {_shape(root)}')
        if field not in _FIELDS[root]:
            raise UnknownNameError(f'"{text}" is not a path to a figure{did_you_mean(field, _FIELDS[root])}')
        return cls(root, name or None, field)


def _shape(root: Root) -> str:
    return {Root.STRATEGIES: "strategies.<name>.<column>", Root.PRICES: "prices.<tier>.<meter>"}.get(
        root, "savings.<field>"
    )


class FigureKind(StrEnum):
    """The kind of a figure, which decides its display."""

    MONEY = "money"
    FRACTION = "fraction"
    RATIO = "ratio"
