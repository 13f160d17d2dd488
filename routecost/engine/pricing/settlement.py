"""The second stage of pricing: terms that depend on the totals of a day or of a month.

The first stage is linear, so a month is a sum of days. Of that sum only some parts matter here: the
spend and the counts of what terms have in common. Amounts are Decimals, or arrays with a value for
each simulated run; see :mod:`routecost.engine.pricing.pieces`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from routecost.engine.pricing.commitments import Years, committed
from routecost.engine.pricing.fixed_fees import bill_of, models_of, several_prices, without_rate
from routecost.engine.pricing.pieces import (
    COUNT,
    EXACT,
    FIXED,
    SPEND,
    Amount,
    Arithmetic,
    Covers,
    Piece,
    Pieces,
    Settlement,
    total_of,
)
from routecost.model.pricing.bill import Bill, TermLine
from routecost.model.pricing.terms import EVERYTHING, Allowance, Scope, UnitStep, VolumeDiscount, VolumeStep
from routecost.model.scenario.fixed_fees import Capacity
from routecost.records import dataclass
from routecost.units import METERS, ONE, TOKEN_METERS, ZERO, amount, exact, percent

if TYPE_CHECKING:
    from routecost.model.pricing.sheet import PricingSheet
    from routecost.model.pricing.subscription import PaidBy
    from routecost.model.scenario.fixed_fees import FixedFee
    from routecost.model.scenario.month_plan import Commitment
    from routecost.model.scenario.scenario import Scenario


@dataclass(frozen=True)
class SecondStage:
    """The terms of a sheet, the commitments of a plan, fixed fees and subscriptions, which are not linear.

    With ``worst_case``, subscriptions serve as little as what is not known of them allows.
    """

    sheet: PricingSheet
    commitments: tuple[Commitment, ...] = ()
    fees: tuple[FixedFee, ...] = ()
    subscriptions: Mapping[str, PaidBy] = field(default_factory=dict)
    worst_case: bool = False

    @cached_property
    def allowances(self) -> tuple[Allowance, ...]:
        """The allowances of the sheet and of those that it extends."""
        return tuple(one for terms in self.sheet.terms for one in terms.allowances)

    @cached_property
    def volumes(self) -> tuple[VolumeDiscount, ...]:
        """The volume discounts, in the order in which they apply."""
        return tuple(terms.volume for terms in self.sheet.terms if terms.volume is not None)

    @classmethod
    def of(cls, scenario: Scenario) -> SecondStage:
        """Return the terms on totals of a scenario, without those of its plan."""
        return cls(scenario.pricing, (), scenario.fixed_fees, scenario.subscriptions, scenario.worst_case)

    @classmethod
    def of_month_plan(cls, scenario: Scenario) -> SecondStage:
        """Return the terms on totals that the months of a scenario's plan have."""
        commitments = () if scenario.plan is None else scenario.plan.commitments
        return replace(cls.of(scenario), commitments=commitments)

    @property
    def is_empty(self) -> bool:
        """True if a month costs the sum of its days."""
        return not (self.volumes or self.allowances or self.commitments or self.fees or self.subscriptions)

    @property
    def has_daily(self) -> bool:
        """True if some terms depend on the total of a day."""
        return bool(self.capacities) or any(allowance.per == "day" for allowance in self.allowances)

    @cached_property
    def capacities(self) -> tuple[Capacity, ...]:
        """The provisioned capacities."""
        return tuple(fee for fee in self.fees if isinstance(fee, Capacity))

    @cached_property
    def _scopes(self) -> tuple[Scope | Capacity, ...]:
        scopes = [allowance.scope for allowance in self.allowances]
        scopes += [volume.scope for volume in self.volumes]
        scopes += [commitment.scope for commitment in self.commitments]
        return (*self.capacities, *dict.fromkeys(scope for scope in scopes if scope != EVERYTHING))

    def covers(self, model: str, provider: str | None) -> Covers:
        """Return the scopes that cover all meters of a model."""
        scopes = enumerate(self._scopes)
        return tuple(at for at, one in scopes if isinstance(one, Scope) and one.covers(model, provider, ""))

    def is_within(self, covers: Covers, scope: Scope) -> bool:
        """Return whether a scope is one of those that cover an item of a bill."""
        return scope == EVERYTHING or self._index(scope) in covers

    def _index(self, scope: Scope | Capacity) -> int | None:
        return None if scope == EVERYTHING else self._scopes.index(scope)

    @exact
    def pieces(self, bill: Bill) -> dict[Piece, Amount]:
        """Return the pieces of a bill; linear in the bill."""
        pieces = self._billed_pieces(bill)
        if not self.subscriptions:
            return pieces
        from routecost.engine.pricing.subscriptions.settle import (  # few scenarios have any
            all_days,
            pieces_of,
        )

        paid = self.subscriptions.get(bill.fees_of or "")
        own = {} if paid is None else {part.owner: self._billed_pieces(part.bill) for part in bill.paid}
        return {**pieces, **all_days(), **({} if paid is None else pieces_of(bill, paid, own))}

    def _billed_pieces(self, bill: Bill) -> dict[Piece, Amount]:
        if not (self._scopes or self.fees):
            return {Piece(()): bill.total}
        pieces: dict[Piece, Amount] = defaultdict(lambda: ZERO)
        counted = {self._index(term.scope) for term in self.allowances}
        counted |= {self._index(capacity) for capacity in self.capacities}
        served = {capacity: models_of(capacity, bill, self.sheet) for capacity in self.capacities}
        for line in bill.lines:
            own = [capacity for capacity, models in served.items() if line.key.model in models]
            covers = self._covers(line.key.model, line.key.meter, own)
            pieces[Piece(covers)] += line.amount * line.factor
            if counted & {*covers}:
                pieces[Piece(covers, COUNT)] += line.quantity
            for allowance in self.allowances:
                if self._index(allowance.scope) in covers:
                    meter = METERS[line.key.meter]
                    for step in allowance.steps:
                        if step.rate is not None:
                            priced = amount(line.quantity, step.rate, meter) * line.factor
                            pieces[Piece(covers, _at(step.above))] += priced
        for name, fee in self.fixed(bill):
            for line in fee.lines:
                covers = self._covers(line.key.model, line.key.meter)
                pieces[Piece(covers, name)] += line.amount * line.factor
        return dict(pieces) or {Piece(()): ZERO}

    def due(self, daily: Bill) -> Iterator[FixedFee]:
        """Yield the fixed fees of the models that are on a day's bill."""
        return (fee for fee in self.fees if models_of(fee, daily, self.sheet))

    def fixed(self, daily: Bill) -> Iterator[tuple[str, Bill]]:
        """Yield the bills of the fixed fees of a day with a name.

        Raises UnpricedError, about the path of the fee, for a fee without a rate, or with several.
        """
        for index, fee in enumerate(self.fees):
            models = models_of(fee, daily, self.sheet)
            bills = {model: bill_of(fee, model, self.sheet, daily.day or date.max) for model in models}
            if len({self._priced(bill) for bill in bills.values()}) > 1:
                raise several_prices(fee, bills)
            if bills:
                yield f"{FIXED} {index}", bills[models[0]]

    def check(self, daily: Bill) -> None:
        """Raise UnpricedError, as ``fixed`` does, for a day with all its work, whose fees must have rates."""
        for fee in self.fees:
            is_own = fee.tier is None and fee.strategy == daily.fees_of
            if is_own and daily.lines and not models_of(fee, daily, self.sheet):
                raise without_rate(fee, daily, self.sheet)
        list(self.fixed(daily))

    def _priced(self, fee: Bill) -> tuple[tuple[Covers, Decimal], ...]:
        """Return the amounts of a fee, with the terms on totals that apply to them."""
        covers = (self._covers(line.key.model, line.key.meter) for line in fee.lines)
        return tuple(zip(covers, (line.amount * line.factor for line in fee.lines), strict=True))

    def _covers(self, model: str, meter: str, served: Container[Capacity] = ()) -> Covers:
        """Return the scopes that cover an item of a bill; its tokens also those that are ``served``."""
        provider, is_token = self.sheet.provider(model), meter in TOKEN_METERS
        return tuple(
            at
            for at, one in enumerate(self._scopes)
            if (
                is_token and one in served
                if isinstance(one, Capacity)
                else one.covers(model, provider, meter)
            )
        )

    @exact
    def days(
        self, pieces: Pieces, days: Amount = ONE, counted: Amount = ONE, numbers: Arithmetic = EXACT
    ) -> Settlement:
        """Return the change that capacity and allowances per day make on days / counted such days."""
        left, served = self._after_capacity(pieces, numbers)
        before = {piece.covers: spend for piece, spend in left.items() if piece.what == SPEND}
        day = self._after_allowances(left, "day", numbers)
        day.lines[:0] = served
        changes = {covers: (spend - before[covers]) * days / counted for covers, spend in day.spends.items()}
        lines = [
            replace(line, base=line.base * days / counted, amount=line.amount * days / counted)
            for line in day.lines
        ]
        total = (day.total - total_of(before.values())) * days / counted
        fewer = {
            piece: (left[piece] - pieces[piece]) * days / counted for piece in pieces if left is not pieces
        }
        return Settlement(changes, total, lines, pieces=fewer)

    def _after_capacity(self, pieces: Pieces, numbers: Arithmetic) -> tuple[Pieces, list[TermLine]]:
        """Return the pieces that provisioned capacity does not serve, and lines for the others."""
        lines: list[TermLine] = []
        for capacity in self.capacities:
            index = self._index(capacity)
            served = [piece for piece in pieces if index in piece.covers and not piece.is_fixed]
            if not served:
                continue
            share, most = numbers.number(capacity.share or ZERO), capacity.tokens_per_day
            if most is not None:
                tokens = total_of(pieces[piece] for piece in served if piece.what == COUNT)
                most = numbers.least(tokens, numbers.number(most))
                share = numbers.share(tokens * 0 + 1, most, tokens)
            left = {piece: pieces[piece] - pieces[piece] * share for piece in served}
            if numbers is EXACT:
                base = total_of(pieces[piece] for piece in served if piece.what == SPEND)
                name = f"tokens of {capacity.traffic} served by capacity"
                lines.append(TermLine(name, self.sheet.currency, base, -share, -base * share))
            pieces = {**pieces, **left}
        return pieces, lines

    @exact
    def month(
        self,
        pieces: Pieces,
        changes: Iterable[Settlement] = (),
        commitments: Sequence[Commitment] = (),
        numbers: Arithmetic = EXACT,
        years: Years | None = None,
    ) -> Settlement:
        """Return a month after all terms on totals, given the pieces of all its days.

        ``changes`` are those of its days by allowances per day, and ``commitments`` those of the month.
        ``years`` has what yearly ones have been paid so far, and is brought up to date.
        """
        changes = list(changes)
        left = dict(pieces)
        paid = None
        if self.subscriptions:
            from routecost.engine.pricing.subscriptions.settle import settled  # few scenarios have any

            carried = None if years is None else years.carried
            paid = settled(
                pieces, self.subscriptions, self.sheet.currency, numbers, carried, worst=self.worst_case
            )
            left = paid.left
        for change in changes:
            for piece, fewer in change.pieces.items():
                left[piece] = left[piece] + fewer
        month = self._after_allowances(left, "month", numbers)
        for change in changes:
            for covers, spend in change.spends.items():
                month.spends[covers] = month.spends[covers] + spend
            month.total = month.total + change.total
            month.lines[:0] = change.lines
        for volume in self.volumes:
            self._discount(month, volume, numbers)
        for commitment in commitments:
            scope = self._index(commitment.scope)
            spend = month.within(scope)
            billed = (
                committed(spend, commitment, numbers)
                if years is None or not commitment.yearly
                else years.billed(spend, commitment, numbers)
            )
            month.shortfalls[commitment] = billed.shortfall
            if numbers is EXACT and commitment.allot != "use":
                unpaid = max(commitment.amount - billed.paid_before, ZERO)
                month.promised[commitment] = min(billed.cost, unpaid)
            month.replace(scope, spend, billed.cost, numbers)
        if paid is not None:
            month.paid, month.lines = paid, [*paid.lines, *month.lines]
            month.total = sum(paid.charges.values(), month.total)
        return month

    def _after_allowances(self, pieces: Pieces, per: str, numbers: Arithmetic) -> Settlement:
        spends = {part.covers: spend for part, spend in pieces.items() if part.what == SPEND}
        if per == "month":
            for piece, fee in pieces.items():
                if piece.is_fixed:
                    spends[piece.covers] = spends.get(piece.covers, fee * 0) + fee
        month = Settlement(spends, total_of(spends.values()))
        for allowance in self.allowances:
            if allowance.per == per:
                self._allow(month, pieces, allowance, numbers)
        return month

    def served(self, daily: Bill) -> Iterator[tuple[Capacity, Decimal]]:
        """Yield the capacities of the models on a day's bill, with the day's tokens on them."""
        pieces = self.pieces(daily)
        for capacity in self.capacities:
            counts = _counts(pieces, self._index(capacity))
            if counts:
                yield capacity, total_of(counts)

    def counted(self, daily: Bill, days: Decimal) -> Iterator[tuple[Allowance, Decimal]]:
        """Yield the allowances of the meters on a day's bill, with the count of their period."""
        pieces = self.pieces(daily)
        for allowance in self.allowances:
            counts = _counts(pieces, self._index(allowance.scope))
            if counts:
                yield allowance, total_of(counts) * (ONE if allowance.per == "day" else days)

    def _allow(self, month: Settlement, pieces: Pieces, allowance: Allowance, numbers: Arithmetic) -> None:
        """Price the units of a meter by their total; units of several rates fill all steps alike."""
        scope = self._index(allowance.scope)
        counted = {
            part.covers: count
            for part, count in pieces.items()
            if part.what == COUNT and scope in part.covers
        }
        if not counted:
            return
        count = total_of(counted.values())
        for name, step, high in brackets(allowance):
            units, base = numbers.between(count, step.above, high), month.total * 0
            before = month.total
            for covers in counted:
                spend = pieces[Piece(covers)]
                priced = spend * numbers.number(1 - step.share)
                if step.rate is not None:
                    priced = pieces[Piece(covers, _at(step.above))]
                change = numbers.share(priced - spend, units, count)
                base = base + numbers.share(spend, units, count)
                month.spends[covers] = month.spends[covers] + change
                month.total = month.total + change
            if numbers is EXACT:
                month.add_line(name, self.sheet.currency, base, month.total - before, allowance.source)

    def _discount(self, month: Settlement, volume: VolumeDiscount, numbers: Arithmetic) -> None:
        """Apply a volume discount; the later of two applies to what the earlier leaves."""
        scope, currency = self._index(volume.scope), self.sheet.currency
        spend = new = month.within(scope)
        for at, step in enumerate(volume.steps):
            high = volume.steps[at + 1].above if at + 1 < len(volume.steps) else None
            base = numbers.between(spend, step.above, high)
            if volume.retroactive:
                is_last = True if high is None else spend <= numbers.number(high)
                base = numbers.choose((base > 0) & is_last, spend, spend * 0)
            discount = -base * numbers.number(step.share)
            new = new + discount
            if numbers is EXACT:
                name = volume_line(volume, step, currency)
                month.add_line(name, currency, base, discount, volume.source, -step.share)
        month.replace(scope, spend, new, numbers)


