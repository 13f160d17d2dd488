"""Report of a comparison of strategies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from routecost.model.report.cells import Amount, Cell, Column, Quantity, Scalar, Shown, Unit
from routecost.model.report.report import Audience, Bar, BarFigure, Block, Meta, Note, Report, Table
from routecost.model.results.failures import Between, widest
from routecost.model.scenario.figure_path import QUALITY_COLUMNS, SAVINGS_RANGE
from routecost.report import worst_case
from routecost.report.breakdown import tables as breakdown
from routecost.report.caveats import cold_caches, left_out, named, what_if_notes, work_differs
from routecost.report.compare import bill, outcomes, verdict
from routecost.report.compare.savings import savings_notes

if TYPE_CHECKING:
    from routecost.model.results.comparison import Comparison, StrategyCost
    from routecost.model.results.verdicts.savings import Savings
    from routecost.model.results.verdicts.scaling import Scaling


def report(comparison: Comparison, *, explain: bool = False, conditions: bool = False) -> Report:
    """Return the report of a comparison: costs by strategy, savings and verdict first.

    ``conditions`` shows the conditions of the verdict; ``explain`` shows them and each bill.
    """
    audience = Audience.ALL if explain or conditions else Audience.MACHINES
    blocks = [*_answer(comparison), *_details(comparison)]
    blocks += [block for one in comparison.breakdowns for block in breakdown.of_month(one)]
    blocks += bill.tables(comparison) if explain else ()
    blocks += verdict.conditions(comparison, audience)
    return Report(
        command="compare",
        title=f"{comparison.scenario}: {comparison.pricing} prices as of {comparison.as_of}",
        meta=_meta(comparison),
        blocks=tuple(blocks),
        currency=comparison.currency,
        figure=_figure(comparison),
        main="bill" if explain else breakdown.main_table(comparison.breakdowns),
    )


def _answer(comparison: Comparison) -> Iterator[Block]:
    """Yield the costs of the strategies, the savings of the proposal, and the verdict."""
    yield _table(comparison)
    yield _mixes(comparison)
    if comparison.savings is not None:
        yield from savings_notes(comparison.savings)
    yield from _subscriptions(comparison)
    yield from work_differs(comparison.calls_per_task, _unserved(comparison))
    if comparison.verdict is not None:
        yield verdict.note(comparison.verdict)
        if comparison.of_plan:
            costs = named(comparison.of_plan)
            yield Note.of(f"Costs of the plan are not counted here: {costs}. See `routecost project`.")


def _subscriptions(comparison: Comparison) -> Iterator[Block]:
    if any(cost.subscribed is not None for cost in comparison.strategies):
        from routecost.report.compare import subscriptions  # few comparisons have any

        yield from subscriptions.blocks(comparison)


def _unserved(comparison: Comparison) -> list[str]:
    """Return the strategies whose subscription may not serve all tasks."""
    return [cost.strategy for cost in comparison.strategies if cost.leaves_tasks]


def _details(comparison: Comparison) -> Iterator[Block]:
    """Yield the outcomes of tasks, and notes on how the figures were computed."""
    yield from outcomes.tables(comparison)
    yield from (_mix_note(cost) for cost in comparison.strategies if cost.expansion.mix_follows)
    yield from outcomes.notes(comparison)
    yield from _caching_notes(comparison)
    yield from cold_caches(comparison)
    yield from _free_notes(comparison)
    yield from _spare_notes(comparison)
    yield from what_if_notes(comparison.what_if)
    yield from left_out(comparison.left_out)
    if comparison.scaling is not None:
        yield from _scaling_notes(comparison.scaling)
    yield from verdict.error_notes(comparison)


def _columns(comparison: Comparison) -> dict[str, Column]:
    baseline = comparison.baseline or "baseline"
    in_budget = f"tasks in budget{', with failures' if comparison.budget_counts_failures else ''}"
    columns = (
        Column("strategy", "strategy"),
        Column("cost_per_task", "per task", Unit.MONEY),
        Column("cost_per_day", "per day", Unit.MONEY),
        Column("cost_per_month", "per month", Unit.MONEY),
        Column("cost_per_year", "per year", Unit.MONEY),
        Column("vs_baseline", f"vs. {baseline}", Unit.CHANGE),
        Column("success_rate", "success", Unit.SHARE),
        Column("cost_per_success", "per success", Unit.MONEY),
        Column("failure_cost_per_month", "failures per month", Unit.MONEY),
        Column("total_cost_per_month", "total per month", Unit.MONEY),
        Column("seconds_per_task", "seconds", Unit.SECONDS),
        Column("tasks_per_budget", in_budget, Unit.COUNT),
        Column("served_share", "tasks served", Unit.SHARE),
        *worst_case.columns(comparison.ranges),
    )
    return {column.key: column for column in columns}


def _table(comparison: Comparison) -> Table:
    by_key = _columns(comparison)
    rows = [list(_cells(comparison, cost)) for cost in comparison.strategies]
    columns = tuple(
        replace(by_key[key], machine_only=True)
        if key in QUALITY_COLUMNS and all(cell is None for cell in cells)
        else by_key[key]
        for key, cells in zip(comparison.columns, zip(*rows, strict=True), strict=True)
    )
    return Table("strategies", columns, rows)


def _cells(comparison: Comparison, cost: StrategyCost) -> Iterator[Cell]:
    ranges = comparison.ranges
    for key in comparison.columns:
        is_reference = key == "vs_baseline" and cost.strategy == comparison.baseline
        yield Shown(cost.vs_baseline, "baseline") if is_reference else worst_case.cell(cost, key, ranges)


def _mixes(comparison: Comparison) -> Table:
    columns = (Column("strategy", "strategy"), Column("tier", "tier"), Column("share", "share", Unit.SHARE))
    rows = [
        (cost.strategy, tier, share)
        for cost in comparison.strategies
        for tier, share in cost.expansion.mix.items()
    ]
    return Table("mixes", columns, rows, audience=Audience.MACHINES)


def _mix_note(cost: StrategyCost) -> Note:
    parts: list[str | Quantity] = [f"Mix of {cost.strategy}:"]
    for tier, share in cost.expansion.mix.items():
        parts += [f" {tier} ", Quantity(share, Unit.SHARE), ","]
    return Note.of(*parts[:-1], ".")


def _caching_notes(comparison: Comparison) -> Iterator[Note]:
    for strategy, loss in comparison.caching_losses.items():
        text = f"Caching costs more than it saves with {strategy}: "
        yield Note.of(text, Quantity(loss, Unit.MONEY), " a month.", warning=True)


def _free_notes(comparison: Comparison) -> Iterator[Note]:
    for cost in comparison.strategies:
        for allowance, count in cost.within_free:
            yield Note.of(
                f"{allowance.meter} is free with {cost.strategy}: ",
                Quantity(count, Unit.NUMBER),
                f" a {allowance.per} are within the {allowance.free:,f} free units.",
                warning=True,
            )


def _spare_notes(comparison: Comparison) -> Iterator[Note]:
    for cost in comparison.strategies:
        for capacity, tokens in cost.spare_capacity:
            yield Note.of(
                f"The capacity of {capacity.traffic} is more than {cost.strategy} uses: ",
                Quantity(tokens, Unit.NUMBER),
                f" of {capacity.tokens_per_day:,f} tokens a day.",
                warning=True,
            )


def _scaling_notes(scaling: Scaling) -> Iterator[Note]:
    for scale in scaling.scaled:
        parts: list[str | Quantity] = [
            f"Tokens measured on {scaling.measured_on} are scaled for {scale.model} by ",
            Quantity(scale.factor, Unit.NUMBER),
            f" ({scale.source})",
        ]
        if scale.low is not None and scale.high is not None:
            bounds = Quantity(scale.low, Unit.NUMBER), " and ", Quantity(scale.high, Unit.NUMBER)
            parts += ["; the factor may be between ", *bounds]
        else:
            parts += ["; the source gives no range for this factor"]
        yield Note.of(*parts, ".")
    for strategy, (low, high) in scaling.bounds.items():
        ends = Quantity(low, Unit.MONEY), " and ", Quantity(high, Unit.MONEY)
        yield Note.of(f"With factors between these bounds, {strategy} costs between ", *ends, " a month.")
    if scaling.unknown:
        text = f"There is no factor from {scaling.measured_on} for {', '.join(scaling.unknown)}: "
        yield Note.of(text + "tokens are used as measured.", warning=True)


def _meta(comparison: Comparison) -> Meta:
    return {
        "scenario": comparison.scenario,
        "pricing": comparison.pricing,
        "as_of": comparison.as_of,
        "currency": comparison.currency,
        "tasks_per_day": comparison.tasks_per_day,
        "baseline": comparison.baseline,
        "default": comparison.default,
        "proposed": comparison.proposed,
        "savings": None if comparison.savings is None else _savings(comparison.savings),
        "illustrative": comparison.illustrative,
        **({"what_if": list(comparison.what_if)} if comparison.what_if else {}),
        "at_means": list(comparison.at_means),
        **verdict.probability(comparison),
    }


def _savings(savings: Savings) -> dict[str, Scalar]:
    """Return the savings; without their range if there is none."""
    known = asdict(savings)
    optional = (*SAVINGS_RANGE, "with_failures_fraction")
    figures = {key: known[key] for key in known if key not in optional or known[key] is not None}
    share = figures.pop("unknown_share")
    unknown = {"unknown_share": share} if savings.unknown else {}
    return {key: value for key, value in (figures | unknown).items() if not isinstance(value, tuple)}


def _figure(comparison: Comparison) -> BarFigure:
    counts = comparison.counts_failures
    bars = tuple(
        Bar(
            f"{cost.strategy} (not all tasks)" if cost.leaves_tasks else cost.strategy,
            worst_case.drawn(_total(cost)) if counts else _calls(cost),
            emphasis=cost.strategy == comparison.proposed,
            is_baseline=cost.strategy == comparison.baseline,
            calls=float(cost.cost_per_month) if counts else None,
        )
        for cost in comparison.strategies
    )
    what = "monthly cost of calls and failures" if counts else "monthly spend"
    return BarFigure(
        title=f"{comparison.scenario}: {what} by strategy",
        axis=f"{comparison.currency} per month{', calls (solid) and failures' if counts else ''}",
        bars=bars,
        source=f"Prices: {comparison.pricing}, as of {comparison.as_of}. Scenario: {comparison.scenario}.",
        alt=f"Bar chart of {what} by strategy.",
        unit=Unit.MONEY,
        currency=comparison.currency,
    )


def _calls(cost: StrategyCost) -> Amount:
    """Return the cost of calls, with its range by how much a subscription serves."""
    if cost.subscribed is None:
        return float(cost.cost_per_month)
    return worst_case.drawn(Between(cost.cost_per_month, cost.cost_per_month_high))


def _total(cost: StrategyCost) -> Between:
    """Return the total of a strategy, with its range by how hard repeated work is."""
    return widest([case.total for case in cost.cases])
