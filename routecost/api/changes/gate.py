"""Limits on the increase of the cost of a month, and their judgement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from routecost.engine.breakdown.bill_change import Side, strategy_change
from routecost.errors import UsageError
from routecost.model.results.changes.changes import Costs, Gate, Judgement, StrategyChange
from routecost.model.results.failures import Between
from routecost.records import dataclass
from routecost.units import ZERO, exact, read_number

_AMOUNT = re.compile(r"(?P<dollar>\$)?\s*(?P<number>[\d_.e]+)\s*(?P<currency>[A-Z]{3})?", re.ASCII)
_ROLES = ("proposed", "default", "baseline")
NOTHING = Between()


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that the cost of a month may increase: a share of the cost before, or an amount.

    ``currency`` is None for the currency of the scenario.
    """

    text: str
    share: Decimal | None = None
    amount: Decimal = ZERO
    currency: str | None = None

    @exact
    def of(self, before: Between, currency: str) -> Between:
        """Return the limit in money. Raises UsageError for an amount in another currency."""
        if self.share is not None:
            return before.times(self.share)
        if self.currency not in (None, currency):
            raise UsageError(
                f'the limit "{self.text}" is in {self.currency}, the scenario in {currency}; '
                f"expected an amount in {currency} or a percentage"
            )
        return Between.exactly(self.amount)


def read_limit(text: str) -> Limit:
    """Return the limit that a text such as ``10%``, ``$500`` or ``500 EUR`` states. Raises UsageError."""
    share = read_number(text)
    if share is not None and share.is_percent and share.value >= 0:
        return Limit(text, share=share.value)
    parts = _AMOUNT.fullmatch(text.strip())
    number = None if parts is None else read_number(parts["number"])
    if parts is None or number is None or (parts["dollar"] and parts["currency"] not in (None, "USD")):
        raise UsageError(f'"{text}" is no limit; expected a percentage or an amount: 10%, $500 or 500 EUR')
    return Limit(text, None, number.value, "USD" if parts["dollar"] else parts["currency"])


def gates(
    file: str, before: Side | None, after: Side, limit: Limit, strategies: Sequence[str] = ()
) -> Iterator[Gate]:
    """Yield the gates of a scenario that is there after the change.

    Of the strategies, those given are judged where they are, else the proposed one, the default or the
    baseline: the first that the side before states, compared with that of the side after. Without any of
    these roles, all are.
    """
    for role, old, new in _pairs(before, after, strategies):
        gate = _gate(before, after, limit, old, new)
        yield Gate(file, new or old or "", old, role, limit.text, *gate, after.comparison.currency)


def unread_gates(file: str, after: Side, limit: Limit, strategies: Sequence[str] = ()) -> Iterator[Gate]:
    """Yield the gates of a scenario whose side before cannot be read: nothing is known."""
    for role, _, new in _pairs(None, after, strategies):
        name, currency = new or "", after.comparison.currency
        unknown = (Judgement.UNKNOWN, None, None, None, False)
        yield Gate(file, name, None, role, limit.text, *unknown, currency)


Names = tuple[str, str | None, str | None]
"""The role of strategies, and their names before and after."""


def _pairs(before: Side | None, after: Side, strategies: Sequence[str]) -> Iterator[Names]:
    old, new = (() if side is None else tuple(side.scenario.strategies) for side in (before, after))
    if strategies:
        yield from (
            ("", name if name in old else None, name if name in new else None)
            for name in strategies
            if name in (*old, *new)
        )
        return
    base = (before or after).scenario
    for role in _ROLES:
        name = getattr(base, role)
        if name is not None:
            now = getattr(after.scenario, role) or name
            yield role, name if name in old else None, now if now in new else None
            return
    for name in dict.fromkeys((*new, *old)):
        yield "", name if name in old else None, name if name in new else None


Result = tuple[Judgement, Between | None, Between | None, Between | None, bool]
"""The judgement, the costs before and after, their difference, and whether they count failures."""


def _gate(before: Side | None, after: Side, limit: Limit, old: str | None, new: str | None) -> Result:
    currency = after.comparison.currency
    if before is not None and old is not None and new is not None:
        change = strategy_change(before, after, old, new)
        was, now, difference = decisive(change)
        return _judged(difference, limit.of(was, currency)), was, now, difference, change.counts_failures
    if new is None:
        cost, counts = _cost(before, old)
        return Judgement.UNKNOWN, cost, None, None, counts
    cost, counts = _cost(after, new)
    judgement = Judgement.UNKNOWN if cost is None else _judged(cost, limit.of(NOTHING, currency))
    return judgement, NOTHING, cost, cost, counts


def _cost(side: Side | None, strategy: str | None) -> tuple[Between | None, bool]:
    """Return the cost of a strategy that decides, and whether it counts failures."""
    costs = None if side is None or strategy is None else side.costs(strategy)
    return (
        (None, False) if costs is None else (_decisive(costs, costs.counts_failures), costs.counts_failures)
    )


def decisive(change: StrategyChange) -> tuple[Between, Between, Between]:
    """Return the costs that decide and their difference: with failures where these cost something."""
    was, now = (
        NOTHING if side is None else _decisive(side, change.counts_failures)
        for side in (change.before, change.after)
    )
    return was, now, change.total if change.counts_failures else change.calls


def _decisive(costs: Costs, counts_failures: bool) -> Between:
    return costs.total if counts_failures else costs.calls


def _judged(change: Between, limit: Between) -> Judgement:
    if change.high is not None and limit.low is not None and change.high <= limit.low:
        return Judgement.PASSES
    if change.low is not None and limit.high is not None and change.low > limit.high:
        return Judgement.FAILS
    return Judgement.UNKNOWN
