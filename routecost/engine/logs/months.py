"""The usage of whole months by tier, else by model: what a plan is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.usage import Priced, by_day, calls_in_words, summed, tier_of
from routecost.errors import UsageError
from routecost.model.results.logs.usage import Key, MonthUsage, UsageRow


def month_usage(
    cells: Sequence[Priced], pricer: CellPricer, tasks: Mapping[date, int], last: date
) -> list[MonthUsage]:
    """Return the usage of the months that are over on the day ``last``; ``tasks`` began in each month.

    Usage is by tier if every call is of a model that serves one, else by model. Raises UsageError for calls
    without a time.
    """
    days, undated = by_day(cells)
    if undated:
        calls = calls_in_words(sum(cell.calls for cell, _ in undated))
        raise UsageError(
            f"{calls} without a time, which every month would lack; write their times into the "
            "log, or leave them out with --since or --until"
        )
    months: dict[date, list[Priced]] = {}
    for day, group in days.items():
        if next_month(day) <= last:
            months.setdefault(day.replace(day=1), []).extend(group)
    names = {one.cell.model: tier_of(one.cell, pricer) for group in months.values() for one in group}
    by_tier = all(tier is not None for tier in names.values())
    return [
        MonthUsage(first, _tasks(group, tasks.get(first)), by_tier, _used(group, pricer, by_tier))
        for first, group in sorted(months.items())
    ]


def _tasks(cells: Iterable[Priced], tasks: int | None) -> int | None:
    """Return the number of tasks; None if a report does not count its calls."""
    return tasks if all(cell.calls for cell, _ in cells) else None


def _used(cells: Iterable[Priced], pricer: CellPricer, by_tier: bool) -> dict[str, UsageRow]:
    groups: dict[str, list[Priced]] = {}
    for one in cells:
        name = tier_of(one.cell, pricer) if by_tier else pricer.model(one.cell.model)
        groups.setdefault(str(name), []).append(one)
    return {name: summed(group) for name, group in sorted(groups.items())}


def next_month(day: date) -> date:
    """Return the first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def first_days(first: date, last: date) -> list[date]:
    """Return the first days of the months of a span, and of the next one."""
    days = [first.replace(day=1)]
    while days[-1] <= last:
        days.append(next_month(days[-1]))
    return days


def partial_periods(key: Key, first: date, last: date) -> tuple[str, ...]:
    """Return the weeks or months of a log that it covers in part, by the name that rows have."""
    if key not in (Key.WEEK, Key.MONTH):
        return ()
    partial = []
    for day in (first, last):
        start = day.replace(day=1) if key is Key.MONTH else day - timedelta(days=day.weekday())
        end = next_month(day) if key is Key.MONTH else start + timedelta(days=7)
        if start < first or end > last + timedelta(days=1):
            partial.append(f"{start:%Y-%m}" if key is Key.MONTH else start.isoformat())
    return tuple(dict.fromkeys(partial))
