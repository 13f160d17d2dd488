"""Results of changing a scenario's fields (sweeps, crossovers), and the options of a sweep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import prod
from typing import TYPE_CHECKING, Any

from routecost.errors import UsageError
from routecost.model.frames import Result
from routecost.records import dataclass
from routecost.units import exact, read_number

if TYPE_CHECKING:
    import pandas

    from routecost.problems import Finding


MOST_AXES = 3
MOST_POINTS = 100_000
"""The most points of a sweep: each is a scenario of its own, checked and priced separately."""

_EXAMPLES = "tokens.input=1000:9000:1000 or tokens.input=1000,5000,9000"


@dataclass(frozen=True, slots=True)
class Axis:
    """A field and its values as they would be written in the scenario.

    ``beyond`` is the STOP of a range that its steps do not reach.
    """

    field: str
    values: tuple[str, ...]
    beyond: str | None = None

    @classmethod
    def parse(cls, text: str) -> Axis:
        """Parse ``FIELD=START:STOP:STEP`` or ``FIELD=a,b,c``; raises UsageError for invalid texts."""
        field, equals, spec = (part.strip() for part in text.partition("="))
        if not equals or not field or not spec:
            raise UsageError(
                f'"{text}" has no field and values; expected FIELD=START:STOP:STEP or FIELD=a,b,c, '
                f"such as {_EXAMPLES}"
            )
        return _span(field, spec) if ":" in spec and field != "pricing" else cls(field, _listed(field, spec))


def read_axes(texts: Sequence[str]) -> tuple[Axis, ...]:
    """Parse up to three axes whose grid is not too large; raises UsageError otherwise."""
    axes = tuple(map(Axis.parse, texts))
    if not 1 <= len(axes) <= MOST_AXES:
        raise UsageError(f"{len(axes)} fields are swept at once; expected 1 to {MOST_AXES}")
    count = prod(len(axis.values) for axis in axes)
    if count > MOST_POINTS:
        sizes = " x ".join(f"{len(axis.values):,}" for axis in axes)
        raise UsageError(f"the grid has {count:,} points ({sizes}); expected at most {MOST_POINTS:,}")
    return axes


def read_change(text: str) -> Decimal:
    """Return the fraction of a text such as ``20%`` or ``0.2``; UsageError unless in (0, 1]."""
    number = read_number(text)
    if number is None or not 0 < number.value <= 1:
        raise UsageError(f'"{text}" is not a change; expected more than 0% and at most 100%, such as 20%')
    return number.value


def _listed(field: str, spec: str) -> tuple[str, ...]:
    values = tuple(part.strip() for part in spec.split(","))
    if not all(values):
        raise UsageError(f'"{spec}" has an empty value for {field}; expected values such as {_EXAMPLES}')
    for at, value in enumerate(values):
        if value in values[:at]:
            raise UsageError(f'"{value}" is given twice for {field}; expected each value once')
    return values


@exact
def _span(field: str, spec: str) -> Axis:
    parts = spec.split(":")
    read = [read_number(part) for part in parts]
    numbers = [number for number in read if number is not None]
    if len(parts) != 3 or len(numbers) != 3:
        raise UsageError(
            f'"{spec}" is not a range for {field}; expected START:STOP:STEP, such as 1000:9000:1000'
        )
    start, stop, step = (number.value for number in numbers)
    _refuse_hopeless(field, spec, (start, stop, step))
    steps = int((stop - start) / step)
    is_percent = any(number.is_percent for number in numbers)
    values = tuple(_written(start + at * step, is_percent) for at in range(steps + 1))
    return Axis(field, values, None if start + steps * step == stop else parts[1].strip())


def _refuse_hopeless(field: str, spec: str, span: tuple[Decimal, Decimal, Decimal]) -> None:
    start, stop, step = span
    if step <= 0:
        raise UsageError(f'the step of "{spec}" for {field} is not above 0; expected more than 0')
    if start > stop:
        raise UsageError(f'the range "{spec}" for {field} begins above its end; expected START below STOP')
    if (stop - start) / step >= MOST_POINTS:
        count = int((stop - start) / step) + 1
        raise UsageError(
            f'the range "{spec}" for {field} has {count:,} points; expected at most {MOST_POINTS:,}'
        )


def _written(value: Decimal, is_percent: bool) -> str:
    return f"{(value * 100).normalize():f}%" if is_percent else f"{value.normalize():f}"


Value = Decimal | date | str
"""A value of a swept field: a number (shares as fractions), a day, or a name."""


class ParameterKind(StrEnum):
    """The kind of a field's values."""

    NUMBER = "number"
    SHARE = "share"
    DAY = "day"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A swept field: ``name`` as the user gives it, ``path`` in full, and its values in order.

    ``current`` is the scenario's own value, None if it states none. ``beyond`` is the end of the
    requested range if no whole number of steps reaches it.
    """

    name: str
    path: str
    kind: ParameterKind
    values: tuple[Value, ...]
    current: Value | None = None
    beyond: str | None = None

    @property
    def is_numeric(self) -> bool:
        """True if the values are numbers, so that values in between exist."""
        return self.kind in (ParameterKind.NUMBER, ParameterKind.SHARE)


@dataclass(frozen=True, slots=True)
class StrategyPoint:
    """The costs of a strategy at a point, as in a comparison; ``quality`` and the frontier if known.

    ``total_cost_per_month`` includes failure costs, if known. Low and high values are those of the
    worst case of repeated work. ``calls_per_task`` is the work, by task type; strategies that do other
    work do not compare.
    """

    strategy: str
    cost_per_day: Decimal
    cost_per_month: Decimal
    vs_baseline: Decimal | None
    quality: Decimal | None = None
    on_frontier: bool | None = None
    total_cost_per_month: Decimal | None = None
    quality_low: Decimal | None = None
    cost_per_month_high: Decimal | None = None
    total_cost_per_month_high: Decimal | None = None
    calls_per_task: tuple[Decimal, ...] = ()
    total_cost_per_month_low: Decimal | None = None
    """The lowest total, if it is unknown in part; else the total."""

    @property
    def counts_failures(self) -> bool:
        """True if failures cost something."""
        return self.total_cost_per_month_low is not None


POINT_COLUMNS = (
    "strategy",
    "cost_per_day",
    "cost_per_month",
    "vs_baseline",
    "quality",
    "on_frontier",
    "total_cost_per_month",
)
"""The columns of a sweep of fields, after those of the fields."""

POINT_RANGES = {
    "quality": "quality_low",
    "cost_per_month": "cost_per_month_high",
    "total_cost_per_month": "total_cost_per_month_high",
}
"""The columns that may differ in the worst case of repeated work -> that of the worst case."""

TOTAL_LOW = "total_cost_per_month_low"
"""The column that follows if totals are known in part."""


@dataclass(frozen=True, slots=True)
class Point:
    """A scenario of the sweep: the values of its fields, and the costs of each strategy."""

    values: tuple[Value, ...]
    costs: tuple[StrategyPoint, ...]


@dataclass(frozen=True, slots=True)
class Crossover:
    """The value of a field at which the cheaper of two strategies changes, all else as in ``others``.

    ``strategies`` has the one that is cheaper below ``value`` first. ``cost`` is the cost per month of
    both there; None if a price step lets one jump past the other, so that they are never equal.
    """

    parameter: str
    value: Decimal
    strategies: tuple[str, str]
    cost: Decimal | None
    others: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldSweep(Result):
    """A scenario at all values of up to three fields; the last field varies fastest.

    ``total_crossovers`` are those of costs with failures; None if these cost nothing or are unknown.
    ``at_means`` names the other uncertain fields, held at their means. ``left_out`` says which strategies
    have no price and are left out, because others are selected. Calls of the unknown share that escalates
    in ``escalates_unknown``, and of the reviewers in ``unpriced_reviews``, are not included.
    """

    scenario: str
    pricing: tuple[str, ...]
    as_of: tuple[date, ...]
    currency: str
    baseline: str | None
    default: str | None
    proposed: str | None
    parameters: tuple[Parameter, ...]
    points: tuple[Point, ...]
    crossovers: tuple[Crossover, ...]
    total_crossovers: tuple[Crossover, ...] | None = None
    warnings: tuple[Finding, ...] = ()
    at_means: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    escalates_unknown: tuple[str, ...] = ()
    unpriced_reviews: tuple[str, ...] = ()

    @property
    def counts_failures(self) -> bool:
        """True if failures cost something in a strategy."""
        return any(cost.counts_failures for point in self.points for cost in point.costs)

    @property
    def counted(self) -> str:
        """The cost that decides: with failures where these cost something and are known."""
        return "cost_per_month" if self.total_crossovers is None else "total_cost_per_month"

    @property
    def deciding_crossovers(self) -> tuple[Crossover, ...]:
        """The crossovers of the cost that decides."""
        return self.crossovers if self.total_crossovers is None else self.total_crossovers

    @property
    def strategies(self) -> tuple[str, ...]:
        """The strategies, in the scenario's order."""
        return tuple(cost.strategy for cost in self.points[0].costs)

    @property
    def calls_per_task(self) -> dict[str, tuple[Decimal, ...]]:
        """The work of each strategy, at the first point where it differs; empty if it never does."""
        points = ({cost.strategy: cost.calls_per_task for cost in point.costs} for point in self.points)
        return next((work for work in points if len(set(work.values())) > 1), {})

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of ``rows``."""
        return (*(parameter.name for parameter in self.parameters), *self.point_columns)

    @property
    def point_columns(self) -> tuple[str, ...]:
        """The columns after those of the fields; those of the worst case come last, if they differ."""
        costs = [cost for point in self.points for cost in point.costs]
        differing = (
            worst
            for name, worst in POINT_RANGES.items()
            if any(getattr(cost, name) != getattr(cost, worst) for cost in costs)
        )
        is_partial = any(cost.total_cost_per_month != cost.total_cost_per_month_low for cost in costs)
        return (*POINT_COLUMNS, *differing, *((TOTAL_LOW,) if is_partial else ()))

    @property
    def rows(self) -> Iterator[tuple[Any, ...]]:
        """A row per point and strategy, in the order of ``columns``."""
        columns = self.point_columns
        for point in self.points:
            for cost in point.costs:
                yield (*point.values, *(getattr(cost, column) for column in columns))

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per point and strategy."""
        from routecost.model.frames import frame

        return frame([dict(zip(self.columns, row, strict=True)) for row in self.rows])
