"""Terms on a month's total, on many paths: volume discounts and commitments.

Both change the shape of the distribution of a month's spend, so that quantiles cannot be billed
instead.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from routecost.engine.projection.commitments import in_month
from routecost.engine.uncertainty.linear_combination import LinearCombination
from routecost.engine.uncertainty.path_vectors import Floats, PathVectors
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.pricing.terms import VolumeDiscount
from routecost.model.scenario.month_plan import NO_PLAN, Commitment
from routecost.model.scenario.scenario import Scenario


def billed_paths(
    month: LinearCombination, first: date, scenario: Scenario, space: PathVectors
) -> LinearCombination:
    """Return the bills of a month, given by its first day, that costs ``spend`` before terms on totals.

    :func:`routecost.engine.projection.commitments.billed`, path by path.
    """
    commitment = in_month((scenario.plan or NO_PLAN).commitments, first)
    has_volume = any(terms.volume is not None for terms in scenario.pricing.terms)
    if commitment is None and not has_volume:
        return month
    left = settled_paths(space.values(month), scenario.pricing)
    return space.vector(left if commitment is None else committed_paths(left, commitment))


def committed_paths(spend: Floats, commitment: Commitment) -> Floats:
    """Return the costs of months of ``spend`` under a commitment.

    :func:`routecost.engine.projection.commitments.committed`, path by path.
    """
    amount, kept = float(commitment.amount), float(1 - commitment.discount)
    beyond = np.maximum(spend - amount / kept, 0) * float(1 - commitment.discount_above)
    return np.where(spend * kept <= amount, amount, amount + beyond)


def settled_paths(monthly: Floats, sheet: PricingSheet) -> Floats:
    """Return months' spends after the volume discounts of the sheet.

    :func:`routecost.engine.pricing.terms.settled`, path by path.
    """
    for terms in sheet.terms:
        if terms.volume is not None:
            monthly = monthly - _discount(monthly, terms.volume)
    return monthly


def _discount(monthly: Floats, volume: VolumeDiscount) -> Floats:
    taken = np.zeros_like(monthly)
    limits = [float(step.above) for step in volume.steps]
    for at, step in enumerate(volume.steps):
        if volume.retroactive:
            taken = np.where(monthly > limits[at], monthly * float(step.share), taken)
        else:
            upper = limits[at + 1] if at + 1 < len(limits) else np.inf
            taken += np.clip(monthly - limits[at], 0, upper - limits[at]) * float(step.share)
    return taken
