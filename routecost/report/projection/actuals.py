"""Plan vs. actual, as part of the report of a projection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from routecost.model.report.cells import Cell, Column, Quantity, Scalar, Unit
from routecost.model.report.report import Audience, Block, Note, Report, Table
from routecost.model.results.actuals import (
    ACTUAL_COLUMNS,
    Factor,
    PlanVsActual,
    PriceVolumeMix,
    add_up,
)
from routecost.model.results.projection import Projection
from routecost.model.scenario.horizon import Horizon, month_name
from routecost.report.projection import by_task_type
from routecost.report.projection.actuals_figure import with_actuals
from routecost.report.projection.budget import outcome_note
from routecost.report.projection.by_task_type import cells
from routecost.report.projection.figure import figure
from routecost.report.projection.outlook import budget_risk_note
from routecost.units import listed

_UNITS = {"month": Unit.TEXT, "strategy": Unit.TEXT}
_LABELS = {
    "month": "month",
    "planned": "planned",
    "actual": "actual",
    "gap": "variance",
    "gap_fraction": "in %",
    "rebased": "expected",
    "cumulative_planned": "planned so far",
    "cumulative_rebased": "expected so far",
}
_BANDS = {"p10": "P10", "p90": "P90"}
_PARTS = (
    Column("month", "month"),
    Column("part", "part"),
    Column("amount", "amount", Unit.MONEY),
    Column("of_planned", "of planned", Unit.CHANGE),
)
_MOST_SENTENCES = 6
_BASIS_OF_PLAN = " of their plan, the ratio of the months with actuals;"
_BASIS_OF_WORK = (
    " of their planned work, the scale at which the months with actuals cost what was spent; fixed fees, "
    "allowances, discounts and commitments apply to that work;"
)
Part = str | Quantity


def report(projection: Projection, actuals: PlanVsActual) -> Report:
    """Return plan vs. actual as a part of a planning document."""
    return Report(
        command="report",
        title="Plan and actual",
        meta={"rebased": meta(actuals)},
        blocks=(*blocks(projection, actuals), *tables(actuals)),
        currency=projection.currency,
        figure=with_actuals(figure(projection), actuals),
    )


def blocks(projection: Projection, actuals: PlanVsActual) -> Iterator[Block]:
    """Yield plan vs. actual, the causes of variances, and the forecast."""
    yield _for_people(actuals)
    if actuals.assumed is not None:
        yield Note.of(
            f"{actuals.file} does not name the strategy of all months: these are compared with "
            f'"{actuals.assumed}", which is in force.'
        )
    if not all(spend.split.is_dark for _, spend in actuals.known):
        yield _parts_for_people(actuals)
    yield from by_task_type.for_people(actuals)
    yield from _sentences(actuals)
    yield from _missing_data(actuals)
    yield from _cached_input(actuals)
    yield _forecast(actuals)
    yield from _doubts(actuals)
    yield from _band(actuals)
    yield from _of_the_plan(projection)
    if actuals.budget is not None:
        yield outcome_note(actuals.budget, "Forecast spend", "the")
        if actuals.budget.budget.counts_failures:
            yield Note.of(
                "Actuals have no failures: those of the plan are counted, at the scale of its work."
            )
        if actuals.budget_risk is not None:
            yield budget_risk_note(
                actuals.budget.budget, actuals.budget_risk, len(actuals.months), with_actuals=True
            )


def _of_the_plan(projection: Projection) -> Iterator[Note]:
    """Yield which figures do not count the actuals."""
    figures = {
        "costs in parts": projection.breakdowns,
        "budgets of owners": projection.owner_budgets,
        "savings": projection.savings,
        "payback": projection.payback,
    }
    given = [name for name, figure in figures.items() if figure]
    if given:
        yield Note.of(f"{listed(given).capitalize()} are of the plan, without the actuals.")


def template(horizon: Horizon) -> Table:
    """Return a sheet to fill in what the months of a plan cost, for ``--actuals``."""
    columns = (
        Column("month", "month"),
        Column("tasks", "tasks", Unit.COUNT),
        Column("spend", "spend", Unit.MONEY),
    )
    rows: list[Sequence[Cell]] = [[month_name(day), None, None] for day in horizon.first_days]
    return Table("fill in actuals", columns, rows, audience=Audience.SHEETS)


def tables(actuals: PlanVsActual) -> Iterator[Table]:
    """Yield the tables for machines."""
    columns = tuple(Column(key, key, _unit(key)) for key in ACTUAL_COLUMNS)
    rows = (list(record.values()) for record in actuals.records())
    yield Table("actuals", columns, rows, audience=Audience.MACHINES)
    parts = [
        (month.month, part.name, part.amount, part.amount / month.planned if month.planned else None)
        for month, spend in actuals.known
        for part in spend.split.parts
    ]
    yield Table("gap", _PARTS, parts, audience=Audience.MACHINES)
    yield from by_task_type.for_machines(actuals)


def meta(actuals: PlanVsActual) -> Mapping[str, Scalar]:
    """Return the metadata of plan vs. actual for JSON."""
    budget, band, risk = actuals.budget, actuals.expected_band, actuals.budget_risk
    return {
        "file": actuals.file,
        "months": len(actuals.known),
        "ratio": actuals.ratio,
        "scale": None if actuals.scale is None else actuals.scale.value,
        "scale_low": None if actuals.scale is None else actuals.scale.low,
        "scale_high": None if actuals.scale is None else actuals.scale.high,
        "assumed_strategy": actuals.assumed,
        "planned_total": actuals.planned_total,
        "expected_total": actuals.expected_total,
        "expected_p10": None if band is None else band.p10,
        "expected_p90": None if band is None else band.p90,
        "over_budget_probability_any_month": None if risk is None else risk.any_month,
        "over_budget_probability_total": None if risk is None else risk.total,
        "budget_crossed": None if budget is None or budget.crossed is None else budget.crossed.month,
    }


def _unit(key: str) -> Unit:
    return _UNITS.get(key, Unit.CHANGE if key.endswith("fraction") else Unit.MONEY)


def _for_people(actuals: PlanVsActual) -> Table:
    labels = _LABELS if actuals.expected_band is None else {**_LABELS, **_BANDS}
    columns = tuple(Column(key, label, _unit(key)) for key, label in labels.items())
    rows = [[record[key] for key in labels] for record in actuals.records()]
    strategies = dict.fromkeys(month.strategy for month in actuals.months)
    title = f"Plan and actual of {', then '.join(strategies)}"
    return Table("plan_and_actual", columns, rows, title, Audience.PEOPLE)


def _parts_for_people(actuals: PlanVsActual) -> Table:
    columns = (
        Column("month", "month"),
        Column("gap", "variance", Unit.MONEY),
        *(Column(factor, factor, Unit.MONEY) for factor in Factor),
    )
    rows = [[month.month, spend.gap, *cells(spend.split)] for month, spend in actuals.known]
    grouped = {tuple(part.factors for part in spend.split.parts) for _, spend in actuals.known}
    if len(grouped) == 1 and len(rows) > 1:
        rows.append(["total", add_up(spend.gap for _, spend in actuals.known), *cells(actuals.split)])
    return Table("gap_parts", columns, rows, "Causes of the variances", Audience.PEOPLE)


def _sentences(actuals: PlanVsActual) -> Iterator[Note]:
    known = actuals.known
    for month, spend in known[-_MOST_SENTENCES:]:
        yield _sentence(f"{month.month} cost ", spend.gap, month.planned, spend.split)
    if len(known) > 1:
        planned = add_up(month.planned for month, _ in known)
        gap = add_up(spend.gap for _, spend in known)
        yield _sentence(f"In total, {len(known)} months cost ", gap, planned, actuals.split)


def _sentence(start: str, gap: Decimal, planned: Decimal, split: PriceVolumeMix) -> Note:
    if not gap:
        return Note.of(start, Quantity(planned, Unit.MONEY), ", as planned", *_made_of(split), ".")
    return Note.of(start, *_difference(gap, planned), *_made_of(split), ".")


def _difference(gap: Decimal, planned: Decimal) -> Iterator[Part]:
    yield Quantity(abs(gap), Unit.MONEY)
    if planned:
        yield " ("
        yield Quantity(abs(gap) / planned, Unit.SHARE)
        yield ")"
    yield f" {'more' if gap > 0 else 'less'} than planned"


def _made_of(split: PriceVolumeMix) -> Iterator[Part]:
    parts = [part for part in split.parts if part.amount]
    if split.is_dark and parts:
        yield "; causes are unknown, because neither tasks nor tokens are given"
        return
    between = "; " if any(len(part.factors) > 1 for part in parts) else ", "
    for at, part in enumerate(parts):
        together = " combined" if len(part.factors) > 1 else ""
        yield f"{between if at else ': '}{part.name}{together} {'+' if part.amount > 0 else ''}"
        yield Quantity(part.amount, Unit.MONEY)


def _missing_data(actuals: PlanVsActual) -> Iterator[Note]:
    """Yield the data that is missing to separate factors, by months."""
    months: dict[tuple[str, ...], list[str]] = {}
    for month, spend in actuals.known:
        if spend.split.lacking and spend.gap and not spend.split.is_dark:
            months.setdefault(spend.split.lacking, []).append(month.month)
    for lacking, names in months.items():
        what = f"{listed(lacking)} {'is' if len(lacking) == 1 else 'are'} not given"
        yield Note.of(f"In {listed(names)}, some causes cannot be separated: {what}.")


def _cached_input(actuals: PlanVsActual) -> Iterator[Note]:
    months: dict[tuple[str, ...], list[str]] = {}
    for month, spend in actuals.known:
        if spend.with_cached_input:
            months.setdefault(spend.with_cached_input, []).append(month.month)
    for names, known in months.items():
        of = "" if names == ("",) else f" of {listed(names)}"
        yield Note.of(
            f"In {listed(known)}, the input{of} exceeds the plan by just the cached tokens. In actuals, "
            "input excludes tokens that were read from or written to a cache, and in scenarios it "
            "includes them: if this input includes them, subtract them.",
            warning=True,
        )


def _forecast(actuals: PlanVsActual) -> Note:
    scale, total = actuals.scale, actuals.expected_total
    if scale is None or total is None:
        return Note.of("No work of these months was planned to cost anything, so there is no forecast.")
    gap = total - actuals.planned_total
    against = [", as planned"] if not gap else [", ", *_difference(gap, actuals.planned_total)]
    if len(actuals.known) == len(actuals.months):
        return Note.of("All months cost ", Quantity(total, Unit.MONEY), *against, ".")
    return Note.of(
        "The other months are forecast at ",
        Quantity(scale.value, Unit.SHARE),
        _BASIS_OF_WORK if actuals.has_terms_on_totals else _BASIS_OF_PLAN,
        f" growth and dated prices are as planned. All {len(actuals.months)} months are expected to cost ",
        Quantity(total, Unit.MONEY),
        *against,
        ".",
    )


def _band(actuals: PlanVsActual) -> Iterator[Note]:
    """Yield the range of the expected cost over the simulated runs."""
    band = actuals.expected_band
    if band is None or len(actuals.known) == len(actuals.months):
        return
    low, high = (Quantity(amount, Unit.MONEY) for amount in (band.p10, band.p90))
    yield Note.of(
        f"In simulation, all {len(actuals.months)} months cost ",
        low,
        " to ",
        high,
        " (P10 to P90): each run is re-based as the plan is, so that its months with actuals cost what was "
        "spent.",
    )


def _doubts(actuals: PlanVsActual) -> Iterator[Note]:
    """Yield why the spend does not say how much work was done, if it does not."""
    scale = actuals.scale
    if not actuals.has_terms_on_totals or scale is None or len(actuals.known) == len(actuals.months):
        return
    if not scale.fits:
        yield Note.of("No scale of the planned work costs exactly what these months cost.", warning=True)
    if scale.low != scale.high:
        most = [" or more"] if scale.high is None else [" to ", Quantity(scale.high, Unit.SHARE)]
        yield Note.of(
            "Commitments and allowances make these months cost the same with ",
            Quantity(scale.low, Unit.SHARE),
            *most,
            " of their planned work; the forecast uses the scale that is nearest to the given tasks, or to "
            "the plan if these are not given.",
        )
