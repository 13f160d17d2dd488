"""Fit of costs as polynomials linear in each slider, between price steps, with a check at further points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Context, Decimal
from itertools import product
from typing import NamedTuple

from routecost.errors import RoutecostError
from routecost.model.results.interactive.what_if_page import Form, Key, Piece, Pieces, Point, Slider, value_of
from routecost.units import ZERO, exact


class Misfit(NamedTuple):
    """Why a slider is disabled: an amount that is not linear in it, or the error of setting it."""

    amount: str
    error: str = ""


Values = Mapping[str, Decimal | None]
"""Amounts by name; None if unknown."""
Evaluate = Callable[[Point], Values]
"""Computes all amounts at a value of each slider, with the engine."""

MOST_PIECES = 24
"""An input slider with more price steps is disabled."""

_CLOSE = Decimal("1e-38")
"""The largest relative difference of two amounts that are equal but for the rounding of quotients."""
_COEFFICIENT = Context(prec=50)
"""Fewer digits than amounts have, so that a quotient that ends is exact in spite of their rounding."""
_CHECKS = 12
_GOLDEN = (Decimal("0.618033988"), Decimal("0.754877666"), Decimal("0.569840290"), Decimal("0.850650808"))
"""Steps of a sequence that fills the range of the sliders evenly: the same checks in each run."""


def is_close(one: Decimal | None, other: Decimal | None) -> bool:
    """Return whether two amounts are equal, but for the rounding of quotients."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _CLOSE * max(abs(one), abs(other), Decimal(1))


