"""Savings of the proposal in words: the total where failures cost something, with calls beside it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.model.report.cells import Quantity, Unit
from routecost.model.report.report import Note
from routecost.report import worst_case
from routecost.report.caveats import named, same_strategy
from routecost.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from routecost.model.results.comparison import Savings

Part = str | Quantity


def savings_notes(savings: Savings) -> Iterator[Note]:
    """Yield the savings of the proposal, and what is not known of them."""
    if savings.strategy == savings.against:
        yield same_strategy(savings.strategy)
        return
    total = savings.with_failures_per_month
    if not savings.counts_failures:
        yield Note.of(*_saved(savings, savings.per_month, savings.fraction, ""))
    elif total is not None:
        yield Note.of(
            *_saved(savings, total, savings.with_failures_fraction, ", including failures"),
            *_calls(savings),
            warning=(total < 0) != (savings.per_month < 0),
        )
    else:
        yield Note.of(*_bounded(savings), *_unknown(savings), *_calls(savings), warning=True)
    yield from worst_case.savings_notes(savings)


def _saved(savings: Savings, amount: Decimal, fraction: Decimal | None, counted: str) -> Iterator[Part]:
    costs_more = amount < 0
    yield f"{savings.strategy} (proposed) {'costs' if costs_more else 'saves'} "
    if fraction is not None:
        yield Quantity(abs(fraction), Unit.SHARE)
        yield " "
    yield f"{'more than' if costs_more else 'compared with'} {savings.against} (default){counted}: "
    yield Quantity(abs(amount), Unit.MONEY)
    yield " a month, "
    yield Quantity(abs(amount * MONTHS_PER_YEAR), Unit.MONEY)
    yield " a year."


def _bounded(savings: Savings) -> Iterator[Part]:
    """Yield the bounds of the savings, and what they assume."""
    low, high = savings.decisive
    who, than = f"{savings.strategy} (proposed)", f"{savings.against} (default)"
    if high is not None and high <= 0:
        yield from (f"{who} costs ", *_span(-high, None if low is None else -low))
        yield f" a month more than {than}, including failures"
    elif low is not None and low >= 0:
        yield from (f"{who} saves ", *_span(low, high))
        yield f" a month compared with {than}, including failures"
    else:
        yield f"It is unknown whether {who} saves money compared with {than}, including failures"
        if high is not None:
            yield from (": it saves at most ", Quantity(high, Unit.MONEY), " a month")
        if low is not None:
            joint = ": it costs" if high is None else " and costs"
            yield from (f"{joint} at most ", Quantity(-low, Unit.MONEY), " a month more")
    if savings.assumed:
        yield f", if a lower tier fails no less often on {named(savings.assumed)}"
    yield "."


def _span(least: Decimal, most: Decimal | None) -> Iterator[Part]:
    if most is None:
        yield from ("at least ", Quantity(least, Unit.MONEY))
    else:
        yield from ("between ", Quantity(least, Unit.MONEY), " and ", Quantity(most, Unit.MONEY))


def _unknown(savings: Savings) -> Iterator[Part]:
    yield f" The cost of failures of {named(savings.unknown)} ("
    yield Quantity(savings.unknown_share, Unit.SHARE)
    yield " of the tasks) is unknown: set success and failure_cost."


def _calls(savings: Savings) -> Iterator[Part]:
    """Yield the savings on calls alone, if they differ from those that include failures."""
    if savings.per_month == savings.with_failures_per_month:
        return
    yield " On call costs alone, it saves " if savings.per_month >= 0 else " On call costs alone, it costs "
    yield Quantity(abs(savings.per_month), Unit.MONEY)
    yield " a month." if savings.per_month >= 0 else " a month more."
