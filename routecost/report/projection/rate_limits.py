"""Rate limits and the busiest minutes of a projection."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.pricing.rate_limits import RATE_UNITS
from routecost.model.report.cells import Cell, Column, Quantity, Shown, Unit
from routecost.model.report.report import Block, Note, Table
from routecost.model.results.projection import LimitUse, Projection
from routecost.report.places import telling_apart
from routecost.units import ONE, listed

_MOST_WARNINGS = 8
_COLUMNS = (
    Column("strategy", "strategy"),
    Column("subject", "limit on"),
    Column("unit", "a minute"),
    Column("limit", "limit", Unit.NUMBER),
    Column("peak", "peak", Unit.NUMBER),
    Column("is_least", "peak is"),
    Column("utilisation", "of the limit", Unit.SHARE),
    Column("month", "busiest month"),
    Column("reached", "reached"),
    Column("source", "source", machine_only=True),
)
_METHOD = (
    "A peak is the mean of the busiest minute of a week, with all calls of a task and without batches; "
    "single minutes are busier by chance."
)


def limit_blocks(projection: Projection) -> Iterator[Block]:
    """Yield a table of rate limits, a warning for each that is reached, and what is not known."""
    uses = projection.limits
    if not uses:
        return
    yield Table("rate_limits", _COLUMNS, list(map(_cells, uses)), "Rate limits")
    means = "" if projection.outlook is None else " Uncertain inputs are at their means."
    yield Note.of(_METHOD + means)
    unprofiled = dict.fromkeys(task for use in uses for task in use.unprofiled)
    if unprofiled:
        names = listed((f'"{task}"' for task in unprofiled), 3)
        yield Note.of(
            f"The arrivals of {names} are unknown: the mean over a day is the least that a peak can be. "
            'State "arrivals" to compute the peak.'
        )
    if any(use.is_least and not use.unprofiled for use in uses):
        yield Note.of("Peaks do not include calls of unknown number: escalations, reviews and harder rework.")
    reached = [use for use in uses if use.reached is not None]
    for use in reached[:_MOST_WARNINGS]:
        yield _warning(use)
    if len(reached) > _MOST_WARNINGS:
        yield Note.of(f"{len(reached) - _MOST_WARNINGS} more limits are reached.", warning=True)


def summary_notes(projection: Projection) -> Iterator[Note]:
    """Yield the limits that the proposal and the default reach, or the one that they come closest to."""
    names = (projection.proposed, projection.default)
    uses = [use for use in projection.limits if use.strategy in names or names == (None, None)]
    reached = [use for use in uses if use.reached is not None]
    yield from map(_warning, reached[:_MOST_WARNINGS])
    if not uses or reached:
        return
    closest = max(uses, key=lambda use: use.share)
    known, least = ("known to be ", "at least ") if closest.is_least else ("", "")
    unit, subject = RATE_UNITS[closest.unit], closest.limit.subject
    yield Note.of(
        f"No rate limit is {known}reached: {closest.strategy} needs {least}",
        _share(closest),
        f" of the {unit} a minute on {subject} in {closest.month}.",
    )


def _cells(use: LimitUse) -> tuple[Cell, ...]:
    return (
        use.strategy,
        use.limit.subject,
        Shown(use.unit, RATE_UNITS[use.unit]),
        use.limit.per_minute[use.unit],
        use.peak,
        Shown(use.is_least, "at least" if use.is_least else "known"),
        _share(use),
        use.month,
        use.reached or Shown(None, "possibly" if use.is_least else "no"),
        use.limit.source,
    )


def _share(use: LimitUse) -> Quantity:
    return Quantity(use.share, Unit.SHARE, places=telling_apart(Unit.SHARE, use.share, ONE))


def _warning(use: LimitUse) -> Note:
    least = "at least " if use.is_least else ""
    return Note.of(
        f"{use.strategy} reaches the limit of ",
        Quantity(use.limit.per_minute[use.unit], Unit.NUMBER),
        f" {RATE_UNITS[use.unit]} a minute on {use.limit.subject} in {use.reached}: {least}",
        _share(use),
        f" of it in {use.month}.",
        warning=True,
    )
