"""Numbers of tokens that differ from task to task, and expectations over them.

Part of the oracle: it shares no code with routecost. A task makes draws; a draw picks a row, and a
place within each range of the row. An amount is a sum of constants and of multiples of what was
drawn. Expectations over ranges are integrals, piece by piece between the planes where a price or a
cache changes, with Gauss-Legendre nodes: exact, since the integrand is linear within a piece.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from fractions import Fraction
from itertools import pairwise, product
from math import sqrt
from typing import Any

Place = tuple["Draw", str]
"""A place in the range of the input, the output or another meter of a draw."""

NODES = ((0.5 - sqrt(0.15), 5 / 18), (0.5, 4 / 9), (0.5 + sqrt(0.15), 5 / 18))
"""Three nodes with their weights: exact for polynomials of degree 5."""


def number(text: Any) -> Fraction:
    """Return a number of a document: 0.8, 80% or a count."""
    written = str(text).strip()
    return Fraction(written[:-1]) / 100 if written.endswith("%") else Fraction(written)


class Draw:
    """The ``tokens`` of a document. Each statement is a draw of its own."""

    def __init__(self, tokens: Mapping[str, Any]) -> None:
        rows = tokens.get("per_call", [{"share": 1, **tokens}])
        if isinstance(rows, Mapping):
            rows = [
                {"share": number(one["share"]) * number(other["share"])}
                | {"input": one["tokens"], "output": other["tokens"]}
                for one, other in product(rows["input"], rows["output"])
            ]
        self.meters = sorted({meter for row in rows for meter in row.get("meters", {})})
        self.rows = [(number(row["share"]), self._ranges(row)) for row in rows]
        self.key = str(self.rows)
        self.reasoning = number(tokens.get("reasoning", 0))

    def _ranges(self, row: Mapping[str, Any]) -> dict[str, tuple[Fraction, Fraction]]:
        stated = {**dict.fromkeys(self.meters, 0), **row.get("meters", {})}
        return {
            **{axis: _range(row[axis]) for axis in AXES},
            **{key: _range(one) for key, one in stated.items()},
        }

    def again(self) -> Draw:
        """Return another draw from the same rows."""
        return copy(self)

    @property
    def input(self) -> Amount:
        """What was drawn as input."""
        return Amount({(self, "input"): Fraction(1)})

    @property
    def output(self) -> Amount:
        """What was drawn as output."""
        return Amount({(self, "output"): Fraction(1)})

    @property
    def others(self) -> dict[str, Amount]:
        """What was drawn of other meters."""
        return {meter: Amount({(self, meter): Fraction(1)}) for meter in self.meters}


AXES = ("input", "output")


def _range(stated: Any) -> tuple[Fraction, Fraction]:
    low, high = stated if isinstance(stated, list | tuple) else (stated, stated)
    return number(low), number(high)


class Amount:
    """A constant and multiples of what was drawn."""

    def __init__(self, parts: Mapping[Place, Fraction] | None = None, constant: Fraction | int = 0) -> None:
        self.parts, self.constant = dict(parts or {}), Fraction(constant)

    def __add__(self, other: Amount) -> Amount:
        parts = dict(self.parts)
        for place, factor in other.parts.items():
            parts[place] = parts.get(place, Fraction(0)) + factor
        return Amount(parts, self.constant + other.constant)

    def __mul__(self, factor: Fraction | int) -> Amount:
        parts = {place: part * factor for place, part in self.parts.items() if factor}
        return Amount(parts, self.constant * factor)


class Form:
    """A number that is linear in places between 0 and 1."""

    def __init__(self, constant: Fraction, spans: Mapping[Place, Fraction]) -> None:
        self.constant, self.spans = constant, {place: span for place, span in spans.items() if span}
        self.fast = float(constant), [(place, float(span)) for place, span in self.spans.items()]

    def at(self, point: Mapping[Place, float]) -> float:
        """Return the number at a point."""
        constant, spans = self.fast
        return constant + sum(span * point[place] for place, span in spans)

    def exceeds(self, limit: Fraction, point: Mapping[Place, float]) -> bool:
        """Return whether the number at a point is above a limit; exactly where it is a constant."""
        return self.at(point) > limit if self.spans else self.constant > limit


def rows_of(amounts: Sequence[Amount]) -> Iterator[tuple[Fraction, list[Form]]]:
    """Yield the different values that amounts have together, with their probability.

    One draw after another is added; what comes to the same is one case.
    """
    start = tuple(amount.constant for amount in amounts)
    cases: dict[Case, Fraction] = {(start, ()): Fraction(1)}
    for draw in dict.fromkeys(draw for amount in amounts for draw, _ in amount.parts):
        more: dict[Case, Fraction] = defaultdict(Fraction)
        parts = list(_parts(draw, amounts))
        for (constants, spans), weight in cases.items():
            for share, constant, span in parts:
                case = tuple(map(_sum, constants, constant)), spans + span
                more[case] += weight * share
        cases = more
    for (constants, spans), weight in cases.items():
        if weight:
            forms = [
                Form(constant, {place: parts[at] for place, parts in spans})
                for at, constant in enumerate(constants)
            ]
            yield weight, forms


def _sum(one: Fraction, other: Fraction) -> Fraction:
    return one + other if other else one


Parts = tuple[Fraction, ...]
"""A number for each of some amounts."""

Case = tuple[Parts, tuple[tuple[Place, Parts], ...]]
"""Constants of amounts, and their spans by place."""


def _parts(draw: Draw, amounts: Sequence[Amount]) -> Iterator[tuple[Fraction, Parts, Any]]:
    """Yield what each row of a draw adds to the constants and to the spans of amounts."""
    nothing = Fraction(0)
    for share, row in draw.rows:
        constants, spans = [nothing] * len(amounts), []
        for axis, (low, high) in row.items():
            factors = [amount.parts.get((draw, axis), nothing) for amount in amounts]
            constants = [
                total + factor * low if factor else total
                for total, factor in zip(constants, factors, strict=True)
            ]
            if high > low and any(factors):
                spans.append(((draw, axis), tuple(factor * (high - low) for factor in factors)))
        yield share, tuple(constants), tuple(spans)


Plane = tuple[float, Mapping[Place, float]]


class Vector(dict[Any, float]):
    """Numbers by key, which are added and multiplied as one."""

    def __add__(self, other: Vector) -> Vector:
        total = Vector(self)
        for key, value in other.items():
            total[key] = total.get(key, 0.0) + value
        return total

    def __mul__(self, factor: float) -> Vector:
        return Vector({key: value * factor for key, value in self.items()})


Function = Callable[[Mapping[Place, float]], Vector]


def plane(form: Form, limit: Fraction) -> Plane:
    """Return where a number is equal to a limit."""
    return float(form.constant - limit), dict(form.fast[1])


def expect(function: Function, forms: Sequence[Form], planes: Sequence[Plane]) -> Vector:
    """Return the mean of a function of places that is linear on each side of the planes."""
    places = list(dict.fromkeys(place for form in forms for place in form.spans))
    crossing = [one for one in planes if _crosses(*one)]
    if not crossing:
        return function(dict.fromkeys(places, 0.5))
    cut = [place for place in places if any(place in spans for _, spans in crossing)]
    return _integral(function, cut, crossing, dict.fromkeys(places, 0.5))


def _crosses(constant: float, spans: Mapping[Place, float]) -> bool:
    low, high = _bounds(constant, spans.values())
    return low < 0 < high


def _bounds(constant: float, spans: Any) -> tuple[float, float]:
    spans = list(spans)
    return constant + sum(min(span, 0) for span in spans), constant + sum(max(span, 0) for span in spans)


def _integral(
    function: Function, places: Sequence[Place], planes: Sequence[Plane], point: dict[Place, float]
) -> Vector:
    if not places:
        return function(point)
    place, *rest = places
    total = Vector()
    cuts = sorted({0.0, 1.0, *_cuts(place, rest, planes)})
    for low, high in pairwise(cuts):
        for node, weight in NODES:
            at = low + node * (high - low)
            fixed = [
                (
                    constant + spans.get(place, 0.0) * at,
                    {key: span for key, span in spans.items() if key != place},
                )
                for constant, spans in planes
            ]
            part = _integral(function, rest, fixed, {**point, place: at})
            total += part * ((high - low) * weight)
    return total


def _cuts(place: Place, rest: Sequence[Place], planes: Sequence[Plane]) -> Iterator[float]:
    """Yield where a plane passes a corner of the places that are still to be integrated."""
    for constant, spans in planes:
        slope = spans.get(place, 0.0)
        for corner in product((0.0, 1.0), repeat=len(rest)):
            there = constant + sum(spans.get(key, 0.0) * at for key, at in zip(rest, corner, strict=True))
            if slope and 0 < -there / slope < 1:
                yield -there / slope
