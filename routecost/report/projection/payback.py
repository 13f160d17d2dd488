"""Payback of engineering and upkeep: a sentence, and a table of its months."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Bounds, Cell, Column, Quantity, Scalar, Unit
from routecost.model.report.report import Audience, Block, Note, Table
from routecost.model.results.failures import Between
from routecost.model.results.months.payback import PAYBACK_COLUMNS, Payback, PaybackMonth, PaybackOdds
from routecost.model.results.projection import Projection
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.report.savings import probability

Part = str | Quantity

_LABELS = {
    "month": "month",
    "savings": "savings",
    "engineering": "engineering",
    "upkeep": "upkeep",
    "cumulative": "net so far",
    "present_value": "present value",
}


def payback_notes(projection: Projection) -> Iterator[Note]:
    """Yield the month of payback, also in the worst case of repeated work, or why it is unknown."""
    payback, plan = projection.payback, projection.plan or NO_PLAN
    if payback is None:
        if plan.engineering or plan.upkeep:
            text = "The payback of engineering and upkeep is unknown: there are no savings of a "
            yield Note.of(
                f'{text}"proposed" strategy over a "default" that does the same work.', warning=True
            )
        return
    worst = None if projection.worst is None else projection.worst.payback
    by = projection.worst_of
    if worst is not None and by.is_bound and worst != payback:
        yield Note.of(f"If {by.most}: ", *_note(payback).parts, warning=payback.pays_back is not True)
        yield Note.of(f"If {by.condition}: ", *_note(worst).parts, warning=worst.pays_back is not True)
        return
    yield _note(payback)
    if worst is not None and (worst.earliest, worst.latest) != (payback.earliest, payback.latest):
        start = f"If {projection.worst_of.condition}: "
        yield Note.of(start, *_note(worst).parts, warning=True)


def _note(payback: Payback) -> Note:
    return Note.of(
        f"{payback.strategy} (proposed) ",
        *_when(payback),
        *_net(payback),
        *_present_value(payback),
        ".",
        *_before(payback),
        *_odds(payback),
        warning=payback.pays_back is not True,
    )


def _when(payback: Payback) -> Iterator[Part]:
    """Yield the month from which on savings have repaid the costs."""
    last = payback.months[-1].month
    does = {True: "repays", False: "does not repay", None: "may or may not repay"}[payback.pays_back]
    yield f"{does} its engineering ("
    yield Quantity(payback.engineering, Unit.MONEY)
    yield ") and upkeep ("
    yield Quantity(payback.upkeep, Unit.MONEY)
    if payback.latest is None:
        yield f") by {last}"
    elif payback.earliest == payback.latest:
        yield f") in {payback.latest}"
    else:
        yield f") between {payback.earliest} and {payback.latest}"


def _net(payback: Payback) -> Iterator[Part]:
    failures = ", including failures," if payback.counts_failures else ""
    yield f"; its savings over {payback.against}{failures} less these costs are "
    yield from _span(payback.net)


def _present_value(payback: Payback) -> Iterator[Part]:
    value = payback.present_value
    if value is None or payback.rate is None:
        return
    yield " in total, and "
    yield from _span(value)
    yield " as a net present value at "
    yield Quantity(payback.rate, Unit.SHARE)
    yield " a year"
    if payback.discounted != payback.latest:
        within = "not repaid for certain" if payback.discounted is None else f"repaid in {payback.discounted}"
        yield f" ({within} when discounted)"


def _before(payback: Payback) -> Iterator[Part]:
    if payback.before:
        yield " The engineering before these months ("
        yield Quantity(payback.before, Unit.MONEY)
        yield f") counts in {payback.months[0].month}."


def _odds(payback: Payback) -> Iterator[Part]:
    """Yield the probability of payback, and the band of its month."""
    odds, last = payback.odds, payback.months[-1].month
    if odds is None:
        return
    yield f" In simulation, it repays them by {last} with a probability of "
    yield from probability(odds.low, odds.high)
    yield from _band(odds, last)
    discounted = payback.discounted_odds
    if discounted is not None:
        yield ", and when discounted with "
        yield from probability(discounted.low, discounted.high)
        yield from _band(discounted, last)
    yield "."


def _band(odds: PaybackOdds, last: str) -> Iterator[Part]:
    early, late = (month or f"after {last}" for month in (odds.p10, odds.p90))
    if odds.p10 is not None:
        yield f" ({early})" if early == late else f" ({early} to {late}, P10 to P90)"


def _span(amount: Between) -> Iterator[Part]:
    low, high = (None if end is None else Quantity(end, Unit.MONEY) for end in amount)
    if amount.known is not None:
        yield Quantity(amount.known, Unit.MONEY)
    elif low is not None and high is not None:
        yield from ("between ", low, " and ", high)
    elif low is not None:
        yield from ("at least ", low)
    elif high is not None:
        yield from ("at most ", high)
    else:
        yield "unknown"


def payback_tables(payback: Payback) -> Iterator[Block]:
    """Yield the months of the payback: for people, and with bounds in columns for machines."""
    shown = [key for key in PAYBACK_COLUMNS if payback.rate is not None or key != "present_value"]
    rows = [[_cell(month, key) for key in shown] for month in payback.months]
    title = f"{payback.strategy}: savings over {payback.against}, less engineering and upkeep"
    yield Table("payback_months", _columns(shown, _LABELS), rows, title, Audience.PEOPLE)
    records = payback.records()
    keys = list(records[0])
    labels = {key: key for key in keys}
    values = [list(record.values()) for record in records]
    yield Table("payback_months", _columns(keys, labels), values, audience=Audience.MACHINES)


def _columns(keys: list[str], labels: dict[str, str]) -> tuple[Column, ...]:
    return tuple(Column(key, labels[key], Unit.TEXT if key == "month" else Unit.MONEY) for key in keys)


def _cell(month: PaybackMonth, key: str) -> Cell:
    value = getattr(month, key)
    if isinstance(value, Between):
        return Bounds(*value) if value.known is None else value.known
    cell: Cell = value
    return cell


def payback_meta(payback: Payback) -> dict[str, Scalar]:
    """Return the payback for JSON: amounts that are unknown are null, beside their bounds."""
    figures: dict[str, Scalar] = {
        "strategy": payback.strategy,
        "against": payback.against,
        "pays_back": payback.pays_back,
        "month": payback.latest if payback.earliest == payback.latest else None,
        "engineering": payback.engineering,
        "upkeep": payback.upkeep,
        "net": payback.net.known,
        "discount_rate": payback.rate,
        "present_value": None if payback.present_value is None else payback.present_value.known,
        "discounted_month": payback.discounted,
    }
    for start, odds in (("", payback.odds), ("discounted_", payback.discounted_odds)):
        if odds is not None:
            figures |= {
                f"{start}probability": odds.value,
                f"{start}probability_low": odds.low,
                f"{start}probability_high": odds.high,
                f"{start}month_p10": odds.p10,
                f"{start}month_p50": odds.p50,
                f"{start}month_p90": odds.p90,
            }
    if not payback.is_known:
        figures |= {"month_earliest": payback.earliest, "month_latest": payback.latest}
        figures |= {"net_low": payback.net.low, "net_high": payback.net.high}
    return figures
