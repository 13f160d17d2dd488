"""Savings in words, of which only bounds may be known, and those on calls alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from routecost.model.report.cells import Quantity, Unit
from routecost.model.results.failures import Between
from routecost.report.caveats import named

Part = str | Quantity


def bounded(
    strategy: str, against: str, span: Between, assumed: Sequence[str], per: str = ""
) -> Iterator[Part]:
    """Yield a clause with the bounds of the savings with failures, per ``per``, and what they assume."""
    yield from bounded_between(f"{strategy} (proposed)", f"{against} (default)", span, assumed, per)


def bounded_between(who: str, than: str, span: Between, assumed: Sequence[str], per: str) -> Iterator[Part]:
    """Yield the clause for any two of which one may save money compared with the other."""
    low, high = span
    if high is not None and high <= 0:
        yield from (f"{who} costs ", *_span(-high, None if low is None else -low))
        yield f"{per} more than {than}, including failures"
    elif low is not None and low >= 0:
        yield from (f"{who} saves ", *_span(low, high))
        yield f"{per} compared with {than}, including failures"
    else:
        yield f"{who} may save money or cost more, compared with {than} and including failures"
        if high is not None:
            yield from (": it saves at most ", Quantity(high, Unit.MONEY), per)
        if low is not None:
            joint = ": it costs" if high is None else " and costs"
            yield from (f"{joint} at most ", Quantity(-low, Unit.MONEY), f"{per} more")
    if assumed:
        yield f", if a lower tier fails no less often on {named(assumed)}"
    yield "."


def _span(least: Decimal, most: Decimal | None) -> Iterator[Part]:
    if most is None:
        yield from ("at least ", Quantity(least, Unit.MONEY))
    else:
        yield from ("between ", Quantity(least, Unit.MONEY), " and ", Quantity(most, Unit.MONEY))


def calls_alone(calls: Decimal, total: Decimal | None, per: str = "") -> Iterator[Part]:
    """Yield the savings on calls alone, if they differ from the total."""
    if calls != total:
        yield f" On call costs alone, it {'saves' if calls >= 0 else 'costs'} "
        yield Quantity(abs(calls), Unit.MONEY)
        yield f"{per}." if calls >= 0 else f"{per} more."
