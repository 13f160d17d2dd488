"""Savings of the proposal in words: the total where failures cost something, with calls beside it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.model.report.cells import Quantity, Unit
from routecost.model.report.report import Note
from routecost.report import worst_case
from routecost.report.caveats import named, same_strategy
from routecost.report.savings import Part, bounded, bounded_between, calls_alone
from routecost.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from routecost.model.results.verdicts.savings import Savings


def savings_notes(savings: Savings) -> Iterator[Note]:
    """Yield the savings of the proposal, and what is not known of them."""
    if savings.strategy == savings.against:
        yield same_strategy(savings.strategy)
        return
    total = savings.with_failures_per_month
    if savings.has_no_estimate and not savings.unknown:
        yield _ranged(savings)
    elif not savings.counts_failures:
        yield Note.of(*_saved(savings, savings.per_month, savings.fraction, ""))
    elif total is not None:
        yield Note.of(
            *_saved(savings, total, savings.with_failures_fraction, ", including failures"),
            *calls_alone(savings.per_month, total, " a month"),
            warning=(total < 0) != (savings.per_month < 0),
        )
    else:
        yield Note.of(
            *bounded(savings.strategy, savings.against, savings.decisive, savings.assumed, " a month"),
            *_unknown(savings),
            *calls_alone(savings.per_month, None, " a month"),
            warning=True,
        )
    yield from worst_case.savings_notes(savings)


def _ranged(savings: Savings) -> Note:
    """Return the savings between their bounds, of which none is an estimate."""
    counted = f"{'including failures, ' * savings.counts_failures}by {savings.worst_of.how}"
    names = f"{savings.strategy} (proposed)", f"{savings.against} (default)"
    low, high = savings.decisive
    crosses = low is None or high is None or low < 0 < high
    return Note.of(*bounded_between(*names, savings.decisive, (), " a month", counted), warning=crosses)


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


def _unknown(savings: Savings) -> Iterator[Part]:
    yield f" The cost of failures of {named(savings.unknown)} ("
    yield Quantity(savings.unknown_share, Unit.SHARE)
    yield " of the tasks) is unknown: set success and failure_cost."
