"""Allotment of a month's bill to the calls in it: terms on totals in proportion to what they apply to.

What a discount, an allowance or a commitment changes is divided in proportion to the cost of the calls that
it covers, before it. A fixed fee is divided in proportion to the cost of the calls to the models of its tier.
What is paid of the amount of a commitment may have another rule: equal or stated shares of owners.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext

from routecost.engine.breakdown.cells import Cell, Spends
from routecost.engine.pricing.pieces import FIXED, Covers, Piece, Pieces, Settlement
from routecost.engine.pricing.settlement import SecondStage
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.breakdown.breakdown import SUM_DIGITS
from routecost.model.scenario.fixed_fees import FixedFee
from routecost.model.scenario.month_plan import Commitment
from routecost.units import ONE, ROUNDING, ZERO, exact

Costs = dict[Cell | None, Decimal]
OwnerOf = Callable[[Cell], str | None]
"""The owner of the calls of a cell."""


@exact
def allotted(  # noqa: PLR0917  the bill and what it is divided by
    spends: Spends,
    pieces: Pieces,
    settlement: Settlement,
    stage: SecondStage,
    total: Decimal,
    owner_of: OwnerOf,
) -> Costs:
    """Return the cost of each cell after all terms; they sum to the total of the bill exactly.

    ``spends`` has the costs of the month's calls before terms on totals, ``pieces`` those of the month
    and its fixed fees. None has the amounts of commitments in a month without calls that they cover.
    """
    gross: dict[Covers, dict[Cell, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for cell, by_covers in spends.items():
        for covers, money in by_covers.items():
            gross[covers][cell] += money
    for piece, fee in pieces.items():
        if piece.is_fixed and piece.what.removeprefix(FIXED).strip().isdigit():
            for cell, money in _divided(fee, _weights(piece, spends, stage)).items():
                gross[piece.covers][cell] += money
    charges: Costs = defaultdict(Decimal)
    if settlement.paid is not None:
        from routecost.engine.breakdown.subscribed import after_subscriptions  # few scenarios have any

        charges = after_subscriptions(settlement.paid, gross, owner_of)
    for place, cost in _after_terms(settlement, gross, stage, owner_of).items():
        charges[place] += cost
    return _with_rest(charges, total)


def _after_terms(
    settlement: Settlement,
    gross: Mapping[Covers, Mapping[Cell, Decimal]],
    stage: SecondStage,
    owner_of: OwnerOf,
) -> Costs:
    """Return the costs of cells, given those before terms by the scopes that cover them."""
    costs: Costs = defaultdict(Decimal)
    used: dict[Commitment, dict[Cell, Decimal]] = {one: defaultdict(Decimal) for one in settlement.promised}
    for covers, money in settlement.spends.items():
        for cell, part in _divided(money, gross[covers]).items():
            costs[cell] += part
            for commitment, parts in used.items():
                if stage.is_within(covers, commitment.scope):
                    parts[cell] += part
    for commitment, parts in used.items():
        _allot_among_owners(costs, parts, settlement.promised[commitment], commitment, owner_of)
    return costs


def _allot_among_owners(
    costs: Costs, used: Mapping[Cell, Decimal], paid: Decimal, commitment: Commitment, owner_of: OwnerOf
) -> None:
    """Move what is ``paid`` of the amount of a commitment from the calls that use it to the owners.

    In equal shares, the owners are those of calls that the commitment covers. The part of an owner is
    divided among the owner's calls by use.
    """
    by_owner: dict[str | None, dict[Cell, Decimal]] = defaultdict(dict)
    whole = sum(used.values(), ZERO)
    for cell, cost in used.items():
        by_owner[owner_of(cell)][cell] = cost
        costs[cell] -= cost * paid / whole if whole else ZERO
    equal = {owner: ONE / len(by_owner) for owner in by_owner}
    for owner, share in (dict[str | None, Decimal](commitment.shares) or equal).items():
        cells = by_owner.get(owner) or {Cell("", "", owner=owner or ""): ZERO}
        for cell, part in _divided(paid * share, cells).items():
            costs[cell] += part


def _weights(piece: Piece, spends: Spends, stage: SecondStage) -> dict[Cell, Decimal]:
    """Return the cost of the calls to the models that a fixed fee is for."""
    fee = stage.fees[int(piece.what.removeprefix(FIXED))]
    return {
        cell: sum(money.values(), ZERO)
        for cell, money in spends.items()
        if fee.strategy in (None, cell.strategy) and _is_on(fee, cell.model, stage.sheet)
    }


def _is_on(fee: FixedFee, model: str, sheet: PricingSheet) -> bool:
    """Return whether a fee is for calls to a model: to that of its tier, or to those with its rates."""
    if fee.tier is not None:
        return any(entry.model == model for entry in sheet.tiers[fee.tier])
    return any(fee.usage.keys() <= entry.card.standard.keys() for entry in sheet.models[model])


def _divided(money: Decimal, weights: Mapping[Cell, Decimal]) -> Mapping[Cell, Decimal]:
    """Divide an amount in proportion to weights, in equal shares if all weights are 0."""
    whole = sum(weights.values(), ZERO)
    if money == whole:
        return weights
    if not whole:
        return {cell: money / len(weights) for cell in weights}
    return {cell: money * weight / whole for cell, weight in weights.items()}


def _with_rest(costs: Mapping[Cell | None, Decimal], total: Decimal) -> dict[Cell | None, Decimal]:
    """Return the costs, rounded far below a cent, with what is left of the total.

    A rounding is added to the largest cost; an amount is that of commitments without calls, for None.
    """
    places = ONE.scaleb(total.adjusted() - _DIGITS)
    with localcontext(prec=SUM_DIGITS):
        rounded = {cell: _rounded(cost, places) for cell, cost in costs.items()}
        rest = total - sum(rounded.values(), ZERO)
        is_rounding = rounded and abs(rest) <= abs(total) * ROUNDING
        place = max(rounded, key=lambda cell: abs(rounded[cell])) if is_rounding else None
        if rest:
            rounded[place] = rounded.get(place, ZERO) + rest
    return rounded


_DIGITS = 45
"""The digits of the cost of a part, from the first digit of the total on."""


def _rounded(cost: Decimal, places: Decimal) -> Decimal:
    """Return a cost without the digits beyond some places."""
    exponent, most = cost.as_tuple().exponent, places.as_tuple().exponent
    return cost.quantize(places) if int(exponent) < int(most) else cost
