"""Geometry of a triangle of three shares; lengths in inches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

from routecost.records import dataclass

Shares = tuple[float, float, float]
Place = tuple[float, float]
Linear = Callable[[Shares], float]

HEIGHT = sqrt(3) / 2
"""Height of a triangle with sides of length 1."""

_TOUCH = 1e-9


@dataclass(frozen=True, slots=True)
class Triangle:
    """Corners for the first share at the left, the second at the right, the third on top.

    Every share is at least its ``base``, and the ``spare`` beyond the bases is given out. ``side`` is
    the length of a side, ``origin`` the left corner.
    """

    bases: Shares
    spare: float
    side: float
    origin: Place

    @property
    def corners(self) -> tuple[Shares, Shares, Shares]:
        """The shares at the corners: left, right, top."""
        left, right, top = self.bases
        return (
            (left + self.spare, right, top),
            (left, right + self.spare, top),
            (left, right, top + self.spare),
        )

    def place(self, shares: Sequence[float]) -> Place:
        """Return where the point with these shares is."""
        _, right, top = ((share - base) / self.spare for share, base in zip(shares, self.bases, strict=True))
        left, low = self.origin
        return left + self.side * (right + top / 2), low + self.side * HEIGHT * top

    def shares(self, place: Place) -> Shares:
        """Return the shares of the point at a place; outside the triangle some are negative."""
        top = (place[1] - self.origin[1]) / (self.side * HEIGHT)
        right = (place[0] - self.origin[0]) / self.side - top / 2
        parts = (1 - top - right, right, top)
        one, two, three = (base + part * self.spare for base, part in zip(self.bases, parts, strict=True))
        return one, two, three


def clipped(polygon: Sequence[Shares], inside: Linear) -> list[Shares]:
    """Return the part of a convex polygon in which a linear function is not negative."""
    kept: list[Shares] = []
    for at, point in enumerate(polygon):
        before = polygon[at - 1]
        if inside(before) * inside(point) < 0:
            kept.append(_zero(before, point, inside))
        if inside(point) >= 0:
            kept.append(point)
    return kept


def level(polygon: Sequence[Shares], function: Linear, value: float) -> tuple[Shares, Shares] | None:
    """Return the ends of the line within a convex polygon on which a linear function has a value."""

    def above(shares: Shares) -> float:
        return function(shares) - value

    ends: list[Shares] = []
    for at, point in enumerate(polygon):
        before = polygon[at - 1]
        if above(point) == 0:
            ends.append(point)
        elif above(before) * above(point) < 0:
            ends.append(_zero(before, point, above))
    return (ends[0], ends[-1]) if len(ends) > 1 and _apart(ends[0], ends[-1]) else None


def bounded(triangle: Triangle, bounds: Sequence[tuple[float, float]]) -> list[Shares]:
    """Return the part of a triangle in which each share keeps within its bounds."""
    polygon = list(triangle.corners)
    for at, (low, high) in enumerate(bounds):
        polygon = clipped(polygon, lambda shares, at=at, low=low: shares[at] - low + _TOUCH)  # type: ignore[misc]
        polygon = clipped(polygon, lambda shares, at=at, high=high: high + _TOUCH - shares[at])  # type: ignore[misc]
    return polygon


def _zero(first: Shares, second: Shares, function: Linear) -> Shares:
    part = function(first) / (function(first) - function(second))
    a, b, c = (start + part * (end - start) for start, end in zip(first, second, strict=True))
    return a, b, c


def _apart(first: Shares, second: Shares) -> bool:
    return any(abs(one - other) > _TOUCH for one, other in zip(first, second, strict=True))
