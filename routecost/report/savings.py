"""Savings in words, of which only bounds may be known, and those on calls alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from routecost.model.report.cells import Quantity, Scalar, Unit
from routecost.model.results.failures import Between
from routecost.model.results.verdicts.probability import SavingProbability
from routecost.report.caveats import named

Part = str | Quantity

_LEAST = Decimal("0.001")
"""Simulated probabilities below it, or as close to 1, are not told apart."""


def bounded(
    strategy: str, against: str, span: Between, assumed: Sequence[str], per: str = ""
) -> Iterator[Part]:
    """Yield a clause with the bounds of the savings with failures, per ``per``, and what they assume."""
    yield from bounded_between(f"{strategy} (proposed)", f"{against} (default)", span, assumed, per)


def bounded_between(  # noqa: PLR0917  the words of a clause
    who: str,
    than: str,
    span: Between,
    assumed: Sequence[str],
    per: str,
    counted: str = "including failures",
) -> Iterator[Part]:
    """Yield the clause for any two of which one may save money compared with the other.

    ``counted`` is what the savings count, or what their range is by.
    """
    low, high = span
    including = f", {counted}" if counted else ""
    if high is not None and high <= 0:
        yield from (f"{who} costs ", *_span(-high, None if low is None else -low))
        yield f"{per} more than {than}{including}"
    elif low is not None and low >= 0:
        yield from (f"{who} saves ", *_span(low, high))
        yield f"{per} compared with {than}{including}"
    else:
        joint = " and " if counted.startswith("including") else ", "
        yield f"{who} may save money or cost more, compared with {than}{joint}{counted}"
        if high is not None:
            yield from (": it saves at most ", Quantity(high, Unit.MONEY), per)
        if low is not None:
            start = ": it costs" if high is None else " and costs"
            yield from (f"{start} at most ", Quantity(-low, Unit.MONEY), f"{per} more")
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


def chance(known: SavingProbability, strategy: str, *, failures: bool) -> Iterator[Part]:
    """Yield a sentence with the probability of savings, and what it is from."""
    if known.is_unknown:
        yield f" The probability that {strategy} saves money is unknown"
        yield f": {known.unknown}." if known.unknown else "."
        return
    counted = ["failures"] if failures else []
    counted += ["engineering and upkeep"] if known.with_routing_costs else []
    yield f" Including {', '.join(counted)}, " if counted else " "
    yield f"{strategy} saves money with a probability of "
    yield from probability(known.low, known.high)
    if known.assumed and known.value is None:
        yield f", if a lower tier fails no less often on {named(known.assumed)}"
    yield f" (from {_sources(known)})."


def probability(low: Decimal, high: Decimal) -> Iterator[Part]:
    """Yield a simulated probability that is between two shares of the runs."""
    if high < _LEAST:
        yield from ("less than ", Quantity(_LEAST, Unit.SHARE))
    elif low > 1 - _LEAST:
        yield from ("more than ", Quantity(1 - _LEAST, Unit.SHARE))
    elif low == high:
        yield Quantity(low, Unit.SHARE)
    elif high == 1:
        yield from ("at least ", Quantity(low, Unit.SHARE))
    elif low == 0:
        yield from ("at most ", Quantity(high, Unit.SHARE))
    else:
        yield from (Quantity(low, Unit.SHARE), " to ", Quantity(high, Unit.SHARE))


def _sources(known: SavingProbability) -> str:
    trials = [f"{known.trials:,} trial{'s' * (known.trials != 1)}"] if known.trials else []
    count = len(known.inputs)
    inputs = [f"{count} uncertain input{'s' * (count != 1)}"] if count else []
    return " and ".join(trials + inputs)


def figures(known: SavingProbability) -> dict[str, Scalar]:
    """Return the figures of a probability of savings, for JSON."""
    return {
        "probability": known.value,
        "probability_low": known.low,
        "probability_high": known.high,
        "standard_error": known.standard_error,
        "runs": known.runs,
        "seed": known.seed,
        "trials": known.trials,
        "inputs": ", ".join(known.inputs),
        "certainty": known.certainty,
        "unknown": known.unknown or None,
    }
