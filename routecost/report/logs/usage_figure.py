"""Charts of the cost of logged calls: bars by group, or lines over days, weeks or months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from routecost.model.report.cells import Unit
from routecost.model.report.line_figure import LineFigure, Names, Series
from routecost.model.report.report import Bar, BarFigure, Figure
from routecost.model.results.logs.usage import PERIODS, LogUsage, Span
from routecost.report.logs.amounts import amount, bar_notes, kinds_of, sum_of
from routecost.report.logs.facts import source_line, span
from routecost.units import ZERO, listed

_MOST_BARS, _MOST_LINES = 20, 7
_UNKNOWN = "unknown"
_WHY_RANGE = "the day or the context of some calls is unknown, and prices depend on it"

_Costs = Mapping[str, Sequence[list[Span]]]
"""Name of a line -> the costs in each period."""


def usage_figure(usage: LogUsage) -> Figure:
    """Return the chart of usage: lines if the first key is a period, and there are several."""
    names = [key.replace("_", " ") for key in usage.keys]
    about: dict[str, Any] = {
        "title": f"Cost by {listed(names)}",
        "axis": f"cost ({usage.currency})",
        "source": source_line(usage.facts, usage.pricing),
        "unit": Unit.MONEY,
        "currency": usage.currency,
    }
    if usage.keys[0] in PERIODS and len({row.keys[0] for row in usage.rows}) > 1:
        return _over_time(usage, names[0], about)
    rows = usage.rows[:_MOST_BARS]
    bars = tuple(Bar(_label(row.keys), amount(row.span), emphasis=at == 0) for at, row in enumerate(rows))
    left = len(usage.rows) - len(rows)
    more = f"; the {_MOST_BARS} with the highest cost, {left:,} are left out" if left else ""
    return BarFigure(
        bars=bars,
        alt=f"Bar chart of the cost of logged calls by {listed(names)}{more}.",
        subtitle=span(usage.facts) + more,
        footnote=bar_notes((bar.value for bar in bars), _WHY_RANGE),
        **about,
    )


def _label(keys: Sequence[str | None]) -> str:
    return ", ".join(key or _UNKNOWN for key in keys)


def _over_time(usage: LogUsage, period: str, about: dict[str, Any]) -> LineFigure:
    costs, names = _costs(usage), _periods(usage)
    priced = {name: spans for name, spans in costs.items() if _is_priced(spans)}
    lines, partial = (
        _lines(priced or costs),
        tuple(at for at, name in enumerate(names) if name in usage.partial),
    )
    without = sorted(costs.keys() - priced.keys()) if priced else []
    notes = [*_line_notes(lines, _incomplete(usage, period) if partial else None)]
    if without:
        notes.append(f"Not drawn: {listed(without)}; none of the usage has a price.")
    return LineFigure(
        across=Names(names, period),
        lines=lines,
        alt=f"Line chart of the cost of logged calls by {period}.",
        subtitle=span(usage.facts),
        footnote=" ".join(notes) or None,
        partial=partial,
        **about,
    )


def _is_priced(spans: Sequence[list[Span]]) -> bool:
    return any(low is not None for one in spans for low, _ in one)


def _periods(usage: LogUsage) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.keys[0] or _UNKNOWN for row in usage.rows))


def _costs(usage: LogUsage) -> _Costs:
    """Return the costs by the other keys."""
    periods = {name: at for at, name in enumerate(_periods(usage))}
    costs: dict[str, list[list[Span]]] = {}
    for row in usage.rows:
        spans = costs.setdefault(_label(row.keys[1:]) or "cost", [[] for _ in periods])
        spans[periods[row.keys[0] or _UNKNOWN]].append(row.span)
    return costs


def _lines(costs: _Costs) -> tuple[Series, ...]:
    """Return a line for each name; beyond the most expensive, one for all others."""
    ordered = sorted(costs, key=lambda name: -sum(low or ZERO for spans in costs[name] for low, _ in spans))
    shown = ordered if len(ordered) <= _MOST_LINES else ordered[: _MOST_LINES - 1]
    lines = [(name, costs[name]) for name in shown]
    rest = [costs[name] for name in ordered[len(shown) :]]
    if rest:
        together = [[*chain.from_iterable(of_period)] for of_period in zip(*rest, strict=True)]
        lines.append((f"{len(rest)} others", together))
    return tuple(
        Series(name, tuple(amount(sum_of(one)) for one in spans), emphasis=at == 0)
        for at, (name, spans) in enumerate(lines)
    )


def _line_notes(lines: Sequence[Series], incomplete: str | None) -> Iterator[str]:
    """Yield what dots, whiskers and gaps of lines mean."""
    kinds = kinds_of(value for line in lines for value in line.values)
    if "range" in kinds:
        yield f"Whiskers: from the least to the most; {_WHY_RANGE}."
    opened = ["this or more, as some usage has no price"] if "open" in kinds else []
    opened += [] if incomplete is None else [incomplete]
    if opened:
        yield f"Open dots: {'; or '.join(opened)}."
    if "unknown" in kinds:
        yield "Gaps: none of the usage has a price."


def _incomplete(usage: LogUsage, period: str) -> str:
    return f"a {period} that may be incomplete, as calls are from {usage.facts.first} to {usage.facts.last}"
