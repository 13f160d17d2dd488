"""Report of the assumptions ranked by their effect on the cost of a strategy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from routecost.model.report.cells import Cell, Column, Quantity, Range, Shown, Unit
from routecost.model.report.report import Meta, Note, Report, Table
from routecost.model.report.sensitivity_figures import TornadoBar, TornadoFigure
from routecost.model.results.tornado import Assumption, Tornado
from routecost.report import worst_case
from routecost.report.caveats import at_means, named, not_counted, unpriced_reviews

MOST_BARS = 12
"""Maximum number of assumptions on a chart."""

MOST_ROWS = 30
_MOST_NOTES = 5


def report(tornado: Tornado) -> Report:
    """Return the report of a tornado: a row per assumption, largest effect first."""
    return Report(
        command="sweep",
        shape="tornado",
        title=f"{tornado.scenario}: sensitivity of the cost of {tornado.strategy}, "
        f"{tornado.pricing} prices as of {tornado.as_of}",
        meta=_meta(tornado),
        blocks=(
            _table(tornado),
            *_notes(tornado),
            *left_out_notes(tornado),
            *not_counted(tornado.escalates_unknown),
            *unpriced_reviews(tornado.unpriced_reviews),
            *at_means(tornado.at_means),
        ),
        currency=tornado.currency,
        figure=_figure(tornado),
    )


def _meta(tornado: Tornado) -> Meta:
    return {
        "scenario": tornado.scenario,
        "currency": tornado.currency,
        "pricing": tornado.pricing,
        "as_of": tornado.as_of,
        "strategy": tornado.strategy,
        "by": tornado.by,
        "cost_per_month": tornado.cost_per_month,
        **({"cost_per_month_high": tornado.costs.calls_high} if tornado.is_ranged else {}),
        **({"total_cost_per_month": tornado.costs.total} if tornado.counts_failures else {}),
        **({"left_out": list(tornado.left_out)} if tornado.left_out else {}),
    }


def _table(tornado: Tornado) -> Table:
    calls = "calls" if tornado.counts_failures else "per month"
    is_beside = tornado.counts_failures
    columns = (
        Column("assumption", "assumption"),
        Column("value", "value", Unit.NUMBER),
        Column("value_down", "down", Unit.NUMBER, machine_only=True),
        Column("value_up", "up", Unit.NUMBER, machine_only=True),
        Column("cost_per_month_down", f"{calls}, down", Unit.MONEY),
        Column("cost_per_month_up", f"{calls}, up", Unit.MONEY),
        Column("change_down", "change, down", Unit.CHANGE, machine_only=is_beside),
        Column("change_up", "change, up", Unit.CHANGE, machine_only=is_beside),
        Column("swing", "swing", Unit.MONEY, machine_only=True),
        Column("cost_per_month_down_high", "down, in the worst case", Unit.MONEY, machine_only=True),
        Column("cost_per_month_up_high", "up, in the worst case", Unit.MONEY, machine_only=True),
        Column("worst_change_down", "change, down, in the worst case", Unit.CHANGE, machine_only=True),
        Column("worst_change_up", "change, up, in the worst case", Unit.CHANGE, machine_only=True),
        Column("total_cost_per_month_down", "total, down", Unit.MONEY),
        Column("total_cost_per_month_up", "total, up", Unit.MONEY),
        Column("total_change_down", "change, down", Unit.CHANGE),
        Column("total_change_up", "change, up", Unit.CHANGE),
        Column("total_swing", "swing of the total", Unit.MONEY, machine_only=True),
    )
    pairs = zip(tornado.assumptions, tornado.records(), strict=True)
    rows = [[_cell(tornado, assumption, key, record) for key in record] for assumption, record in pairs]
    return Table("assumptions", tuple(one for one in columns if one.key in tornado.columns), rows)


_WORST = {
    "cost_per_month_down": "cost_per_month_down_high",
    "cost_per_month_up": "cost_per_month_up_high",
    "change_down": "worst_change_down",
    "change_up": "worst_change_up",
}


_TOTALS = ("total_cost_per_month_down", "total_cost_per_month_up")


def _cell(tornado: Tornado, assumption: Assumption, key: str, record: Mapping[str, Any]) -> Cell:
    value = record[key]
    if key not in ("value", "value_down", "value_up"):
        if key in _TOTALS and tornado.unknown and value is not None:
            return Range(value, None)
        if key in _TOTALS and tornado.worst_of.is_bound:
            costs = (assumption.up if key.endswith("up") else assumption.down).costs
            return value if costs is None else Range(value, costs.total_high)
        return Range(value, record[_WORST[key]]) if _WORST.get(key) in record else value
    if key == "value" and value is None:
        return Shown(None, "several")
    return Quantity(value, Unit.SHARE if assumption.is_share else Unit.NUMBER)


def _notes(tornado: Tornado) -> Iterator[Note]:
    yield Note.of(
        "Each assumption is changed alone, by ",
        Quantity(tornado.by, Unit.SHARE),
        " down and up; unchanged, the cost is ",
        *worst_case.amount(*tornado.ends(tornado.costs)),
        " a month, including failures." if tornado.counts_failures else " a month.",
    )
    if tornado.counts_failures and tornado.unknown:
        yield Note.of(
            f"Failures of {named(tornado.unknown)} are unknown: totals are lower bounds.",
            warning=True,
        )
    yield from _worst_notes(tornado)
    yield from whole_notes(tornado)
    impossible = [
        (assumption.name, direction, side.why)
        for assumption in tornado.assumptions
        for direction, side in (("down", assumption.down), ("up", assumption.up))
        if side.why is not None
    ]
    for name, direction, why in impossible[:_MOST_NOTES]:
        yield Note.of(f"{name} cannot change {direction} by that much: {why}.", warning=True)
    if len(impossible) > _MOST_NOTES:
        more = [f"{name} ({direction})" for name, direction, _ in impossible[_MOST_NOTES:]]
        yield Note.of(f"{len(more)} more changes are not possible: {', '.join(more)}.", warning=True)


def left_out_notes(tornado: Tornado) -> Iterator[Note]:
    """Yield how many assumptions were not moved, if there are too many."""
    if tornado.left_out:
        count = len(tornado.left_out)
        yield Note.of(
            f"{count:,} of {len(tornado.assumptions) + count:,} assumptions were not changed, because the "
            "scenario has too many: those of the task types and models that cost the least.",
            warning=True,
        )


def _worst_notes(tornado: Tornado) -> Iterator[Note]:
    """Yield what the ranges are, and whether another assumption has the largest effect at their end."""
    if not tornado.is_ranged:
        return
    yield Note.of(f"Ranges: {tornado.worst_of.ends}.")
    first = tornado.assumptions[0]
    most = max(tornado.assumptions, key=lambda one: one.swing(tornado.costs, worst=True))
    if most.swing(tornado.costs, worst=True) > first.swing(tornado.costs, worst=True):
        yield Note.of(
            f"If {tornado.worst_of.condition}, {most.name} has the largest effect, and not {first.name}.",
            warning=True,
        )


def whole_notes(tornado: Tornado) -> Iterator[Note]:
    """Yield the assumptions that were moved to the nearest whole numbers."""
    for assumption in tornado.assumptions:
        values = [side.value for side in (assumption.down, assumption.up) if side.is_whole]
        if values:
            known = ", ".join(f"{value.normalize():f}" for value in values if value is not None)
            at = f": {known}" if known else ""
            yield Note.of(f"{assumption.name} takes whole numbers only; the nearest are used{at}.")
    limited = [one.name for one in tornado.assumptions if any(side.is_limited for side in one.sides)]
    if limited:
        shown = f"{', '.join(limited[:_MOST_NOTES])}{_more(len(limited) - _MOST_NOTES)}"
        yield Note.of(f"A share goes up to 100% and no further: {shown}.")


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _figure(tornado: Tornado) -> TornadoFigure:
    effective = [assumption for assumption in tornado.assumptions if assumption.swing(tornado.costs)]
    shown = effective[:MOST_BARS]
    more = (
        f"; {len(effective) - len(shown)} more have a smaller effect" if len(effective) > len(shown) else ""
    )
    usual = "; repeated work of usual difficulty" if tornado.is_ranged else ""
    if tornado.is_ranged and tornado.worst_of.is_bound:
        usual = f"; if {tornado.worst_of.most}"
    return TornadoFigure(
        title=f"{tornado.scenario}: sensitivity of the cost of {tornado.strategy}",
        subtitle=f"Each assumption changed alone, down and up{more}{usual}",
        axis=f"{tornado.currency} per month{_counted(tornado)}",
        base=float(tornado.costs.decisive[0]),
        by=float(tornado.by),
        bars=tuple(map(_bar, shown)),
        source=f"Prices: {tornado.pricing}, as of {tornado.as_of}. Scenario: {tornado.scenario}.",
        alt=f"Tornado chart of the monthly spend of {tornado.strategy} when one assumption changes.",
        unit=Unit.MONEY,
        currency=tornado.currency,
    )


def _counted(tornado: Tornado) -> str:
    if not tornado.counts_failures:
        return ""
    return ", including failures as far as they are known" if tornado.unknown else ", including failures"


def _bar(assumption: Assumption) -> TornadoBar:
    down, up = (None if side.costs is None else float(side.costs.decisive[0]) for side in assumption.sides)
    return TornadoBar(_short(assumption.name), down, up)


def _short(name: str) -> str:
    """Return a field name without its common prefix."""
    for start in ("workload.task_types.", "workload."):
        if name.startswith(start):
            return name.removeprefix(start)
    parts = name.split(".")
    return f"share of {parts[-1]}" if parts[:1] == ["strategies"] and parts[-2:-1] == ["mix"] else name
