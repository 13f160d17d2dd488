"""What a projection says about what is not known, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.model.report.cells import Cell, Column, Quantity, Unit
from routecost.model.report.report import Audience, Block, Meta, Note, Table
from routecost.model.results.outlook import BudgetRisk, Outlook, StrategyOutlook
from routecost.model.results.projection import Projection
from routecost.model.scenario.budget import Budget
from routecost.report.caveats import named

_MATERIAL = 0.005
_SHOWN = 0.001
_PERCENTILES = ("p10", "p50", "p90")
_VARIANCE = (
    Column("strategy", "strategy"),
    Column("field", "field"),
    Column("share", "share of the variance", Unit.SHARE),
)


def outlook_blocks(projection: Projection, outlook: Outlook) -> Iterator[Block]:
    """Yield the bands of the totals, of the months of one strategy, the odds, and the variance."""
    yield _totals(projection, outlook)
    yield from _notes(projection, outlook)
    named = told_of(projection, outlook)
    if named is not None:
        yield _months(projection, named)
        yield _sources(named)


def summary_notes(projection: Projection, outlook: Outlook) -> Iterator[Note]:
    """Yield what a summary must say: how far a total may be from what it is at the means, and the odds."""
    told = told_of(projection, outlook)
    if told is not None:
        low, high = (Quantity(amount, Unit.MONEY) for amount in (told.total.p10, told.total.p90))
        months = projection.horizon.months
        head = f"That is at the means of what is not known: {told.strategy} costs "
        tail = f" over {_all(months)}{' together' * (months > 1)} (P10 to P90)."
        yield Note.of(head, low, " to ", high, tail)
    if projection.budget is not None and outlook.odds is not None:
        yield _odds_note(projection.budget.budget, outlook.odds, projection.horizon.months)


def variance_table(outlook: Outlook) -> Table:
    """Return the table of which field the variance of each strategy's total comes from."""
    rows: list[Sequence[Cell]] = [
        [each.strategy, row.field, row.share] for each in outlook.strategies for row in each.variance
    ]
    return Table("variance", _VARIANCE, rows, audience=Audience.MACHINES)


def uncertain_meta(outlook: Outlook | None) -> Meta:
    """Return what JSON says of an outlook: how it was drawn, and the odds of the budget."""
    odds = None if outlook is None else outlook.odds
    return {
        "runs": None if outlook is None else outlook.runs,
        "seed": None if outlook is None else outlook.seed,
        "uncertain": [] if outlook is None else [field.name for field in outlook.fields],
        "over_budget_probability_any_month": None if odds is None else odds.any_month,
        "over_budget_probability_total": None if odds is None else odds.total,
    }


def _totals(projection: Projection, outlook: Outlook) -> Table:
    columns = (
        Column("strategy", "strategy"),
        Column("cost", "at the means", Unit.MONEY),
        *(Column(key, key.upper(), Unit.MONEY) for key in _PERCENTILES),
    )
    rows: list[Sequence[Cell]] = [
        [each.strategy, projection[each.strategy].total, each.total.p10, each.total.p50, each.total.p90]
        for each in outlook.strategies
    ]
    span = _all(projection.horizon.months)
    return Table("outlook", columns, rows, title=f"Spend of {span}", audience=Audience.PEOPLE)


def _all(months: int) -> str:
    return "the month" if months == 1 else f"all {months} months"


def told_of(projection: Projection, outlook: Outlook) -> StrategyOutlook | None:
    """Return the strategy that is told of month by month: the budget's, the proposed one, the first."""
    shown = {each.strategy: each for each in outlook.strategies}
    budget = projection.budget
    wanted = (None if budget is None else budget.budget.strategy, projection.proposed, *shown)
    found = next((shown[name] for name in wanted if name in shown), None)
    return found if found is not None and found.variance else None


def _months(projection: Projection, told: StrategyOutlook) -> Table:
    months = projection[told.strategy].months
    has_odds = any(month.over_budget_probability is not None for month in months)
    columns = (
        Column("month", "month"),
        *(Column(key, key.upper(), Unit.MONEY) for key in _PERCENTILES),
        *(Column(f"cumulative_{key}", f"so far, {key.upper()}", Unit.MONEY) for key in ("p10", "p90")),
        *([Column("over_budget_probability", "over budget", Unit.SHARE)] if has_odds else []),
    )
    rows: list[Sequence[Cell]] = [[getattr(month, column.key) for column in columns] for month in months]
    return Table("bands", columns, rows, title=told.strategy, audience=Audience.PEOPLE)


def _notes(projection: Projection, outlook: Outlook) -> Iterator[Note]:
    names = named([field.name for field in outlook.fields])
    runs = Quantity(outlook.runs, Unit.COUNT)
    yield Note.of(
        f"Uncertain: {names}. Costs are at their means; 10% of ",
        runs,
        f" paths (seed {outlook.seed}) cost at most P10, half at most P50, 90% at most P90. "
        "The bands of sums are those of the paths' sums.",
    )
    if projection.actuals is not None:
        yield Note.of("Bands and probabilities are those of the plan: what months really cost moves none.")
    budget = projection.budget
    if budget is not None and outlook.odds is not None:
        yield _odds_note(budget.budget, outlook.odds, projection.horizon.months)
    worst = max((_error(each) for each in outlook.strategies), default=0.0)
    if worst > _MATERIAL:
        yield Note.of(
            "So few paths leave the percentiles of the totals uncertain by ",
            Quantity(worst, Unit.SHARE),
            " (one standard error); draw more with --runs.",
            warning=True,
        )


def _odds_note(budget: Budget, odds: BudgetRisk, months: int) -> Note:
    span = "the month" if months == 1 else f"all {months} months together"
    return Note.of(
        f"{budget.strategy} exceeds its budget of ",
        Quantity(budget.amount, Unit.MONEY),
        f" a {budget.per} in some month with a probability of ",
        Quantity(odds.any_month, Unit.SHARE),
        f", and over {span} with one of ",
        Quantity(odds.total, Unit.SHARE),
        ".",
    )


def _error(each: StrategyOutlook) -> float:
    """Return the greatest standard error of a total's percentiles, as a share of the percentile."""
    found = [
        float(getattr(each.error, key)) / float(getattr(each.total, key))
        for key in _PERCENTILES
        if getattr(each.total, key)
    ]
    return max(found, default=0.0)


def _sources(told: StrategyOutlook) -> Note:
    parts: list[str | Quantity] = [f"The variance of what {told.strategy} costs in all comes from "]
    rows = [row for row in told.variance if row.share >= _SHOWN]
    for at, row in enumerate(rows):
        parts += [", " if at else "", f"{row.field} ", Quantity(row.share, Unit.SHARE)]
    return Note.of(*parts, ".")
