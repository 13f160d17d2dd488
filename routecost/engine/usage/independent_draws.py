"""Calls of a task that are drawn one by one: the tokens of the calls so far, as a distribution.

Up to ``MOST_SUMS`` different sums are kept as they are. Beyond, neighbours within a grid of that
many steps are merged into their mean. Means therefore stay exact; the size that decides on a price
step is wrong by less than one step of the grid for each call so far. A stated range counts as
``RANGE_PARTS`` equal parts, each at its middle, so a size is wrong by at most 1/32 of the range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import product
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


Tokens = tuple[Quantity, Quantity]
"""Input and output tokens, jointly distributed."""


def sums_of_calls(inputs: Quantity, outputs: Quantity, most: int) -> list[Tokens]:
    """Return the tokens of 0, 1, ... ``most`` calls together, each call an independent draw."""
    return _sums_of_calls(tuple(_merged(_rows(inputs, outputs), MOST_ROWS_OF_A_CALL)), most)


@lru_cache(maxsize=16)
def _sums_of_calls(rows: tuple[Sum, ...], most: int) -> list[Tokens]:
    sums = [Sum(ONE, ZERO, ZERO)]
    tokens = [_tokens(sums)]
    for _ in range(most):
        longer = (
            Sum(a.weight * b.weight, a.input + b.input, a.output + b.output) for a in sums for b in rows
        )
        sums = _merged(longer, MOST_SUMS)
        tokens.append(_tokens(sums))
    return tokens


def _tokens(sums: Sequence[Sum]) -> Tokens:
    shape = TokenShape(tuple(TokenCell(one.weight, one.input, one.input, one.output) for one in sums))
    return prompt(shape), answer(shape)


def _rows(inputs: Quantity, outputs: Quantity) -> Iterator[Sum]:
    for weight, (sent, written) in joint_rows((inputs, outputs)):
        variables = list(dict.fromkeys((*sent.terms, *written.terms)))
        share = weight / RANGE_PARTS ** len(variables)
        for places in product(_MIDDLES, repeat=len(variables)):
            at = dict(zip(variables, places, strict=True))
            yield Sum(share, _value(sent, at), _value(written, at))


def _value(tokens: Linear, at: dict[Variable, Decimal]) -> Decimal:
    return tokens.constant + sum((span * at[variable] for variable, span in tokens.terms.items()), ZERO)


def _merged(sums: Iterator[Sum], most: int) -> list[Sum]:
    """Return the sums, equal ones as one; neighbours in size as one where more than ``most`` are left."""
    weights: dict[tuple[Decimal, Decimal], Decimal] = {}
    for weight, sent, written in sums:
        weights[sent, written] = weights.get((sent, written), ZERO) + weight
    if len(weights) <= most:
        return [Sum(weight, *tokens) for tokens, weight in weights.items()]
    sizes = [sent + written for sent, written in weights]
    least = min(sizes)
    step = (max(sizes) - least) / most or ONE
    groups: dict[int, list[Decimal]] = {}
    for (sent, written), weight in weights.items():
        group = groups.setdefault(min(int((sent + written - least) / step), most - 1), [ZERO, ZERO, ZERO])
        for at, part in enumerate((weight, weight * sent, weight * written)):
            group[at] += part
    return [Sum(weight, sent / weight, written / weight) for weight, sent, written in groups.values()]
