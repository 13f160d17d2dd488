"""Allotment of a month's bill: any discount and commitment is divided without a rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.breakdown.allot import allotted
from routecost.engine.breakdown.cells import Cell
from routecost.engine.pricing.pieces import Covers, Piece, Settlement
from routecost.engine.pricing.settlement import SecondStage
from routecost.model.pricing.terms import Scope, Terms, VolumeDiscount, VolumeStep
from routecost.model.scenario.month_plan import Allot, Commitment
from tests.engine.projection.test_commitments import FIRST, PLAIN

money = st.decimals(0, 1000, places=5)
shares = st.decimals(0, "0.99", places=2)


OWNERS = ("first", "second", None)


def settled_costs(
    calls: Sequence[tuple[Decimal, bool]], step: Decimal, contract: Commitment
) -> tuple[dict[Cell | None, Decimal], Settlement]:
    """Return the costs of the calls of a month under a volume discount and a commitment on the low model."""
    volume = VolumeDiscount((VolumeStep(step, Decimal("0.07")),))
    stage = SecondStage(replace(PLAIN, terms=(Terms("USD", volume=volume),)), (contract,))
    spends: dict[Cell, dict[Covers, Decimal]] = {}
    pieces = {Piece(()): Decimal(0)}
    for at, (spend, is_low) in enumerate(calls):
        covers = (0,) if is_low else ()
        spends[Cell("one", f"task {at}")] = {covers: spend}
        pieces[Piece(covers)] = pieces.get(Piece(covers), Decimal(0)) + spend
    settled = stage.month(pieces, (), stage.commitments)
    return allotted(spends, pieces, settled, stage, settled.total, owner_of), settled


def owner_of(cell: Cell) -> str | None:
    return OWNERS[int(cell.task.removeprefix("task ")) % 3] if cell.task else cell.owner


months = st.lists(st.tuples(money, st.booleans()), max_size=6)


@given(months, money, shares, shares, money)
def test_the_parts_are_the_total(
    calls: Sequence[tuple[Decimal, bool]], amount: Decimal, discount: Decimal, above: Decimal, step: Decimal
) -> None:
    contract = Commitment(amount, FIRST, None, discount, above, Scope(models=("low",)))
    costs, settled = settled_costs(calls, step, contract)
    with localcontext(prec=300):
        assert sum(costs.values(), Decimal(0)) == settled.total
    for at, (spend, _) in enumerate(calls):
        if not spend:  # free calls have no share of a term
            assert abs(costs.get(Cell("one", f"task {at}"), Decimal(0))) < Decimal("1e-30")
    assert (None in costs) <= (not any(is_low and spend for spend, is_low in calls))


@given(months, money, shares, money, st.booleans())
def test_an_amount_is_divided_by_equal_or_stated_shares_and_the_rest_by_use(
    calls: Sequence[tuple[Decimal, bool]], amount: Decimal, discount: Decimal, step: Decimal, equal: bool
) -> None:
    by_use = Commitment(amount, FIRST, None, discount, discount, Scope(models=("low",)))
    used, before = settled_costs(calls, step, by_use)
    lows = {Cell("one", f"task {at}") for at, (_, is_low) in enumerate(calls) if is_low}
    owners = dict.fromkeys(map(owner_of, lows))
    stated = {"first": Decimal("0.6"), "absent": Decimal("0.4")}
    expected = {owner: 1 / Decimal(len(owners)) for owner in owners} if equal else stated
    rule = (
        replace(by_use, allot=Allot.EQUAL)
        if equal
        else replace(by_use, allot=Allot.SHARES, shares=tuple(stated.items()))
    )
    costs, settled = settled_costs(calls, step, rule)
    assert settled.total == before.total
    with localcontext(prec=300):
        assert sum(costs.values(), Decimal(0)) == settled.total
    paid_by_use = sum((cost for cell, cost in used.items() if cell in lows), Decimal(0))
    left = 1 - min(amount / paid_by_use, Decimal(1)) if paid_by_use else Decimal(0)
    for owner in {*expected, *owners}:
        own = [cell for cell in costs if cell and owner_of(cell) == owner and (cell in lows or not cell.task)]
        use = sum((used[cell] for cell in own if cell in used), Decimal(0)) if paid_by_use else Decimal(0)
        due = use * left + amount * expected.get(owner, Decimal(0))
        assert abs(sum((costs[cell] for cell in own), Decimal(0)) - due) < Decimal("1e-20")
    others = [cell for cell in used if cell and cell not in lows]  # but for a rounding of the last digit
    assert all(abs(costs[cell] - used[cell]) < Decimal("1e-30") for cell in others)
