"""Simulation results of a projection: percentiles, budget risk and variance."""

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
    """Yield percentiles of totals, budget risk, and the months and variance of the main strategy."""
    yield _totals(projection, outlook)
    yield from _notes(projection, outlook)
    main = main_outlook(projection, outlook)
    if main is not None:
        yield _months(projection, main)
        yield _variance_note(main)


def summary_notes(projection: Projection, outlook: Outlook) -> Iterator[Note]:
    """Yield the range of the total of the main strategy, and the budget risk."""
    main = main_outlook(projection, outlook)
    if main is not None:
        low, high = (Quantity(amount, Unit.MONEY) for amount in (main.total.p10, main.total.p90))
        months = projection.horizon.months
        calls = "calls of " * projection.counts_failures
        verb = "cost" if calls else "costs"
        head = f"These figures use mean inputs. In simulation, {calls}{main.strategy} {verb} "
        tail = f" over {_all(months)}{' together' * (months > 1)} (P10 to P90)."
        yield Note.of(head, low, " to ", high, tail)
    if projection.budget is not None and outlook.budget_risk is not None:
        yield budget_risk_note(projection.budget.budget, outlook.budget_risk, projection.horizon.months)


def variance_table(outlook: Outlook) -> Table:
    """Return the share of each input in the variance of the totals."""
    rows: list[Sequence[Cell]] = [
        [strategy.strategy, row.field, row.share]
        for strategy in outlook.strategies
        for row in strategy.variance
    ]
    return Table("variance", _VARIANCE, rows, audience=Audience.MACHINES)


def uncertain_meta(outlook: Outlook | None) -> Meta:
    """Return the metadata of an outlook for JSON: runs, seed, inputs and budget risk."""
    risk = None if outlook is None else outlook.budget_risk
    return {
        "runs": None if outlook is None else outlook.runs,
        "seed": None if outlook is None else outlook.seed,
        "uncertain": [] if outlook is None else [field.name for field in outlook.fields],
        "over_budget_probability_any_month": None if risk is None else risk.any_month,
        "over_budget_probability_total": None if risk is None else risk.total,
    }


def _totals(projection: Projection, outlook: Outlook) -> Table:
    columns = (
        Column("strategy", "strategy"),
        Column("cost", "mean inputs", Unit.MONEY),
        *(Column(key, key.upper(), Unit.MONEY) for key in _PERCENTILES),
    )
    rows: list[Sequence[Cell]] = [
        [
            strategy.strategy,
            projection[strategy.strategy].total,
            strategy.total.p10,
            strategy.total.p50,
            strategy.total.p90,
        ]
        for strategy in outlook.strategies
    ]
    span = _all(projection.horizon.months)
    return Table(
        "outlook",
        columns,
        rows,
        title=f"Spend{' on calls' * projection.counts_failures} over {span}",
        audience=Audience.PEOPLE,
    )


def _all(months: int) -> str:
    return "the month" if months == 1 else f"all {months} months"


def main_outlook(projection: Projection, outlook: Outlook) -> StrategyOutlook | None:
    """Return the main strategy: that of the budget, the proposed one, or the first."""
    shown = {strategy.strategy: strategy for strategy in outlook.strategies}
    budget = projection.budget
    wanted = (None if budget is None else budget.budget.strategy, projection.proposed, *shown)
    main = next((shown[name] for name in wanted if name in shown), None)
    return main if main is not None and main.variance else None


def _months(projection: Projection, main: StrategyOutlook) -> Table:
    months = projection[main.strategy].months
    has_probabilities = any(month.over_budget_probability is not None for month in months)
    columns = (
        Column("month", "month"),
        *(Column(key, key.upper(), Unit.MONEY) for key in _PERCENTILES),
        *(Column(f"cumulative_{key}", f"so far, {key.upper()}", Unit.MONEY) for key in ("p10", "p90")),
        *([Column("over_budget_probability", "over budget", Unit.SHARE)] if has_probabilities else []),
    )
    rows: list[Sequence[Cell]] = [[getattr(month, column.key) for column in columns] for month in months]
    return Table("bands", columns, rows, title=main.strategy, audience=Audience.PEOPLE)


def _notes(projection: Projection, outlook: Outlook) -> Iterator[Note]:
    names = named([field.name for field in outlook.fields])
    runs = Quantity(outlook.runs, Unit.COUNT)
    yield Note.of(
        f"Uncertain inputs: {names}. Costs use mean inputs. P10/P50/P90 are percentiles over ",
        runs,
        f" simulated runs (seed {outlook.seed}); totals are summed per run before taking percentiles.",
    )
    if projection.actuals is not None:
        yield Note.of("These percentiles and probabilities are those of the plan, without the actuals.")
    budget = projection.budget
    if budget is not None and outlook.budget_risk is not None:
        yield budget_risk_note(budget.budget, outlook.budget_risk, projection.horizon.months)
    elif budget is not None:
        yield Note.of("The budget counts failures, which these runs do not: there is no probability for it.")
    worst = max((_error(strategy) for strategy in outlook.strategies), default=0.0)
    if worst > _MATERIAL:
        yield Note.of(
            "With this few runs the percentiles are accurate to within ",
            Quantity(worst, Unit.SHARE),
            " (one standard error); increase --runs.",
            warning=True,
        )


def budget_risk_note(budget: Budget, risk: BudgetRisk, months: int, *, with_actuals: bool = False) -> Note:
    """Return a sentence with the probability of exceeding a budget."""
    span = _all(months)
    who = "the spend" if with_actuals else budget.strategy
    return Note.of(
        f"Probability that {who} exceeds {'the' if with_actuals else 'its'} budget of ",
        Quantity(budget.amount, Unit.MONEY),
        f" a {budget.per}: ",
        Quantity(risk.any_month, Unit.SHARE),
        " in at least one month, ",
        Quantity(risk.total, Unit.SHARE),
        f" that the spend of {span} exceeds the budget of {span}.",
    )


def _error(strategy: StrategyOutlook) -> float:
    """Return the largest relative standard error of the percentiles of a total."""
    errors = [
        float(getattr(strategy.error, key)) / float(getattr(strategy.total, key))
        for key in _PERCENTILES
        if getattr(strategy.total, key)
    ]
    return max(errors, default=0.0)


def _variance_note(main: StrategyOutlook) -> Note:
    parts: list[str | Quantity] = [f"Variance of the total of {main.strategy}, by input: "]
    rows = [row for row in main.variance if row.share >= _SHOWN]
    for at, row in enumerate(rows):
        parts += [", " if at else "", f"{row.field} ", Quantity(row.share, Unit.SHARE)]
    return Note.of(*parts, ".")