class Fit:
    """The amounts of a sheet at all values of its sliders, as far as they are piecewise linear.

    ``failed`` has the sliders that are not; they stay at their stated values.
    """

    def __init__(self, sliders: Sequence[Slider], evaluate: Evaluate) -> None:
        self._sliders = {slider.key: slider for slider in sliders}
        self._evaluate = evaluate
        self._stated = {slider.key: slider.stated for slider in sliders}
        self._known: dict[tuple[Decimal, ...], Values] = {}
        self.failed: dict[Key, Misfit] = {}
        self._ends: list[int] = []

    @exact
    def pieces(self) -> Pieces:
        """Return the pieces, having disabled what is not piecewise linear."""
        for key in [key for key in self._sliders if key is not Key.INPUT]:
            bend = self._bend(key, 0, self._sliders[key].count)
            if bend is not None:
                self._disable(key, bend)
        self._find_steps()
        while True:
            pieces = tuple(self._pieces())
            misfit = self._misfit(pieces)
            if misfit is None:
                return pieces
            order = Key.OUTPUT, Key.CACHE, Key.VOLUME, Key.INPUT
            self._disable(next(key for key in order if self._has(key)), misfit)

    def _has(self, key: Key) -> bool:
        return key in self._sliders

    def _disable(self, key: Key, misfit: Misfit) -> None:
        del self._sliders[key]
        self.failed[key] = misfit
        if key is Key.INPUT:
            self._ends = []

    def at(self, point: Point) -> Values:
        """Return the amounts at a point; other sliders are at their stated values."""
        full = self._stated | dict(point)
        place = tuple(full[key] for key in Key if key in full)
        if place not in self._known:
            self._known[place] = self._evaluate(full)
        return self._known[place]

    def _bend(self, key: Key, first: int, last: int) -> Misfit | None:
        """Return an amount that is not linear between two steps of a slider; None if all are."""
        try:
            return next(self._bends(key, first, last), None)
        except RoutecostError as error:
            return Misfit("", error.findings[0].message if error.findings else str(error))

    def _bends(self, key: Key, first: int, last: int) -> Iterator[Misfit]:
        slider = self._sliders[key]
        steps = sorted({first, min(first + 1, last), (first + last) // 2, max(last - 1, first), last})
        low, high = (self.at({key: slider.value(step)}) for step in (first, last))
        for step in steps:
            share = Decimal(step - first) / (last - first) if last > first else ZERO
            for name, value in self.at({key: slider.value(step)}).items():
                start, end = low[name], high[name]
                if start is None or end is None:
                    if (start, end) != (None, None) or value is not None:
                        yield Misfit(name)
                elif not is_close(value, start + (end - start) * share):
                    yield Misfit(name)

    def _find_steps(self) -> None:
        """Find the last steps of the input slider before the amounts change their slope or jump."""
        if not self._has(Key.INPUT):
            return None
        first, last = 0, self._sliders[Key.INPUT].count
        while True:
            end = self._reach(first, last)
            self._ends.append(end)
            if end == last:
                return None
            if len(self._ends) == MOST_PIECES:
                return self._disable(Key.INPUT, self._bend(Key.INPUT, first, last) or Misfit(""))
            first = end + 1

    def _reach(self, first: int, last: int) -> int:
        """Return the last step up to which the amounts are linear."""
        if not self._bend(Key.INPUT, first, last):
            return last
        low, high = first, last
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._bend(Key.INPUT, first, middle) else (middle, high)
        return low

    def _pieces(self) -> Iterator[Piece]:
        if not self._has(Key.INPUT):
            yield Piece(self._stated.get(Key.INPUT, ZERO), self._forms({}))
            return
        slider, first = self._sliders[Key.INPUT], 0
        for end in self._ends:
            yield Piece(slider.value(end), self._forms({Key.INPUT: (slider.value(first), slider.value(end))}))
            first = end + 1

    def _forms(self, between: Mapping[Key, tuple[Decimal, Decimal]]) -> dict[str, Form | None]:
        """Return the polynomials through the corners of the room between values of the sliders."""
        ends = {key: (slider.low, slider.high) for key, slider in self._sliders.items()} | dict(between)
        room = {key: ends[key] for key in Key if key in ends}
        corners = {
            corner: self.at(dict(zip(room, corner, strict=True))) for corner in product(*room.values())
        }
        names = next(iter(corners.values()))
        return {
            name: _polynomial(room, {corner: values[name] for corner, values in corners.items()})
            for name in names
        }

    def _misfit(self, pieces: Pieces) -> Misfit | None:
        """Return an amount that the pieces have wrong at a point that was not used to fit them."""
        for point in self._checks(pieces):
            full = self._stated | point
            forms = piece_at(pieces, full).forms
            for name, value in self.at(point).items():
                form = forms[name]
                if not is_close(None if form is None else value_of(form, full), value):
                    return Misfit(name)
        return None

    def _checks(self, pieces: Pieces) -> Iterator[dict[Key, Decimal]]:
        for number in range(1, _CHECKS + 1):
            yield {
                key: slider.value(int(number * turn % 1 * slider.count))
                for (key, slider), turn in zip(self._sliders.items(), _GOLDEN, strict=False)
            }
        if not self._has(Key.INPUT):
            return
        others = [slider for key, slider in self._sliders.items() if key is not Key.INPUT]
        for piece in pieces:
            inputs = {
                piece.upto,
                min(piece.upto + self._sliders[Key.INPUT].step, self._sliders[Key.INPUT].high),
            }
            for at, end in product(inputs, ("low", "high")):
                yield {Key.INPUT: at} | {slider.key: getattr(slider, end) for slider in others}


def piece_at(pieces: Pieces, point: Point) -> Piece:
    """Return the piece in which a point is."""
    at = point.get(Key.INPUT, ZERO)
    return next((piece for piece in pieces if at <= piece.upto), pieces[-1])


def _polynomial(
    room: Mapping[Key, tuple[Decimal, Decimal]], corners: Mapping[tuple[Decimal, ...], Decimal | None]
) -> Form | None:
    """Return the polynomial through values at the corners of a room; None unless all are known."""
    known = {corner: value for corner, value in corners.items() if value is not None}
    if len(known) < len(corners):
        return None
    largest = max(map(abs, known.values()))
    return {
        keys: _COEFFICIENT.plus(coefficient).normalize()
        for keys, coefficient in _solved(list(room.items()), known).items()
        if abs(coefficient) > _CLOSE * largest
    }


def _solved(
    room: Sequence[tuple[Key, tuple[Decimal, Decimal]]], corners: Mapping[tuple[Decimal, ...], Decimal]
) -> dict[str, Decimal]:
    """Return the coefficients by product: of the first slider, the constant part and the slope."""
    if not room:
        return {"": corners[()]}
    (key, (low, high)), *rest = room
    at_low, at_high = (
        _solved(rest, {corner[1:]: value for corner, value in corners.items() if corner[0] == end})
        for end in (low, high)
    )
    solved = {}
    for name, value in at_low.items():
        slope = (at_high[name] - value) / (high - low) if high > low else ZERO
        solved[name] = value - slope * low
        solved[key + name] = slope
    return solved
