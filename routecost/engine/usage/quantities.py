"""Token quantities that vary between tasks, with their joint distribution.

A task draws a row of each stated distribution once; within a row a range is a uniform variable.
Every quantity is linear in these variables, so sums and multiples of quantities are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from itertools import product
from math import prod

from routecost.errors import UsageError
from routecost.model.scenario.workload import TokenShape
from routecost.records import dataclass
from routecost.units import ONE, ZERO

MOST_ROWS = 20_000
"""The most combinations of rows that the calls of one task may have."""

HALF = Decimal("0.5")


class Source:
    """A stated distribution: a task draws one of its rows. Two statements are two draws."""

    __slots__ = ("shape",)

    def __init__(self, shape: TokenShape) -> None:
        self.shape = shape

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and self.shape is other.shape

    def __hash__(self) -> int:
        return id(self.shape)


Variable = tuple[Source, str]
"""A uniform variable on [0, 1]: the place within a row's range of ``input``, ``output`` or a meter."""


@dataclass(frozen=True, slots=True)
class Linear:
    """``constant`` + the sum of ``terms`` (variable -> span), all at least 0."""

    constant: Decimal = ZERO
    terms: Mapping[Variable, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.constant < 0 or (self.terms and min(self.terms.values()) < 0):
            raise ValueError(f"a quantity below zero: {self.constant}")

    @classmethod
    def sum(cls, parts: Iterable[Linear]) -> Linear:
        """Return the sum of quantities."""
        constant, terms = ZERO, dict[Variable, Decimal]()
        for part in parts:
            constant += part.constant
            for variable, span in part.terms.items():
                terms[variable] = terms[variable] + span if variable in terms else span
        return cls(constant, terms)

    def __add__(self, other: Linear) -> Linear:
        return Linear.sum((self, other))

    def times(self, factor: Decimal) -> Linear:
        """Return the multiple of this quantity; ``factor`` is at least 0."""
        if not factor:
            return Linear()
        terms = {variable: span * factor for variable, span in self.terms.items()}
        return Linear(self.constant * factor, terms)

    def within(self, variable: Variable, start: Decimal, end: Decimal) -> Linear:
        """Return this quantity with one variable limited to a part of its range."""
        span = self.terms.get(variable)
        if span is None:
            return self
        return Linear(self.constant + span * start, {**self.terms, variable: span * (end - start)})

    @property
    def mean(self) -> Decimal:
        """The expected value."""
        return self.constant + HALF * sum(self.terms.values(), ZERO) if self.terms else self.constant

    @property
    def most(self) -> Decimal:
        """The largest value."""
        return self.constant + sum(self.terms.values(), ZERO) if self.terms else self.constant


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of tokens: one :class:`Linear` per combination of rows of its ``sources``."""

    sources: tuple[Source, ...]
    rows: Mapping[tuple[int, ...], Linear]

    @classmethod
    def of(cls, number: Decimal) -> Quantity:
        """Return the same number of tokens for every task."""
        return cls((), {(): Linear(number)})

    def __add__(self, other: Quantity) -> Quantity:
        sources, joint = _joined((self, other))
        return Quantity(sources, {key: left + right for key, (left, right) in joint})

    def times(self, factor: Decimal) -> Quantity:
        """Return the multiple of this quantity; ``factor`` is at least 0."""
        return Quantity(self.sources, {key: row.times(factor) for key, row in self.rows.items()})

    @property
    def mean(self) -> Decimal:
        """The expected number of tokens."""
        return sum((weight * row.mean for weight, (row,) in joint_rows((self,))), ZERO)

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The smallest and the largest number of tokens."""
        rows = self.rows.values()
        return min(row.constant for row in rows), max(row.most for row in rows)


NOTHING = Quantity.of(ZERO)


def prompt(shape: TokenShape) -> Quantity:
    """Return the input tokens of a stated distribution."""
    return _stated(shape, "input", [(cell.input_low, cell.input_high) for cell in shape.cells])


def answer(shape: TokenShape) -> Quantity:
    """Return the output tokens of a stated distribution."""
    return _stated(shape, "output", [(cell.output_low, cell.output_high) for cell in shape.cells])


def others(shape: TokenShape) -> dict[str, Quantity]:
    """Return the other meters of a stated distribution; a cell without one counts none."""
    none = ZERO, ZERO
    return {
        meter: _stated(shape, meter, [cell.meters.get(meter, none) for cell in shape.cells])
        for meter in shape.meters
    }


def _stated(shape: TokenShape, axis: str, ranges: Sequence[tuple[Decimal, Decimal]]) -> Quantity:
    source = Source(shape)
    rows: dict[tuple[int, ...], Linear] = {
        (at,): Linear(low, {} if low is high or low == high else {(source, axis): high - low})
        for at, (low, high) in enumerate(ranges)
    }
    if len(rows) == 1 and not rows[0,].terms:
        return Quantity((), {(): rows[0,]})
    return Quantity((source,), rows)


def joint_rows(quantities: Sequence[Quantity]) -> Iterator[tuple[Decimal, tuple[Linear, ...]]]:
    """Yield the rows of the joint distribution of quantities: a weight, and the row of each.

    Raises UsageError where there are more than ``MOST_ROWS``.
    """
    sources, rows = _joined(quantities)
    for key, values in rows:
        weight = ONE
        for source, at in zip(sources, key, strict=True):
            weight = weight * source.shape.cells[at].weight
        yield weight, values


def _joined(
    quantities: Sequence[Quantity],
) -> tuple[tuple[Source, ...], Iterator[tuple[tuple[int, ...], tuple[Linear, ...]]]]:
    sources = tuple(dict.fromkeys([source for quantity in quantities for source in quantity.sources]))
    if not sources:
        return sources, iter([((), tuple([quantity.rows[()] for quantity in quantities]))])
    sizes = [len(source.shape.cells) for source in sources]
    if prod(sizes) > MOST_ROWS:
        raise UsageError(
            f"the calls of one task combine {' x '.join(map(str, sizes))} rows of per_call; "
            f"expected at most {MOST_ROWS} combinations"
        )
    rows_of = [_rows_by(sources, quantity) for quantity in quantities]
    keys = product(*map(range, sizes))
    return sources, ((key, tuple([row_of(key) for row_of in rows_of])) for key in keys)


def _rows_by(sources: tuple[Source, ...], quantity: Quantity) -> Callable[[tuple[int, ...]], Linear]:
    """Return what finds the row of a quantity for a row of each of more sources."""
    rows = quantity.rows
    if quantity.sources == sources:
        return rows.__getitem__
    if not quantity.sources:
        constant = rows[()]
        return lambda _: constant
    places = [sources.index(source) for source in quantity.sources]
    return lambda key: rows[tuple(key[at] for at in places)]
