"""Calls of a task that are drawn one by one: the tokens of the calls so far, as a distribution.

Up to ``MOST_SUMS`` different sums are kept as they are. Beyond, neighbours within a grid of that
many steps are merged into their mean. Means therefore stay exact; the size that decides on a price
step is wrong by less than one step of the grid for each call so far. A stated range counts as
``RANGE_PARTS`` equal parts, each at its middle, so a size is wrong by at most 1/32 of the range.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import product
from operator import sub
from typing import NamedTuple

from routecost.engine.usage.quantities import HALF, Linear, Quantity, Variable, answer, joint_rows, prompt
from routecost.model.scenario.workload import TokenCell, TokenShape
from routecost.units import ONE, ZERO

MOST_ROWS_OF_A_CALL = 32
MOST_SUMS = 256
RANGE_PARTS = 16
_MIDDLES = [(part + HALF) / RANGE_PARTS for part in range(RANGE_PARTS)]


class Sum(NamedTuple):
    """Input and output tokens of some calls together, with their probability."""

    weight: Decimal
    input: Decimal
    output: Decimal

    @property
    def size(self) -> Decimal:
        """The tokens in all."""
        return self.input + self.output


_EMPTY = [Sum(ONE, ZERO, ZERO)]
Tokens = tuple[Quantity, Quantity]
"""Input and output tokens, jointly distributed."""
Span = tuple[Decimal, Decimal]
"""Two sizes: sums that are between them are kept apart."""


def sums_of_calls(inputs: Quantity, outputs: Quantity, most: int) -> list[list[Sum]]:
    """Return the tokens of 0, 1, ... ``most`` calls together, each call an independent draw."""
    rows = [*_rows(inputs, outputs)]
    return _sums_of_calls(
        tuple(_distinct(rows, MOST_ROWS_OF_A_CALL) or _on_grid(_EMPTY, _Rows.of(rows))), most
    )


@lru_cache(maxsize=16)
def _sums_of_calls(rows: tuple[Sum, ...], most: int) -> list[list[Sum]]:
    by_size = _Rows.of(rows)
    sums, is_exact = _EMPTY, True
    listed = [sums]
    for _ in range(most):
        exact = None
        if is_exact:
            pairs = (
                Sum(a.weight * b.weight, a.input + b.input, a.output + b.output) for a in sums for b in rows
            )
            exact = _distinct(pairs, MOST_SUMS)
        is_exact = exact is not None
        sums = exact or _on_grid(sums, by_size, MOST_SUMS)
        listed.append(sums)
    return listed


def tokens_of(sums: Sequence[Sum], apart: Sequence[Span] | None = None) -> Tokens:
    """Return sums as quantities; with ``apart``, sums on the same side of all spans as their mean.

    Costs are linear between price steps, so that this changes none if the spans are around all steps.
    """
    kept = sums if apart is None else _merged_but(sums, apart)
    shape = TokenShape(tuple(TokenCell(one.weight, one.input, one.input, one.output) for one in kept))
    return prompt(shape), answer(shape)


def _merged_but(sums: Sequence[Sum], apart: Sequence[Span]) -> list[Sum]:
    kept, groups = list[Sum](), dict[int, list[Decimal]]()
    for one in sums:
        size = one.size
        if any(low < size <= high for low, high in apart):
            kept.append(one)
        else:
            group = groups.setdefault(sum(size > high for _, high in apart), [ZERO, ZERO, ZERO])
            _add(group, one.weight, one.weight * one.input, one.weight * one.output)
    return [*kept, *_means(groups)]


def _rows(inputs: Quantity, outputs: Quantity) -> Iterator[Sum]:
    for weight, (sent, written) in joint_rows((inputs, outputs)):
        variables = list(dict.fromkeys((*sent.terms, *written.terms)))
        share = weight / RANGE_PARTS ** len(variables)
        for places in product(_MIDDLES, repeat=len(variables)):
            at = dict(zip(variables, places, strict=True))
            yield Sum(share, _value(sent, at), _value(written, at))


def _value(tokens: Linear, at: dict[Variable, Decimal]) -> Decimal:
    return tokens.constant + sum((span * at[variable] for variable, span in tokens.terms.items()), ZERO)


class _Rows(NamedTuple):
    """The rows of a call by rising ``sizes``, with the totals of the first 0, 1, ... of them.

    Totals are of the weight, and of the input and the output tokens times the weight.
    """

    sizes: list[Decimal]
    totals: list[tuple[Decimal, Decimal, Decimal]]

    @classmethod
    def of(cls, rows: Sequence[Sum]) -> _Rows:
        rising = sorted(rows, key=lambda row: row.size)
        total = [ZERO, ZERO, ZERO]
        totals = [(ZERO, ZERO, ZERO)]
        for row in rising:
            _add(total, row.weight, row.weight * row.input, row.weight * row.output)
            totals.append((total[0], total[1], total[2]))
        return cls([row.size for row in rising], totals)


def _distinct(sums: Iterable[Sum], most: int) -> list[Sum] | None:
    """Return the sums, equal ones as one; None if there are more than ``most``."""
    weights: dict[tuple[Decimal, Decimal], Decimal] = {}
    for weight, sent, written in sums:
        weights[sent, written] = weights.get((sent, written), ZERO) + weight
        if len(weights) > most:
            return None
    return [Sum(weight, *tokens) for tokens, weight in weights.items()]


def _on_grid(sums: Sequence[Sum], rows: _Rows, most: int = MOST_ROWS_OF_A_CALL) -> list[Sum]:
    """Return all sums with one more row, neighbours on a grid of ``most`` steps as one.

    Rows that end in one step of the grid are added together: with many calls these are all, because
    a row is then shorter than a step.
    """
    sizes, totals = rows
    starts = [one.size for one in sums]
    least = min(starts) + sizes[0]
    step = (max(starts) + sizes[-1] - least) / most or ONE
    groups: dict[int, list[Decimal]] = {}
    for (weight, sent, written), start in zip(sums, starts, strict=True):
        first, past = 0, start - least
        while first < len(sizes):
            place = min(int((past + sizes[first]) / step), most - 1)
            is_last = place == most - 1
            end = len(sizes) if is_last else bisect_left(sizes, (place + 1) * step - past, first + 1)
            part, more_sent, more_written = map(sub, totals[end], totals[first])
            _add(
                groups.setdefault(place, [ZERO, ZERO, ZERO]),
                weight * part,
                weight * (sent * part + more_sent),
                weight * (written * part + more_written),
            )
            first = end
    return _means(groups)


def _add(group: list[Decimal], weight: Decimal, sent: Decimal, written: Decimal) -> None:
    group[0] += weight
    group[1] += sent
    group[2] += written


def _means(groups: Mapping[int, Sequence[Decimal]]) -> list[Sum]:
    return [Sum(weight, sent / weight, written / weight) for weight, sent, written in groups.values()]
