"""Allotment of a month's bill: any discount and commitment is divided without a rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.breakdown.allot import allotted
from routecost.engine.breakdown.cells import Cell
from routecost.engine.pricing.pieces import Covers, Piece
from routecost.engine.pricing.settlement import SecondStage
from routecost.model.pricing.terms import Scope, Terms, VolumeDiscount, VolumeStep
from routecost.model.scenario.month_plan import Commitment
from tests.engine.projection.test_commitments import FIRST, PLAIN

money = st.decimals(0, 1000, places=5)
shares = st.decimals(0, "0.99", places=2)


@given(st.lists(st.tuples(money, st.booleans()), max_size=6), money, shares, shares, money)
def test_the_parts_are_the_total(
    calls: Sequence[tuple[Decimal, bool]], amount: Decimal, discount: Decimal, above: Decimal, step: Decimal
) -> None:
    limited = Scope(models=("low",))
    volume = VolumeDiscount((VolumeStep(step, Decimal("0.07")),))
    contract = Commitment(amount, FIRST, None, discount, above, limited)
    stage = SecondStage(replace(PLAIN, terms=(Terms("USD", volume=volume),)), (contract,))
    spends: dict[Cell, dict[Covers, Decimal]] = {}
    pieces = {Piece(()): Decimal(0)}
    for at, (spend, is_low) in enumerate(calls):
        covers = (0,) if is_low else ()
        spends[Cell("one", f"task {at}")] = {covers: spend}
        pieces[Piece(covers)] = pieces.get(Piece(covers), Decimal(0)) + spend
    settled = stage.month(pieces, (), stage.commitments)
    costs = allotted(spends, pieces, settled, stage, settled.total)
    with localcontext(prec=300):
        assert sum(costs.values(), Decimal(0)) == settled.total
    for cell, by_covers in spends.items():
        if not any(by_covers.values()):
            assert abs(costs.get(cell, Decimal(0))) < Decimal("1e-30")  # free calls have no share of a term
    assert (None in costs) <= (not any(is_low and spend for spend, is_low in calls))
