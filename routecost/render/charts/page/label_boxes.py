"""Candidate boxes for labels that must not overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import hypot, inf

from routecost.records import dataclass

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, in inches."""

    left: float
    low: float
    right: float
    high: float

    @property
    def area(self) -> float:
        """Square inches."""
        return max(0.0, self.right - self.left) * max(0.0, self.high - self.low)

    def shared(self, other: Box) -> float:
        """Return the area that two boxes share."""
        if (
            self.left >= other.right
            or other.left >= self.right
            or self.low >= other.high
            or other.low >= self.high
        ):
            return 0.0  # most pairs: a crowded map compares hundreds of thousands
        across = min(self.right, other.right) - max(self.left, other.left)
        return across * (min(self.high, other.high) - max(self.low, other.low))

    def nearest(self, place: Place) -> Place:
        """Return the point of the box nearest to a position."""
        return min(max(place[0], self.left), self.right), min(max(place[1], self.low), self.high)

    def outside(self, page: Box) -> float:
        """Return the area outside a page."""
        return self.area - self.shared(page)


def around(place: Place, width: float, height: float, gap: float) -> Iterator[Box]:
    """Yield boxes of a size beside a point, best first."""
    x, y = place
    lefts = (x + gap, x - gap - width)
    for left in lefts:
        yield Box(left, y - height / 2, left + width, y + height / 2)
    for low in (y + gap, y - gap - height):
        for left in (x, x - width / 2, x - width):
            yield Box(left, low, left + width, low + height)
    for far in (3 * gap, 6 * gap, 10 * gap, 15 * gap, 21 * gap):
        yield from _ring(place, width, height, far)


def everywhere(place: Place, width: float, height: float, step: float, page: Box) -> Iterator[Box]:
    """Yield boxes on the page, ``step`` apart, the nearest to a point first."""
    across, up = (
        int(room / step) for room in (page.right - page.left - width, page.high - page.low - height)
    )
    boxes = [
        Box(left, low, left + width, low + height)
        for left in (page.left + at * step for at in range(across + 1))
        for low in (page.low + at * step for at in range(up + 1))
    ]
    return iter(sorted(boxes, key=lambda box: hypot(*_apart(place, box))))


def _apart(place: Place, box: Box) -> Place:
    x, y = box.nearest(place)
    return x - place[0], y - place[1]


def _ring(place: Place, width: float, height: float, far: float) -> Iterator[Box]:
    """Yield boxes around a point, above and below first."""
    x, y = place
    for low in (y + far, y - far - height, y + far / 2, y - far / 2 - height, y - height / 2):
        for left in (x + far / 2, x - far / 2 - width, x - width / 2, x + far, x - far - width):
            if abs(low + height / 2 - y) > height / 2 or abs(left + width / 2 - x) > width / 2:
                yield Box(left, low, left + width, low + height)


def along(start: Place, end: Place, radius: float) -> Iterator[Box]:
    """Yield small boxes that cover a line."""
    steps = max(1, int(max(abs(end[0] - start[0]), abs(end[1] - start[1])) / radius))
    for at in range(steps + 1):
        x, y = (one + (other - one) * at / steps for one, other in zip(start, end, strict=True))
        yield Box(x - radius / 2, y - radius / 2, x + radius / 2, y + radius / 2)


def freest(candidates: Iterable[Box], cost: Callable[[Box], float]) -> Box:
    """Return the candidate with the lowest cost; stop at the first without cost."""
    best, least = None, inf
    for box in candidates:
        box_cost = cost(box)
        if box_cost < least:
            best, least = box, box_cost
        if not least:
            break
    if best is None:
        raise ValueError("there is no candidate")
    return best


def hidden(box: Box, taken: Sequence[Box], page: Box) -> float:
    """Return the area that a box hides; area outside the page weighs more."""
    return 10 * box.outside(page) + sum(map(box.shared, taken))
