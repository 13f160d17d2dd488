"""Paths to figures: ``strategies.all-opus.cost_per_day``, ``savings.fraction``, ``prices.opus.input``.

``parts.all-opus.owner.support.cost_per_month`` is a part of the cost of a strategy.
"""

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
    "served_share": ("served_share_low",),
    "tasks_per_budget": ("tasks_per_budget_low",),
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


_FRACTIONS = ("vs_baseline", "success_rate", "served_share")


class Root(StrEnum):
    """The first part of a path."""

    STRATEGIES = "strategies"
    SAVINGS = "savings"
    PRICES = "prices"
    PARTS = "parts"


STRATEGY_FIELDS = (*COST_COLUMNS, *QUALITY_COLUMNS, *RANGE_COLUMNS, "served_share", "seconds_per_task")


PART_FIELDS = (
    "cost_per_day",
    "cost_per_month",
    "cost_per_year",
    "failure_cost_per_month",
    "total_cost_per_month",
)
"""The figures of a part of a strategy's cost."""

DIMENSIONS = ("owner", "task_type", "model", "provider", "tier")
"""What parts are parts by, and ``tag:NAME``."""

_FIELDS = {
    Root.STRATEGIES: STRATEGY_FIELDS,
    Root.SAVINGS: SAVINGS_FIELDS,
    Root.PRICES: tuple(METERS),
    Root.PARTS: PART_FIELDS,
}


@dataclass(frozen=True, slots=True)
class FigurePath:
    """A path to a figure: of the strategy or tier ``name`` (None for savings), its ``field``.

    One to a part of a strategy's cost also has what it is a part ``by``, and the name of the ``part``.
    """

    root: Root
    name: str | None
    field: str
    by: str | None = None
    part: str | None = None

    def __str__(self) -> str:
        steps = (self.root, self.name, self.by, self.part, self.field)
        return ".".join(step for step in steps if step is not None)

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
        if root is Root.PARTS:
            return cls._of_part(text, names, field)
        return cls(root, name or None, field)

    @classmethod
    def _of_part(cls, text: str, names: list[str], field: str) -> FigurePath:
        """Return the path to a part, by the first name after that of the strategy that is a dimension."""
        for at, by in enumerate(names):
            if 0 < at < len(names) - 1 and (by in DIMENSIONS or by[:4] == "tag:" != by):
                return cls(Root.PARTS, ".".join(names[:at]), field, by, ".".join(names[at + 1 :]))
        known = f"a dimension is {', '.join(DIMENSIONS)} or tag:NAME"
        raise UnknownNameError(f'"{text}" is not a path to a figure; expected {_shape(Root.PARTS)}; {known}')


def _shape(root: Root) -> str:
    return {
        Root.STRATEGIES: "strategies.<name>.<column>",
        Root.PRICES: "prices.<tier>.<meter>",
        Root.PARTS: "parts.<strategy>.<dimension>.<part>.<column>",
    }.get(root, "savings.<field>")


class FigureKind(StrEnum):
    """The kind of a figure, which decides its display."""

    MONEY = "money"
    FRACTION = "fraction"
    RATIO = "ratio"
