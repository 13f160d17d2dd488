"""The order of dated entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from routecost.documents.core.faults import Fault


def order_faults(
    path: tuple[str, ...], starts: Sequence[date | None], show: Callable[[date], str] = str
) -> Iterator[Fault]:
    """Yield faults for entries that are not in order of start; only the first may omit it."""
    if not starts:
        yield Fault(f'"{path[-1]}" has no entries; expected at least one', path)
    for index, (before, start) in enumerate(pairwise(starts), start=1):
        if start is None:
            yield Fault('"from" is missing; only the first entry may omit it', (*path, index))
        elif before is not None and start <= before:
            later, earlier = show(before), show(start)
            message = f'"from: {earlier}" does not come after {later}; expected entries in order of dates'
            yield Fault(message, (*path, index, "from"))
