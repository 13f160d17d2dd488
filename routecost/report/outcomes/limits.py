"""Notes on the limits that a policy or a routing table exceeds held out, and on the table itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from routecost.model.report.cells import Quantity, Unit
from routecost.model.report.report import Note
from routecost.optimize.outcomes.data import Split
from routecost.optimize.outcomes.learn.learned import Fitted, Learned, LearnOptions
from routecost.report.outcomes.money import money_places

if TYPE_CHECKING:
    from routecost.optimize.outcomes.export.table import LearnedTable

FEW = 30
"""The least queries of a part of the data without a warning."""

_ROUNDING = 1e-12


def limit_notes(learned: Learned, table: LearnedTable | None) -> Iterator[Note]:
    """Yield warnings of few queries and of limits that are exceeded held out, and a table's results."""
    yield from _few(learned)
    chosen = learned.chosen
    alike = table is not None and (table.policy.cost, table.policy.quality) == (chosen.cost, chosen.quality)
    name = f"{chosen.name} (as the routing table)" if alike else chosen.name
    yield from _exceeded(name, chosen, learned.options)
    if table is not None:
        yield _results(table, learned)
        if not alike:
            yield from _exceeded("the routing table", table.policy, learned.options)


def _few(learned: Learned) -> Iterator[Note]:
    """Yield a warning if a part of the data that was used has few queries."""
    parts = {Split.TRAIN: "to learn from", Split.TEST: "held out"}
    if learned.options.risk is not None:
        parts[Split.CALIBRATION] = "for calibration"
    counts = {use: int((learned.outcomes.splits == part).sum()) for part, use in parts.items()}
    yield from few_notes(counts)


def few_notes(counts: Mapping[str, int]) -> Iterator[Note]:
    """Yield a warning of the uses of the data for which there are few queries."""
    few = [f"{count} {use}" for use, count in counts.items() if count < FEW]
    if few:
        text = f"There are few queries: {', '.join(few)}. With less than {FEW}, results are mostly chance."
        yield Note.of(text, warning=True)


def _exceeded(name: str, fitted: Fitted, options: LearnOptions) -> Iterator[Note]:
    cost, quality = fitted.held_out_cost.value, fitted.held_out_quality.value
    budget, least = options.budget, options.min_quality
    if budget is not None and cost > budget * (1 + _ROUNDING):
        places = money_places((budget, cost - budget))
        yield Note.of(
            f"Held out, {name} costs ",
            Quantity(cost, Unit.MONEY, places=places),
            " per query, more than the budget of ",
            Quantity(budget, Unit.MONEY, places=places),
            ".",
            warning=True,
        )
    if least is not None and quality < least - _ROUNDING:
        yield Note.of(
            f"Held out, the quality of {name} is ",
            Quantity(quality, Unit.SHARE),
            ", ",
            Quantity(100 * (least - quality), Unit.NUMBER),
            " points less than the least quality of ",
            Quantity(least, Unit.SHARE),
            ".",
            warning=True,
        )


def _results(table: LearnedTable, learned: Learned) -> Note:
    """Return the cost and quality of a routing table."""
    fitted = table.policy
    places = money_places([model.cost for model in learned.models])
    start = "The routing table"
    if table.fell_back:
        start = (
            "No routing table is known to keep the bound of risk: the table has the reference model, "
            f"{learned.reference}, for all task types. It"
        )
    return Note.of(
        f"{start} costs ",
        Quantity(fitted.cost, Unit.MONEY, places=places),
        " per query on train and ",
        Quantity(fitted.held_out_cost.value, Unit.MONEY, places=places),
        " held out. Its quality is ",
        Quantity(fitted.quality, Unit.SHARE),
        " on train, ",
        Quantity(fitted.expected_quality, Unit.SHARE),
        " expected and ",
        Quantity(fitted.held_out_quality.value, Unit.SHARE),
        " held out.",
        warning=table.fell_back,
    )
