"""Notes on the tasks of a projection that subscriptions do not serve, or serve slowly."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from routecost.model.report.cells import Quantity, Unit
from routecost.model.report.report import Note
from routecost.model.results.projection import Projection, StrategySpend


def undone_notes(projection: Projection) -> Iterator[Note]:
    """Yield a warning for each strategy that leaves tasks undone, or does some slowly."""
    for spend in projection.strategies:
        not_served, slowed = (_ends(spend, key) for key in ("tasks_not_served", "tasks_slowed"))
        if not_served:
            first = next(month.month for month in spend.months if month.tasks_not_served_high)
            yield Note.of(
                f"{spend.strategy} does not do all of the work from {first} on: ",
                *not_served,
                " tasks in all are not done, whose value is not counted. It is not compared with strategies "
                "that do them all.",
                warning=True,
            )
        if slowed:
            yield Note.of(f"{spend.strategy} does ", *slowed, " tasks in all slowly.", warning=True)


def _ends(spend: StrategySpend, key: str) -> tuple[Quantity | str, ...]:
    """Return the tasks of all months, in the best and in the worst case; empty if there are none."""
    low, high = (
        sum((getattr(month, name) for month in spend.months), Decimal(0)) for name in (key, f"{key}_high")
    )
    if not high:
        return ()
    ends = Quantity(low, Unit.COUNT), " to ", Quantity(high, Unit.COUNT)
    return ends[:1] if low == high else ends
