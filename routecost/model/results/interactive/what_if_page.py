"""What an interactive page knows: sliders, and costs that are linear in each of them between price steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from routecost.model.results.comparison import Comparison
from routecost.model.results.verdicts.savings import Savings
from routecost.problems import Finding, KeyPath
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact


class Key(StrEnum):
    """The sliders, beside the mixes and the pricing sheet."""

    VOLUME = "v"
    INPUT = "i"
    OUTPUT = "o"
    CACHE = "c"


Point = Mapping[Key, Decimal]
"""A value of each slider."""


class SetField(NamedTuple):
    """A field of the scenario that a slider sets: its path, and the numbers that it states (two: a range)."""

    path: KeyPath
    stated: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Slider:
    """A slider from ``low`` to ``high``, on values that are whole multiples of ``step`` above ``low``.

    ``stated`` is the value at which the page shows the scenario as it is. If ``is_factor``, the value is a
    percentage that multiplies what the ``fields`` state, else it is their value. ``unit`` follows the value,
    ``coarse`` is the step of a move.
    """

    key: Key
    label: str
    unit: str
    low: Decimal
    high: Decimal
    step: Decimal
    stated: Decimal
    fields: tuple[SetField, ...]
    is_factor: bool
    coarse: Decimal = ONE

    @property
    def count(self) -> int:
        """The number of steps from ``low`` to ``high``."""
        return int((self.high - self.low) / self.step)

    def value(self, step: int) -> Decimal:
        """Return the value at a step."""
        return self.low + step * self.step


Form = Mapping[str, Decimal]
"""A product of sliders, as their keys in order -> its coefficient: a polynomial linear in each slider."""


@exact
def value_of(form: Form, point: Point) -> Decimal:
    """Return the value of a polynomial at a point."""
    total = ZERO
    for product, coefficient in form.items():
        factor = ONE
        for key in product:
            factor *= point[Key(key)]
        total += coefficient * factor
    return total


class Piece(NamedTuple):
    """The values of amounts while the input slider is at most ``upto``; None: an amount is unknown."""

    upto: Decimal
    forms: Mapping[str, Form | None]


Pieces = tuple[Piece, ...]
"""Pieces by rising ``upto``."""

AMOUNTS = ("cost", "low", "high", "worst_cost", "worst_low", "worst_high")
"""Amounts of a month: calls, the bounds of what failures cost, and the same in the worst case."""


@dataclass(frozen=True, slots=True)
class PageStrategy:
    """A strategy at one sheet. ``tiers`` has the pieces of each tier of a mix that can be changed.

    ``is_least`` says that its cost is a lower bound, because some calls are unknown. ``is_comparable`` says
    that it does the same work as the baseline; ``success_differs`` that success is lower in the worst case.
    ``done`` are the tasks of a day that a subscription serves, and ``done_least`` those that it serves in the
    worst case; None if all are.
    """

    name: str
    pieces: Pieces
    tiers: Mapping[str, Pieces] = field(default_factory=dict)
    is_least: bool = False
    is_comparable: bool = True
    success_differs: bool = False
    is_shown: bool = True
    done: Decimal | None = None
    done_least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PageSheet:
    """A pricing sheet: its strategies, and for each slider that it disables the reason.

    ``budget`` is in the currency of the sheet. ``savings`` has the bounds of the savings with failures, if
    these are known in part. ``saved`` are the savings of the scenario as it is.
    """

    name: str
    argument: str
    currency: str
    as_of: date
    strategies: tuple[PageStrategy, ...]
    reasons: Mapping[str, str]
    budget: Decimal | None = None
    savings: Pieces = ()
    saved: Savings | None = None


@dataclass(frozen=True, slots=True)
class PageMix:
    """The stated shares of a mix, with the decimal places of their percentages."""

    strategy: str
    path: KeyPath
    shares: Mapping[str, Decimal]
    places: int


@dataclass(frozen=True, slots=True)
class PageBudget:
    """The budget of a strategy per period; ``months`` are those of the period."""

    strategy: str
    per: str
    months: Decimal
    counts_failures: bool


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    """The contents of an interactive page. ``comparison`` is that of the scenario as it is.

    ``left_out`` says which built-in sheets cannot price the scenario, ``warnings`` are those of the files.
    ``has_writes`` says that the scenario states cache writes.
    """

    comparison: Comparison
    sliders: tuple[Slider, ...]
    mixes: tuple[PageMix, ...]
    sheets: tuple[PageSheet, ...]
    days_per_month: Decimal
    counts_failures: bool
    budget: PageBudget | None = None
    left_out: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()
    has_writes: bool = False
