"""Ranges of figures by how hard repeated work is, and choices that change within them.

Repeated work is escalated, redone or reworked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from routecost.model.report.cells import Amount, Bounds, Cell, Column, Quantity, Range, Unit
from routecost.model.report.report import Note
from routecost.model.results.comparison import Comparison, StrategyCost
from routecost.model.results.failures import Between
from routecost.model.results.verdicts.savings import Savings


def columns(ranges: Mapping[str, Sequence[str]]) -> Iterator[Column]:
    """Yield the columns for machines of the ends of the ranges of figures."""
    for end in (end for ends in ranges.values() for end in ends):
        units = {
            "tasks_per_budget": Unit.COUNT,
            "success_rate": Unit.SHARE,
            "served_share": Unit.SHARE,
            "vs_baseline": Unit.CHANGE,
        }
        unit = units.get(end.rpartition("_")[0], Unit.MONEY)
        yield Column(end, end.replace("_", " "), unit, machine_only=True)


def cell(cost: StrategyCost, key: str, ranges: Mapping[str, Sequence[str]]) -> Cell:
    """Return a figure, with its range if it has one, or its bounds if it is known in part."""
    value: Decimal | None = getattr(cost, key)
    if key not in ranges:
        return value
    low, high = (getattr(cost, f"{key}_{end}", None) for end in ("low", "high"))
    if not hasattr(cost, f"{key}_high"):
        return value if value is None or low in (None, value) else Range(low, value)
    if value is None or (low not in (None, value) and high not in (None, value)):
        return Bounds(low, high, value)
    return Range(value, low if low not in (None, value) else high)


def amount_cell(amount: Between | None) -> Cell:
    """Return an amount, or its bounds if it is known in part."""
    if amount is None:
        return None
    return Bounds(*amount) if amount.known is None else amount.known


def drawn(amount: Between) -> Amount:
    """Return an amount to be drawn, with its bounds if it is known in part."""
    if amount.low is None:
        return None
    low, high = float(amount.low), None if amount.high is None else float(amount.high)
    return low if low == high else Range(low, high)


def amount(usual: Decimal, worst: Decimal | None) -> Iterator[Quantity | str]:
    """Yield an amount of money, with that of the worst case if it differs or is unknown."""
    yield Quantity(usual, Unit.MONEY)
    if worst is None:
        yield " or more"
    elif worst != usual:
        yield from (" to ", Quantity(worst, Unit.MONEY))


def savings_notes(savings: Savings) -> Iterator[Note]:
    """Yield the range of the savings, and whether the cheaper strategy changes within it."""
    if savings.counts_failures or not savings.has_no_estimate:
        yield from savings_range(savings, "per_month", "on call costs alone")
    if not (savings.counts_failures and savings.has_no_estimate):
        yield from savings_range(savings, "with_failures_per_month", "including failures")


def savings_range(savings: Savings, field: str, counted: str) -> Iterator[Note]:
    """Yield the range of one figure of the savings, if it has one."""
    usual, low, high = (getattr(savings, field + end) for end in ("", "_low", "_high"))
    if usual is None or low is None or high is None or low == usual == high:
        return
    if low < 0 < usual:
        yield _change(savings, savings.against, low, counted)
    elif usual < 0 < high:
        yield _change(savings, savings.strategy, high, counted)
    else:
        least, most = sorted((abs(low), abs(high)))
        ends = Quantity(least, Unit.MONEY), " to ", Quantity(most, Unit.MONEY)
        change, more = ("costs ", " a month more") if usual < 0 else ("saves ", " a month")
        start = f"By {savings.worst_of.how}, {savings.strategy} {change}"
        yield Note.of(start, *ends, f"{more}, {counted}.")


def _change(savings: Savings, cheaper: str, amount: Decimal, counted: str) -> Note:
    return Note.of(
        f"If {savings.worst_of.condition}, {cheaper} costs less, by up to ",
        Quantity(abs(amount), Unit.MONEY),
        f" a month, {counted}.",
        warning=True,
    )


def cheapest_notes(comparison: Comparison) -> Iterator[Note]:
    """Yield a warning if another strategy is the cheapest in the worst case, including failures."""
    served = [cost for cost in comparison.strategies if not cost.leaves_tasks]
    totals = {cost.strategy: cost.total_cost_per_month for cost in served}
    worst = {cost.strategy: cost.total_cost_per_month_high for cost in served}
    known = {name: total for name, total in totals.items() if total is not None}
    hard = {name: total for name, total in worst.items() if total is not None and name in known}
    if not known or not hard:
        return
    cheapest, instead = min(known, key=known.__getitem__), min(hard, key=hard.__getitem__)
    of_these = "" if len(known) == len(totals) else " of those whose failures are known"
    if cheapest != instead and hard.get(cheapest) != hard[instead]:
        yield Note.of(
            f"If {comparison.worst_of.condition}, {instead} is the cheapest{of_these}, including failures (",
            Quantity(hard[instead], Unit.MONEY),
            f" a month), and not {cheapest}",
            *((" (", Quantity(hard[cheapest], Unit.MONEY), ")") if cheapest in hard else ()),
            ".",
            warning=True,
        )