def volume_line(volume: VolumeDiscount, step: VolumeStep, currency: str) -> str:
    """Return the name of the line of a step of a volume discount."""
    limited = "" if volume.scope == EVERYTHING else f" on {volume.scope}"
    return f"volume discount above {currency} {step.above:,f} a month{limited}"


def brackets(allowance: Allowance) -> Iterator[tuple[str, UnitStep, Decimal | None]]:
    """Yield the counts at other rates than those of the list: a name, the price, and the upper limit."""
    per = f"a {allowance.per}"
    covered = "" if allowance.scope.models is None else f" of {', '.join(allowance.scope.models)}"
    if allowance.free:
        free = UnitStep(ZERO, share=ONE)
        yield f"{allowance.free:,f} {allowance.meter}{covered} {per} free", free, allowance.free
    for at, step in enumerate(allowance.steps):
        high = allowance.steps[at + 1].above if at + 1 < len(allowance.steps) else None
        price = f"less {percent(step.share)}" if step.rate is None else f"at {step.rate:f}"
        yield f"{allowance.meter}{covered} above {step.above:,f} {per} {price}", step, high


def _counts(pieces: Pieces, scope: int | None) -> list[Amount]:
    """Return the counts that a scope covers."""
    return [count for piece, count in pieces.items() if piece.what == COUNT and scope in piece.covers]


def _at(above: Decimal) -> str:
    """Return the name of the part that prices all units at the rate of a step."""
    return f"above {above}"
